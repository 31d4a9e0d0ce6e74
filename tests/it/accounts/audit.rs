//! The audit log: what is written down, who reads it, and what is left of whoever leaves.
use super::*;
use crate::support::wait_until;
use flashfit::{base::secret::Secret, features::accounts::Role};

const OWN: &str = "/api/account/audit";
const ALL: &str = "/api/admin/audit";

/// The actions of a page, newest first.
fn actions(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect()
}

async fn own(caller: &Caller<'_>) -> Value {
    caller.get(OWN).await.expect(200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_with_an_account_is_written_down_for_its_owner() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    sign_in(&app, "ann@example.org", "not my password")
        .await
        .expect_problem(401, "wrong-credentials", "");
    wait_until("the refusal is written down", async || {
        actions(&own(&ann).await).contains(&"sign-in-failed".to_owned())
    })
    .await;
    let token = ann.new_token("closet robot", &["read"]).await;
    let path = format!("/api/auth/tokens/{}", token["id"].as_str().unwrap());
    ann.send(Method::DELETE, &path, None).await.expect(204);
    let other = sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    let other = Caller::with_token(&app, &other["token"]);
    other.logout().await.expect(204);
    sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    ann.send(Method::DELETE, "/api/auth/sessions", None)
        .await
        .expect(200);
    let change = json!({ "current_password": PASSWORD, "new_password": "nine yellow raincoats" });
    ann.post("/api/auth/password", change).await.expect(204);
    ann.get("/api/account/export").await;

    let page = own(&ann).await;
    assert_eq!(
        actions(&page),
        [
            "account-exported",
            "password-changed",
            "other-sessions-ended",
            "sign-in",
            "sign-out",
            "sign-in",
            "token-revoked",
            "token-made",
            "sign-in-failed",
            "sign-in",
            "sign-up",
        ]
    );
    let items = page["items"].as_array().unwrap();
    let me = ann.get("/api/auth/me").await.expect(200)["id"].clone();
    for entry in items {
        assert_eq!(entry["subject"], me);
        assert_eq!(entry["address"], "127.0.0.1");
        assert!(entry["request_id"].is_string(), "{entry}");
        let is_stranger = entry["action"] == "sign-in-failed";
        assert_eq!(entry["actor"].is_null(), is_stranger, "{entry}");
    }
    assert_eq!(items[6]["details"], json!({ "name": "closet robot" }));
    assert_eq!(items[2]["details"], json!({ "ended": 1 }));
    let text = page.to_string();
    assert!(!text.contains("ffs_") && !text.contains("fft_") && !text.contains("raincoats"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reads_what_is_written_about_others_but_administrators() {
    let app = TestApp::start().await;
    let admin = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    let id = |who: Value| who["id"].as_str().unwrap().to_owned();
    let (ann_id, bob_id) = (
        id(admin.get("/api/auth/me").await.expect(200)),
        id(bob.get("/api/auth/me").await.expect(200)),
    );
    let page = own(&bob).await;
    assert!(!page.to_string().contains(&ann_id));
    bob.get(ALL).await.expect_problem(403, "admin-only", "");
    bob.get(&format!("{OWN}?subject={ann_id}"))
        .await
        .expect_problem(422, "wrong-parameter", "subject");
    // A robot reads nothing of it.
    let robot = bob.new_token("robot", &["read"]).await;
    Caller::with_token(&app, &robot["token"])
        .get(OWN)
        .await
        .expect_problem(403, "session-needed", "");

    let list = async |query: &str| admin.get(&format!("{ALL}?{query}")).await.expect(200);
    let everybodys = list("").await;
    assert_eq!(everybodys["items"].as_array().unwrap().len(), 5);
    for query in [
        format!("subject={bob_id}"),
        format!("actor={bob_id}"),
        "email=Bob@example.org".to_owned(),
    ] {
        assert_eq!(
            actions(&list(&query).await),
            ["token-made", "sign-in", "sign-up"],
            "{query}"
        );
    }
    assert_eq!(actions(&list("action=sign-up").await), ["sign-up"; 2]);
    let second = everybodys["items"][1]["at"].as_str().unwrap().to_owned();
    let later = list(&format!("from={second}")).await;
    assert_eq!(later["items"].as_array().unwrap().len(), 2);
    let earlier = list(&format!("until={second}")).await;
    assert_eq!(earlier["items"].as_array().unwrap().len(), 3);

    // Page by page it is the same.
    let (mut cursor, mut found) = (String::new(), vec![]);
    loop {
        let page = list(&format!("limit=2{cursor}")).await;
        found.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(Value::from(found), everybodys["items"]);
    for wrong in ["limit=0", "limit=201", "cursor=nonsense"] {
        admin
            .get(&format!("{ALL}?{wrong}"))
            .await
            .expect_problem(422, "invalid-page", "");
    }
    admin
        .get(&format!("{ALL}?email=nobody@example.org"))
        .await
        .expect_problem(404, "user-not-found", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_does_is_written_down_without_an_actor() {
    let app = TestApp::start().await;
    let admin = Caller::member(&app, "ann@example.org").await;
    let accounts = &app.app.accounts;
    let secret = |text: &str| Secret::new(text.to_owned());
    let made = accounts.create_user("bob@example.org", secret(PASSWORD), None, Role::Member);
    made.await.unwrap();
    accounts
        .set_role("bob@example.org", Role::Admin)
        .await
        .unwrap();
    let set = accounts.set_password("bob@example.org", secret("nine yellow raincoats"));
    set.await.unwrap();
    let page = admin
        .get(&format!("{ALL}?email=bob@example.org"))
        .await
        .expect(200);
    assert_eq!(
        actions(&page),
        ["password-set", "role-changed", "account-made"]
    );
    for entry in page["items"].as_array().unwrap() {
        assert_eq!(entry["actor"], Value::Null);
        assert_eq!(entry["request_id"], Value::Null);
    }
    assert_eq!(
        page["items"][1]["details"],
        json!({ "before": "member", "role": "admin" })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_is_an_id_in_the_audit_log_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    bob.new_token("the robot of Bob", &["read"]).await;
    let bob_id = bob.get("/api/auth/me").await.expect(200)["id"].clone();
    bob.delete("/api/auth/account", json!({ "password": PASSWORD }))
        .await
        .expect(204);
    let path = format!("{ALL}?subject={}", bob_id.as_str().unwrap());
    let page = admin.get(&path).await.expect(200);
    assert_eq!(
        actions(&page),
        ["account-deleted", "token-made", "sign-in", "sign-up"]
    );
    for entry in page["items"].as_array().unwrap() {
        assert_eq!(entry["address"], Value::Null);
        assert_eq!(entry["agent"], Value::Null);
        assert_eq!(entry["details"], json!({}));
    }
    // What is written about others stays.
    assert_eq!(own(&admin).await["items"][0]["address"], "127.0.0.1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_are_never_changed_and_go_when_they_are_old() {
    let app = TestApp::with(|settings| {
        settings.accounts.audit_retention = 10 * DAY;
    })
    .await;
    let ann = Caller::member(&app, "ann@example.org").await;
    for change in [
        "action = 'sign-out'",
        "address = '192.0.2.9'",
        "subject = gen_random_uuid()",
        "at = now() - interval '1 year'",
    ] {
        app.sql(&format!(
            "do $$ begin
                 update audit_log set {change};
                 raise exception 'it was changed';
             exception when others then
                 assert sqlerrm like '%never changed%', sqlerrm;
             end $$"
        ))
        .await;
    }
    app.advance(9 * DAY);
    sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    app.advance(2 * DAY);
    app.app.accounts.purge_expired().await.unwrap();
    assert_eq!(actions(&own(&ann).await), ["sign-in"]);
}
