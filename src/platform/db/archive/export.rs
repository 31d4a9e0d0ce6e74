//! Out of a database: all tables as one moment shows them, each through COPY.
use super::format::{Head, Table, Writer};
use crate::platform::db::statement;
use chrono::DateTime;
use futures_util::TryStreamExt as _;
use std::{collections::BTreeSet, io::Write};
use tokio_postgres::Client;

/// What is not in a backup: which database this is, since what was derived from another must not be believed after a
/// restore. (The change feed is not either: its transactions are those of one cluster.)
const NOT_KEPT: &str = "installation";

/// Begins to look at one moment of the database.
pub(super) async fn begin(client: &Client) -> anyhow::Result<()> {
    client
        .batch_execute("begin isolation level repeatable read read only")
        .await?;
    Ok(())
}

/// What the file will begin with.
pub(super) async fn head(client: &Client) -> anyhow::Result<Head> {
    let row = client
        .query_one(
            "select to_regclass('__diesel_schema_migrations') is not null,
                    (extract(epoch from now()) * 1000000)::bigint, current_setting('server_version')",
            &[],
        )
        .await?;
    anyhow::ensure!(
        row.get::<_, bool>(0),
        "the database holds nothing of FlashFit; check database.url"
    );
    let made_at = DateTime::from_timestamp_micros(row.get(1));
    let rows = client
        .query(
            "select version::text from __diesel_schema_migrations order by version",
            &[],
        )
        .await?;
    Ok(Head {
        flashfit: env!("CARGO_PKG_VERSION").to_owned(),
        postgres: row.get(2),
        made_at: made_at.unwrap_or_default(),
        migrations: rows.iter().map(|row| row.get(0)).collect(),
    })
}

/// The tables that are kept, each after those that it refers to.
pub(super) async fn tables(client: &Client) -> anyhow::Result<Vec<Table>> {
    let known: Vec<&str> = statement::tables().filter(|t| *t != NOT_KEPT).collect();
    let rows = client
        .query(
            "select c.relname::text, array_agg(a.attname::text order by a.attnum),
                    max(a.attname::text) filter (where a.attidentity <> '')
               from pg_class c join pg_attribute a on a.attrelid = c.oid
              where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
                and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname::text = any($1)
              group by c.relname order by c.relname",
            &[&known],
        )
        .await?;
    let mut tables = vec![];
    for row in &rows {
        let (name, identity): (String, Option<String>) = (row.get(0), row.get(2));
        let sequence = match identity {
            Some(column) => last(client, &name, &column)
                .await?
                .map(|last| (column, last)),
            None => None,
        };
        let count = format!("select count(*) from {name}");
        let count: i64 = client.query_one(&count, &[]).await?.get(0);
        tables.push(Table {
            name,
            columns: row.get(1),
            rows: count.unsigned_abs(),
            sequence,
        });
    }
    let references = client
        .query(
            "select r.relname::text, t.relname::text
               from pg_constraint f join pg_class r on r.oid = f.conrelid join pg_class t on t.oid = f.confrelid
              where f.contype = 'f' and r.oid <> t.oid and r.relnamespace = current_schema()::regnamespace",
            &[],
        )
        .await?;
    let references = references.iter().map(|row| (row.get(0), row.get(1)));
    in_order(tables, &references.collect())
}

/// The last number that an identity column gave. It is asked for after the moment was chosen, so it is never behind.
async fn last(client: &Client, table: &str, column: &str) -> anyhow::Result<Option<i64>> {
    let query = "select pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)";
    Ok(client.query_one(query, &[&table, &column]).await?.get(0))
}

/// Tables in the order in which their references find what they refer to.
fn in_order(
    mut rest: Vec<Table>,
    references: &BTreeSet<(String, String)>,
) -> anyhow::Result<Vec<Table>> {
    let mut ordered = vec![];
    while !rest.is_empty() {
        let waiting: BTreeSet<String> = rest.iter().map(|table| table.name.clone()).collect();
        let waits = |table: &Table| {
            let mut of = references.iter().filter(|(from, _)| *from == table.name);
            of.any(|(_, to)| waiting.contains(to))
        };
        let (later, now): (Vec<_>, Vec<_>) = rest.into_iter().partition(waits);
        anyhow::ensure!(!now.is_empty(), "tables refer to each other in a circle");
        ordered.extend(now);
        rest = later;
    }
    Ok(ordered)
}

/// Writes the rows of a table.
pub(super) async fn copy<W: Write>(
    client: &Client,
    table: &Table,
    writer: &mut Writer<W>,
) -> anyhow::Result<()> {
    let (name, columns) = (&table.name, table.columns.join(", "));
    let sql = format!("copy {name} ({columns}) to stdout (format binary)");
    let stream = client.copy_out(&sql).await?;
    let mut stream = std::pin::pin!(stream);
    while let Some(bytes) = stream.try_next().await? {
        writer.rows(&bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<Table> {
        let table = |name: &&str| Table {
            name: (*name).to_owned(),
            columns: vec![],
            rows: 0,
            sequence: None,
        };
        names.iter().map(table).collect()
    }

    fn refer(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn tables_come_after_those_they_refer_to() {
        let references = refer(&[("a", "b"), ("b", "c"), ("a", "elsewhere")]);
        let ordered = in_order(named(&["a", "b", "c", "d"]), &references).unwrap();
        let names: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["c", "d", "b", "a"]);
        let circle = refer(&[("a", "b"), ("b", "a")]);
        assert!(in_order(named(&["a", "b"]), &circle).is_err());
    }
}
