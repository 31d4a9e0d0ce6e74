//! Postgres: whether it answers, has connections to spare, is as new as this program, agrees on the time, and whether
//! anything holds others up.
use super::finding::Finding;
use crate::{
    app::{LARGEST_SKEW_S, Settings},
    base::clock::Clock,
    platform::db::{
        diagnose::{Hold, Patient, Standing, Vitals},
        migrations,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::time::Duration;

/// An answer that takes longer is none.
const ANSWER: Duration = Duration::from_secs(10);
/// Clocks that differ by more should be looked after.
const SKEW_TOLD_S: f64 = 2.0;
/// The oldest Postgres that is supported.
const OLDEST: i64 = 150_000;
/// Connections of one instance beside its pool: it listens, measures, and may lead twice.
const BESIDE_POOL: i64 = 5;

/// How the database stands, for what needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatabaseState {
    /// It does not answer.
    Away,
    /// Somebody holds the lock of migrations.
    Locked,
    /// Migrations will run at the next start.
    Behind,
    /// A newer program migrated it.
    Ahead,
    /// As this program expects it.
    Current,
}

/// What was found.
pub(super) struct Database {
    pub(super) findings: Vec<Finding>,
    pub(super) state: DatabaseState,
}

/// Everything that is asked, in one visit.
struct Visit {
    vitals: Vitals,
    standing: Standing,
    migrating: Option<Hold>,
    holds: Vec<Hold>,
    /// How far this machine's clock is ahead, in seconds.
    skew_s: f64,
}

impl Database {
    pub(super) async fn look(settings: &Settings, patience: Duration) -> Self {
        let visited = tokio::time::timeout(ANSWER, visit(settings)).await;
        let visited = visited.unwrap_or_else(|_late| {
            Err(anyhow::anyhow!(
                "Postgres does not answer within {ANSWER:?}"
            ))
        });
        let visit = match visited {
            Ok(visit) => visit,
            Err(error) => {
                let away = "the database does not answer";
                return Self {
                    findings: vec![
                        Finding::of("database", Err(error)),
                        Finding::unknown("clock", away),
                        Finding::unknown("locks", away),
                    ],
                    state: DatabaseState::Away,
                };
            }
        };
        let state = visit.state();
        let mut findings = vec![
            visit.version(),
            visit.connections(settings),
            visit.clock(),
            Finding::ok("time zone", zone(&visit.vitals)),
        ];
        findings.extend(visit.locks(patience));
        Self { findings, state }
    }
}

async fn visit(settings: &Settings) -> anyhow::Result<Visit> {
    let mut patient = Patient::connect(settings.database.url.expose()).await?;
    let before = Clock::system().now();
    let vitals = patient.vitals().await?;
    let after = Clock::system().now();
    let here = before + (after - before) / 2;
    Ok(Visit {
        skew_s: (here - vitals.now).as_seconds_f64(),
        vitals,
        standing: patient.standing().await?,
        migrating: patient.migrating().await?,
        holds: patient.holds().await?,
    })
}

impl Visit {
    fn state(&self) -> DatabaseState {
        match (&self.standing, &self.migrating) {
            (_, Some(_)) => DatabaseState::Locked,
            (standing, _) if !standing.unknown.is_empty() => DatabaseState::Ahead,
            (standing, _) if !standing.pending.is_empty() => DatabaseState::Behind,
            _ => DatabaseState::Current,
        }
    }

    fn version(&self) -> Finding {
        const CHECK: &str = "database";
        let (Vitals { version, .. }, standing) = (&self.vitals, &self.standing);
        let number = version.split_whitespace().next().unwrap_or(version);
        if self.vitals.version_number < OLDEST {
            return Finding::fail(
                CHECK,
                format!("Postgres answers, version {number}, which is too old"),
            )
            .advise("upgrade it to 15 or newer");
        }
        if let Some(newest) = standing.unknown.last() {
            let what = format!("it was migrated to {newest} by a newer FlashFit");
            return Finding::fail(CHECK, what).advise(
                "use that version, or take its migrations back with it (flashfit migrate --revert)",
            );
        }
        if self.vitals.is_read_only {
            return Finding::fail(
                CHECK,
                format!("Postgres answers, version {number}, and takes no changes"),
            )
            .advise("database.url must name the primary, not a standby");
        }
        match standing.pending.len() {
            0 => Finding::ok(
                CHECK,
                format!(
                    "Postgres answers, version {number}, the schema is up to date, {} MiB",
                    self.vitals.bytes >> 20
                ),
            ),
            count => Finding::ok(
                CHECK,
                format!(
                    "Postgres answers, version {number}, {count} migrations will run at the next start"
                ),
            ),
        }
    }

    fn connections(&self, settings: &Settings) -> Finding {
        const CHECK: &str = "connections";
        let (used, most) = (self.vitals.connections, self.vitals.connections_max);
        let wanted = i64::try_from(settings.database.pool_size).unwrap_or(i64::MAX);
        let wanted = wanted.saturating_add(BESIDE_POOL);
        let what = format!("{used} of {most} are taken, an instance may take {wanted}");
        let advice = "raise max_connections of Postgres, or lower database.pool_size";
        match () {
            () if used >= most => Finding::fail(CHECK, what).advise(advice),
            () if wanted > most || used.saturating_mul(10) >= most.saturating_mul(9) => {
                Finding::warn(CHECK, what).advise(advice)
            }
            () => Finding::ok(CHECK, what),
        }
    }

    fn clock(&self) -> Finding {
        const CHECK: &str = "clock";
        let advice = "set up time synchronisation (NTP) on both machines";
        let now = Clock::system().now();
        if let Some(made) = made_at().filter(|made| now < *made) {
            let what = format!("it says {now}, which is before this program was written ({made})");
            return Finding::fail(CHECK, what).advise(advice);
        }
        let what = format!("differs from the database's by {:.1} s", self.skew_s.abs());
        match self.skew_s.abs() {
            skew if skew > LARGEST_SKEW_S as f64 => Finding::fail(CHECK, what).advise(advice),
            skew if skew > SKEW_TOLD_S => Finding::warn(CHECK, what).advise(advice),
            _ => Finding::ok(CHECK, what),
        }
    }

    /// A line for each that holds others up for longer than this.
    fn locks(&self, patience: Duration) -> Vec<Finding> {
        const CHECK: &str = "locks";
        let mut found = vec![];
        if let Some(hold) = &self.migrating {
            found.push(Finding::fail(CHECK, held(hold)).advise(
                "no server can start meanwhile; if nobody migrates, end it with select pg_terminate_backend(…)",
            ));
        }
        let patience = i64::try_from(patience.as_secs()).unwrap_or(i64::MAX);
        let old = self.holds.iter().filter(|hold| hold.seconds >= patience);
        found.extend(old.map(|hold| {
            let advice = match hold.process {
                Some(process) => {
                    format!("see what it is; select pg_terminate_backend({process}) ends it")
                }
                None => "end it with commit prepared or rollback prepared".to_owned(),
            };
            Finding::warn(CHECK, held(hold)).advise(advice)
        }));
        if found.is_empty() {
            found.push(Finding::ok(CHECK, "nobody holds others up"));
        }
        found
    }
}

fn held(hold: &Hold) -> String {
    let who = match hold.process {
        Some(process) => format!("process {process} of Postgres: "),
        None => String::new(),
    };
    format!("{who}{}, for {} s", hold.what, hold.seconds)
}

/// Times are stored and compared in UTC; zones matter to whoever reads logs side by side.
fn zone(vitals: &Vitals) -> String {
    format!(
        "FlashFit counts and logs in UTC, Postgres logs in {}",
        vitals.log_zone
    )
}

/// When the newest migration was written: no clock that is right shows an earlier time.
fn made_at() -> Option<DateTime<Utc>> {
    let newest = migrations::known().ok()?.pop()?;
    let digits: String = newest
        .chars()
        .filter(char::is_ascii_digit)
        .take(8)
        .collect();
    let day = NaiveDate::parse_from_str(&digits, "%Y%m%d").ok()?;
    // Somebody in the east writes it a day earlier.
    Some(day.pred_opt()?.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Visit {
        let now = Clock::system().now();
        Visit {
            vitals: Vitals {
                version: "17.2 (Debian 17.2-1)".to_owned(),
                version_number: 170_002,
                connections: 20,
                connections_max: 97,
                now,
                log_zone: "UTC".to_owned(),
                is_read_only: false,
                bytes: 5 << 20,
            },
            standing: Standing {
                pending: vec![],
                unknown: vec![],
            },
            migrating: None,
            holds: vec![],
            skew_s: 0.1,
        }
    }

    fn settings() -> Settings {
        crate::app::sources::layers(None, &vec![])
            .extract()
            .unwrap()
    }

    #[test]
    fn clocks_are_judged_by_how_far_they_are_apart() {
        for (skew_s, start) in [(1.9, "ok"), (-2.5, "warn"), (5.5, "FAIL")] {
            let visit = Visit {
                skew_s,
                ..healthy()
            };
            assert!(
                visit.clock().to_string().starts_with(start),
                "{}",
                visit.clock()
            );
        }
        assert!(made_at().unwrap() > DateTime::from_timestamp(1_780_000_000, 0).unwrap());
    }

    #[test]
    fn connections_are_judged_by_what_is_left() {
        for (used, most, start) in [
            (20, 97, "ok"),
            (88, 97, "warn"),
            (97, 97, "FAIL"),
            (3, 20, "warn"),
        ] {
            let mut visit = healthy();
            (visit.vitals.connections, visit.vitals.connections_max) = (used, most);
            let found = visit.connections(&settings());
            assert!(found.to_string().starts_with(start), "{found}");
        }
    }

    #[test]
    fn an_old_server_a_standby_and_a_newer_schema_are_told_apart() {
        let change = |change: fn(&mut Visit)| {
            let mut visit = healthy();
            change(&mut visit);
            visit
        };
        let old = change(|visit| visit.vitals.version_number = 140_001);
        assert!(old.version().to_string().contains("too old"));
        let standby = change(|visit| visit.vitals.is_read_only = true);
        assert!(standby.version().to_string().contains("not a standby"));
        let newer = change(|visit| visit.standing.unknown.push("99990101".to_owned()));
        assert!(newer.version().to_string().contains("by a newer FlashFit"));
        assert_eq!(newer.state(), DatabaseState::Ahead);
        assert!(healthy().version().to_string().starts_with("ok"));
    }
}
