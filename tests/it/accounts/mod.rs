//! `/api/auth`: coming in, staying in, leaving; and what is kept out.
mod account;
mod audit;
mod limits;
mod registration;
mod reset;
mod sessions;
mod signing_in;
mod tokens;

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
