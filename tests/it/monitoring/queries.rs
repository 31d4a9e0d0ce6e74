//! Expressions and charts, as Prometheus answers them and Grafana asks for them.
use super::{get, made_up, now, post, query, start};
use crate::support::Answer;
use serde_json::{Value, json};
use std::time::Duration;

const STEP: Duration = Duration::from_secs(15);

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
