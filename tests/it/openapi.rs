//! What the server says about itself: the document, health, metrics, the UI.
use crate::support::{Answer, TestApp};
use serde_json::Value;
use std::collections::BTreeSet;

async fn get(app: &TestApp, path: &str) -> Answer {
    Answer::read(reqwest::get(format!("{}{path}", app.url)).await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_served_is_the_one_committed() {
    let app = TestApp::start().await;
    let served = get(&app, "/api/openapi.json").await.expect(200);
    let committed: Value = serde_json::from_str(include_str!("../../web/openapi.json")).unwrap();
    assert_eq!(
        served, committed,
        "run `flashfit openapi > web/openapi.json` and `npm --prefix web run schema`"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_described() {
    let app = TestApp::start().await;
    let document = get(&app, "/api/openapi.json").await.expect(200);
    assert_eq!(document["info"]["title"], "FlashFit");
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/"), "{path}");
        for (method, operation) in methods.as_object().unwrap() {
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.is_empty(), "{method} {path} has no summary");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(ids.insert(id.clone()), "{id} is used twice");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_says_why() {
    let app = TestApp::with(|settings| {
        settings.cache.url = flashfit::base::secret::Secret::new("redis://127.0.0.1:1".to_owned());
    })
    .await;
    let ready = get(&app, "/api/health/ready").await.expect(200);
    let cache = &ready["checks"][1];
    assert_eq!(cache["name"], "cache");
    assert_eq!(cache["status"], "degraded");
    // Redis is away, and everything works.
    let person = app.register("a@example.org").await;
    person.get("/api/wardrobe").await.expect(200);
    assert_eq!(
        get(&app, "/api/health/live").await.expect(200)["status"],
        "ok"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_those_of_the_table() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.get("/api/wardrobe").await.expect(200);
    person
        .get("/api/wardrobe/0190a0a0-0000-7000-8000-000000000001")
        .await;
    get(&app, "/.env").await;
    let text = get(&app, "/metrics").await.expect(200);
    let text = text.as_str().unwrap();
    assert!(
        text.contains(r#"route="/api/wardrobe/{id}""#),
        "the pattern, not the path"
    );
    assert!(text.contains(r#"route="unmatched""#));
    let known: BTreeSet<&str> = flashfit::base::metrics::ALL
        .iter()
        .map(|metric| metric.name)
        .collect();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        assert!(known.contains(name), "{name} is not in base/metrics.rs");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docs_and_redirects_work_offline() {
    let app = TestApp::start().await;
    let docs = get(&app, "/docs").await;
    assert_eq!(docs.status, 200);
    assert!(docs.body.as_str().unwrap().contains("swagger"));
    for header in [
        "content-security-policy",
        "x-content-type-options",
        "x-request-id",
    ] {
        assert!(docs.headers.contains_key(header), "{header}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_a_503_that_tells_nothing() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    app.sql("drop table item_colours cascade").await;
    app.sql("insert into images select gen_random_uuid(), id, sha256('x'), 1, 1, now() from users")
        .await;
    app.sql(
        "insert into items (id, owner, image_id, state, created_at, updated_at)
             select gen_random_uuid(), owner, id, 'pending', now(), now() from images",
    )
    .await;
    let answer = person.get("/api/wardrobe").await;
    let text = answer.body.to_string();
    assert!(
        !text.contains("item_colours") && !text.contains("select"),
        "{text}"
    );
    answer.expect_problem(500, "internal", "request id");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reference_in_the_document_leads_somewhere() {
    let app = TestApp::start().await;
    let document = get(&app, "/api/openapi.json").await.expect(200);
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{pointer} leads nowhere"
        );
    }
}

#[test]
fn the_metrics_document_has_a_row_for_each() {
    let document = include_str!("../../docs/metrics.md");
    for metric in flashfit::base::metrics::ALL {
        let row = document
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", metric.name)));
        let row = row.unwrap_or_else(|| panic!("docs/metrics.md says nothing of {}", metric.name));
        assert!(row.contains(metric.kind.name()), "{row}");
        for label in metric.labels {
            assert!(row.contains(&format!("`{label}`")), "{row} lacks {label}");
        }
        assert!(row.contains(metric.help), "{row} is not: {}", metric.help);
    }
}
