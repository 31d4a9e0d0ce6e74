//! A program that is told of alerts, as good or as bad as a test wants it.
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::{StatusCode, header},
    web::{self, Bytes, Data},
};
use futures_util::stream;
use std::{
    collections::BTreeMap,
    io,
    net::TcpListener,
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
};

/// How it answers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Status(u16, &'static str),
    /// Wants to be asked again after so many seconds.
    Later(&'static str),
    /// Sends the caller elsewhere.
    Redirect(&'static str),
    /// Says this status, and then never ends.
    Endless(u16),
    Never,
}

/// What came.
pub(crate) struct Heard {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

/// A server on the loopback.
pub(crate) struct Sink {
    pub(crate) url: String,
    heard: Receiver<Heard>,
}

struct Shared {
    answer: Answer,
    tell: Mutex<Sender<Heard>>,
}

impl Sink {
    pub(crate) fn that(answer: Answer) -> Self {
        let (tell, heard) = mpsc::channel();
        let tell = Mutex::new(tell);
        let shared = Data::new(Shared { answer, tell });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            let app = App::new().app_data(shared.clone());
            app.default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals();
        tokio::task::spawn(server.listen(listener).unwrap().run());
        Self { url, heard }
    }

    /// What came since the last time.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.try_iter().collect()
    }
}

async fn take(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let headers = request.headers().iter();
    let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()));
    let heard = Heard {
        path: request.path().to_owned(),
        headers: headers.collect(),
        body,
    };
    // The test may be over.
    let _gone = shared.tell.lock().unwrap().send(heard);
    let status = |code| HttpResponse::build(StatusCode::from_u16(code).unwrap());
    match shared.answer {
        Answer::Status(code, said) => status(code).body(said),
        Answer::Later(seconds) => status(503)
            .insert_header((header::RETRY_AFTER, seconds))
            .finish(),
        Answer::Redirect(to) => status(307).insert_header((header::LOCATION, to)).finish(),
        Answer::Endless(code) => {
            let piece = Bytes::from(vec![b'x'; 1 << 16]);
            status(code).streaming(stream::repeat_with(move || {
                Ok::<_, io::Error>(piece.clone())
            }))
        }
        Answer::Never => std::future::pending().await,
    }
}
