//! What most commands begin with: settings, logs, and the services they talk to.
use crate::{
    app::{
        self, App, Settings,
        sources::{self, Sources},
    },
    base::{clock::Clock, secret::Secret},
    features::accounts::{self, Accounts},
    platform::{
        cache::Cache,
        db::{Db, migrations},
        embedded::{Durability, Embedded, EmbeddedError},
        notify::Outbox,
        tasks::Tasks,
        telemetry,
    },
};
use figment::value::Value;
use std::{path::PathBuf, time::Duration};

/// How long a command waits for the mail server when it has something to tell.
const LETTERS_WITHIN: Duration = Duration::from_secs(20);

/// Options of every command.
#[derive(clap::Args)]
pub(super) struct Global {
    /// Configuration file; otherwise config/flashfit.toml or /etc/flashfit/flashfit.toml, if there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where files live.
    #[arg(long = "data", global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Use private Postgres and Redis instances in the data directory.
    #[arg(long, global = true)]
    embedded: bool,
    /// Log level or filter.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

impl Global {
    /// The flags as settings, with those of the command.
    fn flags(&self, more: &[(&'static str, Value)]) -> sources::Flags {
        let mut flags = more.to_vec();
        if let Some(data) = &self.data {
            flags.push(("data_dir", Value::from(data.display().to_string())));
        }
        if let Some(level) = &self.log_level {
            flags.push(("log.level", Value::from(level.as_str())));
        }
        flags
    }

    /// Everything that settings are read from.
    pub(super) fn sources(&self, more: &[(&'static str, Value)]) -> Sources {
        Sources::of_process(self.config.as_deref(), &self.flags(more))
    }

    /// The settings in force.
    pub(super) fn settings(&self, more: &[(&'static str, Value)]) -> anyhow::Result<Settings> {
        self.sources(more).load()
    }

    /// Settings read, logging started, private services started where asked for.
    pub(super) async fn open(&self, more: &[(&'static str, Value)]) -> anyhow::Result<Opened> {
        let settings = self.begin(more)?;
        self.with_services(settings).await
    }

    /// Like [`Self::open`], but where another flashfit runs the private services, they are talked to.
    pub(super) async fn open_beside(&self) -> anyhow::Result<Opened> {
        let settings = self.begin(&[])?;
        match self.with_services(settings.clone()).await {
            Err(error) if is_in_use(&error) => {
                let mut settings = settings;
                let url = Embedded::postgres_url_in_use(&settings.data_dir)?;
                settings.database.url = Secret::new(url);
                let url = Embedded::redis_url_in_use(&settings.data_dir)?;
                settings.cache.url = Secret::new(url);
                Ok(Opened {
                    settings,
                    embedded: None,
                })
            }
            opened => opened,
        }
    }

    fn begin(&self, more: &[(&'static str, Value)]) -> anyhow::Result<Settings> {
        let mut settings = self.settings(more)?;
        telemetry::start_logging(&settings.log)?;
        fs_err::create_dir_all(&settings.data_dir)?;
        settings.data_dir = fs_err::canonicalize(&settings.data_dir)?;
        Ok(settings)
    }

    async fn with_services(&self, mut settings: Settings) -> anyhow::Result<Opened> {
        let embedded = if self.embedded {
            let embedded = Embedded::start(&settings.data_dir, Durability::Durable).await?;
            settings.database.url = Secret::new(embedded.postgres_url());
            settings.cache.url = Secret::new(embedded.redis_url());
            Some(embedded)
        } else {
            None
        };
        Ok(Opened { settings, embedded })
    }
}

fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(EmbeddedError::InUse { .. }))
}

/// What a command talks to, until it is closed.
pub(super) struct Opened {
    /// The settings in force.
    pub(super) settings: Settings,
    embedded: Option<Embedded>,
}

impl Opened {
    /// Every service.
    pub(super) async fn app(&self) -> anyhow::Result<App> {
        let vision = app::load_vision(&self.settings).await?;
        App::build(self.settings.clone(), Clock::system(), vision).await
    }

    /// Stops the private services.
    pub(super) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Runs `work` with every service, and stops the private ones whatever comes of it.
pub(super) async fn with_app<T>(
    global: &Global,
    work: impl AsyncFnOnce(&App) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let opened = global.open(&[]).await?;
    let result = match opened.app().await {
        Ok(app) => work(&app).await,
        Err(error) => Err(error),
    };
    opened.close().await;
    result
}

/// Runs `work` with the accounts alone: no models needed.
pub(super) async fn with_accounts(
    global: &Global,
    work: impl AsyncFnOnce(&Accounts) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let opened = global.open(&[]).await?;
    let result = async {
        let settings = &opened.settings;
        migrations::run(settings.database.url.expose()).await?;
        let (tasks, clock) = (Tasks::new(), Clock::system());
        let foundations = accounts::Foundations {
            db: Db::new(&settings.database)?,
            cache: Cache::new(&settings.cache)?,
            tasks: tasks.clone(),
            outbox: Outbox::new(&settings.notifications, tasks.clone(), clock.clone())?,
        };
        let accounts = Accounts::new(foundations, &settings.accounts, clock)?;
        let done = work(&accounts).await;
        // Letters are tried once before the program ends.
        for late in tasks.stop(LETTERS_WITHIN).await {
            tracing::warn!(task = late, "did not end in time");
        }
        done
    }
    .await;
    opened.close().await;
    result
}
