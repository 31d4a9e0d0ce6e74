//! Postgres: the pool, migrations, the change feed, answers kept for repeated requests, who leads.
//!
//! Only this folder and the features' `store*.rs` name diesel.
pub mod changes;
pub mod idempotency;
pub mod leader;
pub mod migrations;
pub mod schema;
mod settings;

pub use settings::Settings;

use crate::base::metrics as names;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use diesel::IntoSql as _;
use diesel_async::{
    AsyncPgConnection, RunQueryDsl as _,
    pooled_connection::{
        AsyncDieselConnectionManager,
        deadpool::{Object, Pool},
    },
};
use futures_util::StreamExt as _;
use std::time::Instant;

/// A connection out of the pool.
pub type Conn = Object<AsyncPgConnection>;

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
        let manager = AsyncDieselConnectionManager::new(settings.url.expose().clone());
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
        conn.map_err(|error| Unavailable(error.to_string()))
    }

    /// Takes a connection for good, to listen on a channel.
    ///
    /// # Errors
    /// When none can be had or the channel cannot be listened on.
    pub async fn listen(&self, channel: &'static str) -> anyhow::Result<Listener> {
        let mut conn = Object::take(self.get().await?);
        diesel::sql_query(format!("listen {channel}"))
            .execute(&mut conn)
            .await?;
        Ok(Listener { conn })
    }

    /// Connections in use and idle, for the gauges.
    #[must_use]
    pub fn usage(&self) -> (usize, usize) {
        let status = self.pool.status();
        (
            status.size.saturating_sub(status.available),
            status.available,
        )
    }
}
