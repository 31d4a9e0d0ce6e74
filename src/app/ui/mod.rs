//! The web UI, embedded: deep links, cache headers, and styles that count because the answer says so.
mod files;

use crate::platform::{
    http::{Problem, security},
    tasks,
};
use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{self, ContentEncoding, EntityTag, IfNoneMatch},
    },
    web::{self, Path},
};
use files::{File, Form};

/// The page. All others are found from its address.
const PAGE: &str = "index.html";
/// What stands in it for the word that lets its styles count.
const NONCE: &str = "FLASHFIT_NONCE";

/// `/` and `/app`.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/", web::get().to(home))
        .route("/app", web::get().to(home))
        .route("/app/licences.txt", web::get().to(all_licences))
        .route("/app/{path:.*}", web::get().to(file));
}

/// Those of the packages that Vite bundled, as it noted them, and of the fonts.
pub(super) fn licences() -> Option<String> {
    let text = |name| String::from_utf8(files::find(name)?.content().ok()?).ok();
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

async fn file(path: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if let Some(file) = files::find(&path).filter(|file| file.name != PAGE) {
        return send(file, &request).await;
    }
    // A deep link is no file: the page finds its way from the address.
    let last = path.rsplit('/').next();
    let looks_like_file = last.is_some_and(|last| last.contains('.') && last != PAGE);
    match files::find(PAGE).filter(|_| !looks_like_file) {
        Some(found) => page(found),
        None => Ok(missing(looks_like_file)),
    }
}

/// A file in the form that the client likes best, or word that it has it already.
async fn send(file: &'static File, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let form = file.form_for(request);
    let tag = EntityTag::new_strong(file.tag(&form));
    if knows(request, &tag) {
        return Ok(described(StatusCode::NOT_MODIFIED, file, tag).finish());
    }
    let mut response = described(StatusCode::OK, file, tag);
    // The tag speaks of these bytes, so nothing on the way out may compress them.
    let encoding = match form {
        Form::Plain(_) | Form::Unpacked => ContentEncoding::Identity.as_str(),
        Form::Packed(encoding, _) => encoding,
    };
    response
        .content_type(file.kind)
        .insert_header((header::CONTENT_ENCODING, encoding));
    Ok(match form {
        Form::Plain(bytes) | Form::Packed(_, bytes) => response.body(bytes),
        Form::Unpacked => {
            let content = tasks::blocking(|| file.content()).await;
            let content = content.map_err(Problem::internal)?;
            response.body(content.map_err(Problem::internal)?)
        }
    })
}

fn knows(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header::<IfNoneMatch>() {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
    }
}

/// An answer with what caches want to know.
fn described(status: StatusCode, file: &File, tag: EntityTag) -> HttpResponseBuilder {
    // Vite names assets by content.
    let cache = if file.name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header(header::ETag(tag));
    if file.varies() {
        response.insert_header((header::VARY, "Accept-Encoding"));
    }
    response
}

/// The page with a word of its own for its styles, so it is never the same twice and kept by nobody.
fn page(file: &File) -> Result<HttpResponse, Problem> {
    let template = file.content().map_err(Problem::internal)?;
    let nonce = format!("{:032x}", rand::random::<u128>());
    let policy = security::policy_with_style(&format!("nonce-{nonce}"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .content_type(file.kind)
        .body(String::from_utf8_lossy(&template).replace(NONCE, &nonce)))
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
