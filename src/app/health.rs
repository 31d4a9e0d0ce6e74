//! Liveness, readiness, and how every part is doing.
use super::App;
use crate::{
    base::metrics as names,
    engines::promql::{Labels, Query, Value},
    features::monitoring::{Finding, Status},
    platform::{db, disk, tasks},
};
use actix_web::{
    HttpResponse, get,
    web::{Data, Json},
};
use serde::Serialize;
use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

/// Less free disk space than this is a failure.
pub const LEAST_FREE_BYTES: u64 = 512 << 20;
/// Clocks that differ by more confuse sessions and the order of events.
pub const LARGEST_SKEW_S: i64 = 5;
/// Models that tell fewer of the drawn garments of known kind are no use.
const LEAST_ACCURACY: f64 = 0.5;
/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// How a part is doing, and why.
type Found = (Status, String);

/// Whether the process answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Live {
    /// Always `ok`.
    status: &'static str,
    /// The version of FlashFit.
    version: &'static str,
}

/// One thing that FlashFit needs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Check {
    /// Which one.
    name: &'static str,
    /// How it is doing.
    status: Status,
    /// Why.
    detail: String,
}

/// Whether requests should be sent here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Ready {
    /// Whether nothing failed.
    ready: bool,
    /// What was looked at.
    checks: Vec<Check>,
}

/// Says that the process answers. Asks nobody else.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, body = Live)))]
#[get("/health/live")]
pub(super) async fn live() -> Json<Live> {
    Json(Live {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Says whether requests should be sent here, and why not.
#[utoipa::path(tag = "operations", security(()), responses(
    (status = 200, body = Ready),
    (status = 503, body = Ready),
))]
#[get("/health/ready")]
pub(super) async fn ready(app: Data<App>) -> HttpResponse {
    let checks = checks(&app).await;
    let ready = checks.iter().all(|check| check.status != Status::Failed);
    let mut response = if ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(Ready { ready, checks })
}

/// What requests depend on.
async fn checks(app: &App) -> Vec<Check> {
    let (database, cache) = tokio::join!(database(app), cache(app));
    [
        ("database", database),
        ("cache", cache),
        (
            "models",
            (Status::Ok, app.wardrobe.vision().pack_id().to_owned()),
        ),
        ("index", index(app)),
    ]
    .into_iter()
    .chain(app.aside.is_set().then(about_to_stop))
    .map(|(name, (status, detail))| Check {
        name,
        status,
        detail,
    })
    .collect()
}

fn about_to_stop() -> (&'static str, Found) {
    let what = "the server is about to stop";
    ("server", (Status::Failed, what.to_owned()))
}

/// Looks at every part of the program, each within its own time.
pub(super) async fn all(app: &App) -> Vec<Finding> {
    let (http, database, cache, models, index, disk, receivers, clock) = tokio::join!(
        timed("http", http(app)),
        timed("database", database(app)),
        timed("cache", cache(app)),
        timed("models", models(app)),
        timed("index", async { index(app) }),
        timed("disk", disk(app)),
        timed("receivers", receivers(app)),
        timed("clock", clock(app)),
    );
    vec![http, database, cache, models, index, disk, receivers, clock]
}

async fn timed(check: &'static str, look: impl Future<Output = Found>) -> Finding {
    let started = Instant::now();
    let found = tokio::time::timeout(PATIENCE, look).await;
    let nothing = |_elapsed| (Status::Failed, format!("no answer within {PATIENCE:?}"));
    let (status, detail) = found.unwrap_or_else(nothing);
    Finding {
        check,
        status,
        detail,
        took: started.elapsed(),
    }
}

/// Asks the server's own listener, as anybody would.
async fn http(app: &App) -> Found {
    let Some(address) = app.address.get() else {
        return (
            Status::Degraded,
            "the server does not listen yet".to_owned(),
        );
    };
    let mut address = *address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    let scheme = app.settings.http.scheme();
    let url = format!("{scheme}://{address}/api/health/live");
    match app.itself.get(url).send().await {
        Ok(answer) if answer.status().is_success() => (Status::Ok, "the server answers".to_owned()),
        Ok(answer) => (
            Status::Failed,
            format!("the server answers {}", answer.status()),
        ),
        Err(error) => (
            Status::Failed,
            format!("the server does not answer: {error}"),
        ),
    }
}

async fn database(app: &App) -> Found {
    match app.db.get().await {
        Ok(_) => (Status::Ok, "Postgres answers".to_owned()),
        Err(error) => (Status::Failed, error.to_string()),
    }
}

async fn cache(app: &App) -> Found {
    if app.cache.is_up().await {
        return (Status::Ok, "Redis answers".to_owned());
    }
    let what = "Redis does not answer; carrying on without";
    (Status::Degraded, what.to_owned())
}

/// The pack is loaded, or nothing would run; how well it does is what the last self test said.
async fn models(app: &App) -> Found {
    let pack = app.wardrobe.vision().pack_id();
    let tested = newest(app, names::SELF_TEST_ACCURACY).await;
    match tested.first() {
        Some((_, share)) if *share < LEAST_ACCURACY => {
            let percent = share * 100.0;
            let what =
                format!("{pack} tells the kind of {percent:.0} % of the drawn garments only");
            (Status::Degraded, what)
        }
        _ => (Status::Ok, pack.to_owned()),
    }
}

fn index(app: &App) -> Found {
    match app.search.status().horizon {
        Some(_) => (Status::Ok, "the index follows the tables".to_owned()),
        None => (Status::Failed, "the index is being built".to_owned()),
    }
}

async fn disk(app: &App) -> Found {
    let folder = app.settings.data_dir.clone();
    let free = tasks::blocking(move || disk::free_bytes(&folder)).await;
    match free {
        Ok(Ok(free)) => {
            let what = format!("{} MiB free", free >> 20);
            match free {
                _ if free < LEAST_FREE_BYTES => (Status::Failed, what),
                _ if free < LEAST_FREE_BYTES * 4 => (Status::Degraded, what),
                _ => (Status::Ok, what),
            }
        }
        Ok(Err(error)) => (Status::Failed, error.to_string()),
        Err(error) => (Status::Failed, error.to_string()),
    }
}

async fn receivers(app: &App) -> Found {
    let names = app.settings.notifications.receivers.keys();
    let known: Vec<&str> = names.map(String::as_str).collect();
    if known.is_empty() {
        return (Status::Ok, "no receiver is set up".to_owned());
    }
    let told = newest(app, names::ALERT_RECEIVER_UP).await;
    let is_down = |(labels, up): &(Labels, f64)| {
        (*up < 1.0 && known.contains(&labels.get("receiver")))
            .then(|| labels.get("receiver").to_owned())
    };
    let down: Vec<String> = told.iter().filter_map(is_down).collect();
    if down.is_empty() {
        return (Status::Ok, format!("{} set up", known.join(", ")));
    }
    (
        Status::Degraded,
        format!("the last message did not reach {}", down.join(", ")),
    )
}

async fn clock(app: &App) -> Found {
    let theirs = async { anyhow::Ok(db::now(&mut *app.db.get().await?).await?) };
    match theirs.await {
        Ok(theirs) => {
            let skew = (app.clock.now() - theirs).num_seconds();
            let what = format!("differs from the database's by {skew} s");
            match skew.abs() > LARGEST_SKEW_S {
                true => (Status::Failed, what),
                false => (Status::Ok, what),
            }
        }
        Err(_) => (
            Status::Degraded,
            "there is no database to compare it with".to_owned(),
        ),
    }
}

/// The newest samples of a metric of this process.
async fn newest(app: &App, name: &str) -> Vec<(Labels, f64)> {
    let Ok(query) = Query::parse(name) else {
        return vec![];
    };
    let now = app.clock.now().timestamp_millis();
    match app.monitoring.query(query, now).await {
        Ok(Value::Vector(values)) => values,
        Ok(Value::Scalar(_) | Value::Matrix(_)) | Err(_) => vec![],
    }
}
