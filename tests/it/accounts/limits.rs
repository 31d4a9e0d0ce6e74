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
