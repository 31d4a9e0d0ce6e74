//! `/metrics`: what must be asked for is asked when somebody looks.
use super::App;
use crate::{
    base::metrics as names,
    platform::{db::changes, http::Problem},
};
use actix_web::{HttpResponse, get, web::Data};

/// Serves every metric in the Prometheus text format.
#[get("/metrics")]
pub(super) async fn serve_metrics(app: Data<App>) -> Result<HttpResponse, Problem> {
    collect(&app).await;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(app.exporter.render()))
}

/// A source that does not answer leaves its gauge as it was.
async fn collect(app: &App) {
    let (in_use, idle) = app.db.usage();
    metrics::gauge!(names::DB_POOL, "state" => "in_use").set(in_use as f64);
    metrics::gauge!(names::DB_POOL, "state" => "idle").set(idle as f64);
    if let Ok(waiting) = app.wardrobe.waiting().await {
        metrics::gauge!(names::RECOGNITION_QUEUE).set(waiting as f64);
    }
    if let (Some(horizon), Ok(mut conn)) = (app.search.status().horizon, app.db.get().await)
        && let Ok(lag) = changes::lag(&mut conn, horizon).await
    {
        metrics::gauge!(names::INDEX_LAG).set(lag as f64);
    }
    let pack = app.wardrobe.vision().pack_id().to_owned();
    metrics::gauge!(names::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION"), "pack" => pack)
        .set(1.0);
    metrics_process::Collector::default().collect();
    app.exporter.run_upkeep();
}
