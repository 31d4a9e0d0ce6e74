//! `/metrics`. What is there at once is asked when somebody looks; what takes longer was collected before
//! ([`super::collect`]), so that a scrape never waits for anybody.
use super::App;
use crate::{base::metrics as names, platform::machine};
use actix_web::{HttpResponse, web::Data};

/// Serves every metric in the Prometheus text format.
pub(super) async fn serve_metrics(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text(&app))
}

/// Every metric as it is now. Takes a few milliseconds and waits for nobody.
#[must_use]
pub fn text(app: &App) -> String {
    let pool = app.db.usage();
    metrics::gauge!(names::DB_POOL, "state" => "in_use").set(pool.in_use as f64);
    metrics::gauge!(names::DB_POOL, "state" => "idle").set(pool.idle as f64);
    metrics::gauge!(names::DB_POOL_MAX).set(pool.max as f64);
    metrics::gauge!(names::DB_POOL_WAITING).set(pool.waiting as f64);
    app.search.show_age();
    machine::measure(app.clock.now().timestamp_micros() as f64 / 1e6);
    app.exporter.render()
}
