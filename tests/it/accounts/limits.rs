//! How often one may try, and what every answer tells browsers.
use super::*;

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
    for _ in 0..3 {
        let answer = guess(&one).await;
        answer.expect_problem(401, "wrong-credentials", "");
    }
    // A token flows in every twenty seconds, and this machine may be slow.
    let mut refused = guess(&one).await;
    while refused.status != 429 {
        refused = guess(&one).await;
    }
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    refused.expect_problem(429, "too-many-requests", "more than 3");
    let unharmed = guess(&other).await;
    unharmed.expect_problem(401, "wrong-credentials", "");
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

/// Guesses at a password from an address.
async fn guess(app: &TestApp, email: &str, password: &str, address: &str) -> Answer {
    let url = format!("{}/api/auth/login", app.url);
    let body = json!({ "email": email, "password": password });
    let request = app.client().post(url).json(&body);
    let request = request.header("x-forwarded-for", address);
    Answer::read(request.send().await.unwrap()).await
}

/// An address of its own for every run: the counts are kept in a Redis that other tests use too.
fn some_email() -> String {
    format!("ann-{}@example.org", flashfit::base::id::RequestId::new())
}

/// A server that lets five wrong passwords pass in a quarter of an hour.
async fn strict() -> TestApp {
    TestApp::with(|settings| {
        settings.accounts.login_tries = 5;
        settings.http.trust_proxy = true;
    })
    .await
}

/// Guesses wrongly from ever new addresses until nobody listens; returns what is said then.
async fn guess_until_refused(app: &TestApp, email: &str) -> Answer {
    // The window may slide on meanwhile, but not by much.
    for _ in 0..10 {
        let answer = guess(app, email, "not my password", &some_address()).await;
        if answer.status == 429 {
            return answer;
        }
        answer.expect_problem(401, "wrong-credentials", "");
    }
    panic!("ten guesses were listened to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_can_be_guessed_at_so_often_from_wherever() {
    let app = strict().await;
    let (ann, nobody) = (some_email(), some_email());
    let _ann = Caller::member(&app, &ann).await;
    let mut said = vec![];
    for email in [&ann, &nobody] {
        let answer = guess_until_refused(&app, email).await;
        let wait: u64 = answer.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=901).contains(&wait), "{wait}");
        said.push(answer.body["type"].clone());
        answer.expect_problem(429, "too-many-tries", "wrong passwords");
    }
    assert_eq!(said[0], said[1], "nobody learns who has an account");
    // Not even the right password is listened to from there, or it could be guessed.
    guess(&app, &ann, PASSWORD, &some_address())
        .await
        .expect_problem(429, "too-many-tries", "");
    app.advance(31 * MINUTE);
    guess(&app, &ann, PASSWORD, &some_address())
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_guesses_from_elsewhere_keeps_nobody_out_of_their_own_account() {
    let app = strict().await;
    let (email, home) = (some_email(), some_address());
    let _ann = Caller::member(&app, &email).await;
    guess(&app, &email, PASSWORD, &home).await.expect(200);
    guess_until_refused(&app, &email).await;
    guess(&app, &email, PASSWORD, &home).await.expect(200);
    // At home one may mistype so often, too, and right ones do not count.
    for _ in 0..8 {
        guess(&app, &email, PASSWORD, &home).await.expect(200);
    }
    for _ in 0..10 {
        guess(&app, &email, "not my password", &home).await;
    }
    guess(&app, &email, PASSWORD, &home)
        .await
        .expect_problem(429, "too-many-tries", "");
    // A month later nobody remembers that this was home.
    app.advance(31 * DAY);
    guess_until_refused(&app, &email).await;
    guess(&app, &email, PASSWORD, &home)
        .await
        .expect_problem(429, "too-many-tries", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_count_guesses_together_and_alone_without_redis() {
    let app = strict().await;
    let other = app
        .beside(|settings| {
            settings.accounts.login_tries = 5;
            settings.http.trust_proxy = true;
        })
        .await;
    let email = some_email();
    guess_until_refused(&app, &email).await;
    guess(&other, &email, PASSWORD, &some_address())
        .await
        .expect_problem(429, "too-many-tries", "");
    let alone = TestApp::with(|settings| {
        settings.accounts.login_tries = 5;
        settings.http.trust_proxy = true;
        settings.cache.url = flashfit::base::secret::Secret::new("redis://127.0.0.1:1".to_owned());
    })
    .await;
    guess_until_refused(&alone, &email).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_found_an_open_session_cannot_guess_the_password_in_it() {
    let app = strict().await;
    let ann = Caller::member(&app, &some_email()).await;
    let guess =
        json!({ "current_password": "not my password", "new_password": "nine yellow raincoats" });
    let mut refused = 0;
    for _ in 0..10 {
        let answer = ann.post("/api/auth/password", guess.clone()).await;
        refused += u32::from(answer.status == 429);
    }
    assert!(refused >= 3, "{refused}");
}
