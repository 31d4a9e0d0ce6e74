//! Messages to people and programs: about alerts by mail, to a webhook, to an Alertmanager; about accounts by mail.
//!
//! Each call here is one attempt. What is kept until it arrives, and who is told of what, is decided above; which
//! failures are worth another attempt, and when, is said here.
mod alertmanager;
mod error;
mod http;
mod outbox;
mod retry;
mod settings;
mod site;
mod smtp;
mod trial;
mod webhook;
mod wire;

pub use alertmanager::Settings as AlertmanagerSettings;
pub use error::{NotifyError, Problem};
pub use outbox::{MAIL_OUTCOMES, Outbox};
pub use retry::retry_after;
pub use settings::{ReceiverSettings, Settings, SettingsError};
pub use site::Site;
pub use smtp::{Encryption, Letter, Server as MailSettings, Settings as SmtpSettings};
pub use trial::trial;
pub use webhook::Settings as WebhookSettings;

use crate::{
    base::metrics::{ALERT_NOTIFICATIONS, ALERT_RECEIVER_UP},
    engines::alerting::Notification,
};
use alertmanager::Alertmanager;
use chrono::{DateTime, Utc};
use settings::Wrong;
use smtp::Mailer;
use std::time::Duration;
use webhook::Webhook;

/// One receiver, ready to be told.
#[derive(Debug)]
pub struct Receiver {
    name: String,
    sender: Sender,
}

#[derive(Debug)]
enum Sender {
    Smtp(Mailer),
    Webhook(Webhook),
    Alertmanager(Alertmanager),
}

impl Receiver {
    /// Every receiver of the settings, sorted by name.
    ///
    /// # Errors
    /// [`SettingsError`] of the first that cannot be used.
    pub fn all(settings: &Settings) -> Result<Vec<Self>, SettingsError> {
        let each = settings.receivers.keys();
        each.filter_map(|name| Self::named(name, settings))
            .collect()
    }

    /// The receiver of this name; `None` where there is none.
    ///
    /// # Errors
    /// [`SettingsError`] when it cannot be used.
    #[must_use]
    pub fn named(name: &str, settings: &Settings) -> Option<Result<Self, SettingsError>> {
        let one = settings.receivers.get(name)?;
        let complete = settings.complete(one).map_err(|wrong| wrong.of(name));
        Some(complete.and_then(|one| Self::new(name, &one)))
    }

    /// Checks all that can be checked without the network: addresses, files, certificates.
    ///
    /// # Errors
    /// [`SettingsError`] names the key.
    pub fn new(name: &str, settings: &ReceiverSettings) -> Result<Self, SettingsError> {
        let sender = match settings {
            ReceiverSettings::Smtp(one) => Mailer::new(one).map(Sender::Smtp),
            ReceiverSettings::Webhook(one) => Webhook::new(one).map(Sender::Webhook),
            ReceiverSettings::Alertmanager(one) => Alertmanager::new(one).map(Sender::Alertmanager),
        };
        let sender = sender.map_err(|wrong: Wrong| wrong.of(name))?;
        let name = name.to_owned();
        Ok(Self { name, sender })
    }

    /// Its name in the settings.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its kind, as the settings and the metrics call it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.sender {
            Sender::Smtp(_) => "smtp",
            Sender::Webhook(_) => "webhook",
            Sender::Alertmanager(_) => "alertmanager",
        }
    }

    /// The server it talks to, without anything secret.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.sender {
            Sender::Smtp(one) => one.place(),
            Sender::Webhook(one) => one.place(),
            Sender::Alertmanager(one) => one.place(),
        }
    }

    /// Within which time it has to be told again of what still fires, because it counts silence as the end.
    #[must_use]
    pub fn tell_again_within(&self) -> Option<Duration> {
        match &self.sender {
            Sender::Smtp(_) | Sender::Webhook(_) => None,
            Sender::Alertmanager(one) => Some(one.hold() / 2),
        }
    }

    /// Comes as near to sending a message as can be without one: a mail server is greeted and signed in at, others are
    /// connected to. Says how that was.
    ///
    /// # Errors
    /// As [`Receiver::send`].
    pub async fn greet(&self) -> Result<String, NotifyError> {
        let greeted = match &self.sender {
            Sender::Smtp(one) => Box::pin(one.greet()).await,
            Sender::Webhook(one) => one.reach().await,
            Sender::Alertmanager(one) => one.reach().await,
        };
        greeted.map_err(|problem| NotifyError {
            receiver: self.name.clone(),
            place: self.place(),
            problem,
        })
    }

    /// Sends a message once, and counts how that went.
    ///
    /// # Errors
    /// [`NotifyError`], which knows whether another attempt makes sense. A message may have arrived all the same: the
    /// connection can break before the server says so.
    pub async fn send(
        &self,
        message: &Notification,
        site: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), NotifyError> {
        let message = &site.with_runbooks(message);
        let sent = match &self.sender {
            Sender::Smtp(one) => Box::pin(one.send(message, site, now)).await,
            Sender::Webhook(one) => one.send(message, site, now).await,
            Sender::Alertmanager(one) => one.send(message, site, now).await,
        };
        self.count(if sent.is_ok() { "sent" } else { "failed" });
        let is_up = f64::from(u8::from(sent.is_ok()));
        metrics::gauge!(ALERT_RECEIVER_UP, "receiver" => self.name.clone()).set(is_up);
        sent.map_err(|problem| NotifyError {
            receiver: self.name.clone(),
            place: self.place(),
            problem,
        })
    }

    /// Counts a message that nobody will try to send any more.
    pub fn count_dropped(&self) {
        self.count("dropped");
    }

    fn count(&self, outcome: &'static str) {
        let kind = self.kind();
        metrics::counter!(ALERT_NOTIFICATIONS, "receiver_kind" => kind, "outcome" => outcome)
            .increment(1);
    }
}
