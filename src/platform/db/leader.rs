//! One leader among the processes that share a database: whoever holds an advisory lock, on a connection of its own.
//!
//! The lock goes with the connection: it is free at once when its holder dies. A holder that is cut off, or that
//! stands still, is thrown out by Postgres after `LEASE`, and finds out when it looks. What the leader writes over
//! [`Leader::connection`] is written while it leads, or not at all.
use anyhow::Context as _;
use diesel::sql_types::Bool;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use std::time::{Duration, Instant};

/// A holder that says nothing for so long is thrown out. It must look more often than that.
const LEASE: Duration = Duration::from_secs(20);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(5);
const SILENT: &str = "Postgres does not answer";

/// When Postgres was away, whoever led before it was has so long to take the lead again.
const PRECEDENCE: Duration = Duration::from_secs(12);

/// How a process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It leads.
    Leading,
    /// Another does.
    Following,
    /// The database does not answer, and nobody can know.
    Unknown,
}

/// One candidate for one lock.
pub struct Leader {
    url: String,
    lock: i64,
    conn: Option<AsyncPgConnection>,
    is_holder: bool,
    /// Whether it was the last to hold the lock, as far as it knows.
    was_holder: bool,
    /// Whether the database was away when it looked last.
    was_away: bool,
    /// Before that it does not try to lead.
    not_before: Option<Instant>,
    /// How long it waits for an answer.
    patience: Duration,
}

impl Leader {
    /// A candidate that has not asked yet. `lock` is the number of the advisory lock.
    #[must_use]
    pub fn new(url: String, lock: i64) -> Self {
        Self {
            url,
            lock,
            conn: None,
            is_holder: false,
            was_holder: false,
            was_away: false,
            not_before: None,
            patience: PATIENCE,
        }
    }

    /// The same, waiting less long for an answer: for whoever has something to do meanwhile.
    #[must_use]
    pub fn impatient(self, patience: Duration) -> Self {
        let patience = patience.min(PATIENCE);
        Self { patience, ..self }
    }

    /// Finds out how things stand, and takes the lead where nobody has it. A lead that was lost is lost even if it is
    /// won again at once: then this says so by [`Standing::Unknown`] or [`Standing::Following`] first.
    pub async fn look(&mut self) -> Standing {
        let (was_holder, was_connected) = (self.is_holder, self.conn.is_some());
        match tokio::time::timeout(self.patience, self.ask()).await {
            Ok(Ok(true)) => return Standing::Leading,
            Ok(Ok(false)) => return Standing::Following,
            Ok(Err(error)) => self.give_up(&format!("{error:#}")),
            Err(_) => self.give_up(SILENT),
        }
        if was_holder || !was_connected {
            return Standing::Unknown;
        }
        // The connection may merely have been an old one.
        match tokio::time::timeout(self.patience, self.ask()).await {
            Ok(Ok(true)) => Standing::Leading,
            Ok(Ok(false)) => Standing::Following,
            Ok(Err(_)) | Err(_) => {
                self.give_up(SILENT);
                Standing::Unknown
            }
        }
    }

    /// The connection that holds the lock: what is written over it is written by the leader. `None` without the lead.
    pub fn connection(&mut self) -> Option<&mut AsyncPgConnection> {
        self.conn.as_mut().filter(|_| self.is_holder)
    }

    /// Lets go of the lock and of the connection.
    pub fn resign(&mut self) {
        self.conn = None;
        self.is_holder = false;
    }

    fn give_up(&mut self, why: &str) {
        if self.is_holder {
            tracing::warn!(why, "the connection that holds the lead is lost");
        }
        self.resign();
        self.was_away = true;
    }

    async fn ask(&mut self) -> anyhow::Result<bool> {
        let is_holder = self.is_holder;
        let lock = self.lock;
        let conn = match &mut self.conn {
            Some(conn) => conn,
            None => self.conn.insert(connect(&self.url).await?),
        };
        if std::mem::take(&mut self.was_away) && !self.was_holder {
            self.not_before = Some(Instant::now() + PRECEDENCE);
        }
        let waits = self.not_before.is_some_and(|then| Instant::now() < then);
        let question = match (is_holder, waits) {
            (true, _) => diesel::dsl::sql::<Bool>("true"),
            (false, true) => diesel::dsl::sql::<Bool>("false"),
            (false, false) => diesel::dsl::sql::<Bool>(&format!("pg_try_advisory_lock({lock})")),
        };
        let answer = diesel::select(question).get_result(conn).await;
        self.is_holder = answer.context("while asking who leads")?;
        if !waits {
            self.was_holder = self.is_holder;
        }
        Ok(self.is_holder)
    }
}

/// A connection that Postgres ends when nobody speaks over it, or when the machine at its other end is gone.
async fn connect(url: &str) -> anyhow::Result<AsyncPgConnection> {
    let mut conn = AsyncPgConnection::establish(url)
        .await
        .context("while connecting, to ask who leads")?;
    let settings = format!(
        "select set_config(name, value, false)
           from (values ('idle_session_timeout', '{lease}'), ('idle_in_transaction_session_timeout', '{lease}'),
                        ('statement_timeout', '{patience}'), ('tcp_keepalives_idle', '5'),
                        ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '2')) as wanted (name, value)
          where name in (select name from pg_settings)",
        lease = LEASE.as_millis(),
        patience = PATIENCE.as_millis(),
    );
    diesel::sql_query(settings).execute(&mut conn).await?;
    Ok(conn)
}
