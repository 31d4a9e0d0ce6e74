//! Listeners, middleware, and where each feature's routes go.
use super::{App, health, openapi, runbook, scrape, ui};
use crate::{
    features::{accounts, alerts, export, monitoring, recommend, search, wardrobe},
    platform::http::{Problem, extract, observe::observe, security},
};
use actix_cors::Cors;
use actix_web::{
    HttpRequest, HttpResponse, HttpServer,
    dev::Server,
    http::{StatusCode, header},
    middleware::{Compress, NormalizePath, TrailingSlash, from_fn},
    web::{self, Data},
};
use std::net::TcpListener;
use utoipa_actix_web::{AppExt as _, scope, scope::Scope};
use utoipa_swagger_ui::{Config, SwaggerUi};

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
        .route("/openapi.json", web::get().to(openapi::serve))
}

/// A server on `listener` that is not yet running.
pub(super) fn build(app: &App, listener: TcpListener) -> anyhow::Result<Server> {
    let settings = app.settings.http.clone();
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let document = Data::new(openapi::document());
    let stop = app.tasks.stopping();
    let app = app.clone();
    let timeout = settings.shutdown_timeout.as_secs().max(1);
    let certificate = app.certificate.clone();
    let server = HttpServer::new(move || {
        let json_limit = settings.json_limit_bytes;
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
            .app_data(Data::new(settings.clone()))
            .app_data(Data::new(stop.clone()))
            .app_data(document.clone())
            .service(api().wrap(from_fn(accounts::throttle)))
            .split_for_parts();
        service
            .configure(|cfg| extract::configure(cfg, json_limit))
            .configure(ui::routes)
            .service(scrape::serve_metrics)
            .service(runbook::serve)
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/api/openapi.json")))
            .route("/docs", web::get().to(docs))
            .default_service(web::to(nothing))
            .wrap(from_fn(security::security_headers))
            .wrap(Compress::default())
            .wrap(cors(&settings.cors_origins))
            .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
            .wrap(from_fn(observe))
    })
    .workers(workers)
    .shutdown_timeout(timeout)
    .disable_signals();
    let server = match certificate {
        Some(certificate) => server.listen_rustls_0_23(listener, certificate.config()?)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

fn cors(origins: &[String]) -> Cors {
    let mut cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers(["x-request-id", "retry-after"])
        .supports_credentials()
        .max_age(3600);
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    cors
}

async fn docs() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

async fn nothing(request: HttpRequest) -> Result<HttpResponse, Problem> {
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
