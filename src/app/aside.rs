//! A server that is about to stop steps aside: it goes on serving for a while, keeps no connection, and has a proxy
//! send elsewhere what can be sent elsewhere.
use super::App;
use crate::platform::http::Problem;
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{ConnectionType, Method, StatusCode},
    middleware::Next,
    web::Data,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Whether this process steps aside. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Aside(Arc<AtomicBool>);

impl Aside {
    /// Whether others should be asked from now on.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl App {
    /// Steps aside for as long as the settings say.
    pub(super) async fn step_aside(&self) {
        let pause = self.settings.http.step_aside;
        if pause == Duration::ZERO {
            return;
        }
        tracing::info!(for_s = pause.as_secs_f64(), "stepping aside");
        self.aside.0.store(true, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
    }
}

/// The middleware: outermost, since what is sent elsewhere is answered there.
///
/// # Errors
/// None of its own.
pub(super) async fn middleware(
    aside: Data<Aside>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if !aside.is_set() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let mut response = if may_go_elsewhere(&request) {
        request.error_response(elsewhere()).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let head = response.response_mut().head_mut();
    head.set_connection_type(ConnectionType::Close);
    Ok(response)
}

/// What does the same when it is done twice, as proxies see it. Those who watch this very process ask no other.
fn may_go_elsewhere(request: &ServiceRequest) -> bool {
    let is_repeatable = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE
    );
    let is_about_us = request.path().starts_with("/api/health/") || request.path() == "/metrics";
    is_repeatable && !is_about_us
}

/// Not 503: a proxy shall tell this from a server that is overloaded or without its database, where asking the next
/// one would only make things worse.
fn elsewhere() -> Problem {
    Problem::client(
        StatusCode::BAD_GATEWAY,
        "stopping",
        "this server is about to stop; try again, another one answers",
    )
    .retry_after(1)
}
