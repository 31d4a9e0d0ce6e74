//! Every request gets an id, a log line and its metrics, once, here.
use crate::base::{id::RequestId, metrics as names};
use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};
use std::time::Instant;
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
) -> Result<ServiceResponse<B>, Error> {
    let _in_flight = InFlight::enter();
    let measure = Measure {
        started: Instant::now(),
        method: method_label(request.method().as_str()),
        path: request.path().to_owned(),
    };
    match next.call(request).await {
        Ok(mut response) => {
            measure.record(response.request().match_pattern(), response.response());
            add_id(response.headers_mut(), id);
            Ok(response)
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
        if !matches!(response.body().size(), BodySize::Stream) {
            metrics::histogram!(names::HTTP_SECONDS, "method" => method, "route" => route)
                .record(elapsed);
        }
        tracing::info!(
            http.method = method,
            http.path = path,
            http.status = status,
            duration_ms = elapsed.as_secs_f64() * 1e3,
            "{method} {path} {status}"
        );
    }
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
