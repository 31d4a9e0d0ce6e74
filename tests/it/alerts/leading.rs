//! Several processes on one database: one evaluates and tells, and another takes over when it is gone.
use super::{add, admin, fast, hook::Hook, rule, rule_file, tell};
use crate::support::{TestApp, wait_until};
use flashfit::platform::db::leader::{Leader, Standing};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

const LEADERS: &str = "select count(*) from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_one_leads_and_the_other_takes_over() {
    let app = TestApp::with(|settings| settings.alerts.rules_file = super::quiet_rules()).await;
    let candidate = || Leader::new(app.database_url.clone(), 4711);
    let (mut one, mut two) = (candidate(), candidate());
    assert_eq!(one.look().await, Standing::Leading);
    assert_eq!(two.look().await, Standing::Following);
    assert_eq!(one.look().await, Standing::Leading, "it holds what it has");
    assert!(one.connection().is_some() && two.connection().is_none());
    // Its connection is cut: it knows, and does not pretend.
    app.sql("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4711 and granted")
        .await;
    leads_soon(&mut two).await;
    assert_ne!(one.look().await, Standing::Leading);
    assert_eq!(one.look().await, Standing::Following);
    two.resign();
    leads_soon(&mut one).await;
}

async fn leads_soon(candidate: &mut Leader) {
    let begun = Instant::now();
    while candidate.look().await != Standing::Leading {
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody leads");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_that_stands_still_is_thrown_out_within_half_a_minute() {
    let app = TestApp::with(|settings| settings.alerts.rules_file = super::quiet_rules()).await;
    let mut still = Leader::new(app.database_url.clone(), 4712);
    assert_eq!(still.look().await, Standing::Leading);
    let begun = Instant::now();
    let mut other = Leader::new(app.database_url.clone(), 4712);
    while other.look().await != Standing::Leading {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "nobody took over"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(
        begun.elapsed() > Duration::from_secs(10),
        "it was thrown out for nothing"
    );
    assert_ne!(still.look().await, Standing::Leading);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_tell_once_and_the_second_goes_on_when_the_first_stops() {
    let hook = Hook::that(200);
    let settings = |settings: &mut flashfit::app::Settings| {
        fast(settings);
        tell(settings, "hook", &hook.receiver());
    };
    let mut first = TestApp::with(settings).await;
    let person = admin(&first).await;
    let second = first.beside(settings).await;
    let other = person.at(&second.url);
    let id = add(&other, &rule("A", "vector(1)")).await;
    assert_eq!(hook.took(1).await, ["firing A"]);
    // Both show it, whoever found it.
    wait_until("both show it", async || {
        let (here, there) = tokio::join!(person.get("/api/alerts"), other.get("/api/alerts"));
        let (here, there) = (here.expect(200), there.expect(200));
        let leads = |body: &serde_json::Value| body["evaluator"]["leading"] == true;
        assert!(!(leads(&here) && leads(&there)), "two lead");
        here["alerts"][0]["name"] == "A" && there["alerts"][0]["name"] == "A"
    })
    .await;
    assert_eq!(first.number(LEADERS).await, 1);
    first.stop().await;
    wait_until("the other leads", async || {
        other.get("/api/alerts").await.expect(200)["evaluator"]["leading"] == true
    })
    .await;
    other
        .delete(&format!("/api/alerts/rules/{id}"))
        .await
        .expect(204);
    assert_eq!(hook.took(2).await, ["firing A", "resolved A"]);
}

/// A server of its own, that can be killed.
fn program(app: &TestApp, rules: &std::path::Path, hook: &Hook) -> (Child, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let settings = format!(
        "data_dir = '{}'\n[http]\nport = 0\n[database]\nurl = \"{}\"\n[cache]\nurl = '{}'\n\
         [alerts]\nrules_file = '{}'\ninterval = '1s'\ngroup_wait = '0s'\ngroup_interval = '1s'\n\
         [notifications.receivers.hook]\n{}\n",
        folder.path().join("data").display(),
        app.database_url,
        app.app.settings.cache.url.expose(),
        rules.display(),
        hook.receiver(),
    );
    fs_err::write(&file, settings).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_flashfit"))
        .args(["serve", "--config"])
        .arg(&file)
        .env_clear()
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    (child, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_leader_is_killed_another_takes_over_within_half_a_minute() {
    const RULES: &str = "groups: [{name: g, rules: [{alert: A, expr: vector(1)}]}]";
    let (rules, hook) = (rule_file(RULES), Hook::that(200));
    // It makes the database, and is out of the way.
    let mut app = TestApp::with(fast).await;
    app.stop().await;
    let (mut first, _one) = program(&app, &rules, &hook);
    assert_eq!(hook.took(1).await, ["firing A"]);
    let (_second, _two) = program(&app, &rules, &hook);
    let connected =
        "select count(distinct client_port || application_name || pid::text) from pg_stat_activity
          where datname = current_database() and query like '%pg_try_advisory_lock%' and pid not in
          (select pid from pg_locks where locktype = 'advisory' and granted)";
    wait_until("the second waits for the lead", async || {
        app.number(connected).await >= 1
    })
    .await;
    first.start_kill().unwrap();
    first.wait().await.unwrap();
    let begun = Instant::now();
    wait_until("the second leads", async || app.number(LEADERS).await == 1).await;
    assert!(begun.elapsed() < Duration::from_secs(30));
    // It knows what the first knew: what fires is not told again, and its end is.
    fs_err::write(&rules, RULES.replace("vector(1)", "vector(1) > 1")).unwrap();
    assert_eq!(hook.took(2).await, ["firing A", "resolved A"]);
}
