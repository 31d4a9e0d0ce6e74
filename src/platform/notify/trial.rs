//! A message that says that it is none, to find out whether a receiver can be reached.
use crate::engines::{
    alerting::{ALERT_NAME, Alert, Notification, State},
    promql::Labels,
};
use chrono::{DateTime, Utc};

/// The name of the alert in it; the label `test` says so, too.
const NAME: &str = "FlashFitTest";

/// A marked message to this receiver.
#[must_use]
pub fn trial(receiver: &str, now: DateTime<Utc>) -> Notification {
    let now_ms = now.timestamp_millis();
    let alert = Alert {
        labels: Labels::new([(ALERT_NAME, NAME), ("severity", "info"), ("test", "true")]),
        annotations: Labels::new([
            ("summary", "This is a test: nothing is wrong"),
            (
                "description",
                "Somebody ran \"flashfit alerts test\". That you read this means that FlashFit reaches this receiver.",
            ),
        ]),
        state: State::Firing,
        value: 1.0,
        active_at_ms: now_ms,
        fired_at_ms: Some(now_ms),
        resolved_at_ms: None,
        expression: "vector(1)".to_owned(),
    };
    Notification {
        receiver: receiver.to_owned(),
        group_key: format!("{{}}:{{{ALERT_NAME}=\"{NAME}\"}}"),
        group_labels: Labels::new([(ALERT_NAME, NAME)]),
        alerts: vec![alert],
        opened_at_ms: now_ms,
        made_at_ms: now_ms,
    }
}
