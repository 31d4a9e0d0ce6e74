//! Every request gets an id, a log line and its metrics, once, here.
use crate::base::{id::RequestId, metrics as names};
use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Bytes,
};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tracing::Instrument as _;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The header that carries the request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request this task answers; `-` outside of one.
#[must_use]
pub fn current_request_id() -> String {
    CURRENT
        .try_with(ToString::to_string)
        .unwrap_or_else(|_| "-".to_owned())
}

/// Where probes ask.
const PROBES: &str = "/api/health/";

/// Counts down when dropped, so that an abandoned request counts too.
struct InFlight;

impl InFlight {
    fn enter() -> Self {
        metrics::gauge!(names::HTTP_IN_FLIGHT).increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics::gauge!(names::HTTP_IN_FLIGHT).decrement(1.0);
    }
}

/// The middleware: wrap it outermost.
///
/// # Errors
/// Those of the service behind it.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = RequestId::new();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", request.id = %id);
    let answer = CURRENT.scope(id, answer(request, next, id));
    answer.instrument(span).await
}

// Nothing here may keep a clone of the request: the router needs it to itself.
async fn answer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    id: RequestId,
) -> Result<ServiceResponse<Counted<B>>, Error> {
    let _in_flight = InFlight::enter();
    let measure = Measure {
        started: Instant::now(),
        method: method_label(request.method().as_str()),
        path: request.path().to_owned(),
    };
    if let Some(bytes) = declared_bytes(request.headers()) {
        metrics::histogram!(names::HTTP_REQUEST_BYTES).record(bytes);
    }
    match next.call(request).await {
        Ok(mut response) => {
            measure.record(response.request().match_pattern(), response.response());
            add_id(response.headers_mut(), id);
            Ok(response.map_body(|_, body| Counted::new(body)))
        }
        Err(error) => {
            let mut response = error.error_response();
            measure.record(None, &response);
            add_id(response.headers_mut(), id);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// What is known of a request before it is answered.
struct Measure {
    started: Instant,
    method: &'static str,
    path: String,
}

impl Measure {
    /// Counts, times and logs the answer. The label is the pattern, never the path: a scanner must not make
    /// a series of every address it tries.
    fn record(self, pattern: Option<String>, response: &HttpResponse<impl MessageBody>) {
        let Self {
            started,
            method,
            path,
        } = self;
        let route = pattern.unwrap_or_else(|| "unmatched".to_owned());
        let status = response.status().as_u16();
        let elapsed = started.elapsed();
        metrics::counter!(names::HTTP_REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
            .increment(1);
        // A stream of events is answered when it ends, which says nothing.
        if !is_event_stream(response) {
            metrics::histogram!(names::HTTP_SECONDS, "method" => method, "route" => route)
                .record(elapsed);
        }
        let duration_ms = elapsed.as_secs_f64() * 1e3;
        // Who only asks whether we are well, every few seconds, would fill the log with the answer.
        if path.starts_with(PROBES) && response.status().is_success() {
            tracing::debug!(
                http.method = method,
                http.path = path,
                http.status = status,
                duration_ms,
                "{method} {path} {status}"
            );
        } else {
            tracing::info!(
                http.method = method,
                http.path = path,
                http.status = status,
                duration_ms,
                "{method} {path} {status}"
            );
        }
    }
}

/// A body that counts what is sent of it.
struct Counted<B> {
    body: Pin<Box<B>>,
    sent: usize,
}

impl<B> Counted<B> {
    fn new(body: B) -> Self {
        Self {
            body: Box::pin(body),
            sent: 0,
        }
    }
}

impl<B: MessageBody> MessageBody for Counted<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        let polled = this.body.as_mut().poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &polled {
            this.sent += bytes.len();
        }
        polled
    }
}

impl<B> Drop for Counted<B> {
    fn drop(&mut self) {
        if self.sent > 0 {
            metrics::histogram!(names::HTTP_RESPONSE_BYTES).record(self.sent as f64);
        }
    }
}

/// How long a request says that its body is; nothing when it says nothing, or has none.
fn declared_bytes(headers: &HeaderMap) -> Option<f64> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    length.parse().ok().filter(|bytes| *bytes > 0.0)
}

fn is_event_stream(response: &HttpResponse<impl MessageBody>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

fn add_id(headers: &mut HeaderMap, id: RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

/// Methods are a closed set in metrics: clients may send any word.
fn method_label(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("OTHER")
}
