//! Whether every part is well, and when that changed.
use super::{Command, start};
use crate::support::{Answer, TestApp};
use flashfit::{
    base::secret::Secret,
    features::monitoring::{Finding, Status},
};
use serde_json::Value;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_part_is_checked() {
    let dead = |settings: &mut flashfit::app::Settings| {
        settings.cache.url = Secret::new("redis://127.0.0.1:1".to_owned());
    };
    let app = TestApp::with(dead).await;
    let admin = app.register("admin@example.org").await;
    app.app.check_health().await;
    let report = admin.get("/api/monitoring/health").await.expect(200);
    let now = report["now"].as_array().unwrap();
    let status = |check: &str| {
        let found = now.iter().find(|one| one["check"] == check);
        found.unwrap_or_else(|| panic!("{check} was not checked"))["status"].clone()
    };
    for check in ["http", "database", "models", "index", "receivers", "clock"] {
        assert_eq!(status(check), "ok", "{check}: {report}");
    }
    assert_eq!(status("cache"), "degraded");
    assert_ne!(status("disk"), Value::Null);
    assert!(
        now.iter()
            .all(|one| one["instance"].as_str().unwrap().ends_with(":0"))
    );
    let text = Answer::read(reqwest::get(format!("{}/metrics", app.url)).await.unwrap()).await;
    let text = text.expect(200);
    assert!(
        text.as_str()
            .unwrap()
            .contains("health_check_up{check=\"http\"} ")
    );
    admin
        .get("/api/monitoring/health?hours=0")
        .await
        .expect_problem(422, "wrong-value", "hours");
    admin
        .get("/api/monitoring/health?hours=soon")
        .await
        .expect_problem(422, "wrong-parameter", "");
}

/// What nothing else checks.
fn finding(status: Status) -> Vec<Finding> {
    vec![Finding {
        check: "weather",
        status,
        detail: format!("it is {}", status.as_str()),
        took: Duration::from_millis(7),
    }]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_health_are_told_and_survive_a_restart() {
    let (mut app, admin) = start().await;
    let monitoring = app.app.monitoring.clone();
    for status in [Status::Ok, Status::Failed, Status::Failed, Status::Degraded] {
        app.advance(Duration::from_secs(60));
        monitoring.note_health(finding(status));
    }
    monitoring.flush().await.unwrap();
    let report = admin
        .get("/api/monitoring/health?hours=1")
        .await
        .expect(200);
    let of_it = |list: &str| -> Vec<Value> {
        let all = report[list].as_array().unwrap().iter();
        all.filter(|one| one["check"] == "weather")
            .cloned()
            .collect()
    };
    let changes = of_it("changes");
    let details: Vec<&Value> = changes.iter().map(|change| &change["detail"]).collect();
    assert_eq!(details, ["it is degraded", "it is failed"]);
    assert_eq!(of_it("now")[0]["took_ms"], 7);
    assert_eq!(of_it("now")[0]["status"], "degraded");

    app.stop().await;
    let log = Command::new(&app)
        .run(&["health-log", "--check", "weather"])
        .await;
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 4, "{log}");
    assert!(lines[0].starts_with("time (UTC)"), "{log}");
    for (line, detail) in lines[1..]
        .iter()
        .zip(["it is ok", "it is failed", "it is degraded"])
    {
        assert!(line.ends_with(detail), "{log}");
    }
    let none = Command::new(&app)
        .run(&["health-log", "--check", "nothing"])
        .await;
    assert_eq!(none.trim(), "nothing was checked in this time");
}
