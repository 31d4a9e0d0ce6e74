//! What is logged, changed while the server runs.
use crate::support::{TestApp, wait_until};
use serde_json::json;

const PATH: &str = "/api/admin/log-level";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_changes_what_is_logged_and_takes_it_back() {
    let app = TestApp::with(|settings| settings.log.level = "info,ort=warn".to_owned()).await;
    let admin = app.register("ann@example.org").await;
    let shown = admin.get(PATH).await.expect(200);
    assert_eq!(shown["level"], "info,ort=warn");
    assert_eq!(shown["configured"], "info,ort=warn");
    assert!(shown.get("until").is_none(), "{shown}");
    let wish = json!({ "level": "info,flashfit::features=debug" });
    let shown = admin.put(PATH, &wish).await.expect(200);
    assert_eq!(shown["level"], "info,flashfit::features=debug");
    assert_eq!(shown["configured"], "info,ort=warn");
    let shown = admin.delete(PATH).await.expect(200);
    assert_eq!(shown["level"], "info,ort=warn");
    assert_eq!(admin.delete(PATH).await.expect(200), shown, "twice is once");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_level_ends_by_itself_and_not_before_one_that_came_after_it() {
    let app = TestApp::start().await;
    let admin = app.register("ann@example.org").await;
    let configured = admin.get(PATH).await.expect(200)["configured"].clone();
    let brief = json!({ "level": "debug", "for_seconds": 1 });
    let shown = admin.put(PATH, &brief).await.expect(200);
    assert_eq!(shown["level"], "debug");
    assert!(shown["until"].is_string(), "{shown}");
    wait_until("the level is as configured again", async || {
        admin.get(PATH).await.expect(200)["level"] == configured
    })
    .await;
    admin.put(PATH, &brief).await.expect(200);
    let longer = json!({ "level": "trace", "for_seconds": 600 });
    let until = admin.put(PATH, &longer).await.expect(200)["until"].clone();
    // A third that ends after the first would have.
    let tasks = || {
        let running = app.app.tasks.running();
        running.iter().filter(|name| **name == "log-level").count()
    };
    wait_until("the first of them is over", async || tasks() == 1).await;
    let shown = admin.get(PATH).await.expect(200);
    assert_eq!(
        (&shown["level"], &shown["until"]),
        (&json!("trace"), &until)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_makes_no_sense_is_refused_and_says_why() {
    let app = TestApp::start().await;
    let admin = app.register("ann@example.org").await;
    let before = admin.get(PATH).await.expect(200);
    for (wish, slug, about) in [
        (
            json!({ "level": "debgu" }),
            "wrong-value",
            "\"debgu\" is no part of a log filter",
        ),
        (
            json!({ "level": "info,ort=lots" }),
            "wrong-value",
            "ort=lots",
        ),
        (json!({ "level": "" }), "wrong-value", "it is empty"),
        (
            json!({ "level": "debug", "for_seconds": 0 }),
            "wrong-value",
            "for_seconds",
        ),
        (
            json!({ "level": "debug", "for_seconds": 604_801 }),
            "wrong-value",
            "604800",
        ),
        (
            json!({ "level": "a".repeat(2000) }),
            "wrong-value",
            "longer",
        ),
        (
            json!({ "level": "debug", "forever": true }),
            "wrong-field",
            "forever",
        ),
        (json!({}), "wrong-field", "level"),
    ] {
        let answer = admin.put(PATH, &wish).await;
        answer.expect_problem(422, slug, about);
    }
    assert_eq!(admin.get(PATH).await.expect(200), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_administrators_sees_or_changes_what_is_logged() {
    let app = TestApp::start().await;
    let admin = app.register("ann@example.org").await;
    let member = app.register("bob@example.org").await;
    let wish = json!({ "level": "trace" });
    for answer in [
        member.get(PATH).await,
        member.put(PATH, &wish).await,
        member.delete(PATH).await,
    ] {
        assert_eq!(answer.status, 403, "{:#}", answer.body);
    }
    let stranger = app.client().get(format!("{}{PATH}", app.url)).send().await;
    assert_eq!(stranger.unwrap().status(), 401);
    assert_ne!(admin.get(PATH).await.expect(200)["level"], "trace");
}
