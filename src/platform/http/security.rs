//! Headers that tell browsers what our pages never do, and caches what they must not keep.
use super::Settings;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
        REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
    middleware::Next,
    web::Data,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

/// Scripts and styles come in files of ours alone. Photos are shown from memory before they are uploaded, hence `blob:`
/// and `data:`.
const CONTENT_POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
    object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The camera is the person's way to add a garment; nothing else of the device is asked for.
const PERMISSIONS: &str =
    "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// Set on every answer that does not set them itself.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// The policy of a page that has styles in elements: they count if `source` speaks for them, which is a nonce or a hash
/// as the policy writes it, without the quotes.
#[must_use]
pub fn policy_with_style(source: &str) -> String {
    CONTENT_POLICY.replace("style-src 'self'", &format!("style-src 'self' '{source}'"))
}

/// How a policy names a style that counts because of what it is.
#[must_use]
pub fn hash_of_style(style: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(style)))
}

/// The middleware: wrap it directly inside [`observe`](super::observe::observe).
///
/// # Errors
/// None of its own; those of the service behind it, with the headers on their answers.
pub async fn security_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let is_api = request.path().starts_with("/api/");
    let settings = request.app_data::<Data<Settings>>();
    let transport = settings.and_then(|settings| insistence(settings));
    // Nothing here may keep a clone of the request: the router needs it to itself.
    match next.call(request).await {
        Ok(mut response) => {
            add(response.headers_mut(), is_api, transport);
            Ok(response)
        }
        Err(error) => {
            let mut response = error.error_response();
            add(response.headers_mut(), is_api, transport);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// What makes browsers insist on HTTPS. A server that speaks plain HTTP leaves it to the proxy in front, which
/// alone knows.
fn insistence(settings: &Settings) -> Option<HeaderValue> {
    let seconds = settings.tls.hsts_max_age.as_secs();
    let speaks = settings.speaks_tls() && seconds > 0;
    speaks
        .then(|| HeaderValue::from_str(&format!("max-age={seconds}")).ok())
        .flatten()
}

fn add(headers: &mut HeaderMap, is_api: bool, transport: Option<HeaderValue>) {
    if let Some(transport) = transport {
        headers.insert(STRICT_TRANSPORT_SECURITY, transport);
    }
    for (name, value) in HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        App, HttpResponse, ResponseError as _, http::StatusCode, middleware, test, web,
    };

    async fn refuse(
        _: ServiceRequest,
        _: Next<impl MessageBody>,
    ) -> Result<ServiceResponse, Error> {
        let refusal = crate::platform::http::Problem::client(StatusCode::FORBIDDEN, "x", "y");
        Err(refusal.into())
    }

    #[actix_web::test]
    async fn every_answer_has_the_headers_and_keeps_its_own() {
        let app = App::new()
            .wrap(middleware::from_fn(security_headers))
            .route(
                "/api/photo",
                web::get().to(|| async {
                    HttpResponse::Ok()
                        .insert_header((CACHE_CONTROL, "immutable"))
                        .finish()
                }),
            )
            .route(
                "/api/error",
                web::get().to(|| async {
                    let gone = crate::platform::http::Problem::client(StatusCode::GONE, "x", "y");
                    gone.error_response()
                }),
            )
            .service(
                web::scope("/api/closed")
                    .wrap(middleware::from_fn(refuse))
                    .route("", web::get().to(HttpResponse::Ok)),
            )
            .route("/app", web::get().to(HttpResponse::Ok));
        let app = test::init_service(app).await;
        for (path, cached) in [
            ("/api/photo", Some("immutable")),
            ("/api/error", Some("no-store")),
            ("/api/nowhere", Some("no-store")),
            ("/api/closed", Some("no-store")),
            ("/app", None),
        ] {
            let request = test::TestRequest::with_uri(path).to_request();
            let headers = match test::try_call_service(&app, request).await {
                Ok(response) => response.headers().clone(),
                Err(error) => error.error_response().headers().clone(),
            };
            for (name, value) in HEADERS {
                assert_eq!(headers.get(&name).unwrap(), value, "{path}");
            }
            let found = headers.get(CACHE_CONTROL).map(|v| v.to_str().unwrap());
            assert_eq!(found, cached, "{path}");
        }
    }
}
