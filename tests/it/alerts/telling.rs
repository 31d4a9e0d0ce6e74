//! Who is told of what: one mail per group, an answer to it when all is over, nothing that is kept quiet.
use super::{add, admin, becomes, fast, hook::Hook, mail_to, rule, tell};
use crate::{mail_server::MailServer, support::TestApp};
use chrono::Utc;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_one_mail_and_its_end_answers_it() {
    let mut server = MailServer::start(json!({})).await;
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.alerts.group_by = vec!["subject".to_owned()];
        settings.alerts.group_wait = Duration::from_secs(2);
        settings.notifications.base_url = "https://wear.example.org".to_owned();
        tell(settings, "mail", &mail_to(server.port));
    })
    .await;
    let admin = admin(&app).await;
    let one = add(&admin, &rule("One", "vector(1)")).await;
    let two = add(&admin, &rule("Two", "vector(1)")).await;
    let first = server.taken().await;
    assert_eq!(first.headers["subject"], "[FIRING:2] One, Two");
    assert!(
        first
            .text
            .contains("https://wear.example.org/runbook#tests"),
        "{}",
        first.text
    );
    for id in [one, two] {
        admin
            .delete(&format!("/api/alerts/rules/{id}"))
            .await
            .expect(204);
    }
    // One of the two may be over a round before the other.
    let mut last = server.taken().await;
    while last.headers["subject"].starts_with("[FIRING") {
        last = server.taken().await;
    }
    assert!(
        last.headers["subject"].starts_with("[RESOLVED]"),
        "{:?}",
        last.headers
    );
    assert_eq!(last.headers["in-reply-to"], first.headers["message-id"]);
    assert_eq!(last.headers["references"], first.headers["message-id"]);
    assert_ne!(last.headers["message-id"], first.headers["message-id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_silenced_is_not_told_until_the_silence_ends() {
    let hook = Hook::that(200);
    let app = TestApp::with(|settings| {
        fast(settings);
        tell(settings, "hook", &hook.receiver());
    })
    .await;
    let admin = admin(&app).await;
    let silence = json!({
        "matchers": [{ "name": "alertname", "comparison": "=~", "value": "Quiet|Other" }],
        "ends_at": (Utc::now() + chrono::Duration::hours(1)).to_rfc3339(),
    });
    let made = admin
        .post("/api/alerts/silences", &silence)
        .await
        .expect(201);
    add(&admin, &rule("Quiet", "vector(1)")).await;
    becomes(&admin, "Quiet", "firing").await;
    add(&admin, &rule("Loud", "vector(1)")).await;
    assert_eq!(hook.took(1).await, ["firing Loud"]);
    let seen = admin.get("/api/alerts").await.expect(200);
    let quiet = seen["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == "Quiet");
    assert_eq!(quiet.unwrap()["silenced_by"], json!([made["id"]]));
    let listed = admin.get("/api/alerts/silences").await.expect(200);
    assert_eq!(listed["silences"][0]["alerts"], 1);
    let path = format!("/api/alerts/silences/{}", made["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    assert_eq!(hook.took(2).await, ["firing Loud", "firing Quiet"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_critical_alert_keeps_others_of_its_subject_quiet() {
    let hook = Hook::that(200);
    let app = TestApp::with(|settings| {
        fast(settings);
        tell(settings, "hook", &hook.receiver());
    })
    .await;
    let admin = admin(&app).await;
    add(&admin, &rule("Cause", "vector(1)")).await;
    becomes(&admin, "Cause", "firing").await;
    let mut effect = rule("Effect", "vector(1)");
    effect["labels"]["severity"] = json!("warning");
    add(&admin, &effect).await;
    becomes(&admin, "Effect", "firing").await;
    let mut elsewhere = effect.clone();
    elsewhere["name"] = json!("Elsewhere");
    elsewhere["labels"]["subject"] = json!("other");
    add(&admin, &elsewhere).await;
    assert_eq!(hook.took(2).await, ["firing Cause", "firing Elsewhere"]);
    let seen = admin.get("/api/alerts").await.expect(200);
    let all = seen["alerts"].as_array().unwrap();
    let named = |name: &str| all.iter().find(|alert| alert["name"] == name).unwrap();
    assert_eq!(
        named("Effect")["inhibited_by"],
        json!([named("Cause")["fingerprint"]])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_say_who_is_told_and_nobody_is_told_of_themselves() {
    let (ops, all) = (Hook::that(200), Hook::that(200));
    let app = TestApp::with(|settings| {
        fast(settings);
        tell(settings, "ops", &ops.receiver());
        tell(settings, "rest", &all.receiver());
        settings.alerts.routes = toml::from_str::<toml::Table>(
            "routes = [{ matchers = ['team=\"ops\"'], receivers = ['ops'] },
                       { matchers = ['team=\"nobody\"'], receivers = [] }]",
        )
        .unwrap()["routes"]
            .clone()
            .try_into()
            .unwrap();
    })
    .await;
    let admin = admin(&app).await;
    let with = |name: &str, label: &str, value: &str| {
        let mut body = rule(name, "vector(1)");
        body["labels"][label] = json!(value);
        body
    };
    add(&admin, &with("ForNobody", "team", "nobody")).await;
    becomes(&admin, "ForNobody", "firing").await;
    add(&admin, &with("ForOps", "team", "ops")).await;
    becomes(&admin, "ForOps", "firing").await;
    add(&admin, &with("OfOps", "receiver", "ops")).await;
    becomes(&admin, "OfOps", "firing").await;
    add(&admin, &rule("ForAll", "vector(1)")).await;
    assert_eq!(ops.took(2).await, ["firing ForOps", "firing ForAll"]);
    assert_eq!(all.took(2).await, ["firing OfOps", "firing ForAll"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_on_is_told_again_after_a_while() {
    let hook = Hook::that(200);
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.alerts.repeat_interval = Duration::from_secs(3600);
        tell(settings, "hook", &hook.receiver());
    })
    .await;
    let admin = admin(&app).await;
    add(&admin, &rule("Lasting", "vector(1)")).await;
    hook.took(1).await;
    app.advance(Duration::from_secs(3601));
    hook.took(2).await;
    // Twice as long the next time.
    app.advance(Duration::from_secs(3601));
    add(&admin, &rule("Other", "vector(1)")).await;
    let lasting = |told: &[String]| told.iter().filter(|one| *one == "firing Lasting").count();
    let told = hook.took(3).await;
    assert_eq!((told[2].as_str(), lasting(&told)), ("firing Other", 2));
    app.advance(Duration::from_secs(3601));
    assert_eq!(lasting(&hook.took(5).await), 3);
}
