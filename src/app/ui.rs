//! The web UI, embedded: deep links, cache headers, and styles that count because the answer says so.
use crate::platform::http::security;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Path},
};
use rust_embed::Embed;

/// What stands in the page for the word that lets its styles count.
const NONCE: &str = "FLASHFIT_NONCE";

/// What Vite built.
#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

/// `/` and `/app`.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home))
        .route("/app", web::get().to(home))
        .route("/app/licences.txt", web::get().to(all_licences))
        .route("/app/{path:.*}", web::get().to(file));
}

/// Those of the packages that Vite bundled, as it noted them, and of the fonts.
pub(super) fn licences() -> Option<String> {
    let text = |name| String::from_utf8(Dist::get(name)?.data.into_owned()).ok();
    let (packages, fonts) = (text("third-party-licences.md")?, text("font-licences.txt")?);
    Some(format!("{packages}\n{fonts}"))
}

async fn all_licences() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(super::licences::text())
}

async fn home() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, "/app/"))
        .finish()
}

async fn file(path: Path<String>, request: HttpRequest) -> HttpResponse {
    // A deep link is no file: the page finds its way from the address.
    let is_file = Dist::get(&path).is_some();
    let name = if is_file { path.as_str() } else { "index.html" };
    let looks_like_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    let Some(found) = Dist::get(name).filter(|_| is_file || !looks_like_file) else {
        return missing(looks_like_file);
    };
    if name == "index.html" {
        return page(&found.data);
    }
    let hash: String = found
        .metadata
        .sha256_hash()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{hash}\"");
    // Vite names assets by content.
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = request.headers().get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, tag));
    if is_known {
        return response.finish();
    }
    response
        .content_type(found.metadata.mimetype())
        .body(found.data.into_owned())
}

/// The page with a word of its own for its styles, so it is never the same twice and kept by nobody.
fn page(template: &[u8]) -> HttpResponse {
    let nonce = format!("{:032x}", rand::random::<u128>());
    let policy = security::policy_with_style(&format!("nonce-{nonce}"));
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .content_type("text/html; charset=utf-8")
        .body(String::from_utf8_lossy(template).replace(NONCE, &nonce))
}

fn missing(looks_like_file: bool) -> HttpResponse {
    let text = if looks_like_file {
        "there is no such file"
    } else {
        "this FlashFit was built without its web UI: run scripts/run, or npm run build in web/"
    };
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body(text)
}
