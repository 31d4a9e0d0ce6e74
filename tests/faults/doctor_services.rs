//! `flashfit doctor`: Postgres, Redis and what is derived from the tables, each healthy and not.
use crate::{bench::Bench, doctor::Said};
use tokio_postgres::NoTls;

/// The lock under which the schema is migrated: "flashfit" in ASCII.
const MIGRATING: &str = "select pg_advisory_lock(x'666c617368666974'::bigint)";

async fn bench() -> Bench {
    let bench = Bench::new().await;
    bench.create("own").await;
    bench.flashfit("own", &["migrate"]).await.expect_success();
    bench
}

async fn doctor(bench: &Bench, arguments: &[&str]) -> Said {
    let all = [&["doctor"], arguments].concat();
    Said::of(&mut bench.command("own", &all)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_others_up_is_told_with_the_process() {
    let bench = bench().await;
    doctor(&bench, &["--patience", "0s"])
        .await
        .ended(0)
        .has("ok    locks: ", &["nobody holds others up"]);
    let idle = bench.session("own").await;
    idle.batch_execute("begin; lock table silences in access exclusive mode")
        .await
        .unwrap();
    let process: i32 = idle
        .query_one("select pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    let waiting = bench.session("own").await;
    let waits =
        tokio::spawn(async move { waiting.batch_execute("begin; lock table silences").await });
    let blocked = "select count(*)::text from pg_stat_activity where wait_event_type = 'Lock'";
    while bench.sql("own", blocked).await != ["1"] {}
    let said = doctor(&bench, &["--patience", "0s"]).await;
    let start = format!("warn  locks: process {process} of Postgres: it is idle in a transaction");
    said.has(&start, &[&format!("pg_terminate_backend({process})")]);
    let lines = said.0.stdout.lines();
    let waiting =
        lines.filter(|line| line.contains(&format!("a lock that process {process} holds")));
    assert_eq!(waiting.count(), 1, "{}", said.0.stdout);
    idle.batch_execute("rollback").await.unwrap();
    waits.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_keeps_servers_from_starting_does_not_keep_the_doctor_waiting() {
    let bench = bench().await;
    let holder = bench.session("own").await;
    holder.batch_execute(MIGRATING).await.unwrap();
    let said = doctor(&bench, &[]).await;
    said.ended(1)
        .has(
            "FAIL  locks: ",
            &["holds the lock of migrations", "no server can start"],
        )
        .has("?     index: ", &["lock of migrations"]);
    drop(holder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_schema_and_an_older_one_are_told_apart() {
    let bench = bench().await;
    bench
        .flashfit("own", &["migrate", "--revert", "1"])
        .await
        .expect_success();
    doctor(&bench, &[]).await.ended(0).has(
        "ok    database: ",
        &["1 migrations will run at the next start"],
    );
    bench.flashfit("own", &["migrate"]).await.expect_success();
    let newer = "insert into __diesel_schema_migrations (version) values ('99990101000000')";
    bench.sql("own", newer).await;
    doctor(&bench, &[]).await.ended(1).has(
        "FAIL  database: ",
        &["99990101000000", "by a newer FlashFit", "use that version"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_is_not_as_the_tables_is_told() {
    let bench = bench().await;
    let fill = ["demo", "--config", "none.toml"];
    bench.place.write("none.toml", "");
    bench.flashfit("own", &fill).await.expect_success();
    bench.flashfit("own", &["reindex"]).await.expect_success();
    let said = doctor(&bench, &[]).await;
    said.ended(0)
        .has("ok    index: ", &["garments, as in the database"]);
    // Behind the back of the change feed, as a damaged table would be.
    bench
        .sql(
            "own",
            "delete from embeddings where item_id = (select id from items order by id limit 1)",
        )
        .await;
    let said = doctor(&bench, &[]).await;
    said.ended(1).has(
        "FAIL  index: ",
        &["1 garments differ from the database", "flashfit reindex"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_is_told_with_the_days_it_lasts() {
    let bench = bench().await;
    // A GiB a day, or a million, over three days.
    let history = |daily: &str| {
        format!(
            "truncate monitoring_series cascade;
             insert into monitoring_series (instance, expression, labels)
             values ('elsewhere:8080', 'min(disk_available_bytes)', '{{}}');
             insert into monitoring_values (series, at, value)
             select s.id, now() - make_interval(hours => h), 1e15 + h / 24.0 * {daily}
               from monitoring_series s, generate_series(0, 72) h"
        )
    };
    bench.sql("own", &history("1e12")).await;
    let said = doctor(&bench, &[]).await;
    said.has(
        "warn  disk growth: ",
        &["MiB a day in the last 72 h", "so that the room lasts"],
    );
    bench.sql("own", &history("0")).await;
    let said = doctor(&bench, &[]).await;
    said.has(
        "ok    disk growth: ",
        &["none to speak of in the last 72 h"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_without_room_or_with_another_password_is_told() {
    let bench = bench().await;
    let said = doctor(&bench, &[]).await;
    said.has(
        "ok    cache: ",
        &["Redis", "answers", "of 256 MiB used", "allkeys-lru"],
    );
    bench.redis("CONFIG SET maxmemory-policy noeviction");
    let said = doctor(&bench, &[]).await;
    said.has("warn  cache: ", &["noeviction", "takes nothing new"]);
    bench.redis("CONFIG SET maxmemory 0");
    let said = doctor(&bench, &[]).await;
    said.has("warn  cache: ", &["may take all memory", "maxmemory"]);
    assert!(
        bench
            .redis("CONFIG SET requirepass hunter2")
            .starts_with("+OK")
    );
    let said = doctor(&bench, &[]).await;
    said.ended(1).has(
        "FAIL  cache: Redis does not take the password in cache.url (NOAUTH)",
        &["more slowly"],
    );
    let wrong = format!("{}?pass=hunter3", bench.embedded.redis_url());
    let mut command = bench.command("own", &["doctor"]);
    let said = Said::of(command.env("FLASHFIT_CACHE__URL", wrong)).await;
    said.ended(1).has(
        "FAIL  cache: Redis does not take the password in cache.url",
        &["correct it"],
    );
    assert!(!said.0.stdout.contains("hunter"), "{}", said.0.stdout);
    let right = format!("{}?pass=hunter2", bench.embedded.redis_url());
    let mut command = bench.command("own", &["doctor"]);
    let said = Said::of(command.env("FLASHFIT_CACHE__URL", right)).await;
    said.has("warn  cache: Redis", &["answers"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_at_its_limit_is_one_clear_line_at_the_start_and_for_the_doctor() {
    let bench = bench().await;
    bench.sql("own", "create role guest login").await;
    bench
        .sql("own", "grant all on all tables in schema public to guest")
        .await;
    bench
        .sql("own", "alter database own connection limit 1")
        .await;
    // Superusers are let in all the same, the guest is not.
    let url = bench.embedded.postgres_url_of("own");
    let url = url.replace("user=flashfit", "user=guest");
    let (_client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let words = [
        "the database has no connection to spare",
        "raise its max_connections or lower database.pool_size",
        "too many connections",
    ];
    let mut command = bench.command("own", &["serve", "--port", "0"]);
    let ended = crate::program::Ended::of(command.env("FLASHFIT_DATABASE__URL", &url)).await;
    ended.expect_complaint(&words);
    let mut command = bench.command("own", &["doctor"]);
    let said = Said::of(command.env("FLASHFIT_DATABASE__URL", &url)).await;
    said.ended(1)
        .has("FAIL  database: ", &words)
        .has("?     locks: ", &["does not answer"])
        .has("ok    cache: ", &[]);
}
