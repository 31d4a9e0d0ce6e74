//! `[backup]`.
use super::Seal;
use anyhow::ensure;
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
    /// Refuses what makes no sense; says for whom the backups are.
    pub(super) fn check(&self) -> anyhow::Result<Seal> {
        ensure!(
            self.every >= Duration::from_secs(60),
            "backup.every: {:?} is less than 1m",
            self.every
        );
        ensure!(
            self.keep > 0,
            "backup.keep: 0 would delete every backup at once"
        );
        let directory = &self.directory;
        ensure!(
            directory.as_os_str().is_empty() || directory.is_dir(),
            "backup.directory: {} is no folder; make it, for the account that runs flashfit to write to",
            directory.display()
        );
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
