//! The rule file: read again whenever it changes. One that cannot be used leaves the rules before it in force.
use super::{
    Alerts, Error,
    catalogue::{Catalogue, FileError, FileRules},
    store_admin,
};
use crate::platform::tasks;
use chrono::{DateTime, Utc};
use std::{
    path::{Path, PathBuf},
    sync::{MutexGuard, PoisonError},
};

/// The rules in this program.
const EMBEDDED: &str = include_str!("../../../config/alerts.yml");

/// A file that is followed.
pub(super) struct Followed {
    /// None: the rules in this program.
    path: Option<PathBuf>,
    /// What was read last; a failure to read is text, too.
    seen: Option<Result<String, String>>,
    rules: FileRules,
}

impl Followed {
    pub(super) fn new(path: &Path) -> Self {
        let own = FileRules::parse(EMBEDDED, DateTime::UNIX_EPOCH);
        Self {
            path: (!path.as_os_str().is_empty()).then(|| path.to_owned()),
            seen: None,
            rules: own.unwrap_or_else(|error| FileRules {
                groups: vec![],
                loaded_at: DateTime::UNIX_EPOCH,
                error: Some(error),
            }),
        }
    }

    /// Follows this file from now on.
    pub(super) fn follow(&mut self, path: &Path) {
        let path = (!path.as_os_str().is_empty()).then(|| path.to_owned());
        if self.path != path {
            self.path = path;
            self.seen = None;
        }
    }

    pub(super) fn rules(&self) -> &FileRules {
        &self.rules
    }

    /// Reads the file if it is not as it was; true if something changed.
    pub(super) fn read(&mut self, now: DateTime<Utc>) -> bool {
        let text = match &self.path {
            None if self.seen.is_some() => return false,
            None => Ok(EMBEDDED.to_owned()),
            Some(path) => fs_err::read_to_string(path).map_err(|error| error.to_string()),
        };
        if self.seen.as_ref() == Some(&text) {
            return false;
        }
        let read = match &text {
            Ok(text) => FileRules::parse(text, now),
            Err(error) => Err(FileError {
                message: error.clone(),
                position: None,
            }),
        };
        self.seen = Some(text);
        match read {
            Ok(rules) => {
                let groups = rules.groups.len();
                tracing::info!(groups, "alert rules were read");
                self.rules = rules;
            }
            Err(error) => {
                let said = error.to_string();
                tracing::error!(
                    error = said,
                    "the rule file cannot be used; the rules before it stay in force"
                );
                self.rules.error = Some(error);
            }
        }
        true
    }
}

/// Whether a rule file can be used; an empty path is that of the rules in this program.
///
/// # Errors
/// One line that names the file, and the place in it.
pub(super) fn check(path: &Path) -> Result<(), String> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    let text = fs_err::read_to_string(path).map_err(|error| error.to_string())?;
    match FileRules::parse(&text, DateTime::UNIX_EPOCH) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

impl Alerts {
    /// Reads rules and silences again, whoever changed them.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let mut conn = self.inner.db.get().await?;
        let rows = store_admin::rules(&mut conn).await?;
        let now = self.inner.clock.now();
        let silences = store_admin::list_silences(&mut conn, now).await?;
        drop(conn);
        let silences = silences.iter().filter_map(|(row, _)| row.read());
        self.inner
            .silences
            .store(silences.collect::<Vec<_>>().into());
        let catalogue = Catalogue::new(self.followed().rules(), &rows);
        self.inner.catalogue.store(catalogue.into());
        *self.rows() = rows;
        Ok(())
    }

    /// The same where nobody waits for it: what is known stays.
    pub(super) async fn refresh_or_say(&self) {
        if let Err(error) = self.refresh().await {
            let error = format!("{:#}", anyhow::Error::new(error));
            tracing::warn!(error, "rules and silences could not be read again");
        }
    }

    /// Reads the rule file again if it has changed.
    pub(super) async fn follow_file(&self) {
        let this = self.clone();
        let now = self.inner.clock.now();
        let read = tasks::blocking(move || this.followed().read(now)).await;
        match read {
            Ok(false) => (),
            Ok(true) => {
                let catalogue = Catalogue::new(self.followed().rules(), &self.rows());
                self.inner.catalogue.store(catalogue.into());
            }
            Err(error) => {
                let error = error.to_string();
                tracing::error!(error, "the rule file could not be read");
            }
        }
    }

    /// Reads the rule file and the rules of the database now.
    ///
    /// # Errors
    /// [`Error::File`] when the file cannot be used.
    pub async fn reload(&self) -> Result<(), Error> {
        self.follow_file().await;
        self.refresh().await?;
        self.inner.changed.notify_one();
        match &self.inner.catalogue.load().error {
            None => Ok(()),
            Some(error) => Err(Error::File(error.to_string())),
        }
    }

    pub(super) fn followed(&self) -> MutexGuard<'_, Followed> {
        self.inner
            .file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rows(&self) -> MutexGuard<'_, Vec<store_admin::RuleRow>> {
        self.inner
            .rows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
