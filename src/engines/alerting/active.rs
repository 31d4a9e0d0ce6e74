//! What is remembered of alerts from one evaluation to the next, and after a restart.
use super::alert::{Alert, State};
use crate::engines::promql::Labels;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// So long an alert that is over stays, so that whoever looks sees that it was there.
pub const RESOLVED_RETENTION_MS: i64 = 15 * 60 * 1000;

/// The alerts of all rules, by the rule's id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Active {
    pub(super) rules: BTreeMap<String, Memory>,
}

/// What one rule found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    pub(super) alerts: Vec<Tracked>,
    /// The series it wrote last; those it does not write again have ended.
    pub(super) written: Vec<Labels>,
}

/// An alert, and since when it has been kept firing only because its rule says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tracked {
    #[serde(flatten)]
    pub(super) alert: Alert,
    pub(super) keep_firing_since_ms: Option<i64>,
}

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Its expression began to hold.
    Pending,
    /// It fires.
    Firing,
    /// It fired, and is over.
    Resolved,
    /// It was pending, and its expression holds no longer.
    Dropped,
}

/// An alert that is not as it was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// The id of its rule.
    pub rule_id: String,
    /// What became of it.
    pub change: Change,
    /// What it is now; of one that was dropped, what it was.
    pub alert: Alert,
}

/// What follows from rules that are there no more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Retired {
    /// Their alerts end.
    pub transitions: Vec<Transition>,
    /// The series that they wrote, which end.
    pub ended: Vec<Labels>,
}

impl Active {
    /// Each alert with the id of its rule: pending, firing, and for a while resolved.
    pub fn alerts(&self) -> impl Iterator<Item = (&str, &Alert)> {
        self.rules.iter().flat_map(|(id, memory)| {
            let alerts = memory.alerts.iter();
            alerts.map(move |tracked| (id.as_str(), &tracked.alert))
        })
    }

    /// Takes over what a round found about the rules of its group.
    pub fn update(&mut self, newer: Self) {
        self.rules.extend(newer.rules);
    }

    /// Ends what belongs to rules of other ids: they were deleted or switched off. What they found and resolved stays
    /// for its time.
    pub fn retire(&mut self, is_in_force: impl Fn(&str) -> bool, at_ms: i64) -> Retired {
        let mut retired = Retired::default();
        for (id, memory) in &mut self.rules {
            if is_in_force(id) {
                continue;
            }
            retired.ended.append(&mut memory.written);
            memory.end_all(id, at_ms, &mut retired.transitions);
            memory.forget_old(at_ms);
        }
        self.rules
            .retain(|id, memory| is_in_force(id) || !memory.alerts.is_empty());
        retired
    }
}

impl Memory {
    /// Remembers what was written; the series that were written before, and are not any more.
    pub(super) fn replace(&mut self, samples: &[(Labels, f64)]) -> Vec<Labels> {
        let written: Vec<Labels> = samples.iter().map(|(labels, _)| labels.clone()).collect();
        let now: HashSet<&Labels> = written.iter().collect();
        let mut ended = std::mem::take(&mut self.written);
        ended.retain(|labels| !now.contains(labels));
        self.written = written;
        ended
    }

    pub(super) fn count(&self, state: State) -> usize {
        let alerts = self.alerts.iter();
        alerts
            .filter(|tracked| tracked.alert.state == state)
            .count()
    }

    /// Resolves what fires and drops what is pending.
    pub(super) fn end_all(&mut self, rule_id: &str, at_ms: i64, told: &mut Vec<Transition>) {
        let mut note = |change, alert: &Alert| {
            told.push(Transition {
                rule_id: rule_id.to_owned(),
                change,
                alert: alert.clone(),
            });
        };
        self.alerts.retain_mut(|tracked| {
            match tracked.alert.state {
                State::Pending => note(Change::Dropped, &tracked.alert),
                State::Firing => {
                    tracked.resolve(at_ms);
                    note(Change::Resolved, &tracked.alert);
                }
                State::Resolved => (),
            }
            tracked.alert.state != State::Pending
        });
    }

    pub(super) fn forget_old(&mut self, at_ms: i64) {
        let is_recent = |at: i64| at_ms.saturating_sub(at) <= RESOLVED_RETENTION_MS;
        self.alerts
            .retain(|tracked| tracked.alert.resolved_at_ms.is_none_or(is_recent));
    }
}

impl Tracked {
    pub(super) fn resolve(&mut self, at_ms: i64) {
        self.alert.state = State::Resolved;
        self.alert.resolved_at_ms = Some(at_ms);
        self.keep_firing_since_ms = None;
    }
}
