//! What is for operators, `/metrics` and `/docs`: to whom it is open, and the listener that it may have to itself.
use super::{App, health, openapi, runbook, scrape, server};
use crate::platform::http::{Problem, Settings, compress, observe::observe, security};
use actix_web::{
    Error, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::{DefaultHeaders, Next, from_fn},
    web::{self, Data, ServiceConfig},
};
use anyhow::{Context as _, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Guessing a shorter one might succeed.
const LEAST_TOKEN: usize = 16;
/// What the logo in Swagger UI brings along; without it, the logo is black.
const LOGO_STYLE: &str = ".logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}";
/// Browsers ask for a password, of which they get the token; programs send it as it is.
const CHALLENGE: &str = "Basic realm=\"FlashFit's operators\", charset=\"UTF-8\", Bearer";

/// Who reaches `/metrics` and `/docs`, as the settings say.
///
/// # Errors
/// One line that names the setting that cannot be obeyed.
pub fn openness(settings: &Settings) -> anyhow::Result<String> {
    let token = settings.metrics_token.expose();
    if !token.is_empty() && token.len() < LEAST_TOKEN {
        bail!(
            "http.metrics_token: expected {LEAST_TOKEN} characters or more, got {}",
            token.len()
        );
    }
    let whoever = match listen_at(settings)? {
        Some(address) => format!("whoever reaches {address}"),
        None => "whoever reaches the API".to_owned(),
    };
    let condition = match token.is_empty() {
        true => "",
        false => ", with http.metrics_token",
    };
    Ok(format!(
        "/metrics and /docs are open to {whoever}{condition}"
    ))
}

/// Where the listener of their own is, if there is one.
fn listen_at(settings: &Settings) -> anyhow::Result<Option<SocketAddr>> {
    let text = settings.internal_listen.as_str();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = text.parse();
    parsed.map(Some).with_context(|| {
        format!(
            "http.internal_listen: expected an address and a port such as 127.0.0.1:9100, got {text}"
        )
    })
}

/// The routes, for the listener that has them.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    let docs = SwaggerUi::new("/{_:.*}").config(Config::from("/api/openapi.json"));
    let policy = security::policy_with_style(&security::hash_of_style(LOGO_STYLE));
    cfg.service(
        web::resource("/metrics")
            .wrap(from_fn(operators_only))
            .route(web::get().to(scrape::serve_metrics)),
    )
    .service(
        web::scope("/docs")
            .wrap(from_fn(operators_only))
            .wrap(DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, policy)))
            .route("", web::get().to(to_docs))
            .service(docs),
    );
}

/// The document that `/docs` shows, below `/api`.
pub(super) fn document() -> actix_web::Route {
    web::get().to(openapi::serve).wrap(from_fn(operators_only))
}

async fn to_docs() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// A server for them alone, where the settings want one: plain HTTP, for inside the machine or a network of one's own.
///
/// # Errors
/// When its address cannot be listened on.
pub(super) fn build(app: &App) -> anyhow::Result<Option<Server>> {
    let settings = app.settings.http.clone();
    let Some(address) = listen_at(&settings)? else {
        return Ok(None);
    };
    let document = Data::new(openapi::document());
    let app = app.clone();
    let (header_timeout, keep_alive) = (settings.header_timeout, settings.keep_alive);
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(Data::new(app.clone()))
            .app_data(Data::new(settings.clone()))
            .app_data(document.clone())
            .configure(routes)
            .route("/api/openapi.json", self::document())
            .service(
                web::scope("/api")
                    .service(health::live)
                    .service(health::ready),
            )
            .service(runbook::serve)
            .default_service(web::to(server::nothing))
            .wrap(from_fn(security::security_headers))
            .wrap(from_fn(compress::compress))
            .wrap(from_fn(observe))
    })
    .workers(1)
    .client_request_timeout(header_timeout)
    .keep_alive(keep_alive)
    .disable_signals()
    .bind(address)
    .with_context(|| format!("http.internal_listen: {address} cannot be listened on"))?;
    tracing::info!("/metrics and /docs are at http://{address}");
    Ok(Some(server.run()))
}

/// Serves until it is time to stop.
pub(super) async fn run(server: Server, stopping: CancellationToken) {
    let handle = server.handle();
    tokio::select! {
        ended = server => if let Err(error) = ended {
            tracing::error!("/metrics and /docs are not served any more: {error}");
        },
        () = stopping.cancelled() => handle.stop(false).await,
    }
}

/// The middleware: lets those pass who bring the token, or everybody where there is none.
async fn operators_only(
    settings: Data<Settings>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let token = settings.metrics_token.expose();
    if token.is_empty() || brought(request.headers()).is_some_and(|brought| is(&brought, token)) {
        return next.call(request).await;
    }
    let refusal = Problem::client(
        StatusCode::UNAUTHORIZED,
        "operators-only",
        "this is for operators: bring http.metrics_token as a bearer token, or as the password",
    );
    let challenge = HeaderValue::from_static(CHALLENGE);
    Err(refusal.header(header::WWW_AUTHENTICATE, challenge).into())
}

fn brought(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = text.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
    pair.split_once(':')
        .map(|(_, password)| password.to_owned())
}

/// Compares in a time that tells neither how much of it was right nor how long it is.
fn is(brought: &str, token: &str) -> bool {
    let (brought, token) = (Sha256::digest(brought), Sha256::digest(token));
    brought.as_slice().ct_eq(token.as_slice()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_read_as_programs_and_as_browsers_send_it() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(text).unwrap());
            brought(&headers)
        };
        assert_eq!(read("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(read("bearer  abc ").as_deref(), Some("abc"));
        let basic = BASE64_STANDARD.encode("me:a:b");
        assert_eq!(read(&format!("Basic {basic}")).as_deref(), Some("a:b"));
        for nonsense in ["abc", "Basic abc", "Digest abc", "Basic ////"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
        assert!(is("abc", "abc") && !is("abd", "abc") && !is("", "abc"));
    }
}
