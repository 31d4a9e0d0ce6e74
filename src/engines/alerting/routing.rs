//! Which receivers are told of which alerts, together with which others, and how often.
use super::{alert::Alert, inhibition::Inhibition, matcher::Conditions, silence::Silence};
use crate::engines::promql::Labels;
use chrono::DateTime;

/// In place of label names: every alert is a group of its own.
pub const GROUP_BY_ALL: &str = "...";

/// The routes in their order. An alert takes the first whose conditions it meets, and further ones as long as the one
/// before says so. One that takes none is told to nobody: let the last route have no conditions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Routing {
    /// In the order in which they are tried.
    pub routes: Vec<Route>,
}

/// Where alerts go.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Which alerts.
    pub conditions: Conditions,
    /// Whom to tell.
    pub receivers: Vec<Addressee>,
    /// Alerts with the same values of these labels share a message; or [`GROUP_BY_ALL`].
    pub group_by: Vec<String>,
    /// How often.
    pub pace: Pace,
    /// Whether alerts that take this route try the later ones, too.
    pub goes_on: bool,
}

/// A receiver, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Its name.
    pub name: String,
    /// It counts silence as the end, so it is told again of what fires before so much time has passed, without
    /// back-off.
    pub tell_again_within_ms: Option<i64>,
}

/// When messages about a group are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long the first message of a group waits for further alerts.
    pub group_wait_ms: i64,
    /// At least so long is between two messages about a group.
    pub group_interval_ms: i64,
    /// After so long it is told again what still fires; each time after twice as long as before.
    pub repeat_interval_ms: i64,
    /// Up to this.
    pub longest_repeat_ms: i64,
}

/// What keeps alerts from being told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Muting<'a> {
    /// By hand.
    pub silences: &'a [Silence],
    /// By other alerts.
    pub inhibitions: &'a [Inhibition],
}

impl Muting<'_> {
    /// The ids of the silences that keep quiet about this alert.
    #[must_use]
    pub fn silenced_by(&self, alert: &Alert, now_ms: i64) -> Vec<&str> {
        let Some(now) = DateTime::from_timestamp_millis(now_ms) else {
            return vec![];
        };
        let silences = self.silences.iter();
        silences
            .filter(|silence| silence.mutes(&alert.labels, now))
            .map(|silence| silence.id.as_str())
            .collect()
    }

    /// The alerts that inhibit this one.
    #[must_use]
    pub fn inhibited_by<'a>(&self, alert: &Alert, all: &'a [Alert]) -> Vec<&'a Alert> {
        let inhibitions = self.inhibitions.iter();
        inhibitions
            .filter_map(|inhibition| inhibition.source_for(alert, all))
            .collect()
    }

    /// Whether nobody is told of this alert.
    pub(super) fn mutes(&self, alert: &Alert, all: &[Alert], now_ms: i64) -> bool {
        !self.silenced_by(alert, now_ms).is_empty() || !self.inhibited_by(alert, all).is_empty()
    }
}

impl Routing {
    /// The routes that an alert of these labels takes.
    pub fn routes_of(&self, labels: &Labels) -> impl Iterator<Item = &Route> {
        let mut is_over = false;
        self.routes.iter().filter(move |route| {
            let takes = !is_over && route.conditions.hold(labels);
            is_over |= takes && !route.goes_on;
            takes
        })
    }
}

impl Route {
    /// Names the group of a receiver in which an alert of these labels is, and says what its alerts have in common.
    pub(super) fn group_of(&self, receiver: &str, labels: &Labels) -> (String, Labels) {
        let is_wanted = |name: &str| {
            self.group_by
                .iter()
                .any(|by| by == name || by == GROUP_BY_ALL)
        };
        let common = Labels::new(labels.iter().filter(|(name, _)| is_wanted(name)));
        (format!("{receiver}/{}", self.group_key(&common)), common)
    }

    /// The name of a group for its receiver: Alertmanager's notation.
    pub(super) fn group_key(&self, group_labels: &Labels) -> String {
        format!("{}:{group_labels}", self.conditions)
    }

    /// When a group is told of first that begins with this alert.
    pub(super) fn due_ms(&self, alert: &Alert, now_ms: i64) -> i64 {
        let since_ms = alert.fired_at_ms.unwrap_or(now_ms);
        since_ms.saturating_add(self.pace.group_wait_ms).max(now_ms)
    }
}

impl Pace {
    /// How long after a message it is said again what it said, if so many repeats went before.
    pub(super) fn pause_ms(&self, addressee: &Addressee, repeats: u32) -> i64 {
        let factor = 1_i64.checked_shl(repeats.min(32)).unwrap_or(i64::MAX);
        let longest = self.longest_repeat_ms.max(self.repeat_interval_ms);
        let pause = self.repeat_interval_ms.saturating_mul(factor).min(longest);
        match addressee.tell_again_within_ms {
            Some(within_ms) => within_ms.min(self.repeat_interval_ms),
            None => pause,
        }
    }
}
