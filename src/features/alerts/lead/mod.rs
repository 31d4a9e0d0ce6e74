//! Who evaluates: one process of all that share a database, whoever holds the lock.
//!
//! It writes what it knows over the connection that holds the lock, so that nobody who has lost the lead overwrites
//! what the next one knows. Where Postgres does not answer at all, whoever led last carries on from memory, keeps what
//! it knows in the spool, and tells of that too.
pub(super) mod deliver;
pub(super) mod memory;
pub(super) mod queue;
mod round;
mod spool;
pub(super) mod store_admin;

use super::Alerts;
use crate::{
    base::metrics as names,
    platform::{
        db::leader::{Leader, Standing},
        tasks,
    },
};
use anyhow::Context as _;
use memory::Kept;
use queue::{Queued, Unsaved};
pub(super) use spool::Spool;
use spool::Spooled;
use std::time::Duration;
use store_admin::Round;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The advisory lock of whoever evaluates ("ffalerts" in ASCII).
const LOCK: i64 = 0x6666_616c_6572_7473;
/// How often a process finds out how things stand, at least.
const HEARTBEAT: Duration = Duration::from_secs(4);
/// Writing takes no longer, or has failed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long whoever stops waits for messages that are being sent.
const LAST_SENDS: Duration = Duration::from_secs(15);

impl Alerts {
    /// Evaluates while this process leads, and waits for the lead otherwise, until told to stop.
    ///
    /// # Errors
    /// Never for what goes wrong outside: that is said and tried again.
    pub async fn evaluate(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut leader = Leader::new(self.inner.database_url.expose().clone(), LOCK);
        self.read_spool().await;
        let mut next = Instant::now();
        while !stop.is_cancelled() {
            let standing = leader.look().await;
            let leads = self.stand(standing, &mut leader).await;
            if standing != Standing::Unknown {
                self.refresh_or_say().await;
            }
            self.follow_file().await;
            if leads && Instant::now() >= next {
                next = self.after(next);
                self.round().await?;
                self.save(&mut leader).await;
            } else if leads && self.memory().has_unsaved() {
                self.save(&mut leader).await;
            }
            self.measure();
            let pause = next.saturating_duration_since(Instant::now());
            let pause = if leads { pause.min(HEARTBEAT) } else { HEARTBEAT };
            tokio::select! {
                () = stop.cancelled() => (),
                () = self.inner.changed.notified() => (),
                () = tokio::time::sleep(pause) => (),
            }
        }
        self.finish(&mut leader).await;
        Ok(())
    }

    /// The time of the round after that of `last`: rounds do not pile up.
    fn after(&self, last: Instant) -> Instant {
        let next = last + self.inner.settings.interval;
        next.max(Instant::now())
    }

    /// Takes the lead, steps down, or carries on, as things stand; true for whoever evaluates.
    async fn stand(&self, standing: Standing, leader: &mut Leader) -> bool {
        match standing {
            Standing::Leading => {
                let is_new = !self.memory().holds_lock;
                if is_new && let Err(error) = self.take_over(leader).await {
                    let error = format!("{error:#}");
                    tracing::error!(error, "the state of alerts could not be read; trying again");
                    leader.resign();
                    return self.memory().is_leading;
                }
            }
            Standing::Following => {
                let mut memory = self.memory();
                if memory.is_leading {
                    tracing::warn!("another process evaluates alerts now");
                }
                memory.step_down();
            }
            Standing::Unknown => {
                let mut memory = self.memory();
                memory.holds_lock = false;
                let carries_on = !memory.is_following;
                if carries_on && !memory.is_leading {
                    tracing::warn!("Postgres is away; alerts are evaluated from memory");
                }
                memory.is_leading = carries_on;
            }
        }
        self.memory().is_leading
    }

    /// Begins where the last leader, or this process before, left off.
    async fn take_over(&self, leader: &mut Leader) -> anyhow::Result<()> {
        let conn = leader.connection().context("the lead was lost")?;
        let read = async {
            let state = store_admin::state(conn).await?;
            let queue = store_admin::queue(conn).await?;
            let receivers = super::store_admin::receivers(conn).await?;
            Ok::<_, diesel::result::Error>((state, queue, receivers))
        };
        let (state, queue, receivers) = tokio::time::timeout(PATIENCE, read).await??;
        for row in &receivers {
            let is_up = f64::from(u8::from(row.is_up));
            let name = row.name.clone();
            if self.receiver(&name).is_some() {
                metrics::gauge!(names::ALERT_RECEIVER_UP, "receiver" => name).set(is_up);
            }
        }
        let mut memory = self.memory();
        let (written_at, kept) = state.unzip();
        // What Postgres has was written by another process since: that is what counts.
        if written_at != memory.saved_at {
            memory.kept = kept.unwrap_or_default();
            memory.saved_at = written_at;
        }
        memory.queue.adopt(queue);
        let alerts = memory.kept.active.alerts().count();
        let messages = memory.queue.len();
        if !memory.is_leading {
            tracing::info!(alerts, messages, "this process evaluates alerts");
        }
        memory.is_leading = true;
        memory.holds_lock = true;
        memory.is_following = false;
        Ok(())
    }

    /// Reads what an earlier run of this process could not write to Postgres.
    async fn read_spool(&self) {
        let spool = self.inner.spool.clone();
        let read = tasks::blocking(move || spool.read()).await;
        match read.map_err(anyhow::Error::from).flatten() {
            Ok(Some(spooled)) => {
                let mut memory = self.memory();
                memory.kept = spooled.state;
                memory.saved_at = spooled.base;
                memory.history = spooled.history;
                memory.queue.adopt(spooled.queue);
                memory.queue.forget(spooled.gone);
                memory.is_spooled = true;
                tracing::info!("what alerts were kept while Postgres was away was read");
            }
            Ok(None) => (),
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(error, "the spool of alerts could not be read");
            }
        }
    }

    /// Writes what is known to Postgres, or else to the spool. Only then are new messages sent.
    async fn save(&self, leader: &mut Leader) {
        let (kept, unsaved, history, base) = {
            let memory = self.memory();
            let kept = memory.kept.clone();
            (kept, memory.queue.unsaved(), memory.history.clone(), memory.saved_at)
        };
        let saved_at = to_micros(self.inner.clock.now()).max(base.unwrap_or_default());
        let why = match leader.connection() {
            None => None,
            Some(conn) => {
                let round = Round {
                    saved_at,
                    state: &kept,
                    queue: &unsaved,
                    history: &history,
                };
                let saving = store_admin::save(conn, &round);
                match tokio::time::timeout(PATIENCE, saving).await {
                    Ok(Ok(())) => {
                        self.saved(saved_at, &unsaved, history.len()).await;
                        return;
                    }
                    Ok(Err(error)) => Some(error.to_string()),
                    Err(_) => Some("Postgres does not answer".to_owned()),
                }
            }
        };
        if let Some(error) = why {
            tracing::warn!(error, "alerts could not be written to Postgres");
            leader.resign();
            self.memory().holds_lock = false;
        }
        self.spool(kept).await;
    }

    async fn saved(&self, saved_at: chrono::DateTime<chrono::Utc>, unsaved: &Unsaved, history: usize) {
        let was_spooled = {
            let mut memory = self.memory();
            memory.saved_at = Some(saved_at);
            memory.queue.saved(unsaved);
            let most = history.min(memory.history.len());
            memory.history.drain(..most);
            std::mem::take(&mut memory.is_spooled)
        };
        self.inner.ready.notify_waiters();
        if was_spooled {
            let spool = self.inner.spool.clone();
            let removed = tasks::blocking(move || spool.remove()).await;
            if let Err(error) = removed.map_err(anyhow::Error::from).and_then(|r| Ok(r?)) {
                let error = format!("{error:#}");
                tracing::error!(error, "the spool of alerts could not be removed");
            }
        }
    }

    async fn spool(&self, state: Kept) {
        let spooled = {
            let memory = self.memory();
            Spooled {
                base: memory.saved_at,
                state,
                queue: memory.queue.all(),
                gone: memory.queue.unsaved().gone,
                history: memory.history.clone(),
            }
        };
        let spool = self.inner.spool.clone();
        let messages: Vec<Queued> = spooled.queue.clone();
        let written = tasks::blocking(move || spool.write(&spooled)).await;
        if let Err(error) = written.map_err(anyhow::Error::from).flatten() {
            let error = format!("{error:#}");
            tracing::error!(error, "alerts are kept in memory alone: neither Postgres nor the spool takes them");
        }
        {
            let mut memory = self.memory();
            memory.queue.spooled(&messages);
            memory.is_spooled = true;
        }
        self.inner.ready.notify_waiters();
    }

    /// Lets messages that are being sent arrive, so that the next leader does not send them, and lets go.
    async fn finish(&self, leader: &mut Leader) {
        let wait = async {
            while self.memory().queue.is_busy() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _late = tokio::time::timeout(LAST_SENDS, wait).await;
        let has_news = {
            let memory = self.memory();
            memory.is_leading && memory.has_unsaved()
        };
        if has_news {
            self.save(leader).await;
        }
        leader.resign();
    }
}

/// As Postgres keeps it.
fn to_micros(at: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
