//! What administrators see and say, and what is refused.
use super::{add, admin, becomes, fast, hook::Hook, rule, rule_file, states, tell};
use crate::support::{TestApp, wait_until};
use chrono::Utc;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const RULES: &str = "
groups:
  - name: shipped
    rules:
      - alert: Always
        expr: vector(1) > 0
        labels: {severity: warning, subject: tests}
        annotations: {summary: 'it is {{ $value }}'}
      - record: seen:one
        expr: vector(1)
";

fn in_minutes(minutes: i64) -> String {
    (Utc::now() + chrono::Duration::minutes(minutes)).to_rfc3339()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_administrators_see_alerts() {
    let app = TestApp::with(fast).await;
    admin(&app).await;
    let member = app.register("member@example.org").await;
    let id = "0190a0a0-0000-7000-8000-000000000001";
    for (method, path) in [
        (Method::GET, "/api/alerts".to_owned()),
        (Method::GET, "/api/alerts/history".to_owned()),
        (Method::GET, "/api/alerts/rules".to_owned()),
        (Method::POST, "/api/alerts/rules".to_owned()),
        (Method::POST, "/api/alerts/rules/preview".to_owned()),
        (Method::POST, "/api/alerts/rules/reload".to_owned()),
        (Method::PUT, format!("/api/alerts/rules/{id}")),
        (Method::DELETE, format!("/api/alerts/rules/{id}")),
        (Method::GET, "/api/alerts/silences".to_owned()),
        (Method::POST, "/api/alerts/silences".to_owned()),
        (Method::PUT, format!("/api/alerts/silences/{id}")),
        (Method::DELETE, format!("/api/alerts/silences/{id}")),
        (Method::GET, "/api/alerts/receivers".to_owned()),
        (Method::POST, "/api/alerts/receivers/mail/test".to_owned()),
    ] {
        let body = match path.as_str() {
            path if path.ends_with("preview") => {
                json!({ "name": "A", "expression": "up", "hours": 1 })
            }
            path if path.contains("silences") => json!({ "ends_at": in_minutes(5) }),
            _ => json!({ "name": "A", "expression": "up" }),
        };
        let request = member.request(method.clone(), &path);
        let request = match method {
            Method::POST | Method::PUT => request.json(&body),
            _ => request,
        };
        let answer = crate::support::Answer::read(request.send().await.unwrap()).await;
        answer.expect_problem(403, "admin-only", "administrator");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_of_the_file_is_changed_switched_off_and_given_back() {
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.alerts.rules_file = rule_file(RULES);
    })
    .await;
    let admin = admin(&app).await;
    becomes(&admin, "Always", "firing").await;
    let alert = admin.get("/api/alerts").await.expect(200)["alerts"][0].clone();
    assert_eq!(alert["severity"], "warning");
    assert_eq!(alert["annotations"]["summary"], "it is 1");
    assert_eq!(alert["value"], 1.0);
    let known = async || {
        let list = admin.get("/api/alerts/rules").await.expect(200);
        list["groups"][0]["rules"][0].clone()
    };
    let always = known().await;
    assert_eq!(always["source"], "file");
    assert_eq!(always["health"], "ok");
    assert_eq!(always["state"], "firing");
    assert_eq!(alert["rule_id"], always["id"]);
    let path = format!("/api/alerts/rules/{}", always["id"].as_str().unwrap());
    admin
        .delete(&path)
        .await
        .expect_problem(409, "rule-from-file", "is_enabled");

    let mut off = rule("Always", "vector(1) > 0");
    off["is_enabled"] = json!(false);
    let changed = admin.put(&path, &off).await.expect(200);
    assert_eq!(changed["source"], "changed");
    assert_eq!(changed["id"], always["id"]);
    becomes(&admin, "Always", "resolved").await;
    admin.delete(&path).await.expect(204);
    becomes(&admin, "Always", "firing").await;
    assert_eq!(known().await["source"], "file");
    let history = admin.get("/api/alerts/history?name=Always&limit=2").await;
    let history = history.expect(200);
    let states: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["state"].as_str().unwrap())
        .collect();
    assert_eq!(states[0], "firing");
    let next = history["next_cursor"].as_str().unwrap();
    let path = format!("/api/alerts/history?name=Always&cursor={next}");
    let older = admin.get(&path).await.expect(200);
    assert!(!older["items"].as_array().unwrap().is_empty());
    assert_eq!(
        app.number("select count(*) from alert_changes where subject = 'rule'")
            .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_of_ones_own_are_added_and_taken_away() {
    let app = TestApp::with(fast).await;
    let admin = admin(&app).await;
    let id = add(&admin, &rule("Mine", "vector(2) > 1")).await;
    becomes(&admin, "Mine", "firing").await;
    admin
        .post("/api/alerts/rules", &rule("Mine", "vector(3)"))
        .await
        .expect_problem(409, "rule-name-taken", "Mine");
    let mut slow = rule("Mine", "vector(2) > 1");
    slow["for_seconds"] = json!(3600);
    slow["labels"]["team"] = json!("ops");
    let path = format!("/api/alerts/rules/{id}");
    admin.put(&path, &slow).await.expect(200);
    // Other labels, another alert.
    wait_until("the alert waits", async || {
        states(&admin, "Mine").await.contains(&"pending".to_owned())
    })
    .await;
    admin.delete(&path).await.expect(204);
    wait_until("nothing waits", async || {
        !states(&admin, "Mine").await.contains(&"pending".to_owned())
    })
    .await;
    admin
        .delete(&path)
        .await
        .expect_problem(404, "rule-not-found", &id);
    admin
        .put(&path, &slow)
        .await
        .expect_problem(404, "rule-not-found", &id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_cannot_be_is_refused_with_its_place() {
    let app = TestApp::with(fast).await;
    let admin = admin(&app).await;
    let with = |field: &str, value: Value| {
        let mut body = rule("Mine", "vector(1)");
        body[field] = value;
        body
    };
    for (body, slug, about) in [
        (
            rule("Mine", "vector(1) +"),
            "wrong-expression",
            "line 1, column",
        ),
        (
            rule("Mine", "sum(\n  nope(1))"),
            "wrong-expression",
            "line 2, column",
        ),
        (rule("Mine", "up[5m]"), "wrong-expression", "range vector"),
        (rule("", "vector(1)"), "wrong-rule", "name"),
        (with("for_seconds", json!(-1)), "wrong-rule", "negative"),
        (with("labels", json!({ "0": "x" })), "wrong-rule", "labels"),
        (
            with("annotations", json!({ "summary": "{{ $value" })),
            "wrong-rule",
            "annotations.summary",
        ),
        (with("hours", json!(1)), "wrong-field", "hours"),
    ] {
        let answer = admin.post("/api/alerts/rules", &body).await;
        answer.expect_problem(422, slug, about);
    }
    assert_eq!(app.number("select count(*) from alert_rules").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_says_what_would_have_fired() {
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.monitoring.interval = Duration::from_secs(1);
    })
    .await;
    let admin = admin(&app).await;
    let now = Utc::now().timestamp();
    let (from, to) = (now - 1800, now - 600);
    let mut body = rule("Then", &format!("vector(time()) > {from} < {to}"));
    body["for_seconds"] = json!(300);
    body["hours"] = json!(1);
    let preview = admin
        .post("/api/alerts/rules/preview", &body)
        .await
        .expect(200);
    let firings = preview["firings"].as_array().unwrap();
    assert_eq!(firings.len(), 1, "{preview}");
    let at = |name: &str| {
        let text = firings[0][name].as_str().unwrap();
        chrono::DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp()
    };
    assert!((at("active_at") - from).abs() <= 2, "{preview}");
    assert!((at("fired_at") - from - 300).abs() <= 4, "{preview}");
    assert!((at("resolved_at") - to).abs() <= 4, "{preview}");
    assert_eq!(firings[0]["summary"], "Then is the case");
    assert!(states(&admin, "Then").await.is_empty(), "nothing was added");
    for hours in [0, 25] {
        body["hours"] = json!(hours);
        let answer = admin.post("/api/alerts/rules/preview", &body).await;
        answer.expect_problem(422, "span-too-long", "hours");
    }
    body["hours"] = json!(1);
    body["expression"] = json!("vector(1) + on() group_left vector(");
    let answer = admin.post("/api/alerts/rules/preview", &body).await;
    answer.expect_problem(422, "wrong-expression", "line 1");
    // Its series cannot be told apart, once there are any.
    body["expression"] = json!("abs({__name__=~\"process_.*\"})");
    let path = "/api/alerts/rules/preview";
    wait_until("there are samples", async || {
        admin.post(path, &body).await.status == 422
    })
    .await;
    let answer = admin.post(path, &body).await;
    answer.expect_problem(422, "rule-without-result", "more than one series");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_file_keeps_the_old_rules_and_says_so() {
    let file = rule_file(RULES);
    let app = TestApp::with(|settings| {
        fast(settings);
        settings.alerts.rules_file = file.clone();
    })
    .await;
    let admin = admin(&app).await;
    becomes(&admin, "Always", "firing").await;
    fs_err::write(&file, RULES.replace("vector(1) > 0", "vector(1) >")).unwrap();
    admin
        .post("/api/alerts/rules/reload", &json!({}))
        .await
        .expect_problem(422, "wrong-rule-file", "line 6, column");
    let list = admin.get("/api/alerts/rules").await.expect(200);
    assert_eq!(list["error"]["line"], 6, "{list}");
    assert_eq!(list["groups"][0]["rules"][0]["name"], "Always");
    assert_eq!(states(&admin, "Always").await, ["firing"]);
    // Without being asked, too, and whatever is wrong with it.
    fs_err::remove_file(&file).unwrap();
    wait_until("the error says that the file is gone", async || {
        let list = admin.get("/api/alerts/rules").await.expect(200);
        list["error"]["line"].is_null() && list["error"]["message"].is_string()
    })
    .await;
    fs_err::write(&file, RULES.replace("Always", "Anew")).unwrap();
    becomes(&admin, "Anew", "firing").await;
    becomes(&admin, "Always", "resolved").await;
    let list = admin.get("/api/alerts/rules").await.expect(200);
    assert!(list["error"].is_null());
}

fn matcher(comparison: &str, value: &str) -> Value {
    json!({ "name": "alertname", "comparison": comparison, "value": value })
}

fn night() -> Value {
    json!({ "days": ["monday"], "from": "22:00", "to": "06:00", "time_zone": "UTC" })
}

/// A silence of an hour with one field as it is given.
fn with(field: &str, value: Value) -> Value {
    let mut body = json!({
        "matchers": [matcher("=", "Mine")], "ends_at": in_minutes(60), "comment": "repairs",
    });
    body[field] = value;
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_that_cannot_be_is_refused() {
    let app = TestApp::with(fast).await;
    let admin = admin(&app).await;
    let weekly = |field: &str, value: Value| {
        let mut weekly = night();
        weekly[field] = value;
        with("weekly", weekly)
    };
    for (body, about) in [
        (with("matchers", json!([])), "matcher"),
        (with("matchers", json!([matcher("=~", ".*")])), "matcher"),
        (
            with("matchers", json!([matcher("=~", "a(")])),
            "regular expression",
        ),
        (with("matchers", json!([matcher("==", "a")])), "comparison"),
        (
            with("starts_at", json!(in_minutes(120))),
            "ends after it starts",
        ),
        (with("ends_at", json!(in_minutes(-5))), "ends"),
        (weekly("days", json!(["someday"])), "someday"),
        (weekly("days", json!([])), "day"),
        (weekly("from", json!("25:00")), "25:00"),
        (weekly("time_zone", json!("Mars/North")), "Mars/North"),
        (with("comment", json!("x".repeat(3000))), "comment"),
    ] {
        let answer = admin.post("/api/alerts/silences", &body).await;
        answer.expect_problem(422, "wrong-silence", about);
    }
    assert_eq!(app.number("select count(*) from silences").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_is_changed_until_it_is_over_and_who_did_it_is_known() {
    let app = TestApp::with(fast).await;
    let admin = admin(&app).await;
    let made = admin
        .post("/api/alerts/silences", &with("weekly", night()))
        .await
        .expect(201);
    assert_eq!(made["weekly"], night());
    assert_eq!(made["status"], "active");
    assert!(!made["created_by"].as_str().unwrap().is_empty());
    let path = format!("/api/alerts/silences/{}", made["id"].as_str().unwrap());
    let longer = with("ends_at", json!(in_minutes(120)));
    let changed = admin.put(&path, &longer).await.expect(200);
    assert!(changed["weekly"].is_null());
    assert_eq!(changed["starts_at"], made["starts_at"]);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(204);
    admin
        .put(&path, &longer)
        .await
        .expect_problem(409, "silence-over", "new one");
    let list = admin.get("/api/alerts/silences").await.expect(200);
    assert_eq!(list["silences"][0]["status"], "expired");
    let noted = "select count(*) from alert_changes c join users on c.who = users.id where subject = 'silence'";
    assert_eq!(app.number(noted).await, 3);
    let unknown = "/api/alerts/silences/0190a0a0-0000-7000-8000-000000000001";
    let answer = admin.put(unknown, &longer).await;
    answer.expect_problem(404, "silence-not-found", "0190a0a0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_is_tried_and_what_it_says_is_passed_on() {
    let hook = Hook::that(200);
    let app = TestApp::with(|settings| {
        fast(settings);
        tell(settings, "hook", &hook.receiver());
    })
    .await;
    let admin = admin(&app).await;
    let listed = admin.get("/api/alerts/receivers").await.expect(200)["receivers"][0].clone();
    assert_eq!(listed["name"], "hook");
    assert!(listed["is_up"].is_null());
    let path = "/api/alerts/receivers/hook/test";
    admin.post(path, &json!({})).await.expect(204);
    assert_eq!(hook.told(), ["firing FlashFitTest"]);
    hook.answer(404);
    let answer = admin.post(path, &json!({})).await;
    answer.expect_problem(502, "receiver-failed", "nothing at this address");
    let listed = admin.get("/api/alerts/receivers").await.expect(200)["receivers"][0].clone();
    assert_eq!(listed["is_up"], false);
    assert!(
        listed["last_error"].as_str().unwrap().contains("404"),
        "{listed}"
    );
    let answer = admin
        .post("/api/alerts/receivers/nobody/test", &json!({}))
        .await;
    answer.expect_problem(404, "receiver-not-found", "nobody");
    let answer = admin.get("/api/alerts/history?limit=0").await;
    answer.expect_problem(422, "wrong-value", "limit");
    let answer = admin.get("/api/alerts/history?cursor=x").await;
    answer.expect_problem(422, "wrong-value", "cursor");
}
