//! Floor 5: puts the program together; the only place that knows every feature.
mod aside;
mod background;
mod certificate;
pub mod check;
mod collect;
mod health;
pub mod licences;
mod log_level;
mod openapi;
mod operators;
pub mod packs;
mod redirect;
mod reload;
mod runbook;
mod scrape;
mod server;
mod settings;
mod settled;
pub mod sources;
mod ui;
mod watch;
mod zero;

pub use health::{LARGEST_SKEW_S, LEAST_FREE_BYTES};
pub use openapi::document as openapi;
pub use operators::openness;
pub use reload::Reloader;
pub use scrape::text as metrics;
pub use settings::{ModelSettings, Settings};

use crate::{
    base::clock::Clock,
    engines::vision::{Options, Vision},
    features::{
        accounts::{self, Accounts},
        alerts::{self, Alerts},
        export::Exports,
        monitoring::Monitoring,
        recommend::Recommend,
        search::Search,
        wardrobe::Wardrobe,
    },
    platform::{
        cache::Cache,
        db::{Db, archive::Schedule, migrations},
        http::limits::RateLimiter,
        notify::Outbox,
        tasks::{self, Tasks},
        telemetry::{self, Exporter, Levels},
        tls::{self, ServerCertificate},
    },
};
use anyhow::Context as _;
use aside::Aside;
use settled::Settled;
use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, OnceLock},
};

/// Every service, made by hand, in order. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// What it was made from.
    pub settings: Settings,
    /// Postgres.
    pub db: Db,
    /// Redis.
    pub cache: Cache,
    /// People.
    pub accounts: Accounts,
    /// Everything that is a person's, to take along.
    pub exports: Exports,
    /// Garments.
    pub wardrobe: Wardrobe,
    /// The index.
    pub search: Search,
    /// Outfits.
    pub recommend: Recommend,
    /// Alerts.
    pub alerts: Alerts,
    /// What this process knows of itself.
    pub monitoring: Monitoring,
    /// Backups by the clock, if any are made.
    pub backups: Option<Schedule>,
    /// Background work.
    pub tasks: Tasks,
    clock: Clock,
    limiter: RateLimiter,
    exporter: Exporter,
    levels: Levels,
    /// Where the server listens, once it does.
    address: Arc<OnceLock<SocketAddr>>,
    /// A client that asks this server itself.
    itself: reqwest::Client,
    certificate: Option<Arc<ServerCertificate>>,
    aside: Aside,
    settled: Settled,
}

impl App {
    /// Checks everything that can be checked before the port opens, and builds the services.
    ///
    /// # Errors
    /// One line that says what is wrong and what to do.
    pub async fn build(settings: Settings, clock: Clock, vision: Vision) -> anyhow::Result<Self> {
        tls::use_ring();
        let certificate = certificate::load(&settings, &clock)?;
        operators::openness(&settings.http)?;
        let backups = backups(&settings, &clock)?;
        let exporter = telemetry::exporter()?;
        let db = migrated(&settings).await?;
        let cache = Cache::new(&settings.cache).context("cache.url is not a Redis address")?;
        let tasks = Tasks::new();
        let accounts = people(&settings, &db, &cache, &tasks, &clock)?;
        let wardrobe = Wardrobe::new(
            db.clone(),
            cache.clone(),
            vision,
            clock.clone(),
            settings.wardrobe.clone(),
        );
        let search = Search::new(
            db.clone(),
            wardrobe.clone(),
            clock.clone(),
            settings.search.clone(),
            settings.data_dir.join("index"),
        )?;
        let recommend = Recommend::new(
            db.clone(),
            wardrobe.clone(),
            search.clone(),
            clock.clone(),
            settings.recommend.clone(),
        );
        let monitoring = monitoring(&settings, &db, &clock)?;
        let alerts = alerting(&settings, &db, &monitoring, &clock)?;
        let limiter = RateLimiter::new(cache.clone(), clock.clone());
        let app = Self {
            levels: Levels::new(&settings.log.level),
            exports: Exports::new(db.clone(), clock.clone()),
            settings,
            db,
            cache,
            accounts,
            wardrobe,
            search,
            recommend,
            alerts,
            monitoring,
            backups,
            tasks,
            clock,
            limiter,
            exporter,
            certificate,
            aside: Aside::default(),
            settled: Settled::default(),
            address: Arc::default(),
            itself: to_itself()?,
        };
        zero::start(&app);
        Ok(app)
    }

    /// Serves until `until` ends, steps aside, then drains.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub async fn serve(
        &self,
        listener: TcpListener,
        until: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        // Whoever serves again with the same services listens at the same place.
        let _known = self.address.set(address);
        let redirect = redirect::build(&self.settings.http, address.port())?;
        let internal = operators::build(self)?;
        let server = server::build(self, listener)?;
        background::start(self);
        certificate::follow(self);
        if let Some(redirect) = redirect {
            let stopping = self.tasks.stopping();
            self.tasks
                .spawn("redirect", redirect::run(redirect, stopping));
        }
        if let Some(internal) = internal {
            let stopping = self.tasks.stopping();
            self.tasks
                .spawn("operators", operators::run(internal, stopping));
        }
        let handle = server.handle();
        let mut server = std::pin::pin!(server);
        tokio::select! {
            ended = &mut server => ended.context("the server ended by itself")?,
            () = async { until.await; self.step_aside().await } => {
                tracing::info!("stopping: running requests are finished, new ones are not taken");
                // Streams end first, or they would hold the server up to its deadline.
                let tasks = self.tasks.stop(self.settings.http.shutdown_timeout);
                let (late, (), ended) = tokio::join!(tasks, handle.stop(true), &mut server);
                for name in late {
                    tracing::warn!(task = name, "did not stop in time");
                }
                ended.context("the server did not end well")?;
            }
        }
        Ok(())
    }
}

/// A client that asks this server itself: its certificate names the place where others find it.
fn to_itself() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .danger_accept_invalid_certs(true)
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
}

/// What tells this process from others at the same database, and stays the same when it starts again.
#[must_use]
pub fn instance(settings: &Settings) -> String {
    let host = fs_err::read_to_string("/proc/sys/kernel/hostname");
    let host = host.unwrap_or_else(|_| settings.http.host.clone());
    format!("{}:{}", host.trim(), settings.http.port)
}

/// The database, as this program expects it.
async fn migrated(settings: &Settings) -> anyhow::Result<Db> {
    let url = settings.database.url.expose().clone();
    for name in migrations::run(&url).await? {
        tracing::info!(migration = name, "migrated");
    }
    Db::new(&settings.database)
}

fn people(
    settings: &Settings,
    db: &Db,
    cache: &Cache,
    tasks: &Tasks,
    clock: &Clock,
) -> anyhow::Result<Accounts> {
    let foundations = accounts::Foundations {
        db: db.clone(),
        cache: cache.clone(),
        tasks: tasks.clone(),
        outbox: Outbox::new(&settings.notifications, tasks.clone(), clock.clone())?,
    };
    Accounts::new(foundations, &settings.accounts, clock.clone())
}

fn backups(settings: &Settings, clock: &Clock) -> anyhow::Result<Option<Schedule>> {
    let url = settings.database.url.clone();
    Schedule::new(url, settings.backup.clone(), clock.clone())
}

fn monitoring(settings: &Settings, db: &Db, clock: &Clock) -> anyhow::Result<Monitoring> {
    let (db, clock) = (db.clone(), clock.clone());
    Monitoring::new(db, clock, settings.monitoring.clone(), instance(settings))
}

fn alerting(
    settings: &Settings,
    db: &Db,
    monitoring: &Monitoring,
    clock: &Clock,
) -> anyhow::Result<Alerts> {
    let foundations = alerts::Foundations {
        db: db.clone(),
        database_url: settings.database.url.clone(),
        monitoring: monitoring.clone(),
        samples_keep: settings.monitoring.keep,
        clock: clock.clone(),
        notifications: &settings.notifications,
        data_dir: &settings.data_dir,
    };
    Alerts::new(foundations, settings.alerts.clone())
}

/// Loads the model pack that the settings name.
///
/// # Errors
/// One line that says what is wrong with the pack or the runtime.
pub async fn load_vision(settings: &Settings) -> anyhow::Result<Vision> {
    let settings = settings.clone();
    let what = match settings.models.pack.as_os_str().is_empty() {
        true => "the model pack in this program cannot be used",
        false => {
            "the model pack that models.pack names cannot be used; repair it, pull it again, or leave models.pack \
             empty for the one in this program"
        }
    };
    let load = move || {
        let options = vision_options(&settings);
        anyhow::Ok(Vision::load(packs::chosen(&settings)?, &options)?)
    };
    tasks::blocking(load).await?.context(what)
}

/// How the models are run.
#[must_use]
pub fn vision_options(settings: &Settings) -> Options {
    let library = &settings.models.onnxruntime;
    Options {
        library: (!library.as_os_str().is_empty()).then(|| library.clone()),
        cache_dir: settings.data_dir.join("onnxruntime"),
        sessions: model_sessions(&settings.models),
    }
}

/// Pictures recognised at the same time.
fn model_sessions(models: &ModelSettings) -> usize {
    match models.sessions {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        sessions => sessions,
    }
}
