//! The OpenAPI document: collected from the handlers, given a title here.
use super::server;
use actix_web::{App, HttpResponse, web::Data};
use utoipa::openapi::{
    OpenApi,
    info::{InfoBuilder, License},
    security::SecurityRequirement,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_actix_web::AppExt as _;

/// Makes the document.
#[must_use]
pub fn document() -> OpenApi {
    let (_, collected) = App::new()
        .into_utoipa_app()
        .service(server::api())
        .split_for_parts();
    describe(collected)
}

/// `/api/openapi.json`.
pub(super) async fn serve(document: Data<OpenApi>) -> HttpResponse {
    HttpResponse::Ok().json(&**document)
}

fn describe(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("FlashFit")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Photographs of clothes in, outfits out. Errors are problem documents (RFC 9457).",
        ))
        .license(Some(License::new("MIT")))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("flashfit_session"))),
    );
    let none: [String; 0] = [];
    document.security = Some(vec![
        SecurityRequirement::new("bearer", none.clone()),
        SecurityRequirement::new("cookie", none),
    ]);
    document
}
