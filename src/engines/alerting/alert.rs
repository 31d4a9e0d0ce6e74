//! One alert, and the message about a group of them.
use super::number;
use crate::engines::promql::Labels;
use fnv::FnvHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hasher as _;

/// The label that holds the name of the alert's rule.
pub const ALERT_NAME: &str = "alertname";

/// No text in UTF-8 holds this byte.
const SEPARATOR: u8 = 0xff;

/// How far an alert has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The expression holds, but not yet for as long as the rule asks.
    Pending,
    /// It holds for long enough.
    Firing,
    /// It fired, and holds no longer.
    Resolved,
}

/// What one rule found for one set of labels. Two alerts are the same exactly when their labels are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The labels of the series and of the rule, and [`ALERT_NAME`].
    pub labels: Labels,
    /// Texts for people, with their templates rendered.
    pub annotations: Labels,
    /// How far it has come.
    pub state: State,
    /// What the expression last gave.
    #[serde(with = "number")]
    pub value: f64,
    /// When the expression began to hold, in milliseconds since 1970.
    pub active_at_ms: i64,
    /// When it began to fire; not while it is pending.
    pub fired_at_ms: Option<i64>,
    /// When it was over; only once it is.
    pub resolved_at_ms: Option<i64>,
    /// The expression of its rule.
    pub expression: String,
}

impl Alert {
    /// The name of the rule that found it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.labels.get(ALERT_NAME)
    }

    /// A name for its labels, the one that Prometheus and Alertmanager give them.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(self.labels.iter())
    }
}

/// The hash that Prometheus makes of labels, in the order of their names.
pub(super) fn fingerprint<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hash = FnvHasher::default();
    for (name, value) in labels {
        for part in [name, value] {
            hash.write(part.as_bytes());
            hash.write(&[SEPARATOR]);
        }
    }
    format!("{:016x}", hash.finish())
}

/// A message about one group of alerts to one receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// The name of the receiver.
    pub receiver: String,
    /// The same for every message about this group, in all processes and after restarts.
    pub group_key: String,
    /// The labels by which the group was formed.
    pub group_labels: Labels,
    /// The group's alerts, each firing or resolved; never empty.
    pub alerts: Vec<Alert>,
    /// When the first message was made since the group began to fire, in milliseconds since 1970. Messages that
    /// belong together have it in common, up to the one that says that all is over.
    pub opened_at_ms: i64,
    /// When this message was made: the same for every attempt to deliver it.
    pub made_at_ms: i64,
}

impl Notification {
    /// Firing while one of its alerts is.
    #[must_use]
    pub fn state(&self) -> State {
        let firing = |alert: &Alert| alert.state == State::Firing;
        match self.alerts.iter().any(firing) {
            true => State::Firing,
            false => State::Resolved,
        }
    }

    /// The labels on which all its alerts agree.
    #[must_use]
    pub fn common_labels(&self) -> Labels {
        common(self.alerts.iter().map(|alert| &alert.labels))
    }

    /// The annotations on which all its alerts agree.
    #[must_use]
    pub fn common_annotations(&self) -> Labels {
        common(self.alerts.iter().map(|alert| &alert.annotations))
    }
}

fn common<'a>(mut all: impl Iterator<Item = &'a Labels>) -> Labels {
    let Some(first) = all.next() else {
        return Labels::empty();
    };
    let mut shared: Vec<(&str, &str)> = first.iter().collect();
    for labels in all {
        shared.retain(|(name, value)| labels.get(name) == *value);
    }
    Labels::new(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(state: State, instance: &str) -> Alert {
        Alert {
            labels: Labels::new([(ALERT_NAME, "RedisDown"), ("instance", instance)]),
            annotations: Labels::new([("summary", "Redis is away")]),
            state,
            value: 0.0,
            active_at_ms: 0,
            fired_at_ms: Some(0),
            resolved_at_ms: None,
            expression: "redis_up == 0".to_owned(),
        }
    }

    #[test]
    fn a_fingerprint_is_the_one_of_prometheus() {
        let of = |labels: Labels| {
            let mut alert = alert(State::Firing, "");
            alert.labels = labels;
            alert.fingerprint()
        };
        // FNV-1a of nothing.
        assert_eq!(of(Labels::empty()), "cbf29ce484222325");
        // Worked out with another program; tests/notify asks Alertmanager.
        let labels = Labels::new([("instance", "größe"), (ALERT_NAME, "RedisDown")]);
        assert_eq!(of(labels), "833ed51e7847b62b");
    }

    #[test]
    fn a_message_says_what_its_alerts_have_in_common() {
        let mut message = Notification {
            receiver: "mail".to_owned(),
            group_key: "{}".to_owned(),
            group_labels: Labels::empty(),
            alerts: vec![alert(State::Resolved, "a"), alert(State::Firing, "b")],
            opened_at_ms: 0,
            made_at_ms: 0,
        };
        assert_eq!(message.state(), State::Firing);
        assert_eq!(
            message.common_labels(),
            Labels::new([(ALERT_NAME, "RedisDown")])
        );
        assert_eq!(message.common_annotations().get("summary"), "Redis is away");
        message.alerts.truncate(1);
        assert_eq!(message.state(), State::Resolved);
        assert_eq!(message.common_labels().get("instance"), "a");
    }
}
