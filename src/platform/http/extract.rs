//! How bodies, paths and queries are read: bounded, and with problem documents when they are wrong.
use super::Problem;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::{PathError, PayloadError, QueryPayloadError},
    http::StatusCode,
    middleware::Next,
    web,
};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// JSON bodies larger than this many bytes are refused.
#[derive(Clone, Copy)]
struct JsonLimit(usize);

/// Configures the extractors for every route below.
pub fn configure(cfg: &mut web::ServiceConfig, json_limit_bytes: usize) {
    cfg.app_data(JsonLimit(json_limit_bytes))
        .app_data(web::PayloadConfig::new(json_limit_bytes))
        .app_data(web::PathConfig::default().error_handler(|e, r| path_problem(&e, r).into()))
        .app_data(web::QueryConfig::default().error_handler(|e, _| query_problem(&e).into()));
}

/// A JSON body. What is wrong with it is said with the field it is about.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !matches!(request.mime_type(), Ok(Some(mime)) if mime.subtype() == "json") {
            return Box::pin(async {
                Err(Problem::client(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "not-json",
                    "expected a body with content-type application/json",
                ))
            });
        }
        let limit = request.app_data::<JsonLimit>().map_or(0, |limit| limit.0);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| unread(&error, limit))?;
            parse(&bytes).map(Self)
        })
    }
}

/// Reads JSON.
///
/// # Errors
/// 400 `malformed-json`, or 422 `wrong-field` naming the field, or `wrong-text`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Some(field) = nul_in(bytes) {
        return Err(nul(&field));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        if !cause.is_data() {
            return malformed(&cause);
        }
        let detail = match path.as_str() {
            "." | "?" => cause.to_string(),
            field => format!("{field}: {cause}"),
        };
        Problem::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-field", detail)
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(parsed)
}

/// The middleware: refuses addresses with the character that PostgreSQL keeps in no text.
///
/// # Errors
/// 422 `wrong-text`, and those of the service behind it.
pub async fn refuse_nul(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let uri = request.uri();
    if [uri.path(), uri.query().unwrap_or_default()]
        .iter()
        .any(|part| part.contains("%00"))
    {
        return Err(nul("").into());
    }
    next.call(request).await
}

/// Where in the JSON U+0000 stands, which JSON can only spell as an escape.
fn nul_in(json: &[u8]) -> Option<String> {
    const ESCAPE: &[u8] = b"\\u0000";
    let may_have = json.windows(ESCAPE.len()).any(|part| part == ESCAPE);
    let value: Value = may_have.then(|| serde_json::from_slice(json).ok())??;
    nul_below(&value)
}

/// The field with that character in it; empty where it is in no field, or in the name of one.
fn nul_below(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(values) => values.iter().find_map(nul_below),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let below = match name.contains('\0') {
                true => return Some(String::new()),
                false => nul_below(value)?,
            };
            Some(match below.as_str() {
                "" => name.clone(),
                below => format!("{name}.{below}"),
            })
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn nul(field: &str) -> Problem {
    let what = "text must not contain the character U+0000";
    let detail = match field {
        "" => what.to_owned(),
        field => format!("{field}: {what}"),
    };
    Problem::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-text", detail)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::client(StatusCode::BAD_REQUEST, "malformed-json", error)
}

fn unread(error: &actix_web::Error, limit: usize) -> Problem {
    if let Some(PayloadError::Overflow) = error.as_error() {
        return Problem::client(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!("the body is larger than {limit} bytes"),
        );
    }
    Problem::client(
        StatusCode::BAD_REQUEST,
        "unreadable-body",
        format!("the body cannot be read: {error}"),
    )
}

fn path_problem(error: &PathError, request: &HttpRequest) -> Problem {
    Problem::client(
        StatusCode::NOT_FOUND,
        "not-found",
        format!("there is nothing at {} ({error})", request.path()),
    )
}

fn query_problem(error: &QueryPayloadError) -> Problem {
    Problem::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-parameter", error)
}
