//! API tokens: what they may do, and for how long.
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_token_does_what_its_scopes_say_and_no_more() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    let reader = ann.new_token("reader", &["read"]).await;
    assert!(reader["token"].as_str().unwrap().starts_with("fft_"));
    assert_eq!(reader["scopes"], json!(["read"]));
    assert_eq!(reader["expires_at"], Value::Null);
    let writer = ann.new_token("writer", &["write"]).await;
    let both = ann.new_token("both", &["write", "read"]).await;
    assert_eq!(both["scopes"], json!(["read", "write"]));
    let [reader, writer, both] =
        [&reader, &writer, &both].map(|made| Caller::with_token(&app, &made["token"]));
    reader.get("/api/auth/me").await.expect(200);
    both.get("/api/auth/me").await.expect(200);
    writer
        .get("/api/auth/me")
        .await
        .expect_problem(403, "scope-missing", "read");
    reader
        .logout()
        .await
        .expect_problem(403, "scope-missing", "");
    // No scope reaches the account itself.
    both.logout()
        .await
        .expect_problem(403, "session-needed", "");
    both.get("/api/auth/tokens")
        .await
        .expect_problem(403, "session-needed", "");
    both.delete("/api/auth/account", json!({ "password": PASSWORD }))
        .await
        .expect_problem(403, "session-needed", "");
    holds(&app, "select count(*) = 1 from users").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn api_tokens_are_listed_used_expire_and_are_deleted() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    let wish = json!({ "name": " robot ", "scopes": ["read"], "expires_in_days": 1 });
    let made = ann.post("/api/auth/tokens", wish.clone()).await.expect(201);
    assert_eq!(made["name"], "robot");
    ann.post("/api/auth/tokens", wish)
        .await
        .expect_problem(409, "token-name-taken", "");
    let list = ann.get("/api/auth/tokens").await.expect(200);
    assert_eq!(list["tokens"][0]["id"], made["id"]);
    assert_eq!(list["tokens"][0]["last_used_at"], Value::Null);
    assert_eq!(list["tokens"][0].get("token"), None);
    let robot = Caller::with_token(&app, &made["token"]);
    robot.get("/api/auth/me").await.expect(200);
    let list = ann.get("/api/auth/tokens").await.expect(200);
    assert!(list["tokens"][0]["last_used_at"].is_string());
    assert_eq!(
        bob.get("/api/auth/tokens").await.expect(200)["tokens"],
        json!([])
    );
    app.advance(DAY);
    robot
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "expired");
    let path = format!("/api/auth/tokens/{}", made["id"].as_str().unwrap());
    let delete = async |who: &Caller<'_>| who.send(Method::DELETE, &path, None).await;
    delete(&bob)
        .await
        .expect_problem(404, "token-not-found", "");
    delete(&ann).await.expect(204);
    delete(&ann)
        .await
        .expect_problem(404, "token-not-found", "");
    ann.send(Method::DELETE, "/api/auth/tokens/nonsense", None)
        .await
        .expect_problem(404, "not-found", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_makes_no_sense_is_refused() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    for (field, wrong, slug) in [
        ("name", json!("  "), "invalid-name"),
        ("scopes", json!([]), "invalid-scopes"),
        ("scopes", json!(["read", "read"]), "invalid-scopes"),
        ("scopes", json!(["root"]), "wrong-field"),
        ("expires_in_days", json!(0), "invalid-expiry"),
        ("expires_in_days", json!(-1), "wrong-field"),
        (
            "expires_in_days",
            json!(4_000_000_000_u32),
            "invalid-expiry",
        ),
        ("owner", json!("bob"), "wrong-field"),
    ] {
        let mut wish = json!({ "name": "robot", "scopes": ["read"] });
        wish[field] = wrong;
        ann.post("/api/auth/tokens", wish)
            .await
            .expect_problem(422, slug, "");
    }
    holds(&app, "select count(*) = 0 from api_tokens").await;
}
