//! Receivers, servers and databases that are away, in every way there is: nothing is lost, and nothing told twice.
use super::{
    add, admin, becomes, fast,
    hook::{ENDLESS, Hook, NEVER},
    mail_to, rule,
    script::{Script, Scripted},
    tell,
};
use crate::{
    mail_server::MailServer,
    support::{Person, TestApp, wait_until},
};
use serde_json::json;
use std::time::Duration;

async fn queued(admin: &Person, receiver: &str) -> u64 {
    let all = admin.get("/api/alerts/receivers").await.expect(200);
    let all = all["receivers"].as_array().unwrap();
    let named = all.iter().find(|one| one["name"] == receiver).unwrap();
    named["queued"].as_u64().unwrap()
}

async fn metric(app: &TestApp, line: &str) -> Option<String> {
    let text = reqwest::get(format!("{}/metrics", app.url)).await.unwrap();
    let text = text.text().await.unwrap();
    let found = text.lines().find(|one| one.starts_with(line));
    found.and_then(|one| one.rsplit(' ').next().map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_comes_back_is_told_once_and_others_do_not_wait() {
    let (dead, well) = (Hook::that(500), Hook::that(200));
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.monitoring.interval = Duration::from_secs(1);
        tell(settings, "dead", &dead.receiver());
        tell(settings, "stuck", &Hook::that(NEVER).receiver());
        tell(settings, "well", &well.receiver());
    })
    .await;
    let admin = admin(&app).await;
    let id = add(&admin, &rule("A", "vector(1)")).await;
    assert_eq!(well.took(1).await, ["firing A"]);
    dead.called(1).await;
    assert_eq!(
        metric(&app, "alert_receiver_up{receiver=\"dead\"}")
            .await
            .unwrap(),
        "0"
    );
    // That a receiver is dead is told to the others, and not to itself.
    add(
        &admin,
        &rule("ReceiverDead", "alert_receiver_up{receiver=\"dead\"} == 0"),
    )
    .await;
    assert_eq!(well.took(2).await[1], "firing ReceiverDead");
    // Each way of being ill in turn.
    for answer in [307, ENDLESS, NEVER, 429] {
        dead.answer(answer);
        let calls = dead.calls();
        app.advance(Duration::from_secs(3600));
        dead.called(calls + 1).await;
    }
    assert!(dead.taken().is_empty());
    assert_eq!(queued(&admin, "dead").await, 1);
    dead.answer(200);
    wait_until("nothing waits", async || {
        app.advance(Duration::from_secs(60));
        queued(&admin, "dead").await == 0
    })
    .await;
    assert_eq!(dead.told(), ["firing A"]);
    admin
        .delete(&format!("/api/alerts/rules/{id}"))
        .await
        .expect(204);
    assert_eq!(dead.took(2).await, ["firing A", "resolved A"]);
    let of_a = || well.told().iter().filter(|one| one.ends_with(" A")).count();
    wait_until("the others are told, too", async || of_a() >= 2).await;
    assert_eq!(of_a(), 2);
    let left = "select count(*) from alert_queue where receiver = 'dead'";
    wait_until("the queue forgets what was taken", async || {
        app.number(left).await == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_loses_nothing_and_repeats_nothing() {
    let (early, late) = (Hook::that(200), Hook::that(503));
    let settings = |settings: &mut flashfit::app::Settings| {
        fast(settings);
        tell(settings, "early", &early.receiver());
        tell(settings, "late", &late.receiver());
    };
    let app = TestApp::with(settings).await;
    let person = admin(&app).await;
    let id = add(&person, &rule("A", "vector(1)")).await;
    early.took(1).await;
    late.called(1).await;
    wait_until("the queue knows of the attempt", async || {
        app.number("select count(*) from alert_queue where attempts > 0")
            .await
            == 1
    })
    .await;
    let before = person.get("/api/alerts").await.expect(200)["alerts"][0].clone();
    let app = app.restarted(settings).await;
    let person = person.at(&app.url);
    wait_until("the alert is back", async || {
        let now = person.get("/api/alerts").await.expect(200);
        now["evaluator"]["leading"] == true && now["alerts"][0]["fired_at"] == before["fired_at"]
    })
    .await;
    late.answer(200);
    app.advance(Duration::from_secs(3600));
    assert_eq!(late.took(1).await, ["firing A"]);
    let app = app.restarted(settings).await;
    // The clock of the test begins anew with each server.
    app.advance(Duration::from_secs(3600));
    let person = person.at(&app.url);
    person
        .delete(&format!("/api/alerts/rules/{id}"))
        .await
        .expect(204);
    assert_eq!(late.took(2).await, ["firing A", "resolved A"]);
    assert_eq!(early.took(2).await, ["firing A", "resolved A"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgres_is_away_alerts_go_on_and_say_so() {
    let (well, sick) = (Hook::that(200), Hook::that(500));
    let settings = |settings: &mut flashfit::app::Settings| {
        fast(settings);
        settings.database.wait_timeout = Duration::from_millis(500);
        tell(settings, "well", &well.receiver());
        tell(settings, "sick", &sick.receiver());
    };
    let app = TestApp::with(settings).await;
    let person = admin(&app).await;
    let start = chrono::Utc::now().timestamp();
    // Begins when the clock says so, with Postgres or without.
    let then = start + 7200;
    add(&person, &rule("Later", &format!("vector(time()) > {then}"))).await;
    add(&person, &rule("Now", "vector(1)")).await;
    well.took(1).await;
    app.database_is_away(true).await;
    app.advance(Duration::from_secs(7300));
    assert_eq!(well.took(2).await, ["firing Now", "firing Later"]);
    // What could not be delivered is in a file; a restart with Postgres back finds it.
    let spool = app.app.settings.data_dir.join("alerts/spool.json");
    wait_until("the spool holds what waits", async || {
        fs_err::read_to_string(&spool).is_ok_and(|text| text.contains("Later"))
    })
    .await;
    app.database_is_away(false).await;
    wait_until("Postgres has it", async || {
        let waiting = app
            .number("select count(*) from alert_queue where receiver = 'sick'")
            .await;
        waiting == 2 && !spool.exists()
    })
    .await;
    assert!(
        app.number("select count(*) from alert_history where name = 'Later'")
            .await
            >= 1
    );
    sick.answer(200);
    app.advance(Duration::from_secs(3600));
    let mut told = sick.took(2).await;
    told.sort();
    assert_eq!(told, ["firing Later", "firing Now"]);
    assert_eq!(well.told().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_while_postgres_was_away_survives_a_restart() {
    let (well, sick) = (Hook::that(200), Hook::that(500));
    let then = chrono::Utc::now().timestamp() + 7200;
    let settings = |settings: &mut flashfit::app::Settings| {
        fast(settings);
        settings.database.wait_timeout = Duration::from_millis(500);
        tell(settings, "well", &well.receiver());
        tell(settings, "sick", &sick.receiver());
    };
    let app = TestApp::with(settings).await;
    let person = admin(&app).await;
    let between = format!("vector(time()) > {then} < {}", then + 3600);
    add(&person, &rule("Later", &between)).await;
    wait_until("the rule is evaluated", async || {
        let list = person.get("/api/alerts/rules").await.expect(200);
        list["groups"][1]["rules"][0]["health"] == "ok"
    })
    .await;
    app.database_is_away(true).await;
    app.advance(Duration::from_secs(7300));
    assert_eq!(well.took(1).await, ["firing Later"]);
    let spool = app.app.settings.data_dir.join("alerts/spool.json");
    wait_until("the spool knows what was taken", async || {
        fs_err::read_to_string(&spool).is_ok_and(|text| {
            let spooled: serde_json::Value = serde_json::from_str(&text).unwrap();
            spooled["queue"].as_array().unwrap().len() == 1
        })
    })
    .await;
    let mut app = app;
    app.stop().await;
    app.database_is_away(false).await;
    sick.answer(200);
    // The new process begins at the real time, at which nothing of this is the case any more.
    let app = app.restarted(settings).await;
    app.advance(Duration::from_secs(7200 + 4 * 3600));
    assert_eq!(sick.took(2).await, ["firing Later", "resolved Later"]);
    assert_eq!(well.took(2).await, ["firing Later", "resolved Later"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_servers_that_hang_or_hang_up_lose_nothing() {
    const HELLO: &str = "250 mail.test\r\n";
    const OK: &str = "250 OK\r\n";
    let hanging = Scripted::start(Script::Hang(&["220 ready\r\n", HELLO])).await;
    let dropping = Scripted::start(Script::HangUp(&[
        "220 ready\r\n",
        HELLO,
        OK,
        OK,
        "354 go on\r\n",
    ]))
    .await;
    let mut server = MailServer::start(json!({})).await;
    let ports = [hanging.port.into(), dropping.port.into()];
    let settings = |settings: &mut flashfit::app::Settings, one: u64, two: u64| {
        fast(settings);
        tell(settings, "one", &mail_to(one).replace("'2s'", "'300ms'"));
        tell(settings, "two", &mail_to(two));
    };
    let app = TestApp::with(|s| settings(s, ports[0], ports[1])).await;
    let person = admin(&app).await;
    add(&person, &rule("A", "vector(1)")).await;
    let failed = "select count(*) from alert_queue where attempts > 0 and last_error is not null";
    wait_until("both were tried", async || app.number(failed).await == 2).await;
    let listed = person.get("/api/alerts/receivers").await.expect(200);
    let error = |at: usize| {
        listed["receivers"][at]["last_error"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(error(0).contains("said nothing for 300ms"), "{listed}");
    assert!(error(1).contains("broke"), "{listed}");
    becomes(&person, "A", "firing").await;
    // The operator puts it right.
    let app = app
        .restarted(|s| settings(s, server.port, server.port))
        .await;
    app.advance(Duration::from_secs(3600));
    for _ in 0..2 {
        assert_eq!(server.taken().await.headers["subject"], "[FIRING:1] A");
    }
    wait_until("nothing waits", async || {
        app.number("select count(*) from alert_queue").await == 0
    })
    .await;
}
