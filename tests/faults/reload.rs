//! SIGHUP, and what is logged, on a server that runs: what takes effect, what waits, and what a broken file does.
use crate::{
    client::Person,
    program::{PATIENCE, Place, Server},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::time::Duration;

/// Where the server finds its configuration by itself.
const CONFIG: &str = "config/flashfit.toml";
const RULES: &str = "groups:\n- name: mine\n  rules:\n  - alert: Mine\n    expr: vector(1) > 2\n";

async fn wait_until(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

/// Sends SIGHUP, and waits until the log says something more often than before.
async fn hang_up(place: &Place, server: &Server, words: &str) {
    let count = || place.log().matches(words).count();
    let before = count();
    let id = Pid::from_raw(server.id().cast_signed()).unwrap();
    kill_process(id, Signal::HUP).unwrap();
    wait_until(words, async || count() > before).await;
}

async fn level(admin: &Person) -> Value {
    admin.get("/api/admin/log-level").await["level"].clone()
}

async fn receivers(admin: &Person) -> Vec<Value> {
    let list = admin.get("/api/alerts/receivers").await;
    let all = list["receivers"].as_array().unwrap().iter();
    all.map(|one| one["name"].clone()).collect()
}

fn hook(name: &str) -> String {
    format!(
        "[notifications.receivers.{name}]\nkind = 'webhook'\nurl = 'http://127.0.0.1:1/hunter2'\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_puts_in_force_what_can_be_and_names_what_waits() {
    let place = Place::new();
    let rules = place.write("rules.yml", RULES);
    let rules = format!("alerts.rules_file = '{}'\n", rules.display());
    place.write(
        CONFIG,
        format!("log.level = 'info'\n{rules}{}", hook("first")),
    );
    let server = place.serve().await;
    let admin = Person::register(&server.url).await;
    assert_eq!(level(&admin).await, "info");
    assert_eq!(receivers(&admin).await, ["first"]);

    let changed = format!(
        "log.level = 'debug'\nhttp.json_limit_bytes = 1000\ndatabase.pool_size = 3\n{rules}{}{}",
        hook("first"),
        hook("second")
    );
    place.write(CONFIG, &changed);
    let waits =
        "changed, takes effect at the next start: database.pool_size, http.json_limit_bytes";
    hang_up(&place, &server, waits).await;
    assert_eq!(level(&admin).await, "debug");
    assert_eq!(receivers(&admin).await, ["first", "second"]);
    let said = place.log();
    let said = said
        .lines()
        .find(|line| line.contains("was read again"))
        .unwrap();
    assert!(
        said.contains("log.level, notifications.receivers.second."),
        "{said}"
    );
    assert!(!place.log().contains("hunter2"));

    // Somebody is served there, too.
    let (status, _) = admin
        .post("/api/alerts/receivers/second/test", &json!({}))
        .await
        .unwrap();
    assert_eq!(status, 502, "nobody listens, but it is tried");
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_file_changes_nothing_and_is_one_clear_line() {
    let place = Place::new();
    let rules = place.write("rules.yml", RULES);
    let rules = format!("alerts.rules_file = '{}'\n", rules.display());
    let good = format!("log.level = 'warn'\n{rules}{}", hook("first"));
    place.write(CONFIG, &good);
    let server = place.serve().await;
    let admin = Person::register(&server.url).await;
    let unchanged = "and everything stays as it was";
    let more = "log.level = 'info'\n";
    for (broken, words) in [
        (
            format!("log.level = 'debgu'\n{rules}{}", hook("second")),
            "debgu",
        ),
        (format!("{more}{rules}[http]\nprot = 1"), "prot"),
        ("[http".to_owned(), "TOML"),
        (
            format!("{more}alerts.rules_file = '/nowhere.yml'"),
            "alerts.rules_file",
        ),
        (
            format!("{more}{rules}alerts.routes = [{{ matchers = [], receivers = ['x'] }}]"),
            "no receiver \\\"x\\\"",
        ),
        (
            format!("{more}[http.tls]\ncertificate = '/nowhere'\nkey = '/nowhere'"),
            "http.tls.certificate",
        ),
    ] {
        place.write(CONFIG, &broken);
        hang_up(&place, &server, unchanged).await;
        let log = place.log();
        let said = log.lines().rfind(|line| line.contains(unchanged)).unwrap();
        assert!(said.contains(words), "{said:?} says nothing of {words:?}");
        assert_eq!(level(&admin).await, "warn", "{broken}");
        assert_eq!(receivers(&admin).await, ["first"], "{broken}");
    }
    place.write(CONFIG, good.replace("warn", "info"));
    hang_up(&place, &server, "the configuration was read again").await;
    assert_eq!(level(&admin).await, "info");
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_is_logged_at_once_and_who_wanted_it_is_too() {
    let place = Place::new();
    place.write(CONFIG, "log.level = 'error'\n");
    let server = place.serve().await;
    let admin = Person::register(&server.url).await;
    let me = admin.get("/api/auth/me").await;
    let id = me["id"]
        .as_str()
        .or(me["user"]["id"].as_str())
        .unwrap()
        .to_owned();
    assert!(!place.log().contains(" DEBUG "), "{}", place.log());
    let wish = json!({ "level": "debug", "for_seconds": 2 });
    let (status, answer) = admin.put("/api/admin/log-level", &wish).await;
    assert_eq!(status, 200, "{answer}");
    let audited = |words: &str| {
        let log = place.log();
        let found = log
            .lines()
            .find(|line| line.contains("flashfit::audit") && line.contains(words));
        found.map(str::to_owned)
    };
    let said = audited("what is logged was changed").unwrap();
    assert!(
        said.contains(&id) && said.contains("debug") && said.contains("error"),
        "{said}"
    );
    assert!(!said.contains("a@example.org"), "{said}");
    wait_until("something is logged that was not before", async || {
        admin.get("/api/wardrobe").await;
        place.log().contains(" DEBUG ")
    })
    .await;
    wait_until("it is over", async || level(&admin).await == "error").await;
    assert!(audited("as configured again").is_some(), "{}", place.log());
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;
}
