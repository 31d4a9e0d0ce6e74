//! Answers in the encoding that the client likes best, where that makes them smaller.
use actix_http::encoding::Encoder;
use actix_web::{
    Error, HttpMessage as _,
    body::{BodySize, MessageBody},
    dev::{ResponseHead, ServiceRequest, ServiceResponse},
    http::header::{
        AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, Encoding, HeaderValue,
        VARY,
    },
    middleware::Next,
};

/// What is smaller than this fits into one packet with its head, or costs more to compress than to send.
const LEAST_BYTES: u64 = 1024;

/// The middleware: wrap it directly outside [`security_headers`](super::security::security_headers).
///
/// An answer that has a `Content-Encoding` keeps it. `identity` means that it must be sent as it is, and goes no
/// further.
///
/// # Errors
/// Those of the service behind it: problem documents are small.
pub async fn compress<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Encoder<B>>, Error> {
    let response = next.call(request).await?;
    let is_worth_it = is_worth_it(
        response.response().head(),
        response.response().body().size(),
    );
    // Most answers are small: for those, nothing is parsed.
    let encoding = match is_worth_it {
        true => liked(response.request().get_header::<AcceptEncoding>()),
        false => ContentEncoding::Identity,
    };
    Ok(response.map_body(|head, body| {
        let headers = head.headers_mut();
        if is_worth_it && encoding == ContentEncoding::Identity {
            headers.append(VARY, HeaderValue::from_static("accept-encoding"));
        }
        let as_it_is = headers
            .get(CONTENT_ENCODING)
            .is_some_and(|set| set == ContentEncoding::Identity.as_str());
        if as_it_is {
            headers.remove(CONTENT_ENCODING);
        }
        Encoder::response(encoding, head, body)
    }))
}

/// Whether an answer becomes smaller by compression. A stream of events must not be held back by it.
fn is_worth_it(head: &ResponseHead, size: BodySize) -> bool {
    let is_large = match size {
        BodySize::None => false,
        BodySize::Sized(bytes) => bytes >= LEAST_BYTES,
        BodySize::Stream => true,
    };
    let headers = head.headers();
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    is_large && !headers.contains_key(CONTENT_ENCODING) && kind.is_some_and(is_text)
}

fn is_text(kind: &[u8]) -> bool {
    let end = kind.iter().position(|byte| *byte == b';');
    let kind = kind.get(..end.unwrap_or(kind.len())).unwrap_or(kind);
    let is_events = kind.starts_with(b"text/event-stream");
    let ends = [b"json".as_slice(), b"xml", b"javascript"];
    !is_events && (kind.starts_with(b"text/") || ends.iter().any(|end| kind.ends_with(end)))
}

/// Of what we can, what the client likes best; as it is if it likes nothing of that.
fn liked(accepted: Option<AcceptEncoding>) -> ContentEncoding {
    const OURS: [ContentEncoding; 4] = [
        ContentEncoding::Brotli,
        ContentEncoding::Zstd,
        ContentEncoding::Gzip,
        ContentEncoding::Identity,
    ];
    let ours = OURS.map(Encoding::Known);
    match accepted.and_then(|accepted| accepted.negotiate(ours.iter())) {
        Some(Encoding::Known(encoding)) => encoding,
        Some(Encoding::Unknown(_)) | None => ContentEncoding::Identity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        http::header::{ACCEPT_ENCODING, Header as _},
        test::TestRequest,
    };

    fn liked_of(accepted: &str) -> &'static str {
        let request = TestRequest::get().insert_header((ACCEPT_ENCODING, accepted));
        liked(AcceptEncoding::parse(&request.to_http_request()).ok()).as_str()
    }

    #[test]
    fn what_the_client_likes_best_is_taken_and_among_equals_what_is_smallest() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, zstd", "zstd"),
            ("br;q=0.1, gzip;q=0.5, zstd;q=0.3", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("compress, x-odd", "identity"),
            ("", "identity"),
            ("identity;q=0", "identity"),
            ("gzip;q=0.5, identity;q=0.9", "identity"),
        ] {
            assert_eq!(liked_of(accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn only_text_is_worth_it() {
        for kind in [
            "text/html; charset=utf-8",
            "application/json",
            "application/problem+json",
            "image/svg+xml",
            "text/javascript",
        ] {
            assert!(is_text(kind.as_bytes()), "{kind}");
        }
        for kind in [
            "text/event-stream",
            "image/jpeg",
            "font/woff2",
            "application/octet-stream",
        ] {
            assert!(!is_text(kind.as_bytes()), "{kind}");
        }
    }
}
