//! Laws of alerts, and examples of what is easily done wrong.
mod groups;
mod muting;
mod odd;
mod states;
mod told;

use super::{ALERT_NAME, Alert, State};
use crate::engines::promql::Labels;

/// One that fires since a time.
pub(super) fn alert(name: &str, instance: &str, at_ms: i64) -> Alert {
    Alert {
        labels: Labels::new([(ALERT_NAME, name), ("instance", instance)]),
        annotations: Labels::empty(),
        state: State::Firing,
        value: 1.0,
        active_at_ms: at_ms,
        fired_at_ms: Some(at_ms),
        resolved_at_ms: None,
        expression: "up == 0".to_owned(),
    }
}

pub(super) fn ended(mut alert: Alert, at_ms: i64) -> Alert {
    alert.state = State::Resolved;
    alert.resolved_at_ms = Some(at_ms);
    alert
}
