//! Into a database that holds nobody's data: all tables in one transaction, or nothing.
use super::format::{Piece, Reader, Table};
use crate::platform::db::statement;
use anyhow::{Context as _, bail};
use bytes::Bytes;
use futures_util::SinkExt as _;
use std::{collections::BTreeSet, io::Read};
use tokio_postgres::{Client, CopyInSink};

/// What a server writes of itself before there is anybody. It makes way.
const OF_THE_SERVER: [&str; 8] = [
    "alert_history",
    "alert_queue",
    "alert_receivers",
    "alert_state",
    "installation",
    "monitoring_health",
    "monitoring_series",
    "monitoring_values",
];

/// Refuses a database that holds anything that people made, or tables of others.
pub(super) async fn expect_empty(client: &Client) -> anyhow::Result<()> {
    let is_ours = "select to_regclass('__diesel_schema_migrations') is not null";
    let is_ours: bool = client.query_one(is_ours, &[]).await?.get(0);
    let there = present(client).await?;
    if !is_ours && !there.is_empty() {
        bail!(
            "the database holds tables of something else: nothing was restored; name an empty database"
        );
    }
    let ours = statement::tables().filter(|table| there.contains(*table));
    for table in ours.filter(|table| !OF_THE_SERVER.contains(table)) {
        let query = format!("select exists (select from {table})");
        if client.query_one(&query, &[]).await?.get(0) {
            bail!(
                "the database is not empty ({table} has rows): nothing was restored; name an empty database, or drop \
                 and create this one"
            );
        }
    }
    Ok(())
}

async fn present(client: &Client) -> anyhow::Result<BTreeSet<String>> {
    let query = "select relname::text from pg_class
                  where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace";
    let rows = client.query(query, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Begins, and keeps everybody else from writing until it is over.
pub(super) async fn begin(client: &Client) -> anyhow::Result<()> {
    client
        .batch_execute("begin; lock table users, items, images in exclusive mode")
        .await?;
    expect_empty(client).await?;
    let there = present(client).await?;
    let making_way = OF_THE_SERVER.into_iter().filter(|t| there.contains(*t));
    let making_way: Vec<&str> = making_way.filter(|t| *t != "installation").collect();
    client
        .batch_execute(&format!("truncate {}", making_way.join(", ")))
        .await?;
    // An index that was saved for this database before knows nothing of what comes now.
    client
        .batch_execute("update installation set id = gen_random_uuid()")
        .await?;
    Ok(())
}

/// Copies every table of the file; whoever calls commits.
pub(super) async fn copy<R: Read>(client: &Client, reader: &mut Reader<R>) -> anyhow::Result<()> {
    let mut open: Option<(Table, std::pin::Pin<Box<CopyInSink<Bytes>>>)> = None;
    loop {
        match reader.next()? {
            Piece::Rows(bytes) => match &mut open {
                Some((_, sink)) => sink.send(Bytes::from(bytes)).await?,
                None => bail!("the backup has rows of no table"),
            },
            Piece::Table(table) => {
                close(client, open.take()).await?;
                let sql = statement_of(&table)?;
                open = Some((table, Box::pin(client.copy_in(&sql).await?)));
            }
            Piece::End => return close(client, open.take()).await,
        }
    }
}

/// What is in a file is only believed to be a name when it is one.
fn statement_of(table: &Table) -> anyhow::Result<String> {
    let name = &table.name;
    let is_plain = |word: &String| {
        word.bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    let is_known = statement::tables().any(|known| known == name);
    anyhow::ensure!(
        is_known && table.columns.iter().all(is_plain),
        "the backup holds a table {name:?} that this FlashFit does not know"
    );
    let columns = table.columns.join(", ");
    Ok(format!(
        "copy {name} ({columns}) from stdin (format binary)"
    ))
}

async fn close(
    client: &Client,
    open: Option<(Table, std::pin::Pin<Box<CopyInSink<Bytes>>>)>,
) -> anyhow::Result<()> {
    let Some((table, mut sink)) = open else {
        return Ok(());
    };
    let name = &table.name;
    let rows = sink.as_mut().finish().await;
    let rows = rows.with_context(|| format!("{name} could not be loaded"))?;
    anyhow::ensure!(
        rows == table.rows,
        "{name} has {rows} rows in the backup, {} were counted",
        table.rows
    );
    if let Some((column, last)) = &table.sequence {
        client
            .execute(
                "select setval(pg_get_serial_sequence($1, $2)::regclass, $3)",
                &[name, column, last],
            )
            .await?;
    }
    Ok(())
}
