//! Expressions over the samples, with the addresses, parameters and answers of Prometheus's HTTP API.
//!
//! Each is there twice: short, for our own pages, and below `/api/v1`, where Grafana looks.
use super::{
    answer::{self, Refusal, Success},
    params::Params,
    times,
};
use crate::{
    base::metrics,
    engines::promql::{Labels, Matcher, Query, Series, Span, Value as PromValue},
    features::{accounts::Admin, monitoring::Monitoring},
    platform::http::ProblemBody,
};
use actix_web::{
    Route, get,
    web::{self, Data, Json, Path},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa_actix_web::service_config::ServiceConfig;

/// Steps of a chart at most.
const MAX_STEPS: i64 = 11_000;
/// Values in an answer at most.
const MAX_ANSWER: usize = 300_000;
/// Whose HTTP API this is like, so that Grafana knows what it may ask for.
const LIKE: &str = "2.42.0";

type Answer = Result<Json<Success>, Refusal>;
type Method = fn() -> Route;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(evaluate_at)
        .service(evaluate_over)
        .service(list_series)
        .service(list_label_names)
        .service(list_label_values)
        .service(list_metadata)
        .service(get_build_info);
    let (get, post): (Method, Method) = (web::get, web::post);
    for (base, method) in [
        ("/monitoring", post),
        ("/monitoring/api/v1", get),
        ("/monitoring/api/v1", post),
    ] {
        cfg.route(&format!("{base}/query"), method().to(answer_query))
            .route(&format!("{base}/query_range"), method().to(answer_range))
            .route(&format!("{base}/series"), method().to(answer_series))
            .route(&format!("{base}/labels"), method().to(answer_names));
    }
    let route = |path: &str| format!("/monitoring/api/v1/{path}");
    cfg.route(&route("label/{name}/values"), get().to(answer_values))
        .route(&route("metadata"), get().to(answer_metadata))
        .route(&route("status/buildinfo"), get().to(answer_build));
}

/// Evaluates an expression at one time, as Prometheus's `/api/v1/query` does. For administrators.
///
/// Also there as `POST` with a form, and again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("query" = String, Query, description = "PromQL; docs/promql.md says what is supported."),
    ("time" = Option<String>, Query, description = "Seconds since 1970 or RFC 3339; now when absent."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/query")]
async fn evaluate_at(admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    answer_query(admin, monitoring, params).await
}

async fn answer_query(_admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    let now = || monitoring.now().timestamp_millis();
    let at_ms = time(&params, "time")?.unwrap_or_else(now);
    let query = expression(&params)?;
    let value = monitoring.query(query, at_ms).await?;
    if let PromValue::Matrix(series) = &value {
        check_size(series)?;
    }
    success(answer::value(&value, at_ms))
}

/// Evaluates an expression through a time, as Prometheus's `/api/v1/query_range` does. For administrators.
///
/// Also there as `POST` with a form, and again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("query" = String, Query, description = "PromQL; docs/promql.md says what is supported."),
    ("start" = String, Query, description = "The first time: seconds since 1970 or RFC 3339."),
    ("end" = String, Query, description = "The last time."),
    ("step" = String, Query, description = "Seconds, or a duration like 1m; at most 11,000 of them."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/query_range")]
async fn evaluate_over(admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    answer_range(admin, monitoring, params).await
}

async fn answer_range(_admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    let span = span(&params)?;
    let query = expression(&params)?;
    let series = monitoring.query_range(query, span).await?;
    check_size(&series)?;
    success(answer::matrix(&series))
}

/// Lists the series that selectors match, as Prometheus's `/api/v1/series` does. For administrators.
///
/// Also there as `POST` with a form, and again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("match[]" = Vec<String>, Query, description = "Selectors, one or more."),
    ("start" = Option<String>, Query, description = "The first time: seconds since 1970 or RFC 3339."),
    ("end" = Option<String>, Query, description = "The last time."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/series")]
async fn list_series(admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    answer_series(admin, monitoring, params).await
}

async fn answer_series(_admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    if params.find("match[]").is_none() {
        return Err(Refusal::bad_data("no match[] parameter provided"));
    }
    let series = matching(&monitoring, &params).await?;
    success(series.iter().map(answer::metric).collect())
}

/// Lists the names of labels, as Prometheus's `/api/v1/labels` does. For administrators.
///
/// Also there as `POST` with a form, and again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("match[]" = Option<Vec<String>>, Query, description = "Selectors; all series when absent."),
    ("start" = Option<String>, Query, description = "The first time: seconds since 1970 or RFC 3339."),
    ("end" = Option<String>, Query, description = "The last time."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/labels")]
async fn list_label_names(admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    answer_names(admin, monitoring, params).await
}

async fn answer_names(_admin: Admin, monitoring: Data<Monitoring>, params: Params) -> Answer {
    let series = matching(&monitoring, &params).await?;
    let names: BTreeSet<&str> = series
        .iter()
        .flat_map(Labels::iter)
        .map(|(n, _)| n)
        .collect();
    success(names.into_iter().collect())
}

/// Lists the values of a label, as Prometheus's `/api/v1/label/{name}/values` does. For administrators.
///
/// Again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("name" = String, Path, description = "The label."),
    ("match[]" = Option<Vec<String>>, Query, description = "Selectors; all series when absent."),
    ("start" = Option<String>, Query, description = "The first time: seconds since 1970 or RFC 3339."),
    ("end" = Option<String>, Query, description = "The last time."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/label/{name}/values")]
async fn list_label_values(
    admin: Admin,
    monitoring: Data<Monitoring>,
    name: Path<String>,
    params: Params,
) -> Answer {
    answer_values(admin, monitoring, name, params).await
}

async fn answer_values(
    _admin: Admin,
    monitoring: Data<Monitoring>,
    name: Path<String>,
    params: Params,
) -> Answer {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(letters) {
        return Err(Refusal::bad_data(format!(
            "invalid label name: {:?}",
            *name
        )));
    }
    let series = matching(&monitoring, &params).await?;
    let values: BTreeSet<&str> = series.iter().map(|labels| labels.get(&name)).collect();
    success(
        values
            .into_iter()
            .filter(|value| !value.is_empty())
            .collect(),
    )
}

/// Tells what metrics mean, as Prometheus's `/api/v1/metadata` does. For administrators.
///
/// Again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", params(
    ("metric" = Option<String>, Query, description = "Only this one."),
), responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/metadata")]
async fn list_metadata(admin: Admin, params: Params) -> Answer {
    answer_metadata(admin, params).await
}

async fn answer_metadata(_admin: Admin, params: Params) -> Answer {
    let wanted = params.find("metric");
    let metrics = metrics::ALL
        .iter()
        .filter(|m| wanted.is_none_or(|wanted| wanted == m.name));
    let about = metrics.map(|metric| {
        let about = json!([{ "type": metric.kind.name(), "help": metric.help, "unit": "" }]);
        (metric.name.to_owned(), about)
    });
    success(about.collect())
}

/// Tells which Prometheus this is like, as its `/api/v1/status/buildinfo` does. For administrators.
///
/// Again below `/api/monitoring/api/v1`.
#[utoipa::path(tag = "monitoring", responses(
    (status = 200, body = Success),
    (status = "4XX", content((Refusal = "application/json"), (ProblemBody = "application/problem+json"))),
))]
#[get("/monitoring/status/buildinfo")]
async fn get_build_info(admin: Admin) -> Answer {
    answer_build(admin).await
}

async fn answer_build(_admin: Admin) -> Answer {
    success(json!({
        "version": LIKE,
        "revision": concat!("flashfit-", env!("CARGO_PKG_VERSION")),
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "it ends every handler")]
fn success(data: Value) -> Answer {
    Ok(Json(Success {
        status: "success",
        data,
    }))
}

fn expression(params: &Params) -> Result<Query, Refusal> {
    let text = params.find("query").unwrap_or_default();
    Query::parse(text).map_err(|error| Refusal::parameter("query", error))
}

fn time(params: &Params, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = params.find(name) else {
        return Ok(None);
    };
    let ms = times::time_ms(text);
    let wrong = || Refusal::parameter(name, format!("cannot parse {text:?} to a valid timestamp"));
    ms.map(Some).ok_or_else(wrong)
}

fn span(params: &Params) -> Result<Span, Refusal> {
    let needed = |name| {
        let missing = || Refusal::parameter(name, "cannot parse \"\" to a valid timestamp");
        time(params, name)?.ok_or_else(missing)
    };
    let (start_ms, end_ms) = (needed("start")?, needed("end")?);
    if end_ms < start_ms {
        let why = "end timestamp must not be before start time";
        return Err(Refusal::parameter("end", why));
    }
    let text = params.find("step").unwrap_or_default();
    let step_ms = times::duration_ms(text).ok_or_else(|| {
        Refusal::parameter("step", format!("cannot parse {text:?} to a valid duration"))
    })?;
    if step_ms <= 0 {
        let why = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(Refusal::parameter("step", why));
    }
    if (end_ms - start_ms) / step_ms > MAX_STEPS {
        return Err(Refusal::bad_data(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    Ok(Span {
        start_ms,
        end_ms,
        step_ms,
    })
}

/// A page could not draw more, and it would have to be held in memory as text.
fn check_size(series: &[Series]) -> Result<(), Refusal> {
    let values: usize = series.iter().map(|s| s.samples.len()).sum();
    if values > MAX_ANSWER {
        return Err(Refusal::execution(format!(
            "the answer has {values} values, at most {MAX_ANSWER} are told; ask for fewer series, a shorter time or a longer step"
        )));
    }
    Ok(())
}

/// The labels of all series that one of the selectors matches.
async fn matching(monitoring: &Monitoring, params: &Params) -> Result<Vec<Labels>, Refusal> {
    let from_ms = time(params, "start")?.unwrap_or(i64::MIN);
    let to_ms = time(params, "end")?.unwrap_or(i64::MAX);
    let mut selectors: Vec<Vec<Matcher>> = vec![];
    for text in params.all("match[]") {
        let query = Query::parse(text).map_err(|error| Refusal::parameter("match[]", error))?;
        let selector = query.selector().map(<[Matcher]>::to_vec);
        let not = || Refusal::parameter("match[]", format!("{text:?} is no selector of series"));
        selectors.push(selector.ok_or_else(not)?);
    }
    if selectors.is_empty() {
        selectors.push(vec![]);
    }
    Ok(monitoring.labels(selectors, from_ms, to_ms).await?)
}
