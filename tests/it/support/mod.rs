//! One server and one database per test; Postgres, Redis and the models are shared.
pub(crate) mod packs;
mod person;
pub(crate) mod pictures;
mod services;
mod shuffled_pack;

pub(crate) use person::{Answer, Person};

use chrono::{DateTime, Utc};
use flashfit::{
    app::{App, Settings, sources},
    base::{clock::Clock, secret::Secret},
};
use serde_json::json;
use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::oneshot, task::JoinHandle};

/// A running server.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) app: App,
    pub(crate) database_url: String,
    offset: Arc<Mutex<chrono::Duration>>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    _data: tempfile::TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts with changed settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let database_url = services::shared().await.new_database().await;
        Self::on(database_url, tempfile::tempdir().unwrap(), change).await
    }

    /// Another server on the same database.
    pub(crate) async fn beside(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        Self::on(self.database_url.clone(), data, change).await
    }

    /// The same server, stopped and started again.
    pub(crate) async fn restarted(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        self.stop().await;
        let data = std::mem::replace(&mut self._data, tempfile::tempdir().unwrap());
        Self::on(self.database_url.clone(), data, change).await
    }

    async fn on(
        database_url: String,
        data: tempfile::TempDir,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let services = services::shared().await;
        let mut settings: Settings = sources::layers(None, &vec![]).extract().unwrap();
        settings.data_dir = data.path().to_owned();
        settings.database.url = Secret::new(database_url.clone());
        settings.database.pool_size = 6;
        settings.cache.url = Secret::new(services.redis_url());
        settings.http.port = 0;
        settings.http.workers = 1;
        settings.http.login_rate_per_minute = 0;
        settings.http.rate_per_minute = 0;
        // Counted in a Redis that all tests share.
        settings.accounts.login_tries = 0;
        settings.http.shutdown_timeout = Duration::from_secs(5);
        settings.search.poll_interval = Duration::from_millis(200);
        settings.recommend.explore = false;
        settings.models.sessions = 1;
        // A dozen looks, which only the tests about them need.
        settings.models.self_test_interval = Duration::ZERO;
        // Real argon2id, at a cost that a hundred tests can bear.
        settings.accounts.password_memory_kib = 64;
        settings.accounts.password_iterations = 1;
        change(&mut settings);

        let offset = Arc::new(Mutex::new(chrono::Duration::zero()));
        let shift = offset.clone();
        let clock = Clock::from_fn(move || real_time() + *shift.lock().unwrap());
        let vision = services::vision().await;
        let scheme = settings.http.scheme();
        let app = App::build(settings, clock, vision).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::task::spawn({
            let app = app.clone();
            async move {
                let until = async {
                    let _dropped = stopped.await;
                };
                app.serve(listener, until).await.unwrap();
            }
        });
        let this = Self {
            url,
            app,
            database_url,
            offset,
            stop: Some(stop),
            served: Some(served),
            _data: data,
        };
        let client = this.client();
        wait_until("the server is ready", async || {
            let answer = client
                .get(format!("{}/api/health/ready", this.url))
                .send()
                .await;
            answer.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        this
    }

    /// A client without an account, with a cookie jar, that follows nobody and believes every certificate.
    pub(crate) fn client(&self) -> reqwest::Client {
        flashfit::platform::tls::use_ring();
        reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .danger_accept_invalid_certs(true)
            .build()
            .unwrap()
    }

    /// A person with an account, signed in by token.
    pub(crate) async fn register(&self, email: &str) -> Person {
        let body = json!({ "email": email, "password": "correct horse battery" });
        let answer = reqwest::Client::new()
            .post(format!("{}/api/auth/register", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
        let session: serde_json::Value = answer.json().await.unwrap();
        Person::new(&self.url, &session)
    }

    /// Runs SQL behind the server's back.
    pub(crate) async fn sql(&self, sql: &str) {
        services::execute(&self.database_url, sql).await;
    }

    /// The single number a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        services::number(&self.database_url, sql).await
    }

    /// What the server is told to listen to is gone: the database lets nobody in any more, or does again.
    pub(crate) async fn database_is_away(&self, is_away: bool) {
        services::shared()
            .await
            .shut(&self.database_url, is_away)
            .await;
    }

    /// Lets time pass for the server, at once.
    pub(crate) fn advance(&self, by: Duration) {
        *self.offset.lock().unwrap() += chrono::Duration::from_std(by).unwrap();
    }

    /// Ends the server in an orderly way.
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.unwrap();
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.stop.take());
        if !std::thread::panicking() {
            assert_eq!(self.app.tasks.panicked(), 0, "a background task panicked");
        }
    }
}

fn real_time() -> DateTime<Utc> {
    Utc::now()
}

/// Waits for a condition, at most half a minute.
pub(crate) async fn wait_until(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}
