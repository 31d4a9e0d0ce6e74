//! Two tenants: every route of the document, with somebody else's ids, by every kind of caller. Nothing of theirs is
//! told, and nothing of theirs changes.
mod requests;

use crate::support::{Answer, Person, TestApp};
use requests::{Attempt, attempts};
use reqwest::{Client, header::HeaderMap};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// Routes that answer without a sign-in, since what they say is nobody's.
const PUBLIC: &[&str] = &[
    "GET /api/auth/config",
    "GET /api/health/live",
    "GET /api/health/ready",
    "GET /api/vocabulary",
    "POST /api/auth/forgot",
    "POST /api/auth/login",
    "POST /api/auth/register",
    "POST /api/auth/reset",
];
/// Ends the stranger's own session, so it comes last.
const LAST: &str = "POST /api/auth/logout";

/// Whose things they are, and what gives them away.
struct Victim {
    person: Person,
    /// Of everything of theirs that has one.
    ids: Vec<String>,
    /// Words that nobody else uses.
    words: Vec<String>,
}

/// One kind of caller.
struct Caller {
    what: &'static str,
    client: Client,
    /// Whether it is somebody.
    is_signed_in: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_or_changes_what_is_someone_elses() {
    let app = TestApp::start().await;
    let _administrator = app.register("operator@example.org").await;
    let victim = victim(&app).await;
    let before = everything(&victim.person).await;
    let document: Value = serde_json::from_str(include_str!("../../../web/openapi.json")).unwrap();
    let mut attempts = attempts(&document, &victim.ids);
    attempts.sort_by_key(|attempt| attempt.route == LAST);
    assert!(attempts.len() > 100, "{}", attempts.len());

    let mut open = BTreeSet::new();
    for caller in callers(&app).await {
        for attempt in &attempts {
            let answer = send(&app, &caller, attempt).await;
            let told = format!("{} {attempt:?}: {}", caller.what, answer.status);
            tells_nothing(&victim, attempt, &answer, &told);
            if !caller.is_signed_in && answer.status != 401 {
                open.insert(attempt.route.clone());
            }
            let is_theirs = victim.ids.iter().any(|id| attempt.path.contains(id));
            assert!(!is_theirs || (400..500).contains(&answer.status), "{told}");
        }
    }
    let public: BTreeSet<String> = PUBLIC.iter().map(|route| (*route).to_owned()).collect();
    assert!(open.is_subset(&public), "open to everybody: {open:?}");
    assert_eq!(requests::public(&document), public, "documented as open");
    assert_eq!(everything(&victim.person).await, before);
}

/// Photos are told apart by their content; that of two people is two garments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_photo_of_two_people_is_two_garments() {
    let app = TestApp::start().await;
    let (ann, bob) = (
        app.register("ann@example.org").await,
        app.register("bob@example.org").await,
    );
    let photo = || vec![crate::support::pictures::garment(7)];
    let hers = ann.add(photo()).await;
    let his = bob.upload(photo()).await;
    assert_eq!(his[0]["result"], "created", "{his:#?}");
    assert_ne!(hers[0]["id"], his[0]["item"]["id"]);
}

/// Somebody with everything one can have.
async fn victim(app: &TestApp) -> Victim {
    let person = app.register("victoria.visible@example.org").await;
    let items = person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let garment = items[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/wardrobe/{garment}");
    let name = json!({ "name": "Victorias verborgenes Hemd" });
    person.patch(&path, &name).await.expect(200);
    let ask = json!({ "count": 1 });
    let answer = person.post("/api/recommend", &ask).await.expect(200);
    let outfit = answer["outfits"][0]["id"].as_str().unwrap().to_owned();
    let said = json!({ "outfit_id": outfit, "kind": "like" });
    let said = person.post("/api/feedback", &said).await.expect(201);
    let wish = json!({ "name": "victorias-token", "scopes": ["read"] });
    let token = person.post("/api/auth/tokens", &wish).await.expect(201);
    let sessions = person.get("/api/auth/sessions").await.expect(200);
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = vec![
        garment,
        outfit,
        id(&said["event"]["id"]),
        id(&token["id"]),
        id(&sessions["sessions"][0]["id"]),
    ];
    let mut words: Vec<String> = items.iter().map(|item| id(&item["id"])).collect();
    words.extend(ids.clone());
    words.push(person.id.clone());
    for word in ["victoria.visible", "verborgenes", "victorias-token"] {
        words.push(word.to_owned());
    }
    Victim { person, ids, words }
}

/// Nobody, and a stranger in every way one can be recognised.
async fn callers(app: &TestApp) -> Vec<Caller> {
    let stranger = app.register("stranger@example.org").await;
    let mut callers = vec![
        caller("nobody", None, false),
        caller("nonsense", Some("fft_nonsense"), false),
    ];
    for (what, scopes) in [
        ("a token to read", json!(["read"])),
        ("a token to write", json!(["write"])),
        ("a token for both", json!(["read", "write"])),
    ] {
        let wish = json!({ "name": what, "scopes": scopes });
        let made = stranger.post("/api/auth/tokens", &wish).await.expect(201);
        callers.push(caller(what, made["token"].as_str(), true));
    }
    let wish = json!({ "name": "revoked", "scopes": ["read", "write"] });
    let made = stranger.post("/api/auth/tokens", &wish).await.expect(201);
    let path = format!("/api/auth/tokens/{}", made["id"].as_str().unwrap());
    stranger.delete(&path).await.expect(204);
    callers.push(caller("a revoked token", made["token"].as_str(), false));
    callers.push(Caller {
        what: "a session",
        client: stranger.client.clone(),
        is_signed_in: true,
    });
    callers.push(with_cookie(app).await);
    callers
}

fn caller(what: &'static str, token: Option<&str>, is_signed_in: bool) -> Caller {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let client = Client::builder().default_headers(headers).build().unwrap();
    Caller {
        what,
        client,
        is_signed_in,
    }
}

/// As the web UI is signed in.
async fn with_cookie(app: &TestApp) -> Caller {
    let mut headers = HeaderMap::new();
    headers.insert("x-requested-with", "flashfit".parse().unwrap());
    let client = Client::builder()
        .cookie_store(true)
        .default_headers(headers);
    let client = client.build().unwrap();
    let wish = json!({ "email": "browser@example.org", "password": "correct horse battery" });
    let signed = client.post(format!("{}/api/auth/register", app.url));
    assert_eq!(signed.json(&wish).send().await.unwrap().status(), 201);
    Caller {
        what: "a cookie",
        client,
        is_signed_in: true,
    }
}

/// Streams do not end; what they begin with is enough.
async fn send(app: &TestApp, caller: &Caller, attempt: &Attempt) -> Answer {
    let url = format!("{}{}", app.url, attempt.path);
    let mut request = caller.client.request(attempt.method.clone(), url);
    if let Some(body) = &attempt.body {
        request = request.json(body);
    }
    let mut response = request.send().await.unwrap();
    if response
        .headers()
        .get("content-type")
        .is_some_and(|t| t == "text/event-stream")
    {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let begin = tokio::time::timeout(Duration::from_secs(30), response.chunk()).await;
        let begin = begin.unwrap().unwrap().unwrap_or_default();
        let body = Value::from(String::from_utf8_lossy(&begin).into_owned());
        return Answer {
            status,
            headers,
            body,
        };
    }
    Answer::read(response).await
}

/// Whoever asks for an id may hear it again in a refusal, and nothing else.
fn tells_nothing(victim: &Victim, attempt: &Attempt, answer: &Answer, told: &str) {
    let text = format!("{:?} {}", answer.headers, answer.body).to_lowercase();
    let is_refusal = answer.status >= 400;
    for word in &victim.words {
        let was_said = is_refusal && attempt.says(word);
        assert!(
            was_said || !text.contains(&word.to_lowercase()),
            "{told}: {text}"
        );
    }
    assert!(answer.status < 500, "{told}: {text}");
}

/// What the victim sees of what is theirs.
async fn everything(person: &Person) -> Value {
    let mut all = json!({});
    for path in [
        "/api/auth/me",
        "/api/auth/tokens",
        "/api/wardrobe?limit=100",
        "/api/wardrobe?limit=100&deleted=true",
        "/api/wardrobe/summary",
        "/api/outfits",
        "/api/feedback",
        "/api/taste",
        "/api/onboarding",
    ] {
        all[path] = person.get(path).await.expect(200);
    }
    all
}
