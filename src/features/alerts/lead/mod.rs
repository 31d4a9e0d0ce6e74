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
    base::{id::WriterId, metrics as names},
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
/// Where rules are evaluated more often than that, no longer than an evaluation, but at least so long.
const LEAST_PATIENCE: Duration = Duration::from_secs(2);
/// How long whoever stops waits for messages that are being sent.
const LAST_SENDS: Duration = Duration::from_secs(15);

impl Alerts {
    /// Evaluates while this process leads, and waits for the lead otherwise, until told to stop.
    ///
    /// # Errors
    /// Never for what goes wrong outside: that is said and tried again.
    pub async fn evaluate(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let leader = Leader::new(self.inner.database_url.expose().clone(), LOCK);
        let mut leader = leader.impatient(self.patience());
        let is_first = {
            let mut memory = self.memory();
            memory.holds_lock = false;
            !std::mem::replace(&mut memory.has_begun, true)
        };
        if is_first {
            self.read_spool().await;
        }
        let mut next = Instant::now();
        while !stop.is_cancelled() {
            let standing = leader.look().await;
            let leads = self.stand(standing, &mut leader).await;
            if standing != Standing::Unknown {
                self.refresh_or_say().await;
            }
            self.follow_file().await;
            if leads {
                next = self.lead(next, &mut leader).await?;
            }
            self.measure();
            let pause = match leads {
                true => next
                    .saturating_duration_since(Instant::now())
                    .min(self.until_telling()),
                false => HEARTBEAT,
            };
            let pause = pause.min(HEARTBEAT);
            tokio::select! {
                () = stop.cancelled() => (),
                () = self.inner.changed.notified() => (),
                () = tokio::time::sleep(pause) => (),
            }
        }
        self.finish(&mut leader).await;
        Ok(())
    }

    /// How long Postgres may keep the evaluation of rules waiting: one that hangs is what they shall tell of.
    fn patience(&self) -> Duration {
        let interval = self.inner.settings.interval;
        interval.clamp(LEAST_PATIENCE, PATIENCE)
    }

    /// Evaluates if it is time, tells of what there is, and writes what is new; when it is time again.
    async fn lead(&self, mut next: Instant, leader: &mut Leader) -> anyhow::Result<Instant> {
        let is_time = Instant::now() >= next;
        if is_time {
            // Rounds do not pile up.
            next = (next + self.inner.settings.interval).max(Instant::now());
            self.adopt(leader).await;
            self.round().await?;
        }
        let has_told = self.until_telling().is_zero() || is_time;
        let has_told = has_told && self.tell();
        if is_time || has_told || self.memory().has_unsaved() {
            self.save(leader).await;
        }
        Ok(next)
    }

    /// Takes over messages that an earlier leader handed over late.
    async fn adopt(&self, leader: &mut Leader) {
        if let Some(conn) = leader.connection() {
            let read = tokio::time::timeout(self.patience(), store_admin::queue(conn)).await;
            if let Ok(Ok(queue)) = read {
                self.memory().queue.adopt(queue);
            }
        }
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
            Standing::Following => self.step_down().await,
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

    /// Another process leads: it is handed what only this one knows, and the rest is forgotten.
    async fn step_down(&self) {
        let (unsaved, history, was_spooled) = {
            let mut memory = self.memory();
            if std::mem::take(&mut memory.is_leading) {
                tracing::warn!("another process evaluates alerts now");
            }
            memory.holds_lock = false;
            memory.is_following = true;
            (
                memory.queue.unsaved(),
                memory.history.clone(),
                memory.is_spooled,
            )
        };
        let has_news =
            !history.is_empty() || !unsaved.changed.is_empty() || !unsaved.gone.is_empty();
        if has_news || was_spooled {
            let handed = async {
                let mut conn = self.inner.db.get().await?;
                let handing = store_admin::hand_over(&mut conn, &unsaved, &history);
                anyhow::Ok(tokio::time::timeout(PATIENCE, handing).await??)
            };
            if let Err(error) = handed.await {
                let error = format!("{error:#}");
                tracing::warn!(
                    error,
                    "what this process knows of alerts could not be handed over yet"
                );
                return;
            }
        }
        if was_spooled {
            self.remove_spool().await;
        }
        self.memory().forget();
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
        let writer = state.as_ref().and_then(|kept| kept.writer);
        // What Postgres has is by another process, or by an earlier run of this one: then that is what counts.
        if writer.is_none() || writer != memory.kept.writer {
            memory.kept = state.unwrap_or_default();
            memory.kept.writer = Some(WriterId::new().0);
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
                memory.history = spooled.history;
                memory.queue.forget(spooled.gone);
                memory.queue.adopt_spooled(spooled.queue);
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
        let (kept, unsaved, history) = {
            let memory = self.memory();
            let kept = memory.kept.clone();
            (kept, memory.queue.unsaved(), memory.history.clone())
        };
        let why = match leader.connection() {
            None => None,
            Some(conn) => {
                let round = Round {
                    saved_at: self.inner.clock.now(),
                    state: &kept,
                    queue: &unsaved,
                    history: &history,
                };
                let saving = store_admin::save(conn, &round);
                match tokio::time::timeout(self.patience(), saving).await {
                    Ok(Ok(())) => {
                        self.saved(&unsaved, history.len()).await;
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

    async fn saved(&self, unsaved: &Unsaved, history: usize) {
        let was_spooled = {
            let mut memory = self.memory();
            memory.queue.saved(unsaved);
            let most = history.min(memory.history.len());
            memory.history.drain(..most);
            std::mem::take(&mut memory.is_spooled)
        };
        self.inner.ready.notify_waiters();
        if was_spooled {
            self.remove_spool().await;
        }
    }

    async fn remove_spool(&self) {
        let spool = self.inner.spool.clone();
        let removed = tasks::blocking(move || spool.remove()).await;
        if let Err(error) = removed.map_err(anyhow::Error::from).and_then(|r| Ok(r?)) {
            let error = format!("{error:#}");
            tracing::error!(error, "the spool of alerts could not be removed");
        }
    }

    async fn spool(&self, state: Kept) {
        let spooled = {
            let memory = self.memory();
            Spooled {
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
            tracing::error!(
                error,
                "alerts are kept in memory alone: neither Postgres nor the spool takes them"
            );
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
