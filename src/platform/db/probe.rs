//! Asks Postgres how it is, on a connection outside the pool: a pool that is used up says nothing about Postgres.
use super::Settings;
use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use std::time::Duration;

/// What Postgres says of itself.
#[derive(Debug, Clone, QueryableByName)]
pub struct Server {
    /// Connections to the server, everybody's.
    #[diesel(sql_type = BigInt)]
    pub connections: i64,
    /// Most connections it takes.
    #[diesel(sql_type = BigInt)]
    pub connections_max: i64,
    /// What time it is there.
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// Keeps one connection as long as it works.
pub struct Probe {
    url: String,
    timeout: Duration,
    conn: Option<AsyncPgConnection>,
}

impl Probe {
    /// Connects when it is first used.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            url: settings.url.expose().clone(),
            timeout: settings.wait_timeout,
            conn: None,
        }
    }

    /// How the server is.
    ///
    /// # Cancel safety
    /// Dropping it drops the connection, and the next call makes another.
    ///
    /// # Errors
    /// When it does not answer in time.
    pub async fn server(&mut self) -> anyhow::Result<Server> {
        self.ask(
            "select (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
                    current_setting('max_connections')::bigint as connections_max,
                    clock_timestamp() as now",
        )
        .await
    }

    /// How much the database takes on disk, which takes the server a while to find out.
    ///
    /// # Errors
    /// When it does not answer in time.
    pub async fn size(&mut self) -> anyhow::Result<i64> {
        let sql = "select pg_database_size(current_database()) as bytes";
        Ok(self.ask::<Size>(sql).await?.bytes)
    }

    async fn ask<T>(&mut self, sql: &str) -> anyhow::Result<T>
    where
        T: QueryableByName<diesel::pg::Pg> + Send + 'static,
    {
        let (url, kept) = (self.url.clone(), self.conn.take());
        let asked = async {
            let mut conn = match kept {
                Some(conn) => conn,
                None => AsyncPgConnection::establish(&url).await?,
            };
            let answer = diesel::sql_query(sql).get_result::<T>(&mut conn).await?;
            anyhow::Ok((answer, conn))
        };
        let (answer, conn) = tokio::time::timeout(self.timeout, asked).await??;
        self.conn = Some(conn);
        Ok(answer)
    }
}
