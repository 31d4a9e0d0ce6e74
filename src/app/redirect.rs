//! Plain HTTP beside TLS: everything is redirected to HTTPS.
use crate::platform::http::Settings;
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::Server,
    http::{header, uri::Authority},
    web,
};
use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

/// A server that only redirects to HTTPS on `port`, where the settings want one.
///
/// # Errors
/// When its port cannot be listened on.
pub(super) fn build(settings: &Settings, port: u16) -> anyhow::Result<Option<Server>> {
    let from = settings.tls.redirect_port;
    if !settings.speaks_tls() || from == 0 {
        return Ok(None);
    }
    let redirect = move |request: HttpRequest| async move { answer(&request, port) };
    let server = HttpServer::new(move || App::new().default_service(web::to(redirect)))
        .workers(1)
        .disable_signals()
        .bind((settings.host.as_str(), from))
        .with_context(|| {
            format!(
                "http.tls.redirect_port: {}:{from} cannot be listened on",
                settings.host
            )
        })?;
    Ok(Some(server.run()))
}

/// Redirects until it is time to stop.
pub(super) async fn run(server: Server, stopping: CancellationToken) {
    let handle = server.handle();
    tokio::select! {
        ended = server => if let Err(error) = ended {
            tracing::error!("plain HTTP is not redirected any more: {error}");
        },
        () = stopping.cancelled() => handle.stop(false).await,
    }
}

/// To the same place over HTTPS. Forwarded headers are not asked: nobody stands in front of this port.
fn answer(request: &HttpRequest, port: u16) -> HttpResponse {
    let named = request.headers().get(header::HOST);
    let host = named.and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let Some(host) = host else {
        return HttpResponse::BadRequest()
            .content_type("text/plain; charset=utf-8")
            .body("this port speaks HTTPS elsewhere, and the request names no host to go to");
    };
    let port = match port {
        443 => String::new(),
        port => format!(":{port}"),
    };
    let place = format!("https://{}{port}{}", host.host(), request.uri());
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, place))
        .finish()
}
