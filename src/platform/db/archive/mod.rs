//! Backups in one file: everything people made, as one moment of the database shows it.
//!
//! A restore first reads the whole file, then loads it in one transaction into a database that is empty. What was
//! derived from the database elsewhere is not believed afterwards, because the database gets another name
//! (`installation`), and the change feed is filled by the load itself.
mod export;
mod format;
mod load;
mod place;
mod schedule;
mod seal;
mod settings;

pub use format::{Head, Table};
pub use schedule::Schedule;
pub use seal::{Key, Seal};
pub use settings::Settings;

use super::migrations;
use crate::platform::tasks;
use anyhow::Context as _;
use format::{Piece, Reader, Writer};
use place::Place;
use std::{
    io::{BufReader, Read},
    path::{Path, PathBuf},
};
use tokio_postgres::{Client, NoTls};
use tokio_util::sync::CancellationToken;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Where it comes from.
    pub head: Head,
    /// Its tables.
    pub tables: Vec<Table>,
}

impl Contents {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Rows of one table.
    #[must_use]
    pub fn rows_of(&self, name: &str) -> u64 {
        let mut tables = self.tables.iter();
        tables
            .find(|t| t.name == name)
            .map_or(0, |table| table.rows)
    }
}

/// Writes all of the database to `file`, or to standard output when that is `-`. People may go on meanwhile.
///
/// # Cancel safety
/// Dropping the future does not end the work.
///
/// # Errors
/// When the database or the file cannot be used; then there is no file.
pub async fn backup(url: &str, file: PathBuf, seal: Seal) -> anyhow::Result<Contents> {
    backup_until(url, file, seal, CancellationToken::new()).await
}

/// The same, given up when it is time to end.
async fn backup_until(
    url: &str,
    file: PathBuf,
    seal: Seal,
    stop: CancellationToken,
) -> anyhow::Result<Contents> {
    let url = url.to_owned();
    on_a_thread(async move || {
        let made = connected(&url, async |client| {
            export::begin(client).await?;
            let head = export::head(client).await?;
            let tables = export::tables(client).await?;
            let written = async {
                let mut writer = Writer::start(seal.wrap(Place::open(&file)?)?, &head)?;
                for table in &tables {
                    writer.table(table)?;
                    export::copy(client, table, &mut writer).await?;
                }
                writer.finish()?.finish()?.finish()
            };
            written.await.context("the backup was not made")?;
            Ok(Contents { head, tables })
        });
        tokio::select! {
            made = made => made,
            () = stop.cancelled() => anyhow::bail!("the backup was given up"),
        }
    })
    .await
}

/// Reads all of a backup, changes nothing, and says what it holds.
///
/// # Errors
/// When it is not as it was written.
pub async fn verify(file: PathBuf, key: Key) -> anyhow::Result<Contents> {
    tasks::blocking(move || read_all(&file, &key)).await?
}

/// Loads a backup into an empty database, and brings that up to date.
///
/// # Cancel safety
/// Dropping the future does not end the work.
///
/// # Errors
/// When the file is not as it was written or of a newer FlashFit, or the database is not empty: then nothing changes.
pub async fn restore(url: &str, file: PathBuf, key: Key) -> anyhow::Result<Contents> {
    let contents = verify(file.clone(), key.clone()).await?;
    let head = &contents.head;
    let known = migrations::known()?;
    anyhow::ensure!(
        head.migrations
            .iter()
            .all(|version| known.contains(version)),
        "{} was made by FlashFit {}, which is newer than this one ({}): nothing was restored; use that version",
        file.display(),
        head.flashfit,
        env!("CARGO_PKG_VERSION")
    );
    connected(url, async |client| load::expect_empty(client).await).await?;
    migrations::exactly(url, &head.migrations).await?;
    let theirs = url.to_owned();
    on_a_thread(async move || {
        connected(&theirs, async |client| {
            let (_, mut reader) = open(&file, &key)?;
            load::begin(client).await?;
            load::copy(client, &mut reader).await?;
            Ok(client.batch_execute("commit").await?)
        })
        .await
    })
    .await
    .context("nothing was restored")?;
    migrations::run(url).await?;
    Ok(contents)
}

/// Runs work that waits for the database and for files in turn, where neither keeps others waiting.
async fn on_a_thread<T: Send + 'static>(
    work: impl AsyncFnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Handle::current();
    tasks::blocking(move || runtime.block_on(work())).await?
}

/// Runs `work` with a connection of its own.
async fn connected<T>(
    url: &str,
    work: impl AsyncFnOnce(&Client) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) =
        connected.context("the database cannot be reached; check database.url")?;
    tokio::select! {
        done = work(&client) => done,
        broken = connection => {
            broken.context("the connection to the database broke")?;
            anyhow::bail!("the connection to the database was closed")
        }
    }
}

fn open(file: &Path, key: &Key) -> anyhow::Result<(Head, Reader<Box<dyn Read>>)> {
    let input = BufReader::with_capacity(1 << 18, fs_err::File::open(file)?);
    let input = key.open(input).map_err(|error| of(file, error))?;
    Reader::open(input).map_err(|error| of(file, error.into()))
}

fn read_all(file: &Path, key: &Key) -> anyhow::Result<Contents> {
    let (head, mut reader) = open(file, key)?;
    let mut tables = vec![];
    loop {
        match reader.next().map_err(|error| of(file, error.into()))? {
            Piece::Table(table) => tables.push(table),
            Piece::Rows(_) => {}
            Piece::End => return Ok(Contents { head, tables }),
        }
    }
}

fn of(file: &Path, error: anyhow::Error) -> anyhow::Error {
    anyhow::anyhow!("{} {error}", file.display())
}
