//! Rules about the database that nothing else checks.
use crate::support::TestApp;
use flashfit::platform::db::migrations;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_a_person_owns_goes_with_the_person() {
    let app = TestApp::start().await;
    // The change feed outlives what it is about, on purpose.
    let loose = app
        .number(
            "select count(*) from information_schema.columns c
              where c.table_schema = 'public' and c.column_name = 'owner'
                and c.table_name not in ('changes')
                and not exists (
                    select 1 from pg_constraint k
                     where k.contype = 'f' and k.confdeltype = 'c'
                       and k.conrelid = c.table_name::regclass and k.confrelid = 'users'::regclass)",
        )
        .await;
    assert_eq!(loose, 0, "an owner column does not cascade");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_diesel_schema_names_the_columns_there_are() {
    let app = TestApp::start().await;
    let written = columns_of(include_str!("../../src/platform/db/schema.rs"));
    let (client, connection) = tokio_postgres::connect(&app.database_url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::task::spawn(connection);
    let rows = client
        .query(
            "select table_name::text, column_name::text, is_nullable = 'YES'
               from information_schema.columns join information_schema.tables using (table_schema, table_name)
              where table_schema = 'public' and table_type = 'BASE TABLE'
                and table_name not in ('changes', '__diesel_schema_migrations')",
            &[],
        )
        .await
        .unwrap();
    let real: BTreeSet<(String, String, bool)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let missing: Vec<_> = real.difference(&written).collect();
    let invented: Vec<_> = written.difference(&real).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{missing:?} {invented:?}"
    );
}

/// Table, column and whether it may be null, as `schema.rs` says.
fn columns_of(source: &str) -> BTreeSet<(String, String, bool)> {
    let mut found = BTreeSet::new();
    for block in source.split("diesel::table! {").skip(1) {
        let (table, rest) = block.split_once('(').unwrap();
        let (_, rest) = rest.split_once('{').unwrap();
        let (columns, _) = rest.split_once('}').unwrap();
        for column in columns.split(',').filter(|c| c.contains("->")) {
            let (name, kind) = column.split_once("->").unwrap();
            found.insert((
                table.trim().to_owned(),
                name.trim().to_owned(),
                kind.contains("Nullable"),
            ));
        }
    }
    assert!(found.len() > 50, "the schema was not understood");
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_go_down_and_up_again() {
    let app = TestApp::start().await;
    let mut app = app;
    app.stop().await;
    let url = &app.database_url;
    assert_eq!(
        migrations::pending(url).await.unwrap(),
        Vec::<String>::new()
    );
    let reverted = migrations::revert(url, 7).await.unwrap();
    assert_eq!(reverted.len(), 7);
    let left = "select count(*) from information_schema.tables where table_schema = 'public'";
    assert_eq!(app.number(left).await, 1, "only diesel's own table is left");
    let (one, two) = tokio::join!(migrations::run(url), migrations::run(url));
    assert_eq!(
        one.unwrap().len() + two.unwrap().len(),
        7,
        "one of two starting servers migrates"
    );
}
