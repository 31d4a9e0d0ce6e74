//! What administrators see: the alerts there are, what became of others, and how receivers fare.
use super::{Alerts, Error, catalogue::Catalogue, lead, store_admin};
use crate::{
    base::cursor::Cursor,
    engines::alerting::{Alert, Muting},
    platform::notify::{Receiver, trial},
};
use chrono::{DateTime, Utc};
use lead::memory::{Health, Kept};
use std::{collections::BTreeMap, sync::Arc};
use store_admin::{HistoryRow, ReceiverRow};

/// An alert with what keeps it quiet.
pub(super) struct Seen {
    pub(super) rule_id: String,
    pub(super) alert: Alert,
    /// The ids of silences.
    pub(super) silenced_by: Vec<String>,
    /// The fingerprints of alerts.
    pub(super) inhibited_by: Vec<String>,
}

/// Every alert there is.
pub(super) struct Sight {
    pub(super) alerts: Vec<Seen>,
    /// Whether this process found them.
    pub(super) is_leading: bool,
    pub(super) evaluated_at: Option<DateTime<Utc>>,
    /// How each rule fared.
    pub(super) health: BTreeMap<String, Health>,
}

/// A receiver, and how it fares.
pub(super) struct Told {
    pub(super) receiver: Arc<Receiver>,
    pub(super) last: Option<ReceiverRow>,
    pub(super) queued: u64,
}

impl Alerts {
    /// The alerts there are, whichever process found them.
    pub(super) async fn see(&self) -> Result<Sight, Error> {
        let own = {
            let memory = self.memory();
            memory.is_leading.then(|| memory.kept.clone())
        };
        let is_leading = own.is_some();
        let kept = match own {
            Some(kept) => kept,
            None => self.kept_by_others().await?,
        };
        let now_ms = self.inner.clock.now().timestamp_millis();
        let silences = self.inner.silences.load_full();
        let outside = self.inner.outside.load_full();
        let muting = Muting {
            silences: &silences,
            inhibitions: &outside.ways.inhibitions,
        };
        let all: Vec<Alert> = kept
            .active
            .alerts()
            .map(|(_, alert)| alert.clone())
            .collect();
        let seen = kept.active.alerts().map(|(rule_id, alert)| Seen {
            rule_id: rule_id.to_owned(),
            alert: alert.clone(),
            silenced_by: owned(muting.silenced_by(alert, now_ms)),
            inhibited_by: muting
                .inhibited_by(alert, &all)
                .into_iter()
                .map(Alert::fingerprint)
                .collect(),
        });
        Ok(Sight {
            alerts: seen.collect(),
            is_leading,
            evaluated_at: kept.evaluated_at,
            health: kept.health,
        })
    }

    async fn kept_by_others(&self) -> Result<Kept, Error> {
        let mut conn = self.inner.db.get().await?;
        let found = lead::store_admin::state(&mut conn).await?;
        Ok(found.unwrap_or_default())
    }

    /// The rules there are.
    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        self.inner.catalogue.load_full()
    }

    /// The time.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// How often rules are evaluated.
    pub(super) fn interval_seconds(&self) -> f64 {
        self.inner.settings.interval.as_secs_f64()
    }

    /// A page of the history, newest first, and where the next one starts.
    pub(super) async fn history(
        &self,
        name: Option<&str>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<HistoryRow>, Option<Cursor>), Error> {
        let rows = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut conn = self.inner.db.get().await?;
        let mut found = store_admin::history(&mut conn, name, after, rows).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|row| Cursor {
            at: row.at,
            id: row.id,
        });
        Ok((found, next))
    }

    /// How each receiver fares.
    pub(super) async fn told(&self) -> Result<Vec<Told>, Error> {
        let mut conn = self.inner.db.get().await?;
        let mut last: BTreeMap<String, ReceiverRow> = BTreeMap::new();
        for row in store_admin::receivers(&mut conn).await? {
            last.insert(row.name.clone(), row);
        }
        let waiting: BTreeMap<String, i64> = lead::store_admin::waiting(&mut conn)
            .await?
            .into_iter()
            .collect();
        drop(conn);
        let memory = self.memory();
        let outside = self.inner.outside.load_full();
        let told = outside.receivers.iter().map(|receiver| {
            let name = receiver.name();
            let stored = last.remove(name);
            let own = memory.receivers.get(name).cloned();
            let newest = [stored, own]
                .into_iter()
                .flatten()
                .max_by_key(|row| row.last_attempt_at);
            let stored = waiting.get(name).copied().unwrap_or(0);
            let queued = match memory.is_leading {
                true => memory.queue.waiting(name) as u64,
                false => u64::try_from(stored).unwrap_or(0),
            };
            Told {
                receiver: receiver.clone(),
                last: newest,
                queued,
            }
        });
        Ok(told.collect())
    }

    /// Sends a receiver a marked test message, now.
    pub(super) async fn try_receiver(&self, name: &str) -> Result<(), Error> {
        let receiver = self.receiver(name);
        let receiver = receiver.ok_or_else(|| Error::NoReceiver(name.to_owned()))?;
        let now = self.inner.clock.now();
        let outside = self.inner.outside.load_full();
        let sent = receiver.send(&trial(name, now), &outside.site, now).await;
        self.note_attempt(name, sent.as_ref().err(), None).await;
        Ok(sent?)
    }
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
