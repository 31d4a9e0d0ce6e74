//! The files of a bundle. What cannot be had is a file that says why.
use crate::{
    app::{
        self, Settings, check, packs,
        sources::{self, Sources},
    },
    base::clock::Clock,
    cli::{
        doctor::{
            finding::{Finding, json},
            quick,
        },
        health_log,
    },
    features::monitoring::Monitoring,
    platform::{
        cache,
        db::{
            Db,
            diagnose::{Named, Patient},
        },
    },
};
use anyhow::Context as _;
use std::{
    fmt::Write as _,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    time::Duration,
};

/// So much of the end of a log is taken.
const LOG_BYTES: u64 = 1 << 20;
/// How far the log of health checks reaches back.
const HEALTH: chrono::Duration = chrono::Duration::days(7);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the system says of itself, and where.
const FACTS: [(&str, &str); 7] = [
    ("system", "/etc/os-release"),
    ("kernel", "/proc/version"),
    ("memory", "/proc/meminfo"),
    ("load", "/proc/loadavg"),
    ("limits of this process", "/proc/self/limits"),
    ("control group", "/proc/self/cgroup"),
    ("memory of the control group", "/sys/fs/cgroup/memory.max"),
];

/// Names and texts.
#[derive(Default)]
pub(super) struct Contents {
    files: Vec<(String, String)>,
}

impl Contents {
    pub(super) fn add(&mut self, name: &str, text: impl Into<String>) {
        let mut text = text.into();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.files.push((name.to_owned(), text));
    }

    fn add_or_say(&mut self, name: &str, text: anyhow::Result<String>) {
        let text = text.unwrap_or_else(|error| format!("it could not be had: {error:#}"));
        self.add(name, text);
    }

    pub(super) fn files(self) -> Vec<(String, String)> {
        self.files
    }

    /// What is in force, where it comes from, and what is wrong with it.
    pub(super) fn of_configuration(&mut self, sources: &Sources) {
        let in_force = sources.load().map(|settings| {
            let lines = sources::effective(&sources.layers(), &settings).into_iter();
            let line = |one: sources::Effective| {
                format!("{} = {}  # {}\n", one.key, one.value, one.source)
            };
            lines.map(line).collect::<String>()
        });
        self.add_or_say("config.txt", in_force);
        let complaints = check::check(sources, None).complaints;
        let lines: String = complaints.iter().map(|one| format!("{one}\n")).collect();
        self.add(
            "config-check.txt",
            match lines.is_empty() {
                true => "nothing is wrong with the configuration".to_owned(),
                false => lines,
            },
        );
    }

    pub(super) fn of_findings(&mut self, findings: &[Finding]) {
        let lines: String = findings.iter().map(|one| format!("{one}\n")).collect();
        self.add("doctor.txt", lines);
        self.add_or_say("doctor.json", json(findings).map_err(Into::into));
    }

    /// The program, the system and the machine.
    pub(super) fn of_machine(&mut self) {
        let mut text = format!(
            "flashfit {} for {} {}, {} cores\nmade at {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            std::thread::available_parallelism().map_or(0, usize::from),
            Clock::system().now().to_rfc3339(),
        );
        for (name, path) in FACTS {
            let said = std::fs::read_to_string(path);
            let said = said.unwrap_or_else(|error| format!("({error})"));
            let _written = write!(text, "\n# {name} ({path})\n{}\n", said.trim_end());
        }
        self.add("machine.txt", text);
    }

    /// What Postgres, Redis, the models and a server that runs say.
    pub(super) async fn of_services(&mut self, settings: &Settings) {
        self.of_database(settings).await;
        let redis = cache::examine(&settings.cache).await;
        self.add_or_say("redis.txt", redis.map(|seen| seen.text).map_err(Into::into));
        self.add_or_say("health.txt", health(settings).await);
        self.add_or_say("metrics.txt", metrics(settings).await);
        self.add_or_say("model-pack.md", card(settings));
    }

    async fn of_database(&mut self, settings: &Settings) {
        let asked = tokio::time::timeout(PATIENCE, of_database(settings)).await;
        let asked =
            asked.unwrap_or_else(|_late| Err(anyhow::anyhow!("no answer within {PATIENCE:?}")));
        match asked {
            Ok(files) => {
                for (name, text) in files {
                    self.add(name, text);
                }
            }
            Err(error) => self.add_or_say("postgres.txt", Err(error)),
        }
    }

    /// The end of a log.
    pub(super) fn of_log(&mut self, path: &Path) {
        self.add_or_say("log.txt", end_of(path));
    }
}

async fn of_database(settings: &Settings) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut patient = Patient::connect(settings.database.url.expose()).await?;
    let vitals = patient.vitals().await?;
    let (standing, applied) = (patient.standing().await?, patient.applied().await?);
    let mut migrations = applied.join("\n");
    for (what, versions) in [
        ("pending", standing.pending),
        ("unknown here", standing.unknown),
    ] {
        for version in versions {
            let _written = write!(migrations, "\n{version} {what}");
        }
    }
    let postgres = format!(
        "Postgres {}\n{} of {} connections are taken\n{} bytes\n\n{}",
        vitals.version,
        vitals.connections,
        vitals.connections_max,
        vitals.bytes,
        table(patient.settings().await?)
    );
    Ok(vec![
        ("postgres.txt", postgres),
        ("tables.txt", table(patient.tables().await?)),
        ("migrations.txt", migrations),
    ])
}

fn table(rows: Vec<Named>) -> String {
    let line = |row: Named| format!("{} = {}\n", row.name, row.value);
    rows.into_iter().map(line).collect()
}

async fn health(settings: &Settings) -> anyhow::Result<String> {
    let (db, clock) = (Db::new(&settings.database)?, Clock::system());
    let here = app::instance(settings);
    let monitoring = Monitoring::new(db, clock.clone(), settings.monitoring.clone(), here)?;
    let since = clock.now() - HEALTH;
    let log = health_log::changes(monitoring.health_log(since, None).await?);
    Ok(match log.is_empty() {
        true => "nothing was checked in the last days".to_owned(),
        false => health_log::table(&log),
    })
}

async fn metrics(settings: &Settings) -> anyhow::Result<String> {
    let (status, text) = quick::get(settings, "/metrics").await?;
    anyhow::ensure!(status.is_success(), "the server answers {status}");
    Ok(text)
}

fn card(settings: &Settings) -> anyhow::Result<String> {
    let pack = packs::chosen(settings)?;
    let card = pack.card().context("it has no CARD.md")?;
    Ok(format!("{}\n\n{card}", pack.id()))
}

fn end_of(path: &Path) -> anyhow::Result<String> {
    let mut file = fs_err::File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG_BYTES)))?;
    let mut end = vec![];
    file.take(LOG_BYTES).read_to_end(&mut end)?;
    let text = String::from_utf8_lossy(&end).into_owned();
    // The first line is half a line, in which no secret is recognised.
    Ok(match length > LOG_BYTES {
        true => text
            .split_once('\n')
            .map_or(String::new(), |(_, rest)| rest.to_owned()),
        false => text,
    })
}
