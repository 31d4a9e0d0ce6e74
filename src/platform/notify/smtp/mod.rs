//! Mail, with a plain text and an HTML body, in threads: what is said of a group answers the first mail about it.
mod bounded;
mod envelope;
mod html;
mod letter;
mod server;
mod session;
mod story;
mod text;

pub use letter::Letter;
pub use server::Server;

use super::{
    Problem, Site,
    settings::{Wrong, given, nothing, patience, secret, told},
};
use crate::{base::secret::Secret, engines::alerting::Notification, platform::tls};
use chrono::{DateTime, Utc};
use lettre::{
    message::{Mailbox, Mailboxes},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, TlsParameters},
    },
};
use rustls::{ClientConfig, pki_types::ServerName};
use serde::{Deserialize, Serialize};
use session::Login;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// A receiver of kind `smtp`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The mail server; empty: that of the installation.
    #[serde(default)]
    pub host: String,
    /// Its port; without one, that which goes with the encryption.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    #[serde(default)]
    pub tls: Encryption,
    /// Who signs in; empty means that nobody does.
    #[serde(default)]
    pub username: String,
    /// With what.
    #[serde(default = "nothing", deserialize_with = "secret")]
    pub password: Secret<String>,
    /// A file that holds it instead.
    #[serde(default)]
    pub password_file: PathBuf,
    /// Who writes, for example `FlashFit <alerts@example.org>`; empty: whoever writes from the installation.
    #[serde(default)]
    pub from: String,
    /// Who is written to.
    pub to: Vec<String>,
    /// Certificates in PEM form that are believed beside the system's.
    #[serde(default)]
    pub ca_file: PathBuf,
    /// How long the server may take for each step.
    #[serde(default = "patience", with = "humantime_serde")]
    pub timeout: Duration,
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first byte (port 465).
    Implicit,
    /// After `STARTTLS`, or not at all (port 587).
    #[default]
    Starttls,
    /// After `STARTTLS` where the server offers it. A password is never sent without.
    Optional,
    /// Never (port 25): whoever is between can read and change everything.
    None,
}

/// Writes to the people of one receiver.
#[derive(Debug, Clone)]
pub(super) struct Mailer {
    host: String,
    port: u16,
    encryption: Encryption,
    trust: Option<Trust>,
    login: Option<Login>,
    from: Mailbox,
    to: Vec<Mailbox>,
    timeout: Duration,
}

/// Whom to believe, for the two ways to encryption.
#[derive(Clone)]
struct Trust {
    /// From the first byte.
    implicit: Arc<ClientConfig>,
    name: ServerName<'static>,
    /// After `STARTTLS`.
    upgrade: TlsParameters,
}

impl Mailer {
    pub(super) fn new(settings: &Settings) -> Result<Self, Wrong> {
        let host = settings.host.trim().to_owned();
        if host.is_empty() {
            let none = "it is empty, and [notifications.mail] names none either";
            return Err(Wrong("host", none.to_owned()));
        }
        let usual = match settings.tls {
            Encryption::Implicit => 465,
            Encryption::Starttls | Encryption::Optional => 587,
            Encryption::None => 25,
        };
        let trust = match settings.tls {
            Encryption::None => None,
            Encryption::Implicit | Encryption::Starttls | Encryption::Optional => {
                Some(Trust::new(&host, settings)?)
            }
        };
        let from: Mailbox = settings.from.parse().map_err(|e| {
            let from = &settings.from;
            Wrong("from", format!("{from:?} is no mail address: {e}"))
        })?;
        Ok(Self {
            port: settings.port.unwrap_or(usual),
            encryption: settings.tls,
            trust,
            login: login(settings)?,
            from,
            to: recipients(&settings.to)?,
            timeout: settings.timeout,
            host,
        })
    }

    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    pub(super) async fn greet(&self) -> Result<String, Problem> {
        session::greet(self).await
    }

    pub(super) async fn send(
        &self,
        message: &Notification,
        site: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let mail = envelope::seal(&self.from, &self.to, message, site, now)
            .map_err(|e| Problem::Refused(format!("the mail could not be written: {e}")))?;
        session::deliver(self, &mail).await
    }

    /// Sends a letter once, to its one recipient.
    pub(super) async fn post(&self, letter: &Letter, now: DateTime<Utc>) -> Result<(), Problem> {
        let mail = letter::seal(&self.from, letter, now)
            .map_err(|e| Problem::Refused(format!("the mail could not be written: {e}")))?;
        // What a server says of a recipient is told without the address.
        let told = Self {
            to: vec![Mailbox::new(None, mail.to[0].clone())],
            ..self.clone()
        };
        session::deliver(&told, &mail).await
    }
}

impl Trust {
    fn new(host: &str, settings: &Settings) -> Result<Self, Wrong> {
        tls::use_ring();
        let wrong = |e: String| Wrong("ca_file", e);
        let own = given(&settings.ca_file).map(tls::certificates).transpose();
        let own = own.map_err(wrong)?.unwrap_or_default();
        let mut upgrade = TlsParameters::builder(host.to_owned());
        for one in &own {
            let one = Certificate::from_der(one.to_vec()).map_err(|e| wrong(e.to_string()))?;
            upgrade = upgrade.add_root_certificate(one);
        }
        let name = ServerName::try_from(host.to_owned());
        let spoken = |e: String| wrong(format!("TLS cannot be spoken: {e}"));
        Ok(Self {
            implicit: Arc::new(tls::client(own).map_err(|e| spoken(e.to_string()))?),
            name: name.map_err(|e| Wrong("host", e.to_string()))?,
            upgrade: upgrade.build().map_err(|e| spoken(e.to_string()))?,
        })
    }
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Trust").field(&self.name).finish()
    }
}

fn login(settings: &Settings) -> Result<Option<Login>, Wrong> {
    let password = told("password", &settings.password, &settings.password_file)?;
    let username = settings.username.clone();
    match (username.is_empty(), password) {
        (true, None) => Ok(None),
        (true, Some(_)) => Err(Wrong(
            "username",
            "there is a password and nobody to sign in".to_owned(),
        )),
        (false, None) => Err(Wrong(
            "password",
            format!("{username:?} is to sign in without one"),
        )),
        (false, Some(password)) => {
            let credentials = Credentials::new(username, password.expose().clone());
            Ok(Some(Login {
                credentials,
                password,
            }))
        }
    }
}

fn recipients(to: &[String]) -> Result<Vec<Mailbox>, Wrong> {
    let wrong = |text: &str, e: &dyn std::fmt::Display| {
        Wrong("to", format!("{text:?} is no mail address: {e}"))
    };
    let mut found = vec![];
    for text in to {
        let some: Mailboxes = text.parse().map_err(|e| wrong(text, &e))?;
        found.extend(some);
    }
    match found.is_empty() {
        true => Err(Wrong("to", "there is nobody to write to".to_owned())),
        false => Ok(found),
    }
}
