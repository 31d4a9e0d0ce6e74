//! A program that is told of alerts, and that a test can make answer otherwise as it goes.
use super::PATIENCE;
use actix_web::{
    App, HttpResponse, HttpServer,
    http::{StatusCode, header},
    web::{self, Bytes, Data},
};
use futures_util::stream;
use serde_json::Value;
use std::{
    io,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Answers that never end.
pub(crate) const ENDLESS: u16 = 1;
/// Answers that never come.
pub(crate) const NEVER: u16 = 2;

#[derive(Default)]
struct Shared {
    answer: AtomicU16,
    calls: AtomicUsize,
    taken: Mutex<Vec<Value>>,
}

/// A webhook on the loopback.
pub(crate) struct Hook {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

impl Hook {
    pub(crate) fn that(answer: u16) -> Self {
        let shared = Arc::new(Shared::default());
        shared.answer.store(answer, Ordering::SeqCst);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let data = Data::from(shared.clone());
        let server = HttpServer::new(move || {
            let app = App::new().app_data(data.clone());
            app.default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals();
        tokio::task::spawn(server.listen(listener).unwrap().run());
        Self { url, shared }
    }

    /// What a receiver of this hook is.
    pub(crate) fn receiver(&self) -> String {
        format!("kind = 'webhook'\nurl = '{}'\ntimeout = '1s'", self.url)
    }

    /// From now on it answers so.
    pub(crate) fn answer(&self, answer: u16) {
        self.shared.answer.store(answer, Ordering::SeqCst);
    }

    /// How often it was called.
    pub(crate) fn calls(&self) -> usize {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// Every message that it took.
    pub(crate) fn taken(&self) -> Vec<Value> {
        self.shared.taken.lock().unwrap().clone()
    }

    /// What it was told, as words like `firing A`.
    pub(crate) fn told(&self) -> Vec<String> {
        let taken = self.taken();
        let told = taken.iter().map(|message| {
            let status = message["status"].as_str().unwrap();
            let name = message["commonLabels"]["alertname"].as_str().unwrap_or("?");
            format!("{status} {name}")
        });
        told.collect()
    }

    /// Waits until it took so many messages.
    pub(crate) async fn took(&self, count: usize) -> Vec<String> {
        self.until(&format!("{count} messages"), |hook| {
            hook.taken().len() >= count
        })
        .await;
        self.told()
    }

    /// Waits until it was called so often.
    pub(crate) async fn called(&self, count: usize) {
        self.until(&format!("{count} calls"), |hook| hook.calls() >= count)
            .await;
    }

    async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain for {what}; took {:?}, called {}",
                self.told(),
                self.calls()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn take(body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let message: Value = serde_json::from_slice(&body).unwrap();
    let answer = shared.answer.load(Ordering::SeqCst);
    if answer == 200 {
        shared.taken.lock().unwrap().push(message);
    }
    shared.calls.fetch_add(1, Ordering::SeqCst);
    match answer {
        ENDLESS => {
            let piece = Bytes::from(vec![b'x'; 1 << 16]);
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            HttpResponse::build(status).streaming(stream::repeat_with(move || {
                Ok::<_, io::Error>(piece.clone())
            }))
        }
        NEVER => std::future::pending().await,
        307 => HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, "http://10.0.0.1/"))
            .finish(),
        code => HttpResponse::build(StatusCode::from_u16(code).unwrap()).finish(),
    }
}
