//! What the proxy refuses, and whom it takes for whom.
use crate::{
    nginx::Nginx,
    program::{PATIENCE, Place},
    proxy::serve,
};
use futures_util::{StreamExt as _, stream};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// More than any burst that is allowed.
const FLOOD: usize = 5000;

async fn is_problem(answer: Response, kind: &str) {
    let name = |name: &str| {
        let value = answer.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(name("content-type").unwrap(), "application/problem+json");
    assert!(name("strict-transport-security").is_some());
    assert!(name("x-request-id").is_none(), "this is the proxy's own");
    let problem: Json = answer.json().await.unwrap();
    assert_eq!(problem["type"], kind);
}

/// Tries a password from a client that says where it comes from.
async fn sign_in(nginx: &Nginx, client: &Client, forged: &str) -> Response {
    let wish = json!({ "email": "a@example.org", "password": "wrong wrong wrong" });
    let ask = client.post(nginx.url("/api/auth/login")).json(&wish);
    let ask = ask
        .header("x-forwarded-for", forged)
        .header("x-real-ip", forged);
    ask.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proxy_refuses_floods_monsters_and_strangers_and_nobody_else() {
    let place = Place::new();
    let server = serve(&place, &[("FLASHFIT_HTTP__LOGIN_RATE_PER_MINUTE", "3")]).await;
    let nginx = Nginx::before(&server.url).await;

    // What a client writes into the header changes nothing: the proxy says who it is.
    let first = nginx.client([127, 0, 0, 2]);
    let mut limited = None;
    // A minute may begin in between.
    for attempt in 0..8 {
        let answer = sign_in(&nginx, &first, &format!("203.0.113.{attempt}")).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            limited = Some(answer);
            break;
        }
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let limited = limited.unwrap();
    assert!(
        limited.headers().contains_key("x-request-id"),
        "FlashFit counts sign-ins"
    );
    let second = nginx.client([127, 0, 0, 3]);
    let answer = sign_in(&nginx, &second, "127.0.0.2").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);

    flood(&nginx).await;
    let answer = second
        .get(nginx.url("/api/health/live"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::OK,
        "another address is none of it"
    );
    too_large(&nginx, &second).await;
    for_operators(&nginx, &second).await;
}

async fn flood(nginx: &Nginx) {
    let client = nginx.client([127, 0, 0, 4]);
    let (seen, url) = (AtomicBool::new(false), nginx.url("/api/health/live"));
    let answers = stream::iter(0..FLOOD)
        .map(async |_| match seen.load(Ordering::Relaxed) {
            true => None,
            false => Some(client.get(&url).send().await.unwrap()),
        })
        .buffer_unordered(40);
    let mut answers = std::pin::pin!(answers);
    let (mut good, mut refused) = (0, vec![]);
    while let Some(answer) = answers.next().await {
        let Some(answer) = answer else { continue };
        match answer.status() {
            StatusCode::OK => good += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                seen.store(true, Ordering::Relaxed);
                refused.push(answer);
            }
            other => panic!("{other}"),
        }
    }
    assert!(good >= 200, "a page with many pictures is no flood: {good}");
    let refused = refused.pop().unwrap();
    assert_eq!(refused.headers()["retry-after"], "2");
    is_problem(refused, "/problems/too-many-requests").await;
}

/// Refused by its length alone, before the body comes.
async fn too_large(nginx: &Nginx, client: &Client) {
    let body = reqwest::Body::wrap_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let ask = client.post(nginx.url("/api/wardrobe"));
    let ask = ask.header("content-length", "300000000").body(body).send();
    let answer = tokio::time::timeout(PATIENCE, ask).await.unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    is_problem(answer, "/problems/too-large").await;
}

/// `/metrics` is closed to all until the file of the operators is there, and then to all others.
async fn for_operators(nginx: &Nginx, client: &Client) {
    let ask = async |password: Option<&str>| {
        let mut ask = client.get(nginx.url("/metrics"));
        if let Some(password) = password {
            ask = ask.basic_auth("ops", Some(password));
        }
        ask.send().await.unwrap()
    };
    assert_eq!(ask(Some("secret")).await.status(), StatusCode::FORBIDDEN);
    nginx.admit("ops", "secret").await;
    assert_eq!(ask(None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(Some("wrong")).await.status(), StatusCode::UNAUTHORIZED);
    let answer = ask(Some("secret")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("flashfit_build_info"));
}
