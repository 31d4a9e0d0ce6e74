//! Who runs the server and looks at what it knows of itself.
use crate::drill::PATIENCE;
use chrono::{DateTime, Utc};
use reqwest::{
    Client, Method, Url,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::time::Duration;

/// Alerts that say how busy the machine is, which is no matter of the server here. They fire after half an hour.
const OF_THE_MACHINE: [&str; 2] = ["CpuBusy", "LoadHigh"];

/// An administrator, signed in.
pub(crate) struct Operator {
    client: Client,
    token: String,
    url: String,
}

impl Operator {
    /// The first who registers.
    pub(crate) async fn register(url: &str) -> Self {
        let mut operator = Self {
            client: Client::builder().timeout(PATIENCE).build().unwrap(),
            token: String::new(),
            url: url.to_owned(),
        };
        let wish = json!({ "email": "a@example.org", "password": "correct horse battery" });
        let session = operator
            .send(Method::POST, "/api/auth/register", &wish)
            .await;
        let session = session.unwrap();
        operator.token = session["token"].as_str().unwrap().to_owned();
        operator
    }

    /// The same at the server that took the place of the last one.
    pub(crate) fn moves_to(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// Reads something; `None` while the server cannot say it.
    pub(crate) async fn get(&self, path: &str) -> Option<Value> {
        self.send(Method::GET, path, &Value::Null).await
    }

    /// Asks for something; `None` if that is refused.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Option<Value> {
        self.send(Method::POST, path, body).await
    }

    /// Uploads a photo.
    pub(crate) async fn upload(&self, jpeg: Vec<u8>) {
        let form = Form::new().part("photos", Part::bytes(jpeg).file_name("photo.jpg"));
        let request = self.request(Method::POST, "/api/wardrobe");
        let answer = request.multipart(form).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The value of an expression that has one; `None` if it has none.
    pub(crate) async fn value(&self, expression: &str) -> Option<f64> {
        let found = self.query(expression).await?;
        found[0]["value"][1].as_str()?.parse().ok()
    }

    /// When one of these samples, of a range, first meant what is asked for, after a moment.
    pub(crate) async fn first(
        &self,
        samples: &str,
        after: DateTime<Utc>,
        means: impl Fn(f64) -> bool,
    ) -> Option<DateTime<Utc>> {
        let found = self.query(samples).await?;
        let found = found[0]["values"].as_array()?;
        found.iter().find_map(|sample| {
            let at = (sample[0].as_f64()? * 1000.0).round() as i64;
            let at = DateTime::from_timestamp_millis(at)?;
            let value = sample[1].as_str()?.parse().ok()?;
            (at >= after && means(value)).then_some(at)
        })
    }

    /// The result of an expression.
    pub(crate) async fn query(&self, expression: &str) -> Option<Value> {
        let place = format!("{}/api/monitoring/query", self.url);
        let url = Url::parse_with_params(&place, [("query", expression)]).unwrap();
        let request = self.client.get(url).bearer_auth(&self.token);
        let answer = read(request).await?;
        Some(answer["data"]["result"].clone())
    }

    /// The names of the alerts that wait or fire, with how far each is.
    pub(crate) async fn underway(&self) -> Option<Vec<String>> {
        let sight = self.get("/api/alerts").await?;
        let alerts = sight["alerts"].as_array()?.iter();
        let alerts = alerts.filter(|alert| {
            let is_of_machine = OF_THE_MACHINE.iter().any(|name| alert["name"] == *name);
            alert["state"] != "resolved" && !is_of_machine
        });
        Some(
            alerts
                .map(|a| format!("{} {}", a["name"], a["state"]))
                .collect(),
        )
    }

    /// When rules were last evaluated.
    pub(crate) async fn evaluated_at(&self) -> Option<DateTime<Utc>> {
        let sight = self.get("/api/alerts").await?;
        sight["evaluator"]["evaluated_at"].as_str()?.parse().ok()
    }

    /// Every alert that has fired so far, and when, newest first.
    pub(crate) async fn fired(&self) -> Option<Vec<(String, DateTime<Utc>)>> {
        let history = self.get("/api/alerts/history?limit=100").await?;
        let items = history["items"].as_array()?.iter();
        let items = items.filter(|item| item["state"] == "firing");
        items
            .map(|item| {
                let at = item["at"].as_str()?.parse().ok()?;
                Some((item["name"].as_str()?.to_owned(), at))
            })
            .collect()
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Option<Value> {
        let request = self.request(method, path);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        read(request).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }
}

async fn read(request: reqwest::RequestBuilder) -> Option<Value> {
    let answer = request.timeout(Duration::from_secs(20)).send().await.ok()?;
    let is_good = answer.status().is_success();
    let body = answer.json().await.ok()?;
    is_good.then_some(body)
}
