//! Looks at Postgres as a doctor would: what it is, what holds others up, what it was migrated to, what takes the room.
use super::migrations;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use std::collections::BTreeSet;

/// One connection to look around with.
pub struct Patient {
    conn: AsyncPgConnection,
}

/// What Postgres says of itself.
#[derive(Debug, Clone, QueryableByName)]
pub struct Vitals {
    /// As in `17.2 (Debian 17.2-1)`.
    #[diesel(sql_type = Text)]
    pub version: String,
    /// As in 170002.
    #[diesel(sql_type = BigInt)]
    pub version_number: i64,
    /// Connections to the server, everybody's.
    #[diesel(sql_type = BigInt)]
    pub connections: i64,
    /// Most connections that somebody without special rights gets.
    #[diesel(sql_type = BigInt)]
    pub connections_max: i64,
    /// What time it is there.
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
    /// The zone in which it writes its own log.
    #[diesel(sql_type = Text)]
    pub log_zone: String,
    /// Whether it takes no changes.
    #[diesel(sql_type = Bool)]
    pub is_read_only: bool,
    /// The size of the database on disk.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
}

/// A session or transaction that may hold others up.
#[derive(Debug, Clone, QueryableByName)]
pub struct Hold {
    /// What it does, in words.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// The process of Postgres; none for a prepared transaction.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub process: Option<i64>,
    /// Since how many seconds.
    #[diesel(sql_type = BigInt)]
    pub seconds: i64,
}

/// How the schema stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Versions of migrations that will run at the next start.
    pub pending: Vec<String>,
    /// Versions that ran and that this program does not know.
    pub unknown: Vec<String>,
}

/// A name with a value: of a setting, of a table.
#[derive(Debug, Clone, QueryableByName)]
pub struct Named {
    /// What it is called.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// As Postgres writes it.
    #[diesel(sql_type = Text)]
    pub value: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

const VITALS: &str = "
    select current_setting('server_version') as version,
           current_setting('server_version_num')::bigint as version_number,
           (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
           current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
             - coalesce(current_setting('reserved_connections', true)::bigint, 0) as connections_max,
           clock_timestamp() as now,
           current_setting('log_timezone') as log_zone,
           current_setting('transaction_read_only') = 'on' as is_read_only,
           pg_database_size(current_database()) as bytes";

/// Idle transactions, sessions that wait for a lock, prepared transactions.
const HOLDS: &str = "
    select 'it is idle in a transaction' as what, pid::bigint as process,
           extract(epoch from clock_timestamp() - state_change)::bigint as seconds
      from pg_stat_activity
     where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()
    union all
    select 'it waits for a lock that process ' || array_to_string(pg_blocking_pids(pid), ', ') || ' holds', pid::bigint,
           extract(epoch from clock_timestamp() - query_start)::bigint
      from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'
    union all
    select 'the transaction ' || quote_literal(gid) || ' was prepared and never ended', null,
           extract(epoch from clock_timestamp() - prepared)::bigint
      from pg_prepared_xacts
     where database = current_database()
    order by seconds desc";

/// Settings of Postgres that matter to FlashFit.
const SETTINGS: &str = "
    select name, setting || coalesce(' ' || unit, '') as value from pg_settings
     where name in ('max_connections', 'superuser_reserved_connections', 'shared_buffers', 'work_mem',
                    'maintenance_work_mem', 'effective_cache_size', 'max_wal_size', 'wal_level', 'fsync',
                    'synchronous_commit', 'full_page_writes', 'autovacuum', 'statement_timeout', 'lock_timeout',
                    'idle_in_transaction_session_timeout', 'idle_session_timeout', 'max_prepared_transactions',
                    'TimeZone', 'log_timezone', 'server_encoding', 'lc_ctype', 'ssl', 'data_checksums',
                    'random_page_cost', 'jit', 'listen_addresses', 'password_encryption')
     order by name";

const TABLES: &str = "
    select c.relname::text as name,
           pg_total_relation_size(c.oid) || ' bytes, about ' || greatest(c.reltuples, 0)::bigint || ' rows' as value
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = 'public'
     order by pg_total_relation_size(c.oid) desc, c.relname";

impl Patient {
    /// Connects.
    ///
    /// # Errors
    /// One line that says why there is no connection.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let conn = migrations::connect(url).await?;
        Ok(Self { conn })
    }

    /// How it is.
    ///
    /// # Errors
    /// Database errors.
    pub async fn vitals(&mut self) -> anyhow::Result<Vitals> {
        let vitals = diesel::sql_query(VITALS).get_result(&mut self.conn).await;
        vitals.context("while asking Postgres how it is")
    }

    /// What may hold others up, longest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn holds(&mut self) -> anyhow::Result<Vec<Hold>> {
        let holds = diesel::sql_query(HOLDS).load(&mut self.conn).await;
        holds.context("while looking for stale locks")
    }

    /// The process that has the lock under which the schema is migrated; nobody can start meanwhile.
    ///
    /// # Errors
    /// Database errors.
    pub async fn migrating(&mut self) -> anyhow::Result<Option<Hold>> {
        let sql = format!(
            "select 'it holds the lock of migrations' as what, l.pid::bigint as process,
                    extract(epoch from clock_timestamp() - coalesce(a.query_start, a.backend_start))::bigint as seconds
               from pg_locks l join pg_stat_activity a using (pid)
              where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
                and l.database = (select oid from pg_database where datname = current_database())
                and (l.classid::bigint << 32 | l.objid::bigint) = {}",
            migrations::LOCK
        );
        let mut found: Vec<Hold> = diesel::sql_query(sql)
            .load(&mut self.conn)
            .await
            .context("while looking who migrates")?;
        Ok(found.pop())
    }

    /// Which migrations have run, against those of this program. Waits for nobody who migrates.
    ///
    /// # Errors
    /// Database errors.
    pub async fn standing(&mut self) -> anyhow::Result<Standing> {
        let known: BTreeSet<String> = migrations::known()?.into_iter().collect();
        let applied: BTreeSet<String> = self.applied().await?.into_iter().collect();
        Ok(Standing {
            pending: known.difference(&applied).cloned().collect(),
            unknown: applied.difference(&known).cloned().collect(),
        })
    }

    /// Versions of the migrations that have run, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn applied(&mut self) -> anyhow::Result<Vec<String>> {
        let has_table =
            "select coalesce(to_regclass('__diesel_schema_migrations')::text, '') as version";
        let table: Version = diesel::sql_query(has_table)
            .get_result(&mut self.conn)
            .await?;
        if table.version.is_empty() {
            return Ok(vec![]);
        }
        let sql = "select version::text from __diesel_schema_migrations order by version";
        let rows: Vec<Version> = diesel::sql_query(sql).load(&mut self.conn).await?;
        Ok(rows.into_iter().map(|row| row.version).collect())
    }

    /// Settings that matter.
    ///
    /// # Errors
    /// Database errors.
    pub async fn settings(&mut self) -> anyhow::Result<Vec<Named>> {
        Ok(diesel::sql_query(SETTINGS).load(&mut self.conn).await?)
    }

    /// Tables with their sizes, the largest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn tables(&mut self) -> anyhow::Result<Vec<Named>> {
        Ok(diesel::sql_query(TABLES).load(&mut self.conn).await?)
    }
}
