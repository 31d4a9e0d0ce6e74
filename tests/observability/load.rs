//! Somebody who uses all that is measured, over and over.
use flashfit::{
    engines::illustrate::demo_wardrobe,
    features::demo::{self, EMAIL, PASSWORD},
};
use reqwest::{
    Client, Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::time::Duration;

/// Uses the server until it is dropped or something goes wrong.
pub(crate) async fn run(address: String) {
    let person = Person::sign_in(&address).await;
    let photo = demo::photo(&demo_wardrobe()[0]).unwrap();
    for round in 0_u32.. {
        person.look_around(round, &photo).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

struct Person {
    client: Client,
    url: String,
    token: String,
}

impl Person {
    /// The demo account, as soon as it is there and has garments.
    async fn sign_in(address: &str) -> Self {
        let mut person = Self {
            client: Client::new(),
            url: format!("http://{address}"),
            token: String::new(),
        };
        let who = json!({ "email": EMAIL, "password": PASSWORD });
        loop {
            let (status, session) = person.send(Method::POST, "/api/auth/login", &who).await;
            if status == StatusCode::OK {
                person.token = session["token"].as_str().unwrap().to_owned();
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        loop {
            let asked = json!({ "count": 1 });
            let (status, answer) = person.send(Method::POST, "/api/recommend", &asked).await;
            if status == StatusCode::OK && answer["outfits"][0].is_object() {
                return person;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn look_around(&self, round: u32, photo: &[u8]) {
        let garments = self.get("/api/wardrobe?limit=50").await;
        self.get("/api/wardrobe/summary").await;
        self.get("/api/health/ready").await;
        let (_, answer) = self
            .send(Method::POST, "/api/recommend", &json!({ "count": 2 }))
            .await;
        for (outfit, kind) in answer["outfits"]
            .as_array()
            .unwrap()
            .iter()
            .zip(["like", "dislike"])
        {
            let said = json!({ "outfit_id": outfit["id"], "kind": kind });
            let (status, told) = self.send(Method::POST, "/api/feedback", &said).await;
            assert!(status.is_success(), "{told}");
        }
        let words = json!({ "text": "a blue shirt", "k": 5 });
        let (status, found) = self.send(Method::POST, "/api/faiss/search", &words).await;
        assert!(status.is_success(), "{found}");
        // The second time the look at it comes from Redis.
        let form = Form::new().part("photo", Part::bytes(photo.to_vec()).file_name("photo.jpg"));
        let request = self
            .client
            .post(format!("{}/api/faiss/search/photo", self.url));
        let answer = request
            .bearer_auth(&self.token)
            .multipart(form)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        let item = garments["items"][0]["id"].as_str().unwrap();
        let pattern = ["plain", "striped"][round as usize % 2];
        let edit = json!({ "attributes": { "pattern": pattern } });
        let place = format!("/api/wardrobe/{item}");
        let (status, edited) = self.send(Method::PATCH, &place, &edit).await;
        assert!(status.is_success(), "{edited}");
        let wrong = json!({ "email": EMAIL, "password": "a wrong one" });
        let (status, _) = self.send(Method::POST, "/api/auth/login", &wrong).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.send(Method::GET, path, &Value::Null).await;
        assert!(status.is_success(), "{path}: {answer}");
        answer
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let request = match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        };
        let request = match body.is_null() {
            true => request,
            false => request.json(body),
        };
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or(Value::Null))
    }
}
