//! `[notifications]`.
use super::{alertmanager, smtp, webhook};
use crate::base::secret::Secret;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor},
};
use std::{collections::BTreeMap, fmt, path::Path, time::Duration};

/// Whom alerts are told to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where people open FlashFit, for the links in messages; empty means no links.
    pub base_url: String,
    /// Which mail server mails go through.
    #[serde(default)]
    pub mail: smtp::Server,
    /// By name.
    pub receivers: BTreeMap<String, ReceiverSettings>,
}

/// One receiver.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ReceiverSettings {
    /// Mail.
    Smtp(smtp::Settings),
    /// A program that is sent what Alertmanager would send it.
    Webhook(webhook::Settings),
    /// An Alertmanager.
    Alertmanager(alertmanager::Settings),
}

impl Settings {
    /// The settings of one receiver, with the mail server of the installation where it names none of its own.
    pub(super) fn complete(&self, one: &ReceiverSettings) -> Result<ReceiverSettings, Wrong> {
        match one {
            ReceiverSettings::Smtp(one) => self.mail.complete(one).map(ReceiverSettings::Smtp),
            ReceiverSettings::Webhook(_) | ReceiverSettings::Alertmanager(_) => Ok(one.clone()),
        }
    }
}

/// What makes a receiver unusable before anything is sent: one line that names the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("notifications.{key}: {problem}")]
pub struct SettingsError {
    /// Below `notifications`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What is wrong with one key of a receiver.
pub(super) struct Wrong(pub(super) &'static str, pub(super) String);

impl Wrong {
    /// Below a section of its own.
    pub(super) fn below(self, section: &str) -> SettingsError {
        SettingsError {
            key: format!("{section}.{}", self.0),
            problem: self.1,
        }
    }

    pub(super) fn of(self, receiver: &str) -> SettingsError {
        SettingsError {
            key: format!("receivers.{receiver}.{}", self.0),
            problem: self.1,
        }
    }
}

pub(super) fn patience() -> Duration {
    Duration::from_secs(10)
}

pub(super) fn nothing() -> Secret<String> {
    Secret::new(String::new())
}

/// The path, unless there is none.
pub(super) fn given(path: &Path) -> Option<&Path> {
    (!path.as_os_str().is_empty()).then_some(path)
}

/// What a key says, or the file that another key names; `None` where both are empty.
pub(super) fn told(
    key: &'static str,
    value: &Secret<String>,
    file: &Path,
) -> Result<Option<Secret<String>>, Wrong> {
    let Some(file) = given(file) else {
        return Ok((!value.expose().is_empty()).then(|| value.clone()));
    };
    if !value.expose().is_empty() {
        return Err(Wrong(
            key,
            format!("{key}_file says it, too: which counts?"),
        ));
    }
    let text = fs_err::read_to_string(file).map_err(|e| Wrong(key, e.to_string()))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(Wrong(key, format!("{} is empty", file.display()))),
        text => Ok(Some(Secret::new(text.to_owned()))),
    }
}

/// Reads a text without ever saying what it was. From the environment, what looks like a number comes as one, and a
/// leading zero would be lost.
pub(super) fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret<String>, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = Secret<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Secret::new(text.to_owned()))
        }
        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Err(quote())
        }
        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Err(quote())
        }
        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Err(quote())
        }
        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Err(quote())
        }
    }
    fn quote<E: de::Error>() -> E {
        E::custom(
            "a secret that looks like a number must stand in quotes, in the environment too: '\"0123\"'",
        )
    }
    from.deserialize_any(Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_receiver_of_each_kind_is_read() {
        let settings = read(
            "base_url = ''\n\
             receivers.post = { kind = 'smtp', host = 'h', from = 'a@b.c', to = ['d@e.f'], tls = 'implicit' }\n\
             receivers.hook = { kind = 'webhook', url = 'http://h/p', secret = 's', timeout = '3s' }\n\
             receivers.am = { kind = 'alertmanager', url = 'http://h:9093', hold = '20m' }",
        )
        .unwrap();
        let kinds: Vec<bool> = settings
            .receivers
            .values()
            .map(|one| matches!(one, ReceiverSettings::Smtp(_)))
            .collect();
        assert_eq!(kinds, [false, false, true]);
    }

    #[test]
    fn an_unknown_key_or_kind_is_named() {
        let error =
            read("base_url=''\nreceivers.a = { kind = 'webhook', url = 'x', secrte = 's' }");
        assert!(error.unwrap_err().contains("secrte"));
        let error = read("base_url=''\nreceivers.a = { kind = 'pigeon' }");
        assert!(error.unwrap_err().contains("pigeon"));
    }

    #[test]
    fn a_secret_is_never_repeated() {
        for value in ["4711", "-4711", "4711.5"] {
            let text = format!(
                "base_url=''\nreceivers.a = {{ kind = 'webhook', url = 'x', secret = {value} }}"
            );
            let value: toml::Table = toml::from_str(&text).unwrap();
            let error = Settings::deserialize(value).unwrap_err().to_string();
            assert!(
                error.contains("in quotes") && !error.contains("4711"),
                "{error}"
            );
        }
        let settings = read(
            "base_url=''\nreceivers.a = { kind = 'webhook', url = 'http://h/4711', secret = '4711' }",
        );
        let settings = settings.unwrap();
        let printed = format!("{settings:?}{}", serde_json::to_string(&settings).unwrap());
        assert!(!printed.contains("4711"), "{printed}");
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs_err::write(&file, "hunter2\n").unwrap();
        let read = told("password", &nothing(), &file).ok().flatten().unwrap();
        assert_eq!(read.expose(), "hunter2");
        let both = told("password", &read, &file).err().unwrap();
        assert!(both.1.contains("which counts"), "{}", both.1);
        let gone = told("password", &nothing(), &folder.path().join("gone")).err();
        assert!(gone.unwrap().1.contains("gone"));
    }
}
