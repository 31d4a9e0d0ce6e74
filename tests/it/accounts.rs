//! `/api/auth`: coming in, staying in, leaving; and what is kept out.
use crate::support::{Answer, TestApp};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PASSWORD: &str = "correct horse battery";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One caller: a client with or without a bearer token.
struct Caller<'a> {
    app: &'a TestApp,
    client: Client,
    token: Option<String>,
    csrf: bool,
}

impl<'a> Caller<'a> {
    fn stranger(app: &'a TestApp) -> Self {
        Self {
            app,
            client: app.client(),
            token: None,
            csrf: false,
        }
    }

    fn with_token(app: &'a TestApp, token: &Value) -> Self {
        Self {
            token: Some(token.as_str().unwrap().to_owned()),
            ..Self::stranger(app)
        }
    }

    /// Registers and goes on with the bearer token, in a client of its own that has no cookie.
    async fn member(app: &'a TestApp, email: &str) -> Self {
        let body = sign_up(app, email).await.expect(201);
        Self::with_token(app, &body["token"])
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.app.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if self.csrf {
            request = request.header("x-requested-with", "flashfit");
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn delete(&self, path: &str, body: Value) -> Answer {
        self.send(Method::DELETE, path, Some(body)).await
    }

    async fn logout(&self) -> Answer {
        self.send(Method::POST, "/api/auth/logout", None).await
    }

    async fn new_token(&self, name: &str, scopes: &[&str]) -> Value {
        let wish = json!({ "name": name, "scopes": scopes });
        self.post("/api/auth/tokens", wish).await.expect(201)
    }
}

async fn sign_up(app: &TestApp, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD });
    Caller::stranger(app).post("/api/auth/register", body).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    Caller::stranger(app).post("/api/auth/login", body).await
}

/// The cookie an answer sets.
fn cookie(answer: &Answer) -> &str {
    answer.headers["set-cookie"].to_str().unwrap()
}

/// Insists on a condition inside the database.
async fn holds(app: &TestApp, condition: &str) {
    app.sql(&format!("do $$ begin assert ({condition}); end $$"))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_person_becomes_administrator_and_the_second_a_member() {
    let app = TestApp::start().await;
    let stranger = Caller::stranger(&app);
    let config = stranger.get("/api/auth/config").await.expect(200);
    assert_eq!(
        config,
        json!({ "registration_open": true, "has_users": false })
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
        ("email", json!("ann\u{0}@example.org"), "invalid-email"),
        ("email", json!(7), "wrong-field"),
        ("password", json!("ninechars"), "invalid-password"),
        ("password", json!("x".repeat(201)), "invalid-password"),
        ("password", json!(["a"]), "wrong-field"),
        ("display_name", json!(""), "invalid-name"),
        ("display_name", json!("a\u{0}b"), "invalid-name"),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signs_in_with_cookie_and_token_and_out_again() {
    let app = TestApp::start().await;
    sign_up(&app, "ann@example.org").await.expect(201);
    let answer = sign_in(&app, "Ann@example.org", PASSWORD).await;
    let cookie_set = cookie(&answer);
    for part in [
        "flashfit_session=ffs_",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
    ] {
        assert!(cookie_set.contains(part), "{part}: {cookie_set}");
    }
    assert!(!cookie_set.contains("Secure"), "{cookie_set}");
    let session = answer.expect(200);
    let caller = Caller::with_token(&app, &session["token"]);
    assert_eq!(
        caller.get("/api/auth/me").await.expect(200),
        session["user"]
    );
    let answer = caller.logout().await;
    assert!(cookie(&answer).contains("Max-Age=0"));
    answer.expect(204);
    caller
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "not known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_tls_the_cookie_is_secure() {
    let app = TestApp::with(|settings| settings.http.secure_cookies = true).await;
    let answer = sign_up(&app, "ann@example.org").await;
    assert!(cookie(&answer).contains("; Secure"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_hashes_are_stored() {
    let app = TestApp::start().await;
    let session = sign_up(&app, "ann@example.org").await.expect(201);
    let token = session["token"].as_str().unwrap();
    holds(
        &app,
        &format!("select token_hash = sha256('{token}') from sessions"),
    )
    .await;
    holds(
        &app,
        "select password_hash like '$argon2id$v=19$%' from users",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_address_is_answered_like_a_wrong_password() {
    let app = TestApp::start().await;
    sign_up(&app, "ann@example.org").await.expect(201);
    let mut bodies = vec![];
    for email in [
        "ann@example.org",
        "nobody@example.org",
        "no address",
        "a\u{0}@b",
    ] {
        let answer = sign_in(&app, email, "wrong horse battery").await;
        let mut body = answer.body.clone();
        answer.expect_problem(401, "wrong-credentials", "");
        body["request_id"].take();
        bodies.push(body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    let app = TestApp::with(|settings| {
        settings.http.login_rate_per_minute = 0;
        settings.accounts.password_memory_kib = 19 * 1024;
        settings.accounts.password_iterations = 2;
    })
    .await;
    sign_up(&app, "ann@example.org").await.expect(201);
    // The fastest of several is what the work takes when nothing else is in the way.
    let fastest = async |email: &str| {
        let mut best = Duration::MAX;
        for _ in 0..7 {
            let started = Instant::now();
            sign_in(&app, email, "wrong horse battery")
                .await
                .expect_problem(401, "wrong-credentials", "");
            best = best.min(started.elapsed());
        }
        best
    };
    let (known, unknown) = (
        fastest("ann@example.org").await,
        fastest("bob@example.org").await,
    );
    assert!(unknown * 2 > known, "{unknown:?} against {known:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_brings_nothing_or_nonsense_is_not_signed_in() {
    let app = TestApp::start().await;
    let stranger = Caller::stranger(&app);
    stranger
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
    let unknown = format!("ffs_{}", "A".repeat(43));
    for token in ["nonsense", "ffs_", "ffs_%00", &unknown] {
        let caller = Caller::with_token(&app, &json!(token));
        caller
            .get("/api/auth/me")
            .await
            .expect_problem(401, "not-signed-in", "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_expires() {
    let app = TestApp::with(|settings| settings.accounts.session_lifetime = DAY).await;
    let ann = Caller::member(&app, "ann@example.org").await;
    app.advance(DAY - MINUTE);
    ann.get("/api/auth/me").await.expect(200);
    app.advance(MINUTE);
    ann.get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "expired");
    app.app.accounts.purge_expired().await.unwrap();
    holds(&app, "select count(*) = 0 from sessions").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn use_is_noted_at_most_once_a_minute() {
    let app = TestApp::start().await;
    let ann = Caller::member(&app, "ann@example.org").await;
    app.advance(MINUTE / 4);
    ann.get("/api/auth/me").await.expect(200);
    holds(&app, "select last_used_at = created_at from sessions").await;
    app.advance(MINUTE);
    ann.get("/api/auth/me").await.expect(200);
    let noted = "select last_used_at > created_at + interval '60 seconds' from sessions";
    holds(&app, noted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_changes_nothing() {
    let app = TestApp::start().await;
    let mut browser = Caller::stranger(&app);
    let body = json!({ "email": "ann@example.org", "password": PASSWORD });
    browser.post("/api/auth/register", body).await.expect(201);
    browser.get("/api/auth/me").await.expect(200);
    browser.logout().await.expect_problem(403, "csrf", "");
    browser.get("/api/auth/me").await.expect(200);
    browser.csrf = true;
    browser.logout().await.expect(204);
    browser
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
}

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

/// An address of its own for every run: the counts are kept in a Redis that other tests use too.
fn some_address() -> String {
    let id = flashfit::base::id::RequestId::new().0.as_u128();
    let [a, b, c, ..] = id.to_le_bytes();
    format!("10.{a}.{b}.{c}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_can_be_tried_so_often_a_minute() {
    let app = TestApp::with(|settings| {
        settings.http.login_rate_per_minute = 3;
        settings.http.trust_proxy = true;
    })
    .await;
    let guess = async |address: &str| {
        let url = format!("{}/api/auth/login", app.url);
        let body = json!({ "email": "ann@example.org", "password": PASSWORD });
        let request = app.client().post(url).json(&body);
        let request = request.header("x-forwarded-for", format!("198.51.100.1, {address}"));
        Answer::read(request.send().await.unwrap()).await
    };
    let (one, other) = (some_address(), some_address());
    // The minute may turn once while we try: twice the limit and one more is too often in any case.
    let mut refused = vec![];
    for _ in 0..7 {
        let answer = guess(&one).await;
        if answer.status == 429 {
            refused.push(answer);
        } else {
            answer.expect_problem(401, "wrong-credentials", "");
        }
    }
    let refused = refused.pop().unwrap();
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    refused.expect_problem(429, "too-many-requests", "more than 3");
    let unharmed = guess(&other).await;
    unharmed.expect_problem(401, "wrong-credentials", "");
    app.advance(MINUTE);
    let again = guess(&one).await;
    again.expect_problem(401, "wrong-credentials", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_may_call_so_often_a_minute_from_wherever() {
    let app = TestApp::with(|settings| {
        settings.http.rate_per_minute = 5;
        settings.http.trust_proxy = true;
    })
    .await;
    let session = app.app.accounts.create_user(
        "ann@example.org",
        flashfit::base::secret::Secret::new(PASSWORD.to_owned()),
        None,
        flashfit::features::accounts::Role::Member,
    );
    session.await.unwrap();
    let url = |path: &str| format!("{}/api/auth/{path}", app.url);
    let login = json!({ "email": "ann@example.org", "password": PASSWORD });
    let login = app.client().post(url("login")).json(&login);
    let login = login.header("x-forwarded-for", some_address());
    let session = Answer::read(login.send().await.unwrap()).await.expect(200);
    let mut refused = 0;
    for _ in 0..11 {
        let request = app.client().get(url("me"));
        let request = request.bearer_auth(session["token"].as_str().unwrap());
        let request = request.header("x-forwarded-for", some_address());
        let answer = Answer::read(request.send().await.unwrap()).await;
        refused += u32::from(answer.status == 429);
    }
    assert!(refused > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_tell_browsers_and_caches_what_not_to_do() {
    let app = TestApp::start().await;
    let url = format!("{}/api/auth/me", app.url);
    let response = app.client().get(url).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("www-authenticate"), "Bearer");
    assert!(header("content-security-policy").starts_with("default-src 'self'"));
}
