//! Listeners, middleware, and where each feature's routes go.
use super::{App, aside, health, log_level, openapi, operators, runbook, ui};
use crate::{
    features::{accounts, alerts, export, monitoring, recommend, search, wardrobe},
    platform::http::{Problem, compress, extract, listen, observe::observe, security},
};
use actix_cors::Cors;
use actix_web::{
    HttpRequest, HttpResponse,
    dev::Server,
    http::StatusCode,
    middleware::{NormalizePath, TrailingSlash, from_fn},
    web::{self, Data},
};
use std::net::TcpListener;
use utoipa_actix_web::{AppExt as _, scope, scope::Scope};

/// Everything below `/api`.
pub(super) fn api() -> Scope<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    scope::scope("/api")
        .configure(accounts::routes::routes)
        .configure(export::routes)
        .configure(search::routes::routes)
        .configure(wardrobe::routes::routes)
        .configure(recommend::routes::routes)
        .configure(alerts::routes)
        .configure(monitoring::routes::routes)
        .service(health::live)
        .service(health::ready)
        .service(log_level::get_log_level)
        .service(log_level::put_log_level)
        .service(log_level::delete_log_level)
}

/// A server on `listener` that is not yet running.
pub(super) fn build(app: &App, listener: TcpListener) -> anyhow::Result<Server> {
    let settings = app.settings.http.clone();
    let certificate = app.certificate.as_ref();
    let tls = certificate.map(|certificate| certificate.config());
    let tls = tls.transpose()?;
    let document = Data::new(openapi::document());
    let stop = app.tasks.stopping();
    let app = app.clone();
    let obeyed = settings.clone();
    let factory = move || {
        let json_limit = settings.json_limit_bytes;
        // What is for operators is here only if it has no listener to itself.
        let is_open = settings.internal_listen.is_empty();
        let mut api = api();
        if is_open {
            api = api.route("/openapi.json", operators::document());
        }
        let (service, _) = actix_web::App::new()
            .into_utoipa_app()
            .app_data(Data::new(app.clone()))
            .app_data(Data::new(app.accounts.clone()))
            .app_data(Data::new(app.exports.clone()))
            .app_data(Data::new(app.wardrobe.clone()))
            .app_data(Data::new(app.search.clone()))
            .app_data(Data::new(app.recommend.clone()))
            .app_data(Data::new(app.alerts.clone()))
            .app_data(Data::new(app.monitoring.clone()))
            .app_data(Data::new(app.limiter.clone()))
            .app_data(Data::new(app.aside.clone()))
            .app_data(Data::new(settings.clone()))
            .app_data(Data::new(stop.clone()))
            .app_data(document.clone())
            .service(
                api.wrap(from_fn(extract::refuse_nul))
                    .wrap(from_fn(accounts::throttle)),
            )
            .split_for_parts();
        service
            .configure(|cfg| extract::configure(cfg, json_limit))
            .configure(ui::routes)
            .configure(|cfg| {
                if is_open {
                    operators::routes(cfg);
                }
            })
            .service(runbook::serve)
            .default_service(web::to(nothing))
            .wrap(from_fn(security::security_headers))
            .wrap(from_fn(compress::compress))
            .wrap(cors(&settings.cors_origins))
            .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
            .wrap(from_fn(observe))
            .wrap(from_fn(aside::middleware))
    };
    Ok(listen::build(factory, listener, tls, &obeyed)?)
}

fn cors(origins: &[String]) -> Cors {
    let mut cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([
            "x-request-id",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
        ])
        .supports_credentials()
        .max_age(3600);
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    cors
}

/// What is not there is a problem, too.
pub(super) async fn nothing(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::client(
        StatusCode::NOT_FOUND,
        "not-found",
        format!(
            "there is nothing at {} {}",
            request.method(),
            request.path()
        ),
    ))
}
