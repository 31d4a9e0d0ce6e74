//! Backups made again and again by whichever process leads, of which the newest stay.
//!
//! What was made when is read from the names in the directory, so that a process that starts, or takes the lead, goes on
//! where the last one was. Processes that share a database share the directory.
use super::{Seal, Settings, backup_until};
use crate::{
    base::{clock::Clock, metrics as names, secret::Secret},
    platform::{
        db::leader::{Leader, Standing},
        tasks,
    },
};
use chrono::{DateTime, NaiveDateTime, Utc};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// The number of the advisory lock ("ffbackup" in ASCII).
const LOCK: i64 = 0x6666_6261_636b_7570;
/// How often it is looked whether one is due. The lead is lost after four of them without a word.
const BEAT: Duration = Duration::from_secs(5);
/// When one failed, the next is tried after so long.
const PAUSE: Duration = Duration::from_secs(15 * 60);
const STEM: &str = "flashfit-%Y%m%dT%H%M%SZ";
const SUFFIX: &str = ".backup";
const SEALED: &str = ".backup.age";

/// What is needed to make backups by the clock. Cheap to clone.
#[derive(Clone)]
pub struct Schedule {
    url: Secret<String>,
    settings: Settings,
    seal: Seal,
    clock: Clock,
}

/// A backup in the directory.
struct Made {
    at: DateTime<Utc>,
    file: PathBuf,
}

impl Schedule {
    /// `None` when no directory is named.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn new(
        url: Secret<String>,
        settings: Settings,
        clock: Clock,
    ) -> anyhow::Result<Option<Self>> {
        let seal = settings.check()?;
        let is_wanted = !settings.directory.as_os_str().is_empty();
        Ok(is_wanted.then_some(Self {
            url,
            settings,
            seal,
            clock,
        }))
    }

    /// Makes backups when they are due and this process leads, until it is told to stop.
    ///
    /// # Errors
    /// When the directory cannot be looked into.
    pub async fn keep(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut leader = Leader::new(self.url.expose().clone(), LOCK);
        let mut not_before = DateTime::<Utc>::MIN_UTC;
        metrics::gauge!(names::BACKUP_INTERVAL).set(self.settings.every.as_secs_f64());
        loop {
            let newest = self.newest().await?;
            let is_leading = leader.look().await == Standing::Leading;
            let now = self.clock.now();
            let is_due = newest.is_none_or(|made| now - made >= delta(self.settings.every));
            if is_leading && is_due && now >= not_before && !stop.is_cancelled() {
                not_before = now + delta(PAUSE);
                self.make(&mut leader, now, &stop).await?;
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// Makes one and holds the lead meanwhile. That it failed is told, and is no reason to begin anew.
    async fn make(
        &self,
        leader: &mut Leader,
        now: DateTime<Utc>,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        let suffix = match self.seal {
            Seal::Open => SUFFIX,
            Seal::Recipients(_) | Seal::Passphrase(_) => SEALED,
        };
        let file = self
            .settings
            .directory
            .join(format!("{}{suffix}", now.format(STEM)));
        let work = backup_until(
            self.url.expose(),
            file.clone(),
            self.seal.clone(),
            stop.clone(),
        );
        let mut work = std::pin::pin!(work);
        let made = loop {
            tokio::select! {
                made = &mut work => break made,
                () = tokio::time::sleep(BEAT) => {
                    leader.look().await;
                }
            }
        };
        match made {
            Ok(contents) => {
                self.prune().await?;
                self.newest().await?;
                let file = file.display().to_string();
                tracing::info!(file, rows = contents.rows(), "a backup was made");
            }
            Err(_) if stop.is_cancelled() => {}
            Err(error) => {
                metrics::counter!(names::BACKUP_FAILURES).increment(1);
                let error = format!("{error:#}");
                tracing::error!(error, "the backup that was due failed; it is tried again");
            }
        }
        Ok(())
    }

    /// When the newest was made. Metrics say it too.
    async fn newest(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let directory = self.settings.directory.clone();
        let newest = tasks::blocking(move || {
            let newest = made_in(&directory)?.pop();
            let sized = newest.map(|made| Ok((made.at, fs_err::metadata(made.file)?.len())));
            sized.transpose()
        });
        let newest: Option<(DateTime<Utc>, u64)> = newest.await?.map_err(|e: io::Error| e)?;
        let (at, bytes) = newest.unwrap_or((DateTime::UNIX_EPOCH, 0));
        metrics::gauge!(names::BACKUP_LAST_SUCCESS).set(at.timestamp() as f64);
        metrics::gauge!(names::BACKUP_LAST_SIZE).set(bytes as f64);
        Ok(newest.map(|(at, _)| at))
    }

    /// Deletes all but the newest.
    async fn prune(&self) -> anyhow::Result<()> {
        let Settings {
            directory, keep, ..
        } = self.settings.clone();
        let prune = move || {
            let mut made = made_in(&directory)?;
            made.truncate(made.len().saturating_sub(keep));
            made.iter()
                .try_for_each(|old| fs_err::remove_file(&old.file))
        };
        Ok(tasks::blocking(prune).await??)
    }
}

/// Backups of this kind, oldest first.
fn made_in(directory: &Path) -> io::Result<Vec<Made>> {
    let mut made = vec![];
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if let Some(at) = name.to_str().and_then(time_of) {
            let file = entry.path();
            made.push(Made { at, file });
        }
    }
    made.sort_by_key(|made| made.at);
    Ok(made)
}

/// When a backup of this name was made.
fn time_of(name: &str) -> Option<DateTime<Utc>> {
    let stem = name.strip_suffix(SEALED).or(name.strip_suffix(SUFFIX))?;
    let at = NaiveDateTime::parse_from_str(stem, STEM).ok()?;
    Some(at.and_utc())
}

fn delta(duration: Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_kind_are_backups() {
        let at = "2026-12-01T05:06:07Z".parse::<DateTime<Utc>>().unwrap();
        let stem = at.format(STEM).to_string();
        assert_eq!(stem, "flashfit-20261201T050607Z");
        assert_eq!(time_of(&format!("{stem}.backup")), Some(at));
        assert_eq!(time_of(&format!("{stem}.backup.age")), Some(at));
        for name in [".backup.part", ".backup.age.part", "", ".dump"] {
            assert_eq!(time_of(&format!("{stem}{name}")), None, "{name}");
        }
        assert_eq!(time_of("before-upgrade.backup"), None);
    }

    #[tokio::test]
    async fn the_newest_stay_and_what_is_not_ours_too() {
        let dir = tempfile::tempdir().unwrap();
        let names = [
            "flashfit-20261203T000000Z.backup",
            "flashfit-20261201T000000Z.backup",
            "flashfit-20261202T000000Z.backup.age",
            "mine.backup",
        ];
        for name in names {
            fs_err::write(dir.path().join(name), name).unwrap();
        }
        let settings = Settings {
            directory: dir.path().to_owned(),
            every: Duration::from_secs(3600),
            keep: 2,
            recipients: vec![],
        };
        let url = Secret::new(String::new());
        let schedule = Schedule::new(url, settings, Clock::system())
            .unwrap()
            .unwrap();
        schedule.prune().await.unwrap();
        let is_there = names.map(|name| dir.path().join(name).exists());
        assert_eq!(is_there, [true, false, true, true]);
        let newest = schedule.newest().await.unwrap().unwrap();
        assert_eq!(
            newest,
            "2026-12-03T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
