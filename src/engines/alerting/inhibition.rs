//! Inhibition: alerts that nobody is told of because another one, which fires, says it already.
use super::{
    alert::{Alert, State},
    matcher::Conditions,
};
use serde::{Deserialize, Serialize};

/// While an alert that fires meets `sources`, nobody is told of those that meet `targets` and have the same values of
/// the labels in `equal`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhibition {
    /// What the alert meets that silences others.
    pub sources: Conditions,
    /// What those meet that are silenced.
    pub targets: Conditions,
    /// Labels whose values both have in common; one that both lack is in common, too.
    #[serde(default)]
    pub equal: Vec<String>,
}

impl Inhibition {
    /// The one that silences this alert, if there is one. Of two alerts that meet both sides neither silences the
    /// other.
    #[must_use]
    pub fn source_for<'a>(
        &self,
        alert: &Alert,
        all: impl IntoIterator<Item = &'a Alert>,
    ) -> Option<&'a Alert> {
        if !self.targets.hold(&alert.labels) {
            return None;
        }
        let is_two_sided = self.sources.hold(&alert.labels);
        let same = |other: &Alert, name: &String| other.labels.get(name) == alert.labels.get(name);
        all.into_iter().find(|other| {
            other.state == State::Firing
                && self.sources.hold(&other.labels)
                && self.equal.iter().all(|name| same(other, name))
                && !(is_two_sided && self.targets.hold(&other.labels))
        })
    }
}
