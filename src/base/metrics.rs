//! Every metric FlashFit serves, in one table. `docs/metrics.md` and the exporter are made from it.
//!
//! Naming follows Prometheus: base units, `_total` for counters. Labels are closed sets.

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only ever grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its Prometheus name.
    pub name: &'static str,
    /// How it behaves.
    pub kind: Kind,
    /// What it says.
    pub help: &'static str,
    /// Its label names.
    pub labels: &'static [&'static str],
    /// Upper bounds of the buckets, for a histogram; in the metric's unit.
    pub buckets: &'static [f64],
}

/// Seconds, for requests and inference.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Seconds, for what takes microseconds.
const SHORT_SECONDS: &[f64] = &[
    0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0,
];

macro_rules! metrics {
    ($($constant:ident = $name:literal, $kind:ident, [$($label:literal),*], $buckets:expr, $help:literal;)+) => {
        $(#[doc = $help] pub const $constant: &str = $name;)+
        /// Every metric, sorted as declared.
        pub const ALL: &[Metric] = &[$(Metric { name: $name, kind: Kind::$kind, help: $help, labels: &[$($label),*], buckets: $buckets }),+];
    };
}

metrics! {
    BUILD_INFO = "flashfit_build_info", Gauge, ["version", "pack"], &[], "Always 1; the labels say what runs.";
    HTTP_REQUESTS = "http_requests_total", Counter, ["method", "route", "status"], &[], "Requests answered, by route pattern.";
    HTTP_SECONDS = "http_request_duration_seconds", Histogram, ["method", "route"], SECONDS, "Time from the first byte of a request to the answer.";
    HTTP_IN_FLIGHT = "http_requests_in_flight", Gauge, [], &[], "Requests being answered now.";
    DB_POOL = "db_pool_connections", Gauge, ["state"], &[], "Connections to Postgres: idle or in_use.";
    DB_WAIT_SECONDS = "db_pool_wait_seconds", Histogram, [], SHORT_SECONDS, "Time spent waiting for a connection to Postgres.";
    CACHE_REQUESTS = "cache_requests_total", Counter, ["result"], &[], "Look-ups in Redis: hit, miss or unavailable.";
    RATE_LIMITED = "rate_limited_total", Counter, ["limit"], &[], "Requests refused with 429, by limit.";
    AUTH_FAILURES = "auth_failures_total", Counter, ["reason"], &[], "Refused sign-ins and credentials.";
    PHOTOS = "photos_total", Counter, ["result"], &[], "Uploaded photos: created, duplicate or rejected.";
    RECOGNISED = "items_recognised_total", Counter, ["result"], &[], "Photos that went through the models: ready or failed.";
    RECOGNITION_QUEUE = "recognition_queue_items", Gauge, [], &[], "Photos waiting for the models.";
    MODEL_SECONDS = "model_inference_duration_seconds", Histogram, ["model"], SECONDS, "Time in one network, or in decoding, masking and colours.";
    MODEL_ERRORS = "model_errors_total", Counter, ["model"], &[], "Failed inferences.";
    INDEX_VECTORS = "vector_index_vectors", Gauge, ["space"], &[], "Vectors in the index.";
    INDEX_BYTES = "vector_index_memory_bytes", Gauge, ["space"], &[], "Memory the index holds.";
    INDEX_LAG = "vector_index_lag_changes", Gauge, [], &[], "Changes in Postgres that the index has not seen yet.";
    SEARCH_SECONDS = "vector_search_duration_seconds", Histogram, ["plan"], SHORT_SECONDS, "Time of one vector search: exact or hnsw.";
    RECOMMENDATIONS = "recommendations_total", Counter, ["result"], &[], "Answers to \"what shall I wear?\": full, partial or empty.";
    RECOMMEND_SECONDS = "recommendation_duration_seconds", Histogram, ["stage"], SHORT_SECONDS, "Time of a recommendation by stage.";
    FEEDBACK = "feedback_received_total", Counter, ["kind"], &[], "Feedback events accepted.";
    PRIOR_VERSION = "shared_prior_version", Gauge, [], &[], "Version of the shared prior that new people start from; 0 is the table set by hand.";
    PRIOR_PEOPLE = "shared_prior_people", Gauge, [], &[], "People that version was estimated from.";
    CROWD_PEOPLE = "crowd_people", Gauge, [], &[], "People whose tastes the groups of like taste were made from; 0 while there are too few.";
    CROWD_GROUPS = "crowd_groups", Gauge, [], &[], "Groups of like taste, of five people or more each.";
    ALERT_NOTIFICATIONS = "alert_notifications_total", Counter, ["receiver_kind", "outcome"], &[], "Attempts to tell a receiver of alerts: sent or failed; dropped are messages given up.";
    ALERT_RECEIVER_UP = "alert_receiver_up", Gauge, ["receiver"], &[], "1 when the last attempt to tell the receiver succeeded, 0 when it failed.";
    TASK_RESTARTS = "task_restarts_total", Counter, ["task"], &[], "Background tasks that ended unexpectedly and were started again.";
    PROCESS_CPU = "process_cpu_seconds_total", Counter, [], &[], "CPU time used by this process.";
    PROCESS_MEMORY = "process_resident_memory_bytes", Gauge, [], &[], "Resident memory of this process.";
    PROCESS_VIRTUAL = "process_virtual_memory_bytes", Gauge, [], &[], "Virtual memory of this process.";
    PROCESS_VIRTUAL_MAX = "process_virtual_memory_max_bytes", Gauge, [], &[], "Most virtual memory this process may have.";
    PROCESS_THREADS = "process_threads", Gauge, [], &[], "Threads of this process.";
    PROCESS_FDS_MAX = "process_max_fds", Gauge, [], &[], "Most file descriptors this process may open.";
    PROCESS_FDS = "process_open_fds", Gauge, [], &[], "Open file descriptors of this process.";
    PROCESS_START = "process_start_time_seconds", Gauge, [], &[], "When this process started, in seconds since 1970.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions() {
        for metric in ALL {
            assert_eq!(
                metric.name.ends_with("_total"),
                metric.kind == Kind::Counter,
                "{}",
                metric.name
            );
            assert_eq!(
                metric.buckets.is_empty(),
                metric.kind != Kind::Histogram,
                "{}",
                metric.name
            );
        }
    }
}
