//! Collects on a beat what a scrape must not wait for: Postgres, Redis, the disk, the queue, the index.
//!
//! Each part has its own time-out, so that one that hangs does not keep the others from being told.
use super::App;
use crate::{
    base::metrics as names,
    platform::{
        cache::{Cache, Info},
        db::Probe,
        disk, tasks,
    },
};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// How often the parts are asked; more often where samples are taken more often, or they would all say the same.
const BEAT: Duration = Duration::from_secs(10);
/// How often what costs more is measured too.
const THOROUGH: Duration = Duration::from_secs(60);
/// How long a part may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is kept from beat to beat.
pub(super) struct Collector {
    app: App,
    probe: Probe,
    /// When it is time again for what costs more.
    thorough_at: Instant,
}

impl Collector {
    pub(super) fn new(app: &App) -> Self {
        Self {
            app: app.clone(),
            probe: Probe::new(&app.settings.database),
            thorough_at: Instant::now(),
        }
    }

    /// How often it should be asked to.
    pub(super) fn pause(&self) -> Duration {
        BEAT.min(self.app.monitoring.interval())
    }

    /// Asks every part once.
    pub(super) async fn beat(&mut self) {
        let now = Instant::now();
        let is_thorough = now >= self.thorough_at;
        if is_thorough {
            self.thorough_at = now + THOROUGH;
        }
        let Self { app, probe, .. } = self;
        tokio::join!(
            database(app, probe, is_thorough),
            redis(&app.cache),
            files(app.settings.data_dir.clone(), is_thorough),
            features(app, is_thorough),
        );
        app.exporter.run_upkeep();
    }
}

async fn database(app: &App, probe: &mut Probe, is_thorough: bool) {
    let before = app.clock.now();
    let server = probe.server().await;
    metrics::gauge!(names::DB_UP).set(f64::from(u8::from(server.is_ok())));
    match server {
        Ok(server) => {
            let after = app.clock.now();
            let here = before + (after - before) / 2;
            let skew = (here - server.now).as_seconds_f64();
            metrics::gauge!(names::CLOCK_SKEW).set(skew);
            metrics::gauge!(names::DB_SERVER_CONNECTIONS).set(server.connections as f64);
            metrics::gauge!(names::DB_SERVER_CONNECTIONS_MAX).set(server.connections_max as f64);
        }
        Err(error) => return tell("Postgres", &error),
    }
    if is_thorough {
        match probe.size().await {
            Ok(bytes) => metrics::gauge!(names::DB_SIZE).set(bytes as f64),
            Err(error) => tell("the size of the database", &error),
        }
    }
}

/// A Redis that is away is said to be away; its last figures would say nothing of it.
async fn redis(cache: &Cache) {
    let answered = cache.info().await;
    metrics::gauge!(names::REDIS_UP).set(f64::from(u8::from(answered.is_some())));
    let Some(info) = answered else { return };
    let Info {
        memory_used_bytes,
        memory_max_bytes,
        clients,
        hits,
        misses,
    } = info;
    metrics::gauge!(names::REDIS_MEMORY).set(memory_used_bytes as f64);
    metrics::gauge!(names::REDIS_MEMORY_MAX).set(memory_max_bytes as f64);
    metrics::gauge!(names::REDIS_CLIENTS).set(clients as f64);
    metrics::gauge!(names::REDIS_HITS).set(hits as f64);
    metrics::gauge!(names::REDIS_MISSES).set(misses as f64);
}

async fn files(folder: PathBuf, is_thorough: bool) {
    let look = move || {
        let taken = is_thorough.then(|| disk::size(&folder));
        (disk::room(&folder), taken)
    };
    let Some((room, taken)) = within("the data directory", async {
        Ok(tasks::blocking(look).await?)
    })
    .await
    else {
        return;
    };
    if let Ok(room) = room {
        metrics::gauge!(names::DISK_TOTAL).set(room.total_bytes as f64);
        metrics::gauge!(names::DISK_AVAILABLE).set(room.available_bytes as f64);
    }
    if let Some(taken) = taken {
        metrics::gauge!(names::DATA_BYTES).set(taken as f64);
    }
}

async fn features(app: &App, is_thorough: bool) {
    let index = within("the index", async {
        if is_thorough {
            app.search.measure_thoroughly().await?;
        }
        app.search.measure().await
    });
    let queue = within("the queue of photos", async {
        Ok(app.wardrobe.measure().await?)
    });
    let learned = within("learned states", async {
        if is_thorough {
            app.recommend.measure().await?;
        }
        Ok(())
    });
    tokio::join!(index, queue, learned);
}

/// `None` when it failed or took too long, which is not worth more than a word: the metrics of Postgres and of the disk
/// say it.
async fn within<T>(what: &str, work: impl Future<Output = anyhow::Result<T>>) -> Option<T> {
    let result = tokio::time::timeout(PATIENCE, work).await;
    let result = result.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer within {PATIENCE:?}")));
    result.inspect_err(|error| tell(what, error)).ok()
}

fn tell(what: &str, error: &anyhow::Error) {
    let error = format!("{error:#}");
    tracing::debug!(error, "{what} could not be measured");
}
