//! A person's own account: a new password, and leaving for good.
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let here = Caller::member(&app, "ann@example.org").await;
    let elsewhere = sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    let elsewhere = Caller::with_token(&app, &elsewhere["token"]);
    let change =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let new = "a much better password";
    let path = "/api/auth/password";
    here.post(path, change("wrong horse", new))
        .await
        .expect_problem(403, "wrong-password", "");
    here.post(path, change(PASSWORD, "short"))
        .await
        .expect_problem(422, "invalid-password", "");
    elsewhere.get("/api/auth/me").await.expect(200);
    here.post(path, change(PASSWORD, new)).await.expect(204);
    here.get("/api/auth/me").await.expect(200);
    elsewhere
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
    sign_in(&app, "ann@example.org", PASSWORD)
        .await
        .expect_problem(401, "wrong-credentials", "");
    sign_in(&app, "ann@example.org", new).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_goes_with_everything_in_it() {
    let app = TestApp::start().await;
    let _admin = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    bob.new_token("robot", &["read"]).await;
    app.sql(
        "insert into images select gen_random_uuid(), id, sha256('x'), 1, 1, now() from users;
         insert into items (id, owner, image_id, state, pack, caption, created_at, updated_at)
             select gen_random_uuid(), owner, id, 'ready', 'p', 'c', now(), now() from images;
         insert into idempotency_keys select id, 'k', 'r', sha256('x'), null, null, now() from users;
         insert into user_states select id, 0, 0, 'v', '{}', now() from users",
    )
    .await;
    let path = "/api/auth/account";
    bob.delete(path, json!({ "password": "wrong horse battery" }))
        .await
        .expect_problem(403, "wrong-password", "");
    let answer = bob.delete(path, json!({ "password": PASSWORD })).await;
    assert!(cookie(&answer).contains("Max-Age=0"));
    answer.expect(204);
    bob.get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
    for table in [
        "users",
        "sessions",
        "images",
        "items",
        "idempotency_keys",
        "user_states",
    ] {
        holds(&app, &format!("select count(*) = 1 from {table}")).await;
    }
    holds(&app, "select count(*) = 0 from api_tokens").await;
    // The index must hear of it: two garments came, one went.
    holds(&app, "select count(*) >= 3 from changes").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_stays_while_there_are_others() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    let path = "/api/auth/account";
    let proof = json!({ "password": PASSWORD });
    ann.delete(path, proof.clone())
        .await
        .expect_problem(409, "last-admin", "");
    bob.delete(path, proof.clone()).await.expect(204);
    ann.delete(path, proof).await.expect(204);
    sign_up(&app, "cem@example.org").await.expect(201);
    holds(&app, "select role = 'admin' from users").await;
}
