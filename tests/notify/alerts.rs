//! Alerts to tell of, and receivers to tell.
use chrono::{DateTime, Utc};
use flashfit::{
    engines::{
        alerting::{Alert, Notification, State},
        promql::Labels,
    },
    platform::notify::{NotifyError, Receiver, ReceiverSettings, Site},
};
use std::time::Duration;

/// Long enough for a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// 24 November 2026, 12:00 UTC.
pub(crate) const NOON_MS: i64 = 1_795_521_600_000;
pub(crate) const MINUTE_MS: i64 = 60_000;

pub(crate) fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap()
}

pub(crate) fn site() -> Site {
    Site::new("https://wear.example.org").unwrap()
}

/// One that has fired since noon.
pub(crate) fn firing(name: &str, instance: &str) -> Alert {
    Alert {
        labels: Labels::new([
            ("alertname", name),
            ("severity", "critical"),
            ("instance", instance),
        ]),
        annotations: Labels::new([
            ("summary", "Redis is away"),
            ("description", "Look-ups are slower; nothing is lost."),
            ("runbook_url", "https://wear.example.org/runbook#redis"),
        ]),
        state: State::Firing,
        value: 0.952_380_95,
        active_at_ms: NOON_MS - MINUTE_MS,
        fired_at_ms: Some(NOON_MS),
        resolved_at_ms: None,
        expression: "redis_up == 0".to_owned(),
    }
}

/// The same, over after ten minutes.
pub(crate) fn resolved(mut alert: Alert) -> Alert {
    alert.state = State::Resolved;
    alert.resolved_at_ms = Some(NOON_MS + 10 * MINUTE_MS);
    alert
}

/// What is told of them so many minutes after noon.
pub(crate) fn message(alerts: Vec<Alert>, minutes: i64) -> Notification {
    Notification {
        receiver: "one".to_owned(),
        group_key: "{}:{alertname=\"RedisDown\"}".to_owned(),
        group_labels: Labels::new([("alertname", "RedisDown")]),
        alerts,
        opened_at_ms: NOON_MS,
        made_at_ms: NOON_MS + minutes * MINUTE_MS,
    }
}

/// A receiver called `one`, as the configuration has it.
pub(crate) fn receiver(settings: &str) -> Receiver {
    let settings: ReceiverSettings = toml::from_str(settings).unwrap();
    Receiver::new("one", &settings).unwrap()
}

/// Sends it four minutes after noon.
pub(crate) async fn send(to: &Receiver, message: &Notification) -> Result<(), NotifyError> {
    let now = at(NOON_MS + 4 * MINUTE_MS);
    let site = site();
    let sending = to.send(message, &site, now);
    tokio::time::timeout(PATIENCE, sending).await.unwrap()
}

/// Asserts that it fails with these words, the receiver's name and the server's among them.
pub(crate) async fn expect_failure(to: &Receiver, words: &[&str]) -> NotifyError {
    let error = send(to, &message(vec![firing("RedisDown", "a")], 0)).await;
    let error = error.unwrap_err();
    let said = error.to_string();
    let place = to.place();
    for word in words.iter().chain(&["receiver one", place.as_str()]) {
        assert!(said.contains(word), "{said:?} says nothing of {word:?}");
    }
    assert!(!said.contains('\n') && said.len() < 500, "{said:?}");
    error
}
