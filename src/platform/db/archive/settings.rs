//! `[backup]`.
use super::Seal;
use crate::base::complaints::Complaints;
use anyhow::bail;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// Backups that a server makes by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to; empty means that none are made.
    pub directory: PathBuf,
    /// How often.
    #[serde(with = "humantime_serde")]
    pub every: Duration,
    /// How many stay.
    pub keep: usize,
    /// Public keys of age whose owners alone can read them; empty means that whoever has the file can.
    pub recipients: Vec<String>,
}

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("backup");
        found.unless(
            self.every >= Duration::from_secs(60),
            "every",
            format!("{:?} is less than 1m", self.every),
        );
        found.unless(self.keep > 0, "keep", "0 would delete every backup at once");
        let directory = &self.directory;
        let what = "is no folder; make it, for the account that runs flashfit to write to";
        found.unless(
            directory.as_os_str().is_empty() || directory.is_dir(),
            "directory",
            format!("{} {what}", directory.display()),
        );
        if let Err(error) = Seal::for_recipients(&self.recipients) {
            found.unless(false, "recipients", format!("{error:#}"));
        }
        found.into_lines()
    }

    /// Refuses what makes no sense; says for whom the backups are.
    pub(super) fn check(&self) -> anyhow::Result<Seal> {
        if let Some(first) = self.complaints().first() {
            bail!("{first}");
        }
        Seal::for_recipients(&self.recipients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused() {
        let good = Settings {
            directory: PathBuf::new(),
            every: Duration::from_secs(3600),
            keep: 7,
            recipients: vec![],
        };
        assert!(good.check().is_ok());
        for (word, spoil) in [
            (
                "backup.every",
                (|s| s.every = Duration::ZERO) as fn(&mut Settings),
            ),
            ("backup.keep", |s| s.keep = 0),
            ("backup.directory", |s| s.directory = "/nowhere".into()),
            ("age1", |s| s.recipients = vec!["mine".to_owned()]),
        ] {
            let mut bad = good.clone();
            spoil(&mut bad);
            let error = bad.check().err().unwrap().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
