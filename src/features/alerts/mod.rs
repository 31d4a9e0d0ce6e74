//! Alerts: rules evaluated again and again, what they find, and who is told of it.
//!
//! `lead/` is what one process of all does; everything else answers requests, on any process. Rules and silences are
//! in Postgres and in memory: each process reads them every few seconds.
mod catalogue;
mod error;
mod file;
mod lead;
mod look;
mod outside;
mod preview;
mod routes;
mod rules;
mod settings;
mod silences;
mod store_admin;
mod ways;

pub use error::Error;
pub use outside::Outside;
pub use routes::routes;
pub use settings::{InhibitionSettings, RouteSettings, Settings};
pub use ways::complaints;

use crate::{
    base::{clock::Clock, metrics as names, secret::Secret},
    engines::alerting::{RuleKind, Silence, State},
    features::monitoring::Monitoring,
    platform::{db::Db, notify},
};
use arc_swap::ArcSwap;
use catalogue::Catalogue;
use lead::{Spool, memory::Memory};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Alerts. Cheap to clone.
#[derive(Clone)]
pub struct Alerts {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    /// For the connection that holds the lock.
    database_url: Secret<String>,
    monitoring: Monitoring,
    clock: Clock,
    settings: Settings,
    outside: ArcSwap<Outside>,
    /// The names of receivers that somebody serves.
    served: Mutex<BTreeSet<String>>,
    /// How long samples are kept.
    samples_keep: Duration,
    spool: Spool,
    file: Mutex<file::Followed>,
    /// What the database says of rules, as it was read last.
    rows: Mutex<Vec<store_admin::RuleRow>>,
    catalogue: ArcSwap<Catalogue>,
    silences: ArcSwap<Vec<Silence>>,
    memory: Mutex<Memory>,
    /// Something is to be read or written before the next round.
    changed: Notify,
    /// New messages may be sent.
    ready: Notify,
}

/// What alerts stand on.
pub struct Foundations<'a> {
    /// Postgres.
    pub db: Db,
    /// Where it is.
    pub database_url: Secret<String>,
    /// Where samples come from and go.
    pub monitoring: Monitoring,
    /// The time.
    pub clock: Clock,
    /// Who is told.
    pub notifications: &'a notify::Settings,
    /// How long it keeps them.
    pub samples_keep: Duration,
    /// Where files live.
    pub data_dir: &'a Path,
}

impl Alerts {
    /// Puts alerts on their foundations. A rule file that cannot be used does not keep anything from starting: the
    /// rules in this program are in force then, one of which says so.
    ///
    /// # Errors
    /// One line that names the setting.
    pub fn new(on: Foundations<'_>, settings: Settings) -> anyhow::Result<Self> {
        let outside = Outside::new(&settings, on.notifications)?;
        let mut followed = file::Followed::new(&settings.rules_file);
        followed.read(on.clock.now());
        let catalogue = Catalogue::new(followed.rules(), &[]);
        let this = Self {
            inner: Arc::new(Inner {
                db: on.db,
                database_url: on.database_url,
                monitoring: on.monitoring,
                clock: on.clock,
                outside: ArcSwap::from_pointee(outside),
                served: Mutex::default(),
                settings,
                samples_keep: on.samples_keep,
                spool: Spool::in_folder(on.data_dir),
                file: Mutex::new(followed),
                rows: Mutex::default(),
                catalogue: ArcSwap::from_pointee(catalogue),
                silences: ArcSwap::default(),
                memory: Mutex::default(),
                changed: Notify::new(),
                ready: Notify::new(),
            }),
        };
        this.begin_counting();
        Ok(this)
    }

    /// Deletes what is older than is kept.
    ///
    /// # Errors
    /// Database errors.
    pub async fn purge(&self) -> Result<usize, Error> {
        let keep = chrono::Duration::from_std(self.inner.settings.history_keep);
        let until = self.inner.clock.now() - keep.unwrap_or(chrono::Duration::MAX);
        let mut conn = self.inner.db.get().await?;
        Ok(store_admin::purge(&mut conn, until).await?)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        let memory = self.inner.memory.lock();
        memory.unwrap_or_else(PoisonError::into_inner)
    }

    /// What is counted is there from the start, so that the first event is seen.
    fn begin_counting(&self) {
        for result in ["ok", "failed"] {
            metrics::counter!(names::ALERT_EVALUATIONS, "result" => result).increment(0);
        }
        for receiver in &self.inner.outside.load().receivers {
            for outcome in ["sent", "failed", "dropped"] {
                metrics::counter!(names::ALERT_NOTIFICATIONS,
                    "receiver_kind" => receiver.kind(), "outcome" => outcome)
                .increment(0);
            }
        }
        self.measure();
    }

    /// Tells the gauges how things are.
    fn measure(&self) {
        let rules = self.inner.catalogue.load();
        for (kind, name) in [
            (RuleKind::Alerting, "alerting"),
            (RuleKind::Recording, "recording"),
        ] {
            let of_kind = rules.in_force().filter(|rule| rule.written().kind == kind);
            metrics::gauge!(names::ALERT_RULES, "kind" => name).set(of_kind.count() as f64);
        }
        let is_loaded = f64::from(u8::from(rules.error.is_none()));
        metrics::gauge!(names::ALERT_RULES_LOADED).set(is_loaded);
        let memory = self.memory();
        for state in [State::Pending, State::Firing] {
            let all = memory.kept.active.alerts();
            let count = all.filter(|(_, alert)| alert.state == state).count();
            let name = state_name(state);
            metrics::gauge!(names::ALERTS, "state" => name).set(count as f64);
        }
        metrics::gauge!(names::ALERT_LEADING).set(f64::from(u8::from(memory.is_leading)));
        metrics::gauge!(names::ALERT_QUEUE).set(memory.queue.len() as f64);
    }
}

/// The name of a state, in the database and on the wire.
fn state_name(state: State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Firing => "firing",
        State::Resolved => "resolved",
    }
}
