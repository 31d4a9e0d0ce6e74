//! Series that are there from the start: a counter that appears with its first event hides that event from `increase()`.
use super::App;
use crate::{
    base::{embedding::Space, metrics as names},
    engines::{index::Plan, ranking::Kind, vision},
    features::{accounts, recommend, wardrobe},
    platform::{cache, db, http::guard, notify},
};

/// Starts at zero what counts by a closed set of labels, and says what runs.
pub(super) fn start(app: &App) {
    says_what_runs(app);
    let plans = [Plan::Exact.name(), Plan::Hnsw.name()];
    let kinds = Kind::ALL.map(Kind::name);
    let attributes: Vec<&str> = wardrobe::attribute_labels().collect();
    counters(
        names::CACHE_REQUESTS,
        "result",
        &["hit", "miss", "unavailable"],
    );
    counters(names::HTTP_CONNECTIONS_ENDED, "reason", &guard::ENDS);
    counters(names::RATE_LIMITED, "limit", &accounts::LIMITS);
    counters(names::AUTH_FAILURES, "reason", &accounts::AUTH_FAILURES);
    counters(names::MAILS, "outcome", &notify::MAIL_OUTCOMES);
    counters(names::DB_ERRORS, "class", &db::ERROR_CLASSES);
    counters(
        names::PHOTOS,
        "result",
        &["created", "duplicate", "rejected"],
    );
    counters(names::RECOGNISED, "result", &["ready", "failed"]);
    counters(names::ATTRIBUTES, "attribute", &attributes);
    counters(names::CORRECTIONS, "attribute", &attributes);
    counters(names::MODEL_ERRORS, "model", &vision::MODELS);
    counters(names::SEARCH_VISITED, "plan", &plans);
    counters(
        names::RECOMMENDATIONS,
        "result",
        &["full", "partial", "empty"],
    );
    counters(names::FEEDBACK, "kind", &kinds);
    counters(names::OUTCOMES, "outcome", &recommend::OUTCOMES);
    counters(names::FUSION_ACCEPTED, "bin", &recommend::BINS);
    for name in [
        names::CACHE_ERRORS,
        names::SEARCH_ERRORS,
        names::FUSION_PREDICTIONS,
        names::BACKUP_FAILURES,
    ] {
        metrics::counter!(name).increment(0);
    }
    for name in [names::PRIOR_VERSION, names::PRIOR_PEOPLE] {
        metrics::gauge!(name).set(0.0);
    }
    metrics::gauge!(names::FUSION_LOG_LOSS).increment(0.0);
    for bin in recommend::BINS {
        metrics::gauge!(names::FUSION_PREDICTED, "bin" => bin).increment(0.0);
    }
    for task in super::background::NAMES {
        metrics::counter!(names::TASK_RESTARTS, "task" => task).increment(0);
    }
    for plan in plans {
        let _histogram = metrics::histogram!(names::SEARCH_SECONDS, "plan" => plan);
    }
    for space in Space::ALL {
        let _histogram = metrics::histogram!(names::TASTE_SHIFT, "space" => space.name());
    }
    for operation in cache::OPERATIONS {
        let _histogram = metrics::histogram!(names::CACHE_SECONDS, "operation" => operation);
    }
}

fn counters(name: &'static str, label: &'static str, values: &[&'static str]) {
    for value in values {
        metrics::counter!(name, label => *value).increment(0);
    }
}

fn says_what_runs(app: &App) {
    let pack = app.wardrobe.vision().pack_id().to_owned();
    let (name, version) = pack.split_once('@').unwrap_or((&pack, ""));
    let (name, version) = (name.to_owned(), version.to_owned());
    metrics::gauge!(names::MODEL_PACK, "name" => name, "version" => version).set(1.0);
    metrics::gauge!(names::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION"), "pack" => pack)
        .set(1.0);
}
