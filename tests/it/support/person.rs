//! Somebody with an account and a client.
use super::wait_until;
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderMap},
    multipart::{Form, Part},
};
use serde_json::{Value, json};

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) client: reqwest::Client,
    url: String,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes).into_owned()));
        Self {
            status,
            headers,
            body,
        }
    }

    /// Asserts the status, and hands the body on.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// Asserts a problem document of this kind that says something containing `about`.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, slug: &str, about: &str) {
        assert_eq!(self.status, status, "{:#}", self.body);
        let media_type = self.headers.get("content-type").unwrap();
        assert_eq!(media_type, "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{slug}"));
        assert_eq!(self.body["status"], status);
        assert!(self.body["request_id"].as_str().unwrap().len() > 8);
        let detail = self.body["detail"].as_str().unwrap();
        assert!(
            detail.contains(about),
            "{detail:?} says nothing of {about:?}"
        );
    }
}

impl Person {
    pub(crate) fn new(url: &str, session: &Value) -> Self {
        let token = session["token"].as_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        let client = reqwest::Client::builder().default_headers(headers);
        Self {
            id: session["user"]["id"].as_str().unwrap().to_owned(),
            client: client.build().unwrap(),
            url: url.to_owned(),
        }
    }

    /// The same person at another server on the same database.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            id: self.id.clone(),
            client: self.client.clone(),
            url: url.to_owned(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).json(body);
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::PUT, path).json(body);
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::PATCH, path).json(body);
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Posts files in fields of a form.
    pub(crate) async fn send_files(
        &self,
        path: &str,
        field: &'static str,
        files: Vec<(String, Vec<u8>)>,
    ) -> Answer {
        let form = files.into_iter().fold(Form::new(), |form, (name, bytes)| {
            form.part(field, Part::bytes(bytes).file_name(name))
        });
        let request = self.request(Method::POST, path).multipart(form);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Uploads photos; every one gets a line in the answer.
    pub(crate) async fn upload(&self, files: Vec<(String, Vec<u8>)>) -> Vec<Value> {
        let count = files.len();
        let answer = self.send_files("/api/wardrobe", "photos", files).await;
        let results = answer.expect(202)["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), count);
        results
    }

    /// Uploads photos and waits until they are recognised; returns the garments, in the order sent.
    pub(crate) async fn add(&self, files: Vec<(String, Vec<u8>)>) -> Vec<Value> {
        let mut items = vec![];
        for result in self.upload(files).await {
            let id = result["item"]["id"].as_str().unwrap().to_owned();
            let path = format!("/api/wardrobe/{id}");
            wait_until("a photo is recognised", async || {
                let state = self.get(&path).await.expect(200)["state"].clone();
                assert_ne!(state, "failed");
                state == "ready"
            })
            .await;
            items.push(self.get(&path).await.expect(200));
        }
        items
    }

    /// Adds the demo garments of the given categories, corrected to be what they are.
    pub(crate) async fn dress(&self, categories: &[&str]) -> Vec<Value> {
        let designs = super::pictures::designs(categories);
        let files = designs.iter().map(super::pictures::drawn).collect();
        let mut items = vec![];
        for (item, design) in self.add(files).await.into_iter().zip(designs) {
            let path = format!("/api/wardrobe/{}", item["id"].as_str().unwrap());
            let truth = json!({
                "name": design.name,
                "attributes": {
                    "category": design.category.name(),
                    "formality": design.formality.to_string(),
                    "warmth": design.warmth.to_string(),
                },
            });
            items.push(self.patch(&path, &truth).await.expect(200));
        }
        items
    }
}
