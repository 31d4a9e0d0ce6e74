//! Schema migrations, embedded in the binary and run one process at a time.
use anyhow::{Context as _, anyhow};
use diesel::{
    migration::{Migration, MigrationSource},
    pg::Pg,
};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;
use tokio_postgres::error::SqlState;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// The advisory lock that keeps two starting servers from migrating at once ("flashfit" in ASCII).
pub(super) const LOCK: i64 = 0x666c_6173_6866_6974;

/// Runs what has not run yet; returns the names of the migrations that ran.
///
/// Needs a multi-threaded tokio runtime.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn run(url: &str) -> anyhow::Result<Vec<String>> {
    with_lock(url, |harness| {
        let ran = harness
            .run_pending_migrations(MIGRATIONS)
            .map_err(|error| anyhow!("a migration failed: {error}"))?;
        Ok(ran.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Reverts the latest `count` migrations; returns their names.
///
/// # Errors
/// When the database cannot be reached, a migration fails or none is left.
pub async fn revert(url: &str, count: usize) -> anyhow::Result<Vec<String>> {
    with_lock(url, move |harness| {
        (0..count)
            .map(|_| {
                let reverted = harness.revert_last_migration(MIGRATIONS);
                reverted
                    .map(|version| version.to_string())
                    .map_err(|error| anyhow!("a migration could not be reverted: {error}"))
            })
            .collect()
    })
    .await
}

/// Names of migrations that have not run.
///
/// # Errors
/// When the database cannot be reached.
pub async fn pending(url: &str) -> anyhow::Result<Vec<String>> {
    with_lock(url, |harness| {
        let pending = harness
            .pending_migrations(MIGRATIONS)
            .map_err(|error| anyhow!("the migrations could not be read: {error}"))?;
        Ok(pending.iter().map(|m| m.name().to_string()).collect())
    })
    .await
}

/// Versions of all migrations that this program knows, oldest first.
///
/// # Errors
/// When those in the binary cannot be read.
pub fn known() -> anyhow::Result<Vec<String>> {
    let mut known: Vec<String> = all()?.iter().map(|one| version(one.as_ref())).collect();
    known.sort();
    Ok(known)
}

/// Brings the schema to where exactly these versions have run, forwards or backwards.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn exactly(url: &str, versions: &[String]) -> anyhow::Result<()> {
    let wanted: BTreeSet<String> = versions.iter().cloned().collect();
    with_lock(url, move |harness| {
        let failed = |error| anyhow!("a migration failed: {error}");
        let applied = harness.applied_migrations().map_err(failed)?;
        let applied: BTreeSet<String> = applied.iter().map(ToString::to_string).collect();
        let mut all = all()?;
        all.sort_by_key(|one| version(one.as_ref()));
        for one in all.iter().rev() {
            let version = version(one.as_ref());
            if applied.contains(&version) && !wanted.contains(&version) {
                harness.revert_migration(one.as_ref()).map_err(failed)?;
            }
        }
        for one in &all {
            let version = version(one.as_ref());
            if wanted.contains(&version) && !applied.contains(&version) {
                harness.run_migration(one.as_ref()).map_err(failed)?;
            }
        }
        Ok(())
    })
    .await
}

fn all() -> anyhow::Result<Vec<Box<dyn Migration<Pg>>>> {
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS);
    all.map_err(|error| anyhow!("the migrations could not be read: {error}"))
}

fn version(migration: &dyn Migration<Pg>) -> String {
    migration.name().version().to_string()
}

async fn with_lock<T: Send + 'static>(
    url: &str,
    work: impl FnOnce(&mut AsyncMigrationHarness<AsyncPgConnection>) -> anyhow::Result<T>
    + Send
    + 'static,
) -> anyhow::Result<T> {
    let mut conn = connect(url).await?;
    diesel::sql_query(format!("select pg_advisory_lock({LOCK})"))
        .execute(&mut conn)
        .await
        .context("the migration lock could not be taken")?;
    // On a thread of its own: the harness blocks on its queries, and would swallow what wakes the caller.
    // The lock goes with the connection, also when a migration fails.
    let migrate = move || work(&mut AsyncMigrationHarness::new(conn));
    tokio::task::spawn_blocking(migrate).await?
}

/// A connection, or in one line why there is none.
pub(super) async fn connect(url: &str) -> anyhow::Result<AsyncPgConnection> {
    match AsyncPgConnection::establish(url).await {
        Ok(conn) => Ok(conn),
        Err(error) => Err(why(url, error.into()).await),
    }
}

/// Why there is no connection. Diesel keeps the message without its causes: whether nobody listens, the name is
/// unknown or the password is wrong.
async fn why(url: &str, error: anyhow::Error) -> anyhow::Error {
    let error = match tokio_postgres::connect(url, tokio_postgres::NoTls).await {
        Err(again) if again.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => {
            return anyhow::Error::new(again).context(
                "the database has no connection to spare; raise its max_connections or lower database.pool_size",
            );
        }
        Err(again) => again.into(),
        Ok(_) => error,
    };
    error.context("the database cannot be reached; check database.url")
}
