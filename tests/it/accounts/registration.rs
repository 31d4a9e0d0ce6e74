//! `POST /api/auth/register`: who may come, and what is kept out.
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_person_becomes_administrator_and_the_second_a_member() {
    let app = TestApp::start().await;
    let stranger = Caller::stranger(&app);
    let config = stranger.get("/api/auth/config").await.expect(200);
    assert_eq!(
        config,
        json!({ "registration_open": true, "has_users": false, "password_reset": false })
    );
    let first = sign_up(&app, " Ann@Example.org ").await.expect(201);
    assert_eq!(first["user"]["email"], "ann@example.org");
    assert_eq!(first["user"]["display_name"], "ann");
    assert_eq!(first["user"]["role"], "admin");
    let second = sign_up(&app, "bob@example.org").await.expect(201);
    assert_eq!(second["user"]["role"], "member");
    let config = stranger.get("/api/auth/config").await.expect(200);
    assert_eq!(config["has_users"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_at_once_make_one_administrator() {
    let app = TestApp::with(|settings| settings.http.login_rate_per_minute = 0).await;
    let emails: Vec<String> = (0..10).map(|n| format!("p{n}@example.org")).collect();
    let answers = emails.iter().map(|email| sign_up(&app, email));
    let answers = futures_util::future::join_all(answers).await;
    let roles: Vec<Value> = answers
        .into_iter()
        .map(|answer| answer.expect(201)["user"]["role"].clone())
        .collect();
    assert_eq!(roles.iter().filter(|role| *role == "admin").count(), 1);
    assert_eq!(roles.iter().filter(|role| *role == "member").count(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_registration_admits_the_first_person_only() {
    let app = TestApp::with(|settings| settings.accounts.registration_open = false).await;
    let config = Caller::stranger(&app)
        .get("/api/auth/config")
        .await
        .expect(200);
    assert_eq!(config["registration_open"], true);
    sign_up(&app, "ann@example.org").await.expect(201);
    let config = Caller::stranger(&app)
        .get("/api/auth/config")
        .await
        .expect(200);
    assert_eq!(config["registration_open"], false);
    sign_up(&app, "bob@example.org")
        .await
        .expect_problem(403, "registration-closed", "");
    holds(&app, "select count(*) = 1 from users").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_belongs_to_one_account() {
    let app = TestApp::start().await;
    sign_up(&app, "ann@example.org").await.expect(201);
    sign_up(&app, "ANN@example.org")
        .await
        .expect_problem(409, "email-taken", "");
    holds(&app, "select count(*) = 1 from users").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_wrong_is_stored() {
    let app = TestApp::start().await;
    let stranger = Caller::stranger(&app);
    for (field, wrong, slug) in [
        ("email", json!("ann"), "invalid-email"),
        ("email", json!("ann\u{0}@example.org"), "wrong-text"),
        ("email", json!(7), "wrong-field"),
        ("password", json!("eleven char"), "invalid-password"),
        ("password", json!("x".repeat(201)), "invalid-password"),
        ("password", json!(["a"]), "wrong-field"),
        ("display_name", json!(""), "invalid-name"),
        ("display_name", json!("a\u{0}b"), "wrong-text"),
        ("display_name", json!("a\u{7}b"), "invalid-name"),
        ("display_name", json!("x".repeat(81)), "invalid-name"),
        ("role", json!("admin"), "wrong-field"),
    ] {
        let mut body = json!({ "email": "ann@example.org", "password": PASSWORD });
        body[field] = wrong;
        stranger
            .post("/api/auth/register", body)
            .await
            .expect_problem(422, slug, field);
    }
    holds(&app, "select count(*) = 0 from users").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_tried_first_is_refused_wherever_one_is_chosen() {
    let app = TestApp::start().await;
    let stranger = Caller::stranger(&app);
    for weak in [
        "Password2026!",
        "qwertyuiopas",
        "ann@example.org",
        "flashfit2026",
    ] {
        let body = json!({ "email": "ann@example.org", "password": weak });
        stranger
            .post("/api/auth/register", body)
            .await
            .expect_problem(422, "guessable-password", "a few words");
    }
    holds(&app, "select count(*) = 0 from users").await;
    let ann = Caller::member(&app, "ann@example.org").await;
    let change = json!({ "current_password": PASSWORD, "new_password": "ann@example.org" });
    ann.post("/api/auth/password", change)
        .await
        .expect_problem(422, "guessable-password", "");
    let weak = flashfit::base::secret::Secret::new("Password2026!".to_owned());
    let set = app.app.accounts.set_password("ann@example.org", weak).await;
    assert!(set.unwrap_err().to_string().contains("too easy to guess"));
    // Whoever has one of before still comes in.
    sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_no_json_or_too_large_is_refused() {
    let app = TestApp::with(|settings| settings.http.json_limit_bytes = 2_000).await;
    let send = async |body: String, media_type: &str| {
        let url = format!("{}/api/auth/login", app.url);
        let request = app.client().post(url).header("content-type", media_type);
        Answer::read(request.body(body).send().await.unwrap()).await
    };
    let json = "application/json";
    send("{".to_owned(), json)
        .await
        .expect_problem(400, "malformed-json", "");
    send("{}".to_owned(), "text/plain")
        .await
        .expect_problem(415, "not-json", "");
    let long = format!(r#"{{"email":"{}","password":"x"}}"#, "a".repeat(3_000));
    send(long, json)
        .await
        .expect_problem(413, "body-too-large", "");
}
