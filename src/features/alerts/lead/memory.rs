//! What the process that evaluates knows.
use super::queue::Queue;
use crate::{
    engines::alerting::{Active, Groups},
    features::alerts::store_admin::{HistoryRow, ReceiverRow},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many entries of history are kept in memory while Postgres is away.
const MOST_HISTORY: usize = 10_000;

/// What outlives a process, and goes to the next one that leads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::features::alerts) struct Kept {
    /// Who wrote it: a new name each time that a process takes the lead over from another.
    pub(super) writer: Option<Uuid>,
    /// Alerts, by rule.
    pub(in crate::features::alerts) active: Active,
    /// What was told of them.
    pub(in crate::features::alerts) groups: Groups,
    /// How the last evaluation of each rule went.
    pub(in crate::features::alerts) health: BTreeMap<String, Health>,
    /// When rules were evaluated last.
    pub(in crate::features::alerts) evaluated_at: Option<DateTime<Utc>>,
}

/// How the last evaluation of a rule went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::features::alerts) struct Health {
    /// When it was.
    pub(in crate::features::alerts) at: DateTime<Utc>,
    /// How long it took.
    pub(in crate::features::alerts) seconds: f64,
    /// Why it failed.
    pub(in crate::features::alerts) error: Option<String>,
}

/// What this process knows.
#[derive(Debug, Default)]
pub(in crate::features::alerts) struct Memory {
    /// Whether it evaluates.
    pub(in crate::features::alerts) is_leading: bool,
    /// Whether it has begun to look for a leader.
    pub(super) has_begun: bool,
    /// Whether it holds the lock, so that others do not.
    pub(super) holds_lock: bool,
    /// Whether it has heard of another that leads.
    pub(super) is_following: bool,
    pub(in crate::features::alerts) kept: Kept,
    pub(in crate::features::alerts) queue: Queue,
    /// Not in Postgres yet.
    pub(super) history: Vec<HistoryRow>,
    /// Whether the spool holds something.
    pub(super) is_spooled: bool,
    /// How the last attempt to tell each receiver went.
    pub(in crate::features::alerts) receivers: BTreeMap<String, ReceiverRow>,
    /// When each group of rules is evaluated next.
    pub(super) due_ms: BTreeMap<String, i64>,
}

impl Memory {
    /// Adds entries of history; the oldest go when there are too many.
    pub(super) fn note(&mut self, rows: impl IntoIterator<Item = HistoryRow>) {
        self.history.extend(rows);
        let more = self.history.len().saturating_sub(MOST_HISTORY);
        self.history.drain(..more);
    }

    /// Whether something differs from what is kept.
    pub(super) fn has_unsaved(&self) -> bool {
        self.queue.has_unsaved() || !self.history.is_empty()
    }

    /// Another process leads now: what is known here is no longer true.
    pub(super) fn forget(&mut self) {
        self.is_spooled = false;
        self.history.clear();
        self.kept = Kept::default();
        self.queue.clear();
        self.due_ms.clear();
    }
}
