//! Sends what waits for one receiver, one message after the other, and tries again what it does not take.
use super::{queue::Queued, store_admin};
use crate::{
    features::alerts::{Alerts, store_admin as settled, store_admin::ReceiverRow},
    platform::notify::NotifyError,
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often is looked whether it is time for another attempt.
const TICK: Duration = Duration::from_millis(500);

impl Alerts {
    /// Serves one receiver until told to stop: each by itself, so that none waits for another that hangs.
    ///
    /// # Errors
    /// Never for what goes wrong outside: that is said and tried again.
    pub async fn deliver(&self, receiver: String, stop: CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            let now_ms = self.inner.clock.now().timestamp_millis();
            let next = {
                let mut memory = self.memory();
                match memory.is_leading && self.receiver(&receiver).is_some() {
                    true => memory.queue.take(&receiver, now_ms),
                    false => None,
                }
            };
            if let Some(next) = next {
                self.send(&receiver, next).await;
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => (),
                () = self.inner.ready.notified() => (),
                () = tokio::time::sleep(TICK) => (),
            }
        }
        self.unserve(&receiver);
        Ok(())
    }

    async fn send(&self, name: &str, next: Queued) {
        let Some(receiver) = self.receiver(name) else {
            return;
        };
        let now = self.inner.clock.now();
        let outside = self.inner.outside.load_full();
        let sent = receiver.send(&next.message, &outside.site, now).await;
        let now_ms = self.inner.clock.now().timestamp_millis();
        let group = &next.message.group_key;
        let is_over = match &sent {
            Ok(()) => {
                tracing::info!(receiver = name, group, "told of alerts");
                true
            }
            Err(error) if error.is_final() => {
                receiver.count_dropped();
                let error = error.to_string();
                tracing::error!(error, group, "a message about alerts is refused for good");
                true
            }
            Err(error) => {
                let (error, attempt) = (error.to_string(), next.attempts + 1);
                tracing::warn!(
                    error,
                    group,
                    attempt,
                    "a message about alerts was not taken"
                );
                false
            }
        };
        {
            let mut memory = self.memory();
            match &sent {
                Err(error) if !is_over => memory.queue.put_back(next.id, error, now_ms),
                Ok(()) | Err(_) => memory.queue.remove(next.id),
            }
        }
        self.note_attempt(name, sent.as_ref().err(), is_over.then_some(next))
            .await;
    }

    /// Postgres forgets what was taken, at once; where it cannot be told, the next round tells it, or the spool.
    pub(in crate::features::alerts) async fn note_attempt(
        &self,
        name: &str,
        error: Option<&NotifyError>,
        gone: Option<Queued>,
    ) {
        let row = ReceiverRow {
            name: name.to_owned(),
            is_up: error.is_none(),
            last_attempt_at: self.inner.clock.now(),
            last_error: error.map(ToString::to_string),
        };
        self.memory().receivers.insert(name.to_owned(), row.clone());
        let noted = async {
            let mut conn = self.inner.db.get().await?;
            if let Some(gone) = gone {
                store_admin::delete(&mut conn, &[gone.id]).await?;
                self.memory().queue.forgotten(gone.id);
            }
            settled::put_receiver(&mut conn, &row).await?;
            anyhow::Ok(())
        };
        let is_away = {
            let memory = self.memory();
            memory.is_leading && !memory.holds_lock
        };
        let noted = match is_away {
            true => Err(anyhow::anyhow!("Postgres is away")),
            false => noted.await,
        };
        if noted.is_err() {
            self.inner.changed.notify_one();
        }
    }
}
