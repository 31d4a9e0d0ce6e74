//! A server with files, as good or as bad as a test wants it.
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    body::SizedStream,
    dev::ServerHandle,
    http::{Method, header},
    web::{self, Bytes, Data},
};
use futures_util::stream;
use std::{
    collections::HashMap,
    io,
    net::TcpListener,
    path::PathBuf,
    sync::{Arc, Mutex},
};

/// What a file's server does wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Quirk {
    /// Hangs up after so many bytes of an answer, so many times.
    Cut { after: usize, times: usize },
    /// Hands out whole files whatever is asked for.
    NoRanges,
    /// Answers with this status, so many times.
    Status { code: u16, times: usize },
    /// Answers HEAD with this status.
    NoHead { code: u16 },
    /// Sends a log-in page instead, as this media type.
    Page { kind: &'static str },
    /// Says that there are this many bytes.
    Length(u64),
    /// Says nothing more after so many bytes.
    Silence { after: usize },
    /// Sends so many bytes without saying how many.
    Endless { bytes: usize },
    /// Sends the reader somewhere else.
    Redirect(&'static str),
}

/// A server on the loopback.
pub(crate) struct Mirror {
    pub(crate) url: String,
    shared: Arc<Shared>,
    handle: ServerHandle,
}

struct Shared {
    folder: PathBuf,
    quirks: Mutex<HashMap<String, Quirk>>,
    asked: Mutex<Vec<String>>,
}

impl Mirror {
    /// Serves the files of a folder.
    pub(crate) fn of(folder: PathBuf) -> Self {
        let shared = Arc::new(Shared {
            folder,
            quirks: Mutex::default(),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let data = Data::from(shared.clone());
        let server = HttpServer::new(move || {
            let app = App::new().app_data(data.clone());
            app.default_service(web::to(answer))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        tokio::task::spawn(server);
        Self {
            url,
            shared,
            handle,
        }
    }

    /// From now on this file is served badly.
    pub(crate) fn spoil(&self, file: &str, quirk: Quirk) {
        let mut quirks = self.shared.quirks.lock().unwrap();
        quirks.insert(file.to_owned(), quirk);
    }

    /// From now on everything is served well.
    pub(crate) fn heal(&self) {
        self.shared.quirks.lock().unwrap().clear();
    }

    /// What was asked for since the last time, for example `GET fashion.onnx bytes=5-`.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.asked.lock().unwrap())
    }

    /// Ends the server.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

async fn answer(request: HttpRequest, shared: Data<Shared>) -> HttpResponse {
    let file = request.path().trim_start_matches('/').to_owned();
    let range = request.headers().get(header::RANGE);
    let range = range.map(|range| range.to_str().unwrap().to_owned());
    let said = format!(
        "{} {file} {}",
        request.method(),
        range.as_deref().unwrap_or_default()
    );
    shared.asked.lock().unwrap().push(said.trim().to_owned());
    let Ok(bytes) = fs_err::read(shared.folder.join(&file)) else {
        return HttpResponse::NotFound().body("nothing here");
    };
    let quirk = due(&shared, &file, request.method());
    let asked: Option<usize> = range.and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    });
    match (quirk, asked) {
        (Some(Quirk::NoRanges), _) | (_, None) => send(HttpResponse::Ok(), bytes.into(), quirk),
        (_, Some(from)) if from >= bytes.len() => HttpResponse::RangeNotSatisfiable()
            .insert_header((header::CONTENT_RANGE, format!("bytes */{}", bytes.len())))
            .finish(),
        (_, Some(from)) => {
            let span = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
            let mut partial = HttpResponse::PartialContent();
            partial.insert_header((header::CONTENT_RANGE, span));
            send(partial, Bytes::from(bytes).slice(from..), quirk)
        }
    }
}

/// What is to go wrong now; what goes wrong a number of times is counted.
fn due(shared: &Shared, file: &str, method: &Method) -> Option<Quirk> {
    let mut quirks = shared.quirks.lock().unwrap();
    let quirk = quirks.get_mut(file)?;
    let is_head = method == Method::HEAD;
    if let Quirk::Cut { times, .. } | Quirk::Status { times, .. } = quirk {
        if is_head {
            return None;
        }
        *times = times.checked_sub(1)?;
    }
    let is_for_head = matches!(quirk, Quirk::NoHead { .. });
    (is_head || !is_for_head).then_some(*quirk)
}

fn send(
    mut with: actix_web::HttpResponseBuilder,
    bytes: Bytes,
    quirk: Option<Quirk>,
) -> HttpResponse {
    let length = bytes.len() as u64;
    let broken = || Err(io::Error::other("hung up"));
    match quirk {
        None | Some(Quirk::NoRanges) => with.body(bytes),
        Some(Quirk::Cut { after, .. }) => {
            let start = bytes.slice(..after.min(bytes.len()));
            with.body(SizedStream::new(
                length,
                stream::iter([Ok(start), broken()]),
            ))
        }
        Some(Quirk::Status { code, .. } | Quirk::NoHead { code }) => {
            let status = actix_web::http::StatusCode::from_u16(code).unwrap();
            // Whoever tests does not want to wait.
            let mut refusal = HttpResponse::build(status);
            refusal.insert_header((header::RETRY_AFTER, "0")).finish()
        }
        Some(Quirk::Page { kind }) => with
            .content_type(kind)
            .body("\n<!DOCTYPE html><html><body>Please sign in</body></html>"),
        Some(Quirk::Length(length)) => {
            with.no_chunking(length);
            with.streaming(stream::iter([Ok::<_, io::Error>(bytes)]))
        }
        Some(Quirk::Silence { after }) => {
            let start = stream::iter([Ok::<_, io::Error>(bytes.slice(..after))]);
            let never = futures_util::StreamExt::chain(start, stream::pending());
            with.body(SizedStream::new(length, never))
        }
        Some(Quirk::Endless { bytes }) => {
            let piece = Bytes::from(vec![7; 1024]);
            let pieces =
                stream::iter((0..bytes / 1024).map(move |_| Ok::<_, io::Error>(piece.clone())));
            with.streaming(pieces)
        }
        Some(Quirk::Redirect(to)) => HttpResponse::Found()
            .insert_header((header::LOCATION, to))
            .finish(),
    }
}
