//! The mail server of the installation.
use super::{Encryption, Mailer, Settings};
use crate::{
    base::secret::Secret,
    platform::notify::settings::{Wrong, nothing, patience, secret},
};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// `[notifications.mail]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The mail server; empty: there is none, and people are not written to.
    pub host: String,
    /// Its port; 0: that which goes with the encryption.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Encryption,
    /// Who signs in; empty means that nobody does.
    pub username: String,
    /// With what.
    #[serde(deserialize_with = "secret")]
    pub password: Secret<String>,
    /// A file that holds it instead.
    pub password_file: PathBuf,
    /// Who writes, for example `FlashFit <wardrobe@example.org>`.
    pub from: String,
    /// Certificates in PEM form that are believed beside the system's.
    pub ca_file: PathBuf,
    /// How long the server may take for each step.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 0,
            tls: Encryption::default(),
            username: String::new(),
            password: nothing(),
            password_file: PathBuf::new(),
            from: String::new(),
            ca_file: PathBuf::new(),
            timeout: patience(),
        }
    }
}

impl Server {
    /// Whether there is one.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.host.trim().is_empty()
    }

    /// A receiver's settings, with this server where it names none of its own.
    pub(in crate::platform::notify) fn complete(&self, one: &Settings) -> Result<Settings, Wrong> {
        let mut one = one.clone();
        if one.from.is_empty() {
            one.from.clone_from(&self.from);
        }
        if !one.host.trim().is_empty() || !self.is_set() {
            return Ok(one);
        }
        let is_said = [
            one.port.is_some(),
            !one.username.is_empty(),
            !one.password.expose().is_empty(),
            !one.password_file.as_os_str().is_empty(),
            !one.ca_file.as_os_str().is_empty(),
        ];
        if is_said.contains(&true) {
            let half = "it is empty, so the server is that of [notifications.mail]; leave out port, username, \
                        password and ca_file as well, or name a host";
            return Err(Wrong("host", half.to_owned()));
        }
        Ok(Settings {
            from: one.from,
            ..self.to(one.to)
        })
    }

    /// Writes to whoever each letter is for.
    pub(in crate::platform::notify) fn mailer(&self) -> Result<Mailer, Wrong> {
        let from: Result<Mailbox, _> = self.from.parse();
        from.map_err(|e| {
            let from = &self.from;
            Wrong("from", format!("{from:?} is no mail address: {e}"))
        })?;
        // Nobody is written to but by letters, each of which says to whom.
        Mailer::new(&self.to(vec![self.from.clone()]))
    }

    fn to(&self, to: Vec<String>) -> Settings {
        Settings {
            host: self.host.clone(),
            port: (self.port > 0).then_some(self.port),
            tls: self.tls,
            username: self.username.clone(),
            password: self.password.clone(),
            password_file: self.password_file.clone(),
            from: self.from.clone(),
            to,
            ca_file: self.ca_file.clone(),
            timeout: self.timeout,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> Server {
        Server {
            host: "mail.example.org".to_owned(),
            from: "FlashFit <wear@example.org>".to_owned(),
            username: "wear".to_owned(),
            password: Secret::new("hunter2".to_owned()),
            ..Server::default()
        }
    }

    fn receiver(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_receiver_without_a_host_writes_through_the_server_of_the_installation() {
        let whole = server().complete(&receiver("to = ['ops@example.org']"));
        let whole = whole.ok().unwrap();
        assert_eq!(
            (whole.host.as_str(), whole.username.as_str()),
            ("mail.example.org", "wear")
        );
        assert_eq!(whole.from, "FlashFit <wear@example.org>");
        assert_eq!(whole.to, ["ops@example.org"]);
        assert!(Mailer::new(&whole).is_ok());
    }

    #[test]
    fn a_receiver_with_a_host_keeps_its_own() {
        let own = receiver("host = 'other.example'\nfrom = 'a@b.c'\nto = ['d@e.f']");
        let whole = server().complete(&own).ok().unwrap();
        assert_eq!(
            (whole.host.as_str(), whole.username.as_str()),
            ("other.example", "")
        );
        assert_eq!(whole.from, "a@b.c");
    }

    #[test]
    fn half_a_server_is_refused() {
        let half = receiver("to = ['d@e.f']\nusername = 'me'");
        let Wrong(key, why) = server().complete(&half).err().unwrap();
        assert_eq!(key, "host");
        assert!(why.contains("[notifications.mail]"), "{why}");
        let none = Server::default().complete(&receiver("to = ['d@e.f']"));
        let Wrong(key, why) = Mailer::new(&none.ok().unwrap()).err().unwrap();
        assert!(
            key == "host" && why.contains("[notifications.mail]"),
            "{why}"
        );
    }

    #[test]
    fn whoever_writes_must_be_somebody() {
        let nobody = Server {
            from: String::new(),
            ..server()
        };
        assert_eq!(nobody.mailer().err().unwrap().0, "from");
    }
}
