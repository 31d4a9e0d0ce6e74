//! Services that run and let nobody in: a Postgres at its limit, a Redis with another password.
use crate::{
    bench::Bench,
    client::Person,
    program::{PATIENCE, Place},
};
use serde_json::json;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// Starts a server that is told of services; where it listens.
async fn serve(command: &mut Command, place: &Place) -> (Child, String) {
    let log = std::fs::File::create(place.path("log")).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    let line = line.unwrap().unwrap();
    let line = line.unwrap_or_else(|| panic!("the server ended:\n{}", place.log()));
    let url = line.strip_prefix("listening on ").unwrap().to_owned();
    (child, url)
}

async fn wait_until(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_at_its_limit_costs_answers_and_nothing_else() {
    let bench = Bench::new().await;
    bench.sql("postgres", "create role guest login").await;
    bench
        .sql("postgres", "create database own owner guest")
        .await;
    let url = bench.embedded.postgres_url_of("own");
    let url = url.replace("user=flashfit", "user=guest");
    let mut command = bench.command("own", &["serve", "--port", "0"]);
    command
        .env("FLASHFIT_DATABASE__URL", url)
        .env("FLASHFIT_DATABASE__WAIT_TIMEOUT", "500ms");
    let (mut server, at) = serve(&mut command, &bench.place).await;
    let ann = Person::register(&at).await;
    let token = json!({ "name": "kept", "scopes": ["read"] });
    let (status, answer) = ann.post("/api/auth/tokens", &token).await.unwrap();
    assert_eq!(status, 201, "{answer}");

    // Superusers are let in all the same; the server is not, once its connections are gone.
    bench
        .sql("postgres", "alter database own connection limit 0")
        .await;
    let end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'guest'";
    bench.sql("postgres", end).await;
    let ask = async || {
        ann.post(
            "/api/auth/tokens",
            &json!({ "name": "lost", "scopes": ["read"] }),
        )
        .await
        .unwrap()
    };
    let (status, answer) = ask().await;
    assert_eq!(status, 503, "{answer}");
    assert_eq!(answer["type"], "/problems/database-unavailable");
    assert!(!answer.to_string().contains("connections"), "{answer}");
    let log = bench.place.log();
    let said = log
        .lines()
        .find(|line| line.contains("request failed"))
        .unwrap();
    assert!(said.contains("too many connections for database"), "{said}");

    bench
        .sql("postgres", "alter database own connection limit -1")
        .await;
    wait_until("the server has its connections again", async || {
        ask().await.0 == 201
    })
    .await;
    let tokens = ann.get("/api/auth/tokens").await;
    let names = tokens["tokens"].as_array().unwrap().iter();
    let mut names: Vec<&str> = names.map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["kept", "lost"],
        "what was refused is not there twice"
    );
    server.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_with_another_password_is_one_line_and_no_error_of_anybody() {
    let bench = Bench::new().await;
    bench.create("own").await;
    bench.redis("CONFIG SET requirepass hunter2");
    let wrong = format!("{}?pass=hunter3", bench.embedded.redis_url());
    let mut command = bench.command("own", &["serve", "--port", "0"]);
    // A limit is counted with every request, in Redis if it lets us.
    command
        .env("FLASHFIT_CACHE__URL", wrong)
        .env("FLASHFIT_HTTP__RATE_PER_MINUTE", "1000");
    let (mut server, at) = serve(&mut command, &bench.place).await;
    let ann = Person::register(&at).await;
    for _ in 0..10 {
        ann.get("/api/auth/me").await;
    }
    let log = bench.place.log();
    let lines = log
        .lines()
        .filter(|line| line.contains("Redis is not available"));
    let lines: Vec<&str> = lines.collect();
    let [line] = lines.as_slice() else {
        panic!("one line expected: {lines:#?}");
    };
    assert!(line.contains("assword"), "{line}");
    assert!(!log.contains("hunter"), "{log}");
    server.kill().await.unwrap();
}
