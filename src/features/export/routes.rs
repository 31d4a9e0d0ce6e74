//! `/api/account/export`.
use super::Exports;
use crate::{
    features::accounts::{Accounts, Origin, SignedIn},
    platform::http::Problem,
};
use actix_web::{
    HttpResponse, get,
    http::{StatusCode, header},
    web::Data,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(export_account);
}

/// Sends everything that is one's own, in one zip archive: JSON and photos.
///
/// `manifest.json`, the last file, says what is in it. One at a time; an archive that breaks off is not whole.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, content_type = "application/zip", body = Vec<u8>),
))]
#[get("/account/export")]
async fn export_account(
    exports: Data<Exports>,
    accounts: Data<Accounts>,
    person: SignedIn,
    origin: Origin,
) -> Result<HttpResponse, Problem> {
    let owner = person.user.id;
    let Some(turn) = exports.turn(owner) else {
        let busy = "another export of this account is on its way; let it end first";
        let problem = Problem::client(StatusCode::TOO_MANY_REQUESTS, "export-running", busy);
        return Err(problem.retry_after(10));
    };
    accounts.note_export(owner, &origin).await?;
    let name = format!("flashfit-{}.zip", exports.clock.now().format("%Y-%m-%d"));
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // It is compressed already.
        .insert_header(header::ContentEncoding::Identity)
        .streaming(Exports::clone(&exports).stream(turn)))
}
