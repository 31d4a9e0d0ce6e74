//! Letters to people, sent in the background: nobody waits for a mail server, and what it does not take is tried again.
//!
//! What waits is in memory: a letter is lost with the process. Whoever misses one asks again.
use super::{
    NotifyError, Settings, SettingsError, Site, retry_after,
    smtp::{Letter, Mailer},
};
use crate::{
    base::{clock::Clock, metrics::MAILS},
    platform::tasks::Tasks,
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The labels of what became of attempts to send a letter.
pub const MAIL_OUTCOMES: [&str; 3] = ["sent", "failed", "dropped"];

/// Letters that may be on their way at a time.
const MOST_WAITING: usize = 100;
/// How often a letter is tried: for some ten minutes.
const ATTEMPTS: u32 = 8;

/// There are too many letters on their way already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many mails are waiting to be sent")]
pub struct Full;

/// Where letters are left to be sent. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    inner: Arc<Inner>,
}

struct Inner {
    mailer: Mailer,
    site: Site,
    tasks: Tasks,
    clock: Clock,
    room: Arc<Semaphore>,
}

impl Outbox {
    /// An outbox at the mail server of the installation; `None` where there is none.
    ///
    /// # Errors
    /// [`SettingsError`] names the key.
    pub fn new(
        settings: &Settings,
        tasks: Tasks,
        clock: Clock,
    ) -> Result<Option<Self>, SettingsError> {
        if !settings.mail.is_set() {
            return Ok(None);
        }
        let mailer = settings.mail.mailer();
        let inner = Inner {
            mailer: mailer.map_err(|wrong| wrong.below("mail"))?,
            site: Site::new(&settings.base_url)?,
            tasks,
            clock,
            room: Arc::new(Semaphore::new(MOST_WAITING)),
        };
        Ok(Some(Self {
            inner: Arc::new(inner),
        }))
    }

    /// Where people open FlashFit, for links in letters.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    /// Has a letter written and sent in the background; `write` may find that there is none to send.
    ///
    /// # Errors
    /// `Full`, at once.
    pub fn post(
        &self,
        write: impl Future<Output = anyhow::Result<Option<Letter>>> + Send + 'static,
    ) -> Result<(), Full> {
        let Ok(place) = self.inner.room.clone().try_acquire_owned() else {
            metrics::counter!(MAILS, "outcome" => "dropped").increment(1);
            return Err(Full);
        };
        let inner = self.inner.clone();
        self.inner.tasks.spawn("mail", async move {
            let _place = place;
            match write.await {
                Ok(Some(letter)) => inner.deliver(&letter).await,
                Ok(None) => {}
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::error!(error, "a mail could not be written");
                }
            }
        });
        Ok(())
    }
}

impl Inner {
    async fn deliver(&self, letter: &Letter) {
        let stop = self.tasks.stopping();
        for attempt in 1..=ATTEMPTS {
            let sent = Box::pin(self.mailer.post(letter, self.clock.now())).await;
            let Err(problem) = sent else {
                metrics::counter!(MAILS, "outcome" => "sent").increment(1);
                return;
            };
            metrics::counter!(MAILS, "outcome" => "failed").increment(1);
            let error = NotifyError {
                receiver: "mail".to_owned(),
                place: self.mailer.place(),
                problem,
            };
            if error.is_final() || attempt == ATTEMPTS || stop.is_cancelled() {
                Self::give_up(&error);
                return;
            }
            tracing::warn!(error = error.to_string(), "a mail is tried again");
            let wait = tokio::time::sleep(retry_after(attempt, rand::random()));
            tokio::select! {
                () = wait => {}
                () = stop.cancelled() => return Self::give_up(&error),
            }
        }
    }

    fn give_up(error: &NotifyError) {
        metrics::counter!(MAILS, "outcome" => "dropped").increment(1);
        tracing::error!(error = error.to_string(), "a mail to a person was given up");
    }
}
