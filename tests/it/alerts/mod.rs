//! Alerts: rules that fire, messages that arrive once, and what goes wrong in between.
mod api;
mod hook;
mod leading;
mod outages;
#[path = "../../notify/script.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod script;
mod telling;

use crate::support::{Person, TestApp, wait_until};
use flashfit::{app::Settings, platform::notify::ReceiverSettings};
use serde_json::{Value, json};
use std::{io::Write as _, path::PathBuf, time::Duration};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A rule file without alerts, so that a test sees its own only.
fn quiet_rules() -> PathBuf {
    rule_file("groups: [{name: quiet, rules: [{record: one, expr: 'vector(1)'}]}]")
}

/// A file that stays until the process ends.
fn rule_file(text: &str) -> PathBuf {
    let mut file = tempfile::Builder::new().suffix(".yml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.into_temp_path().keep().unwrap()
}

/// Nothing waits, and no alert is there of itself.
fn fast(settings: &mut Settings) {
    settings.alerts.rules_file = quiet_rules();
    settings.alerts.interval = Duration::from_millis(200);
    settings.alerts.group_wait = Duration::ZERO;
    settings.alerts.group_interval = Duration::from_millis(200);
    settings.alerts.repeat_interval = Duration::from_secs(12 * 3600);
}

fn tell(settings: &mut Settings, name: &str, receiver: &str) {
    let receiver: ReceiverSettings = toml::from_str(receiver).unwrap();
    settings
        .notifications
        .receivers
        .insert(name.to_owned(), receiver);
}

fn mail_to(port: u64) -> String {
    format!(
        "kind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\ntls = 'none'\ntimeout = '2s'\n\
         from = 'alerts@example.org'\nto = ['ops@example.org']"
    )
}

/// An administrator: the first person there is.
async fn admin(app: &TestApp) -> Person {
    app.register("admin@example.org").await
}

/// A rule that finds this expression.
fn rule(name: &str, expression: &str) -> Value {
    json!({
        "name": name, "expression": expression,
        "labels": { "severity": "critical", "subject": "tests" },
        "annotations": { "summary": format!("{name} is the case"), "runbook_url": "/runbook#tests" },
    })
}

async fn add(admin: &Person, body: &Value) -> String {
    let added = admin.post("/api/alerts/rules", body).await.expect(201);
    added["id"].as_str().unwrap().to_owned()
}

/// The states of all alerts of this name.
async fn states(admin: &Person, name: &str) -> Vec<String> {
    let all = admin.get("/api/alerts").await.expect(200);
    let all = all["alerts"].as_array().unwrap().clone();
    let named = all.into_iter().filter(|alert| alert["name"] == name);
    named
        .map(|alert| alert["state"].as_str().unwrap().to_owned())
        .collect()
}

async fn becomes(admin: &Person, name: &str, state: &str) {
    wait_until(&format!("{name} is {state}"), async || {
        states(admin, name).await == [state]
    })
    .await;
}
