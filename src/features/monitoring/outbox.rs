//! What waits to be written to Postgres: as much as fits while Postgres is away.
use super::{health::Status, store_admin};
use crate::{engines::promql::Labels, platform::db::Db};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Half a day of two hundred lines; beyond that the oldest are lost.
const MAX_WAITING: usize = 30_000;
/// Written at a time.
const BATCH: usize = 2000;

/// Something to be kept.
pub(super) enum Record {
    Value(ValueRecord),
    Health(HealthRecord),
}

/// What an expression of a dashboard was worth.
pub(super) struct ValueRecord {
    pub(super) expression: String,
    pub(super) labels: Labels,
    pub(super) at: DateTime<Utc>,
    pub(super) value: f64,
}

/// What a health check found.
pub(super) struct HealthRecord {
    pub(super) check: &'static str,
    pub(super) at: DateTime<Utc>,
    pub(super) status: Status,
    pub(super) detail: String,
    pub(super) took_ms: i32,
}

/// The queue in front of Postgres.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<VecDeque<Arc<Record>>>,
    filled: Notify,
    /// One writer at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Outbox {
    pub(super) fn put(&self, record: Record) {
        let mut waiting = self.waiting();
        waiting.push_back(Arc::new(record));
        while waiting.len() > MAX_WAITING {
            waiting.pop_front();
        }
        drop(waiting);
        self.filled.notify_one();
    }

    pub(super) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Writes all that waits, oldest first.
    ///
    /// # Cancel safety
    /// What is being written when the future is dropped still waits; writing it again changes nothing.
    pub(super) async fn flush(&self, db: &Db, instance: &str) -> anyhow::Result<()> {
        let _turn = self.turn.lock().await;
        loop {
            let batch: Vec<Arc<Record>> = self.waiting().iter().take(BATCH).cloned().collect();
            if batch.is_empty() {
                return Ok(());
            }
            let kept = async {
                let mut conn = db.get().await?;
                anyhow::Ok(store_admin::keep(&mut conn, instance, &batch).await?)
            };
            let kept = kept.await;
            kept.context("while keeping the history of monitoring")?;
            let mut waiting = self.waiting();
            for written in &batch {
                // Unless it was pushed out meanwhile.
                if waiting.front().is_some_and(|r| Arc::ptr_eq(r, written)) {
                    waiting.pop_front();
                }
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Arc<Record>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_the_oldest() {
        let outbox = Outbox::default();
        for number in 0..MAX_WAITING + 10 {
            outbox.put(Record::Value(ValueRecord {
                expression: number.to_string(),
                labels: Labels::empty(),
                at: DateTime::UNIX_EPOCH,
                value: 0.0,
            }));
        }
        let waiting = outbox.waiting();
        assert_eq!(waiting.len(), MAX_WAITING);
        assert!(
            matches!(waiting.front().map(|r| &**r), Some(Record::Value(v)) if v.expression == "10")
        );
    }
}
