//! Postgres: the pool, migrations, the change feed, answers kept for repeated requests, who leads, backups.
//!
//! Only this folder and the features' `store*.rs` name diesel.
pub mod archive;
pub mod changes;
mod conn;
pub mod diagnose;
pub mod idempotency;
mod instrument;
pub mod leader;
pub mod migrations;
mod probe;
pub mod schema;
mod settings;
mod statement;

pub use conn::Conn;
pub use instrument::ERROR_CLASSES;
pub use probe::{Probe, Server};
pub use settings::Settings;

use crate::base::{metrics as names, secret::Secret};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use diesel::IntoSql as _;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, deadpool::Pool},
};
use futures_util::{FutureExt as _, StreamExt as _};
use std::time::Instant;
use tokio_postgres::config::Host;

/// Postgres cannot be reached, or has no connection to spare: trying again later may help.
#[derive(Debug, thiserror::Error)]
#[error("the database is not available: {0}")]
pub struct Unavailable(String);

/// What time it is in the database.
///
/// # Errors
/// Database errors.
pub async fn now(conn: &mut AsyncPgConnection) -> diesel::QueryResult<DateTime<Utc>> {
    let now = diesel::dsl::now.into_sql::<diesel::sql_types::Timestamptz>();
    diesel::select(now).get_result(conn).await
}

/// The hosts that an address names, with their ports; none for sockets of this machine.
///
/// # Errors
/// When it is no address; nothing of it is repeated.
pub fn hosts(url: &Secret<String>) -> anyhow::Result<Vec<(String, u16)>> {
    let config: tokio_postgres::Config = url.expose().parse()?;
    let ports = config.get_ports();
    let all = config.get_hosts().iter().enumerate();
    let named = all.filter_map(|(i, host)| match host {
        Host::Tcp(name) => {
            let port = ports.get(i).or(ports.first()).copied();
            Some((name.clone(), port.unwrap_or(5432)))
        }
        Host::Unix(_) => None,
    });
    Ok(named.collect())
}

/// A connection that hears `NOTIFY`.
pub struct Listener {
    conn: AsyncPgConnection,
}

impl Listener {
    /// Waits for the next notification.
    ///
    /// # Errors
    /// When the connection is lost: listen anew.
    pub async fn wait(&mut self) -> anyhow::Result<()> {
        let mut notifications = std::pin::pin!(self.conn.notifications_stream());
        match notifications.next().await {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(error.into()),
            None => anyhow::bail!("the listening connection was closed"),
        }
    }
}

/// The pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
}

impl Db {
    /// Makes a pool; connects on first use.
    ///
    /// # Errors
    /// When the settings make no pool.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let url = settings.url.expose().clone();
        let manager = AsyncDieselConnectionManager::new_with_config(url, watched());
        let pool = Pool::builder(manager)
            .max_size(settings.pool_size)
            .wait_timeout(Some(settings.wait_timeout))
            .create_timeout(Some(settings.wait_timeout))
            .runtime(deadpool_redis::Runtime::Tokio1)
            .build()
            .context("the database pool could not be made")?;
        Ok(Self { pool })
    }

    /// Takes a connection out of the pool.
    ///
    /// # Errors
    /// [`Unavailable`] when none can be had in time.
    pub async fn get(&self) -> Result<Conn, Unavailable> {
        let started = Instant::now();
        let conn = self.pool.get().await;
        metrics::histogram!(names::DB_WAIT_SECONDS).record(started.elapsed());
        conn.map(Conn::new).map_err(|error| {
            metrics::counter!(names::DB_ERRORS, "class" => "08").increment(1);
            Unavailable(error.to_string())
        })
    }

    /// Takes a connection for good, to listen on a channel.
    ///
    /// # Errors
    /// When none can be had or the channel cannot be listened on.
    pub async fn listen(&self, channel: &'static str) -> anyhow::Result<Listener> {
        let conn = self.get().await?.keep();
        let mut conn = conn.context("the connection was gone")?;
        diesel::sql_query(format!("listen {channel}"))
            .execute(&mut conn)
            .await?;
        Ok(Listener { conn })
    }

    /// How the pool is doing now.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let status = self.pool.status();
        Usage {
            in_use: status.size.saturating_sub(status.available),
            idle: status.available,
            max: status.max_size,
            waiting: status.waiting,
        }
    }
}

/// The pool at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Connections somebody holds.
    pub in_use: usize,
    /// Connections nobody holds.
    pub idle: usize,
    /// Most connections there may be.
    pub max: usize,
    /// Callers that wait for one.
    pub waiting: usize,
}

/// Connections whose statements are timed.
fn watched() -> ManagerConfig<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    config.custom_setup = Box::new(|url| {
        async move {
            let mut conn = AsyncPgConnection::establish(url).await?;
            conn.set_instrumentation(instrument::Watch::default());
            Ok(conn)
        }
        .boxed()
    });
    config
}
