//! What is kept for longer than memory reaches back, and for other programs.
use super::{Command, now, start};
use crate::support::{Answer, Person, TestApp};
use flashfit::base::secret::Secret;
use serde_json::{Value, json};
use std::time::Duration;

const PASSWORD: &str = "correct horse battery";

/// Somebody who was registered at another server with the same database.
async fn sign_in(app: &TestApp) -> Person {
    let body = json!({ "email": "admin@example.org", "password": PASSWORD });
    let request = app
        .client()
        .post(format!("{}/api/auth/login", app.url))
        .json(&body);
    let session = Answer::read(request.send().await.unwrap())
        .await
        .expect(200);
    Person::new(&app.url, &session)
}

/// Samples once, so that nothing but the test takes more.
async fn rarely_sampled(database: Option<String>) -> TestApp {
    TestApp::with(|settings| {
        settings.monitoring.interval = Duration::from_secs(120);
        if let Some(url) = database {
            settings.database.url = Secret::new(url);
        }
    })
    .await
}

/// Lets five minutes pass, sampled at both sides of their end.
async fn five_minutes(app: &TestApp) {
    app.app.take_sample().await.unwrap();
    for seconds in [290, 15] {
        app.advance(Duration::from_secs(seconds));
        app.app.take_sample().await.unwrap();
    }
}

/// The address of the history of the first panel for which something was kept, with the times given.
async fn some_panel(admin: &Person, times: &str) -> String {
    let answer = admin.get("/api/monitoring/dashboards").await.expect(200);
    for dashboard in answer["dashboards"].as_array().unwrap() {
        for panel in dashboard["panels"].as_array().unwrap() {
            let names = [&dashboard["id"], &panel["id"]].map(|id| id.as_str().unwrap());
            let path = format!(
                "/api/monitoring/history?dashboard={}&panel={}{times}",
                names[0], names[1]
            );
            if !kept(admin, &path).await.is_empty() {
                return path;
            }
        }
    }
    panic!("nothing was kept of any panel");
}

/// The values of the first line of the first expression that a panel had.
async fn kept(admin: &Person, path: &str) -> Vec<Value> {
    let history = admin.get(path).await.expect(200);
    let line = &history["queries"][0]["result"][0]["values"];
    line.as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_survives_a_restart() {
    let mut app = rarely_sampled(None).await;
    let admin = app.register("admin@example.org").await;
    five_minutes(&app).await;
    five_minutes(&app).await;
    app.app.monitoring.flush().await.unwrap();
    let end = chrono::DateTime::from_timestamp(now(&admin).await, 0).unwrap();
    let end = end.format("%Y-%m-%dT%H:%M:%SZ");
    let path = some_panel(&admin, &format!("&to={end}")).await;
    let values = kept(&admin, &path).await;
    assert!((2..=3).contains(&values.len()), "{values:?}");
    for value in &values {
        assert_eq!(value[0].as_i64().unwrap() % 300, 0);
        value[1].as_str().unwrap().parse::<f64>().unwrap();
    }
    let before = format!("{path}&from=2001-01-01T00:00:00Z")
        .replace(&end.to_string(), "2001-02-01T00:00:00Z");
    assert!(kept(&admin, &before).await.is_empty(), "nothing is of then");

    app.stop().await;
    let again = rarely_sampled(Some(app.database_url.clone())).await;
    let admin = sign_in(&again).await;
    assert_eq!(kept(&admin, &path).await, values);
    let history = admin.get(&path).await.expect(200);
    assert!(history["queries"][0]["legend"].is_string());
    assert!(history["queries"][0]["result"][0]["metric"]["instance"].is_null());
    admin
        .get("/api/monitoring/history?dashboard=system&panel=nothing")
        .await
        .expect_problem(404, "panel-not-found", "nothing");
    admin
        .get(&format!("{path}&from=2100-01-01T00:00:00Z"))
        .await
        .expect_problem(422, "wrong-value", "no span");
    admin
        .get(&format!("{path}&from=yesterday"))
        .await
        .expect_problem(422, "wrong-parameter", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_kept_waits_and_what_is_old_is_removed() {
    let app = rarely_sampled(None).await;
    let admin = app.register("admin@example.org").await;
    let monitoring = &app.app.monitoring;
    app.sql("alter table monitoring_values rename to away")
        .await;
    five_minutes(&app).await;
    let error = monitoring.flush().await.unwrap_err();
    assert!(
        format!("{error:#}").contains("history of monitoring"),
        "{error:#}"
    );
    app.sql("alter table away rename to monitoring_values")
        .await;
    monitoring.flush().await.unwrap();
    some_panel(&admin, "").await;

    app.sql("update monitoring_values set at = at - interval '91 days'")
        .await;
    app.sql("insert into monitoring_health values ('one:1', 'disk', now() - interval '91 days', 'ok', '', 1)")
        .await;
    assert!(monitoring.prune().await.unwrap() > 1);
    for table in ["monitoring_series", "monitoring_values"] {
        let left = app.number(&format!("select count(*) from {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
    let old = "select count(*) from monitoring_health where instance = 'one:1'";
    assert_eq!(app.number(old).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_are_told_apart() {
    let (app, admin) = start().await;
    let dashboards = admin.get("/api/monitoring/dashboards").await.expect(200);
    let dashboard = &dashboards["dashboards"][0];
    let panel = &dashboard["panels"][0];
    let expression = panel["queries"][0]["expression"].as_str().unwrap();
    app.sql(&format!(
        "insert into monitoring_series (instance, expression, labels)
         select i, $e${expression}$e$, '{{}}' from unnest(array['one:1', 'two:2']) i"
    ))
    .await;
    app.sql(
        "insert into monitoring_values
         select id, date_trunc('hour', now()), 'NaN' from monitoring_series",
    )
    .await;
    app.sql("insert into monitoring_health values ('two:2', 'disk', now(), 'failed', 'full', 1)")
        .await;
    let names = [&dashboard["id"], &panel["id"]].map(|id| id.as_str().unwrap());
    let path = format!(
        "/api/monitoring/history?dashboard={}&panel={}",
        names[0], names[1]
    );
    let history = admin.get(&path).await.expect(200);
    let lines = history["queries"][0]["result"].as_array().unwrap();
    let instances: Vec<&str> = lines
        .iter()
        .map(|line| line["metric"]["instance"].as_str().unwrap())
        .collect();
    assert_eq!(instances, ["one:1", "two:2"]);
    assert_eq!(lines[0]["values"][0][1], "NaN");
    let health = admin.get("/api/monitoring/health").await.expect(200);
    let now = health["now"].as_array().unwrap();
    let full = now.iter().find(|one| one["instance"] == "two:2");
    assert_eq!(full.unwrap()["status"], "failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dashboards_are_written_for_grafana() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new");
    let nowhere = Command("postgres://127.0.0.1:1/none".to_owned());
    let written = nowhere.run(&["dashboards", folder.to_str().unwrap()]).await;
    assert!(written.contains("system.json"), "{written}");
    for path in written.lines() {
        let text = fs_err::read_to_string(path).unwrap();
        let model: Value = serde_json::from_str(&text).unwrap();
        assert!(model["uid"].as_str().unwrap().starts_with("flashfit-"));
        for panel in model["panels"].as_array().unwrap() {
            assert_eq!(panel["targets"][0]["datasource"]["uid"], "prometheus");
        }
    }
}
