//! What the process knows of itself: expressions as Prometheus answers them, dashboards, health, history.
use crate::support::{Answer, Person, TestApp};
use flashfit::{
    base::secret::Secret,
    engines::promql::Labels,
    features::monitoring::{Finding, Status},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const STEP: Duration = Duration::from_secs(15);
const PASSWORD: &str = "correct horse battery";

/// The first person is the administrator.
async fn start() -> (TestApp, Person) {
    let app = TestApp::start().await;
    let admin = app.register("admin@example.org").await;
    (app, admin)
}

/// What time it is for the server, in whole seconds.
async fn now(admin: &Person) -> i64 {
    let answer = admin
        .get("/api/monitoring/query?query=time()")
        .await
        .expect(200);
    answer["data"]["result"][0].as_f64().unwrap() as i64
}

/// A minute of a counter that grows by two a second, and of odd numbers; ends at the time that is returned.
async fn made_up(app: &TestApp, admin: &Person) -> i64 {
    let end = now(admin).await;
    for round in 0..=4 {
        let at = end - 60 + round * 15;
        let series = |name: &str, kind: &str| Labels::new([("__name__", name), ("kind", kind)]);
        let rounds = [
            (series("made_up_total", "a"), (round * 30) as f64),
            (series("made_up_total", "b"), (round * 60) as f64),
            (series("odd", "nan"), f64::NAN),
            (series("odd", "inf"), f64::INFINITY),
        ];
        app.app.monitoring.append("made up", at * 1000, rounds);
    }
    end
}

fn query(expression: &str, more: &[(&str, String)]) -> Vec<(String, String)> {
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    std::iter::once(("query".to_owned(), expression.to_owned()))
        .chain(more)
        .collect()
}

/// As a form is written.
fn encoded(form: &[(String, String)]) -> String {
    let encode = |text: &String| -> String {
        let byte = |byte: u8| match byte {
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

async fn get(person: &Person, path: &str, form: &[(String, String)]) -> Answer {
    person.get(&format!("{path}?{}", encoded(form))).await
}

async fn post(person: &Person, path: &str, form: &[(String, String)]) -> Answer {
    let request = person
        .request(Method::POST, path)
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )
        .body(encoded(form));
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expression_is_answered_as_prometheus_answers_it() {
    let (app, admin) = start().await;
    let end = made_up(&app, &admin).await;
    let at = [("time", end.to_string())];
    let wanted = [
        (
            "rate(made_up_total[1m])",
            json!({ "resultType": "vector", "result": [
                { "metric": { "kind": "a" }, "value": [end, "2"] },
                { "metric": { "kind": "b" }, "value": [end, "4"] },
            ]}),
        ),
        (
            "1 / 4",
            json!({ "resultType": "scalar", "result": [end, "0.25"] }),
        ),
        (
            "sort(odd)",
            json!({ "resultType": "vector", "result": [
                { "metric": { "__name__": "odd", "kind": "inf" }, "value": [end, "+Inf"] },
                { "metric": { "__name__": "odd", "kind": "nan" }, "value": [end, "NaN"] },
            ]}),
        ),
        (
            "made_up_total{kind=\"a\"}[16s]",
            json!({ "resultType": "matrix", "result": [{
                "metric": { "__name__": "made_up_total", "kind": "a" },
                "values": [[end - 15, "90"], [end, "120"]],
            }]}),
        ),
    ];
    for (expression, data) in wanted {
        let form = query(expression, &at);
        for path in ["/api/monitoring/query", "/api/monitoring/api/v1/query"] {
            let success = json!({ "status": "success", "data": data });
            assert_eq!(
                get(&admin, path, &form).await.expect(200),
                success,
                "{expression}"
            );
            assert_eq!(
                post(&admin, path, &form).await.expect(200),
                success,
                "{expression}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chart_has_a_value_at_each_step() {
    let (app, admin) = start().await;
    let end = made_up(&app, &admin).await;
    let start_text = chrono::DateTime::from_timestamp(end - 30, 0)
        .unwrap()
        .to_rfc3339();
    for (start, step) in [
        ((end - 30).to_string(), "15"),
        (format!("{}.0", end - 30), "15s"),
        (start_text, "0m15s"),
    ] {
        let span = [
            ("start", start),
            ("end", end.to_string()),
            ("step", step.to_owned()),
        ];
        let form = query("sum(made_up_total)", &span);
        let values = json!([[end - 30, "180"], [end - 15, "270"], [end, "360"]]);
        for path in [
            "/api/monitoring/query_range",
            "/api/monitoring/api/v1/query_range",
        ] {
            let data = get(&admin, path, &form).await.expect(200)["data"].clone();
            assert_eq!(data["resultType"], "matrix");
            assert_eq!(data["result"], json!([{ "metric": {}, "values": values }]));
            assert_eq!(post(&admin, path, &form).await.expect(200)["data"], data);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_samples_itself() {
    let (app, admin) = start().await;
    for _ in 0..4 {
        admin.get("/api/wardrobe").await.expect(200);
        app.app.take_sample().await.unwrap();
        app.advance(STEP);
    }
    let expression =
        r#"increase(http_requests_total{route="/api/wardrobe",method="GET",status="200"}[1m]) > 2"#;
    let found = get(&admin, "/api/monitoring/query", &query(expression, &[]))
        .await
        .expect(200);
    assert_eq!(
        found["data"]["result"].as_array().unwrap().len(),
        1,
        "{found}"
    );
    let text = Answer::read(reqwest::get(format!("{}/metrics", app.url)).await.unwrap()).await;
    let text = text.expect(200).as_str().unwrap().to_owned();
    let value = |name: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("monitoring_series") > 50.0);
    assert!(value("monitoring_memory_bytes") > 1000.0);
    assert!(value("monitoring_samples_total") > 200.0);
    assert!(value("monitoring_sample_duration_seconds_count") >= 4.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grafana_finds_what_it_looks_for() {
    let (app, admin) = start().await;
    made_up(&app, &admin).await;
    app.app.take_sample().await.unwrap();
    let made_up = [("match[]".to_owned(), "made_up_total".to_owned())];
    for base in ["/api/monitoring", "/api/monitoring/api/v1"] {
        let series = get(&admin, &format!("{base}/series"), &made_up)
            .await
            .expect(200);
        let named = |kind: &str| json!({ "__name__": "made_up_total", "kind": kind });
        assert_eq!(series["data"], json!([named("a"), named("b")]));
        let labels = post(&admin, &format!("{base}/labels"), &made_up)
            .await
            .expect(200);
        assert_eq!(labels["data"], json!(["__name__", "kind"]));
        let all = get(&admin, &format!("{base}/labels"), &[])
            .await
            .expect(200);
        assert!(all["data"].as_array().unwrap().contains(&json!("route")));
        let kinds = get(&admin, &format!("{base}/label/kind/values"), &made_up)
            .await
            .expect(200);
        assert_eq!(kinds["data"], json!(["a", "b"]));
        let names = get(&admin, &format!("{base}/label/__name__/values"), &[])
            .await
            .expect(200);
        assert!(
            names["data"]
                .as_array()
                .unwrap()
                .contains(&json!("process_start_time_seconds"))
        );
        let about = get(&admin, &format!("{base}/metadata"), &[])
            .await
            .expect(200);
        assert_eq!(about["data"]["http_requests_total"][0]["type"], "counter");
        let one = [("metric".to_owned(), "http_requests_in_flight".to_owned())];
        let one = get(&admin, &format!("{base}/metadata"), &one)
            .await
            .expect(200);
        assert_eq!(one["data"].as_object().unwrap().len(), 1);
        let build = get(&admin, &format!("{base}/status/buildinfo"), &[])
            .await
            .expect(200);
        assert!(build["data"]["version"].as_str().unwrap().starts_with("2."));
    }
    let later = [
        ("match[]".to_owned(), "made_up_total".to_owned()),
        ("start".to_owned(), "4000000000".to_owned()),
    ];
    let none = get(&admin, "/api/monitoring/series", &later)
        .await
        .expect(200);
    assert_eq!(none["data"], json!([]));
}

/// Asserts that both addresses refuse with this status and type, and say something containing `about`.
async fn refused(
    admin: &Person,
    (path, form): (&str, Vec<(String, String)>),
    (status, kind, about): (u16, &str, &str),
) {
    let answer = get(admin, &format!("/api/monitoring/{path}"), &form).await;
    let again = get(admin, &format!("/api/monitoring/api/v1/{path}"), &form).await;
    assert_eq!(answer.body, again.body);
    let body = answer.expect(status);
    assert_eq!(body["status"], "error", "{body}");
    assert_eq!(body["errorType"], kind, "{body}");
    let error = body["error"].as_str().unwrap();
    assert!(error.contains(about), "{error:?} says nothing of {about:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expression_that_makes_no_sense_is_refused_as_prometheus_refuses_it() {
    let (app, admin) = start().await;
    let end = made_up(&app, &admin).await;
    for (expression, time, why) in [
        ("", end.to_string(), "invalid parameter \"query\""),
        ("sum(\n up[", end.to_string(), "line 2"),
        (
            "predict_linear(up[5m], 60)",
            end.to_string(),
            "not supported",
        ),
        ("up", "soon".to_owned(), "invalid parameter \"time\""),
    ] {
        let form = query(expression, &[("time", time)]);
        refused(&admin, ("query", form), (400, "bad_data", why)).await;
    }
    let form = query("odd / on () odd", &[("time", end.to_string())]);
    let why = (422, "execution", "more than one series");
    refused(&admin, ("query", form), why).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chart_that_makes_no_sense_is_refused_as_prometheus_refuses_it() {
    let (_app, admin) = start().await;
    let end = now(&admin).await;
    let bad = "bad_data";
    for (expression, from, step, wanted) in [
        ("up", end + 1, "15", (400, bad, "must not be before")),
        ("up", 0, "0", (400, bad, "zero or negative")),
        ("up", 0, "x", (400, bad, "invalid parameter \"step\"")),
        ("up", end - 11_001, "1s", (400, bad, "11,000 points")),
        ("up[5m]", end, "1", (422, "execution", "range vector")),
        (
            "sum_over_time(vector(1)[20d:1s])",
            end - 60,
            "1",
            (422, "execution", "values"),
        ),
    ] {
        let span = [
            ("start", from.to_string()),
            ("end", end.to_string()),
            ("step", step.to_owned()),
        ];
        let form = query(expression, &span);
        refused(&admin, ("query_range", form), wanted).await;
    }
    let form = query("up", &[]);
    let why = (400, bad, "invalid parameter \"start\"");
    refused(&admin, ("query_range", form), why).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn series_that_cannot_be_meant_are_refused_as_prometheus_refuses_them() {
    let (_app, admin) = start().await;
    let labels = |text: &str| vec![("match[]".to_owned(), text.to_owned())];
    for (path, form, why) in [
        ("series", vec![], "no match[]"),
        ("series", labels("sum(up)"), "no selector"),
        ("labels", labels("up{"), "match[]"),
        ("label/9lives/values", vec![], "invalid label name"),
    ] {
        refused(&admin, (path, form), (400, "bad_data", why)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn monitoring_is_for_administrators() {
    let (app, _admin) = start().await;
    let member = app.register("member@example.org").await;
    let anybody = app.client();
    let paths = [
        "query",
        "query_range",
        "series",
        "labels",
        "label/x/values",
        "metadata",
        "status/buildinfo",
        "dashboards",
        "history?dashboard=system&panel=x",
        "health",
    ];
    for path in paths {
        let inner = ["dashboards", "history", "health"];
        let is_ours = inner.iter().any(|name| path.starts_with(name));
        for base in ["/api/monitoring/", "/api/monitoring/api/v1/"] {
            if is_ours && base.ends_with("v1/") {
                continue;
            }
            let path = format!("{base}{path}");
            member
                .get(&path)
                .await
                .expect_problem(403, "admin-only", "");
            let answer = anybody
                .get(format!("{}{path}", app.url))
                .send()
                .await
                .unwrap();
            Answer::read(answer)
                .await
                .expect_problem(401, "not-signed-in", "");
        }
    }
    post(&member, "/api/monitoring/api/v1/query", &query("1", &[]))
        .await
        .expect_problem(403, "admin-only", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_panel_can_be_drawn() {
    let (app, admin) = start().await;
    app.app.take_sample().await.unwrap();
    let answer = admin.get("/api/monitoring/dashboards").await.expect(200);
    let end = now(&admin).await;
    let span = [
        ("start", (end - 600).to_string()),
        ("end", end.to_string()),
        ("step", "60".to_owned()),
    ];
    let mut drawn = 0;
    for dashboard in answer["dashboards"].as_array().unwrap() {
        assert!(dashboard["id"].is_string() && dashboard["title"].is_string());
        for panel in dashboard["panels"].as_array().unwrap() {
            for of in panel["queries"].as_array().unwrap() {
                let expression = of["expression"].as_str().unwrap().replace("$window", "1m");
                let form = query(&expression, &span);
                get(&admin, "/api/monitoring/query_range", &form)
                    .await
                    .expect(200);
                drawn += 1;
            }
        }
    }
    assert!(drawn >= 2);
    let memory = &answer["dashboards"][0]["panels"][0];
    assert!(memory.get("max").is_none_or(Value::is_number));
}

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

/// The program on the database of a test.
struct Command(String);

impl Command {
    fn new(app: &TestApp) -> Self {
        Self(app.database_url.clone())
    }

    async fn run(&self, arguments: &[&str]) -> String {
        let data = tempfile::tempdir().unwrap();
        let run = tokio::process::Command::new(env!("CARGO_BIN_EXE_flashfit"))
            .args(arguments)
            .arg("--data")
            .arg(data.path())
            .args(["--log-level", "error"])
            .env("FLASHFIT_DATABASE__URL", &self.0)
            .output()
            .await
            .unwrap();
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{errors}");
        String::from_utf8(run.stdout).unwrap()
    }
}

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
