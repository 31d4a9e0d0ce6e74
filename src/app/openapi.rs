//! The OpenAPI document: collected from the handlers, given a title here.
use super::server;
use crate::platform::http::ProblemBody;
use actix_web::{App, HttpResponse, web::Data};
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        ContentBuilder, OpenApi, Ref, ResponseBuilder,
        info::{InfoBuilder, License},
        path::Operation,
        security::SecurityRequirement,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
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
    let schemas = &mut components.schemas;
    schemas.insert(ProblemBody::name().into_owned(), ProblemBody::schema());
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
    for item in document.paths.paths.values_mut() {
        let methods = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in methods.into_iter().flatten() {
            may_refuse(operation);
        }
    }
    document
}

/// Every operation may answer with a problem: a request that makes no sense, no sign-in, too many requests.
fn may_refuse(operation: &mut Operation) {
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ProblemBody::name())))
        .build();
    let refusal = ResponseBuilder::new().content("application/problem+json", problem);
    let responses = &mut operation.responses.responses;
    responses
        .entry("4XX".to_owned())
        .or_insert_with(|| refusal.build().into());
}
