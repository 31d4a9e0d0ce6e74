//! `health-log`: what the periodic health checks found.
use super::{context::Global, say};
use crate::{
    base::clock::Clock,
    features::monitoring::{Health, Monitoring},
    platform::db::{Db, migrations},
};
use anyhow::Context as _;
use std::{collections::HashMap, time::Duration};

/// Prints when a part of FlashFit began to do better or worse.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit health-log
  flashfit health-log --since 7days --check cache
  flashfit health-log --since 1h --all")]
pub(super) struct Args {
    /// How far back.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = span)]
    since: Duration,
    /// Only this check: http, database, cache, models, index, disk, receivers or clock.
    #[arg(long, value_name = "NAME")]
    check: Option<String>,
    /// Also what stayed as it was, every five minutes.
    #[arg(long)]
    all: bool,
}

fn span(text: &str) -> Result<Duration, String> {
    let seconds = humantime_serde::re::humantime::parse_duration(text);
    seconds.map_err(|error| error.to_string())
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let opened = global.open(&[]).await?;
    let result = async {
        let settings = &opened.settings;
        migrations::run(settings.database.url.expose()).await?;
        let (db, clock) = (Db::new(&settings.database)?, Clock::system());
        let here = String::new();
        let monitoring = Monitoring::new(db, clock.clone(), settings.monitoring.clone(), here)?;
        let span = chrono::Duration::from_std(args.since).context("--since is too long")?;
        let since = clock.now().checked_sub_signed(span);
        let since = since.context("--since is too long")?;
        let log = monitoring.health_log(since, args.check.as_deref()).await;
        anyhow::Ok(log?)
    }
    .await;
    opened.close().await;
    let mut log = result?;
    if !args.all {
        log = changes(log);
    }
    if log.is_empty() {
        say("nothing was checked in this time");
    } else {
        say(table(&log));
    }
    Ok(())
}

/// The first of each check of each process, and what differs from the one before.
pub(super) fn changes(log: Vec<Health>) -> Vec<Health> {
    let mut last = HashMap::new();
    log.into_iter()
        .filter(|one| {
            let key = (one.instance.clone(), one.check.clone());
            last.insert(key, one.status) != Some(one.status)
        })
        .collect()
}

/// One line each, below their heads.
pub(super) fn table(log: &[Health]) -> String {
    let widest = |of: fn(&Health) -> &str, title: &str| {
        let longest = log.iter().map(|h| of(h).chars().count()).max();
        longest.unwrap_or(0).max(title.len())
    };
    let instance = widest(|h| &h.instance, "instance");
    let check = widest(|h| &h.check, "check");
    let mut lines = vec![format!(
        "{:19}  {:instance$}  {:check$}  {:8}  {:>8}  detail",
        "time (UTC)", "instance", "check", "status", "took"
    )];
    for one in log {
        lines.push(format!(
            "{}  {:instance$}  {:check$}  {:8}  {:>5} ms  {}",
            one.at.format("%Y-%m-%d %H:%M:%S"),
            one.instance,
            one.check,
            one.status.as_str(),
            one.took_ms,
            one.detail
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::monitoring::Status;
    use chrono::DateTime;

    fn found(second: i64, check: &str, status: Status) -> Health {
        Health {
            check: check.to_owned(),
            status,
            detail: "why".to_owned(),
            took_ms: 3,
            at: DateTime::from_timestamp(second, 0).unwrap(),
            instance: "here:8080".to_owned(),
        }
    }

    #[test]
    fn the_table_has_a_line_for_each_change() {
        let log = vec![
            found(0, "cache", Status::Ok),
            found(1, "database", Status::Ok),
            found(300, "cache", Status::Ok),
            found(400, "cache", Status::Degraded),
            found(401, "database", Status::Ok),
        ];
        assert_eq!(
            table(&changes(log)),
            "time (UTC)           instance   check     status        took  detail\n\
             1970-01-01 00:00:00  here:8080  cache     ok            3 ms  why\n\
             1970-01-01 00:00:01  here:8080  database  ok            3 ms  why\n\
             1970-01-01 00:06:40  here:8080  cache     degraded      3 ms  why"
        );
    }

    #[test]
    fn times_are_words_and_nonsense_is_refused() {
        assert_eq!(span("7days"), Ok(Duration::from_secs(7 * 86_400)));
        assert!(span("yesterday").is_err());
    }
}
