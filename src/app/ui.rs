//! The web UI, embedded: deep links, cache headers.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Path},
};
use rust_embed::Embed;

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
