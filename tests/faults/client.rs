//! Somebody with an account, whose server may vanish in the middle of a sentence.
use crate::program::PATIENCE;
use reqwest::{
    Client, Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

/// The connection broke before the whole answer had come.
#[derive(Debug)]
pub(crate) struct CutOff;

/// Somebody signed in at one server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Person {
    client: Client,
    token: String,
    url: String,
    /// A proxy says with 502, 503 or 504 that a server has vanished.
    is_proxied: bool,
}

impl Person {
    pub(crate) async fn register(url: &str) -> Self {
        Self::register_as(url, "a@example.org").await
    }

    pub(crate) async fn register_as(url: &str, email: &str) -> Self {
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        Self::register_with(client, url, email, false).await
    }

    /// Somebody who calls a proxy.
    pub(crate) async fn register_through(client: Client, url: &str, email: &str) -> Self {
        Self::register_with(client, url, email, true).await
    }

    async fn register_with(client: Client, url: &str, email: &str, is_proxied: bool) -> Self {
        let nobody = Self {
            client,
            token: String::new(),
            url: url.to_owned(),
            is_proxied,
        };
        let wish = json!({ "email": email, "password": "correct horse battery" });
        let (status, session) = nobody.post("/api/auth/register", &wish).await.unwrap();
        assert_eq!(status, 201, "{session:#}");
        Self {
            token: session["token"].as_str().unwrap().to_owned(),
            ..nobody
        }
    }

    /// The same person at the server that took the place of the last one.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            client: Client::builder().timeout(PATIENCE).build().unwrap(),
            url: url.to_owned(),
            is_proxied: false,
            ..self.clone()
        }
    }

    /// What the server knows them by.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value), CutOff> {
        self.read(self.request(Method::POST, path).json(body)).await
    }

    /// Puts something at a server that stays.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.read(self.request(Method::PUT, path).json(body))
            .await
            .unwrap()
    }

    /// Uploads photos, each a JPEG file.
    pub(crate) async fn upload(&self, photos: Vec<Vec<u8>>) -> Result<(u16, Value), CutOff> {
        let form = photos.into_iter().fold(Form::new(), |form, photo| {
            form.part("photos", Part::bytes(photo).file_name("photo.jpg"))
        });
        self.read(self.request(Method::POST, "/api/wardrobe").multipart(form))
            .await
    }

    /// Corrects a garment, at a server that stays.
    pub(crate) async fn correct(&self, id: &str, attributes: &Value) {
        let path = format!("/api/wardrobe/{id}");
        let edit = self.request(Method::PATCH, &path);
        let edit = edit.json(&json!({ "attributes": attributes }));
        let (status, answer) = self.read(edit).await.unwrap();
        assert_eq!(status, 200, "{answer:#}");
    }

    /// Reads something from a server that stays.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.read(self.request(Method::GET, path)).await.unwrap();
        assert_eq!(status, 200, "{path}: {answer:#}");
        answer
    }

    /// Reads something from a server that may vanish.
    pub(crate) async fn read_from(&self, path: &str) -> Result<(u16, Value), CutOff> {
        self.read(self.request(Method::GET, path)).await
    }

    /// All pages of a list.
    pub(crate) async fn list(&self, path: &str, field: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (vec![], None);
        loop {
            let page = match &cursor {
                None => self.get(&format!("{path}?limit=50")).await,
                Some(cursor) => self.get(&format!("{path}?limit=50&cursor={cursor}")).await,
            };
            all.extend(page[field].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return all,
            }
        }
    }

    /// How many bytes a picture has.
    pub(crate) async fn picture_bytes(&self, path: &str) -> usize {
        self.picture(path).await.len()
    }

    /// A picture.
    pub(crate) async fn picture(&self, path: &str) -> Vec<u8> {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Result<(u16, Value), CutOff> {
        let read = async {
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        };
        match read.await {
            Ok((502..=504, _)) if self.is_proxied => Err(CutOff),
            Ok((status, bytes)) => {
                let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
                let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
                Ok((status, body))
            }
            Err(error) => {
                assert!(!error.is_timeout(), "the server does not answer: {error}");
                Err(CutOff)
            }
        }
    }
}
