//! Who is told, of what, and what keeps alerts quiet: what of the settings may change while the program runs.
use super::{Alerts, Settings, file, ways::Ways};
use crate::platform::notify::{self, Receiver, Site};
use anyhow::Context as _;
use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

/// Receivers and the ways to them, ready to be put in force.
pub struct Outside {
    pub(super) receivers: Vec<Arc<Receiver>>,
    pub(super) site: Site,
    pub(super) ways: Ways,
    rules_file: PathBuf,
}

impl Outside {
    /// Checks all that can be checked without the network: addresses, passwords and certificates in files, routes. The
    /// rule file is not among it: what is in force without it is `file.rs`'s business.
    ///
    /// # Errors
    /// One line that names the setting.
    pub fn new(settings: &Settings, told: &notify::Settings) -> anyhow::Result<Self> {
        let receivers: Vec<Arc<Receiver>> =
            Receiver::all(told)?.into_iter().map(Arc::new).collect();
        Ok(Self {
            ways: Ways::new(settings, &receivers)?,
            receivers,
            site: Site::new(&told.base_url)?,
            rules_file: settings.rules_file.clone(),
        })
    }

    /// The same for a program that runs, where a rule file that cannot be used is a reason to change nothing.
    ///
    /// # Errors
    /// One line that names the setting.
    pub fn sound(settings: &Settings, told: &notify::Settings) -> anyhow::Result<Self> {
        let wrong = file::check(&settings.rules_file).map_err(anyhow::Error::msg);
        wrong.context("alerts.rules_file")?;
        Self::new(settings, told)
    }
}

impl Alerts {
    /// Puts other receivers and ways in force, and reads the rules again. Messages that wait for a receiver that is
    /// gone wait on.
    pub async fn reconfigure(&self, outside: Outside) {
        self.followed().follow(&outside.rules_file);
        self.inner.outside.store(Arc::new(outside));
        self.begin_counting();
        self.follow_file().await;
        self.refresh_or_say().await;
        self.inner.changed.notify_one();
        self.inner.ready.notify_waiters();
    }

    /// The receivers that nobody serves yet; from now on somebody does.
    #[must_use]
    pub fn unserved(&self) -> Vec<String> {
        let mut served = self.served();
        let outside = self.inner.outside.load();
        let names = outside.receivers.iter().map(|one| one.name().to_owned());
        names.filter(|name| served.insert(name.clone())).collect()
    }

    /// Nobody serves this receiver any more.
    pub(super) fn unserve(&self, name: &str) {
        self.served().remove(name);
    }

    pub(super) fn receiver(&self, name: &str) -> Option<Arc<Receiver>> {
        let outside = self.inner.outside.load();
        let mut all = outside.receivers.iter();
        all.find(|receiver| receiver.name() == name).cloned()
    }

    fn served(&self) -> std::sync::MutexGuard<'_, std::collections::BTreeSet<String>> {
        self.inner
            .served
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
