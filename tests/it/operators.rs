//! What is for operators: beside the API, behind a token, or on a listener of its own.
use crate::support::{Answer, TestApp};
use flashfit::base::secret::Secret;
use reqwest::RequestBuilder;
use std::net::TcpListener;

const TOKEN: &str = "a token of good length";
const PLACES: [&str; 4] = ["/metrics", "/docs", "/docs/", "/api/openapi.json"];

async fn ask(app: &TestApp, url: &str, with: impl Fn(RequestBuilder) -> RequestBuilder) -> Answer {
    Answer::read(with(app.client().get(url)).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_token_only_those_who_bring_it_see_metrics_and_docs() {
    let app = TestApp::with(|settings| {
        settings.http.metrics_token = Secret::new(TOKEN.to_owned());
    })
    .await;
    let member = app.register("a@example.org").await;
    for place in PLACES {
        let url = format!("{}{place}", app.url);
        for (name, wrong) in [
            ("nothing", None),
            (
                "another",
                Some("Bearer another token of good length".to_owned()),
            ),
            ("a beginning", Some("Bearer a tok".to_owned())),
            ("more", Some(format!("Bearer {TOKEN}!"))),
            ("nonsense", Some("Basic ????".to_owned())),
            ("as it is", Some(TOKEN.to_owned())),
        ] {
            let answer = ask(&app, &url, |request| match &wrong {
                Some(wrong) => request.header("authorization", wrong),
                None => request,
            })
            .await;
            let challenge = answer.headers["www-authenticate"].to_str().unwrap();
            assert!(
                challenge.starts_with("Basic realm="),
                "{place}: {name}: {challenge}"
            );
            answer.expect_problem(401, "operators-only", "http.metrics_token");
        }
        let person = member.get(place).await;
        assert_eq!(person.status, 401, "{place}: people are no operators");
        let expected = if place == "/docs" { 307 } else { 200 };
        let bearer = ask(&app, &url, |request| request.bearer_auth(TOKEN)).await;
        assert_eq!(bearer.status, expected, "{place}");
        let basic = ask(&app, &url, |request| request.basic_auth("ops", Some(TOKEN))).await;
        assert_eq!(basic.status, expected, "{place}");
    }
    member.get("/api/wardrobe").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_listener_of_their_own_metrics_and_docs_are_nowhere_else() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let app = TestApp::with(|settings| settings.http.internal_listen = port.to_string()).await;
    let internal = |place: &str| format!("http://{port}{place}");
    for place in PLACES {
        let public = ask(&app, &format!("{}{place}", app.url), |request| request).await;
        public.expect_problem(404, "not-found", place);
        let answer = ask(&app, &internal(place), |request| request).await;
        let expected = if place == "/docs" { 307 } else { 200 };
        assert_eq!(answer.status, expected, "{place}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
    let metrics = ask(&app, &internal("/metrics"), |request| request)
        .await
        .expect(200);
    assert!(metrics.as_str().unwrap().contains("flashfit_build_info"));
    ask(&app, &internal("/api/health/ready"), |request| request)
        .await
        .expect(200);
    for place in ["/api/wardrobe", "/app/", "/api/auth/login"] {
        let answer = ask(&app, &internal(place), |request| request).await;
        answer.expect_problem(404, "not-found", place);
    }
    let live = ask(&app, &format!("{}/api/health/live", app.url), |request| {
        request
    })
    .await;
    live.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_of_their_own_may_want_the_token_too() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let app = TestApp::with(|settings| {
        settings.http.internal_listen = port.to_string();
        settings.http.metrics_token = Secret::new(TOKEN.to_owned());
    })
    .await;
    let url = format!("http://{port}/metrics");
    let refused = ask(&app, &url, |request| request).await;
    refused.expect_problem(401, "operators-only", "");
    ask(&app, &url, |request| request.bearer_auth(TOKEN))
        .await
        .expect(200);
}

#[test]
fn settings_that_cannot_be_obeyed_are_named() {
    let openness = |listen: &str, token: &str| {
        let mut settings: flashfit::app::Settings = flashfit::app::sources::layers(None, &vec![])
            .extract()
            .unwrap();
        settings.http.internal_listen = listen.to_owned();
        settings.http.metrics_token = Secret::new(token.to_owned());
        flashfit::app::openness(&settings.http).map_err(|error| error.to_string())
    };
    let open = openness("", "").unwrap();
    assert_eq!(
        open,
        "/metrics and /docs are open to whoever reaches the API"
    );
    let closed = openness("[::1]:9100", TOKEN).unwrap();
    assert!(closed.ends_with("whoever reaches [::1]:9100, with http.metrics_token"));
    assert!(
        openness("9100", "")
            .unwrap_err()
            .contains("http.internal_listen")
    );
    let short = openness("", "guess me").unwrap_err();
    assert_eq!(
        short,
        "http.metrics_token: expected 16 characters or more, got 8"
    );
}
