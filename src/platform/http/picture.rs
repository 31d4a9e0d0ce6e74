//! Pictures as responses: the client keeps them, and is told when it has them already.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
};

/// A picture, or 304 where the client has the one with this SHA-256.
#[must_use]
pub fn respond(
    request: &HttpRequest,
    cache_control: &'static str,
    sha256: &[u8],
    picture: impl FnOnce() -> (String, bytes::Bytes),
) -> HttpResponse {
    let hash: String = sha256.iter().map(|b| format!("{b:02x}")).collect();
    let tag = EntityTag::new_strong(hash);
    let is_known = request.headers().contains_key(header::IF_NONE_MATCH)
        && match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|t| t.weak_eq(&tag)),
            Err(_) => false,
        };
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::CACHE_CONTROL, cache_control))
        .insert_header(header::ETag(tag));
    if is_known {
        return response.finish();
    }
    let (media_type, bytes) = picture();
    response.content_type(media_type).body(bytes)
}
