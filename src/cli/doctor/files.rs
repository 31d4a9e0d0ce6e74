//! Files and the machine: the data directory, room on its disk and how long it lasts, who may read secrets, how many
//! files may be open.
use super::{database::DatabaseState, finding::Finding};
use crate::{
    app::{LEAST_FREE_BYTES, Settings},
    base::clock::Clock,
    cli::context::Global,
    features::monitoring::{Monitoring, Trend},
    platform::{db::Db, disk},
};
use anyhow::Context as _;
use rustix::process::{Resource, getrlimit};
use std::{
    collections::BTreeSet,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// What the dashboards show of the disk, and what is kept of it therefore.
const AVAILABLE: &str = "min(disk_available_bytes)";
/// How far back is looked to tell how long the room lasts.
const LOOK_BACK: chrono::Duration = chrono::Duration::days(7);
/// The room should last longer.
const SOON_DAYS: f64 = 14.0;
/// A connection is a file. Below this, a few hundred people at once are too many.
const LEAST_FILES: u64 = 4096;
/// Below this not even one instance works.
const FEWEST_FILES: u64 = 256;

pub(super) fn look(global: &Global, settings: &Settings) -> Vec<Finding> {
    let mut found = vec![data(settings), room(settings), open_files()];
    found.extend(secrets(global, settings));
    found
}

fn data(settings: &Settings) -> Finding {
    const CHECK: &str = "data directory";
    let dir = &settings.data_dir;
    let written = tempfile::NamedTempFile::new_in(dir)
        .with_context(|| format!("{} cannot be written", dir.display()));
    if let Err(error) = written {
        return Finding::of(CHECK, Err(error))
            .advise("give it to the account that runs flashfit, or choose another data_dir");
    }
    let lock = dir.join("embedded.lock");
    let held_by = fs_err::read_to_string(&lock).unwrap_or_default();
    let held_by = held_by.trim();
    let is_there = Path::new("/proc").join(held_by).exists();
    let what = match (held_by.is_empty(), is_there) {
        (true, _) => String::new(),
        (false, true) => format!(", process {held_by} uses the services in it"),
        (false, false) => format!(", process {held_by} used the services in it and is gone"),
    };
    Finding::ok(CHECK, format!("{} can be written{what}", dir.display()))
}

fn room(settings: &Settings) -> Finding {
    const CHECK: &str = "disk space";
    let free = match disk::free_bytes(&settings.data_dir) {
        Ok(free) => free,
        Err(error) => return Finding::fail(CHECK, error),
    };
    let what = format!("{} MiB free", free >> 20);
    match free {
        free if free < LEAST_FREE_BYTES => {
            let wanted = LEAST_FREE_BYTES >> 20;
            Finding::fail(CHECK, format!("{what}, at least {wanted} wanted"))
                .advise("make room, or enlarge the disk")
        }
        free if free < LEAST_FREE_BYTES * 4 => {
            Finding::warn(CHECK, what).advise("make room, or enlarge the disk")
        }
        _ => Finding::ok(CHECK, what),
    }
}

/// How long the room lasts at the pace of the last days.
pub(super) async fn growth(settings: &Settings, database: &DatabaseState) -> Finding {
    const CHECK: &str = "disk growth";
    let nothing = "unknown: too little was kept of the last days; a server that runs keeps it";
    match database {
        DatabaseState::Away => return Finding::unknown(CHECK, "the database does not answer"),
        DatabaseState::Locked | DatabaseState::Behind | DatabaseState::Ahead => {
            return Finding::unknown(CHECK, nothing);
        }
        DatabaseState::Current => {}
    }
    let free = disk::free_bytes(&settings.data_dir).unwrap_or(0);
    match trend(settings).await {
        Ok(Some(trend)) => lasts(free, trend),
        Ok(None) => Finding::unknown(CHECK, nothing),
        Err(error) => Finding::of(CHECK, Err(error)),
    }
}

async fn trend(settings: &Settings) -> anyhow::Result<Option<Trend>> {
    let (db, clock) = (Db::new(&settings.database)?, Clock::system());
    let here = crate::app::instance(settings);
    let monitoring = Monitoring::new(db, clock.clone(), settings.monitoring.clone(), here)?;
    let since = clock.now() - LOOK_BACK;
    Ok(monitoring.trend(AVAILABLE, since).await?)
}

fn lasts(free: u64, trend: Trend) -> Finding {
    const CHECK: &str = "disk growth";
    let over = trend.over.num_hours();
    let per_day = -trend.per_day / f64::from(1 << 20);
    if per_day < 1.0 {
        return Finding::ok(CHECK, format!("none to speak of in the last {over} h"));
    }
    let days = free as f64 / -trend.per_day;
    let what = format!(
        "{per_day:.0} MiB a day in the last {over} h, so that the room lasts {days:.0} days"
    );
    match days < SOON_DAYS {
        true => Finding::warn(CHECK, what).advise("see with du what grows, and make room"),
        false => Finding::ok(CHECK, what),
    }
}

fn open_files() -> Finding {
    const CHECK: &str = "open files";
    let most = getrlimit(Resource::Nofile).current;
    let Some(most) = most else {
        return Finding::ok(CHECK, "as many as wanted");
    };
    let what = format!("{most} at most, for what is started from here");
    let advice = "each connection is one: ulimit -n 65536, or LimitNOFILE=65536 in a unit";
    match most {
        most if most < FEWEST_FILES => Finding::fail(CHECK, what).advise(advice),
        most if most < LEAST_FILES => Finding::warn(CHECK, what).advise(advice),
        _ => Finding::ok(CHECK, what),
    }
}

/// A line for each file with a secret that too many may read, or one for all.
fn secrets(global: &Global, settings: &Settings) -> Vec<Finding> {
    const CHECK: &str = "secrets";
    let files = files_with_secrets(global, settings);
    let mut found = vec![];
    for file in &files {
        let Ok(mode) = fs_err::metadata(file).map(|file| file.permissions().mode() & 0o777) else {
            // Whoever needs it says so.
            continue;
        };
        let path = file.display();
        if mode & 0o004 != 0 {
            let what = format!("everybody on this machine can read {path}, mode {mode:03o}");
            found.push(Finding::warn(CHECK, what).advise(format!("chmod 640 {path}, or 600")));
        } else if mode & 0o022 != 0 {
            let what = format!("others can write {path}, mode {mode:03o}");
            found.push(Finding::warn(CHECK, what).advise(format!("chmod 640 {path}, or 600")));
        }
    }
    if found.is_empty() {
        let what = match files.len() {
            0 => "none is in a file that the configuration names".to_owned(),
            count => format!("{count} files hold them, for their owners to read"),
        };
        found.push(Finding::ok(CHECK, what));
    }
    found
}

/// The key of the certificate, the passwords of receivers, and the configuration itself where it has secrets in it.
fn files_with_secrets(global: &Global, settings: &Settings) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for (key, value) in settings.flattened() {
        let Ok(serde_json::Value::String(path)) = serde_json::from_str(&value) else {
            continue;
        };
        let holds_secret = key == "http.tls.key"
            || key.starts_with("notifications.")
                && key.ends_with("_file")
                && !key.ends_with("ca_file");
        if holds_secret && !path.is_empty() {
            files.insert(PathBuf::from(path));
        }
    }
    files.extend(global.sources(&[]).file_with_secrets(settings));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_that_shrinks_fast_is_told_with_the_days_it_lasts() {
        let trend = |per_day: f64| Trend {
            per_day,
            over: chrono::Duration::hours(48),
        };
        let gib = f64::from(1 << 30);
        for (per_day, start, words) in [
            (-gib, "warn", "lasts 10 days"),
            (-gib / 10.0, "ok", "lasts 100 days"),
            (gib, "ok", "none to speak of"),
            (-1000.0, "ok", "none to speak of"),
        ] {
            let found = lasts(10 << 30, trend(per_day)).to_string();
            assert!(found.starts_with(start) && found.contains(words), "{found}");
        }
    }
}
