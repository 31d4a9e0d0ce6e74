//! Every metric FlashFit serves, in one table. `docs/metrics.md` and the exporter are made from it.
//!
//! Naming follows Prometheus: base units, `_total` for counters. Labels are closed sets.

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only ever grows, by whole numbers.
    Counter,
    /// Only ever grows, by fractions or because somebody else counts; a counter to whoever reads it.
    Sum,
    /// Goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
}

impl Kind {
    /// The word in the text format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter | Self::Sum => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
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

/// Seconds, for requests: fine around a millisecond, so that a p99 there means something.
const REQUEST_SECONDS: &[f64] = &[
    0.000_25, 0.000_5, 0.000_75, 0.001, 0.001_25, 0.001_5, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Seconds, for inference.
const SECONDS: &[f64] = &[
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Seconds, for what takes microseconds.
const SHORT_SECONDS: &[f64] = &[
    0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0,
];
/// Sizes of bodies: 256 bytes to 64 MiB, in powers of four.
const BYTES: &[f64] = &[
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];
/// What goes through a network at once.
const BATCH: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
/// Garments of one wardrobe.
const COUNTS: &[f64] = &[1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0];
/// How far a direction moved.
const SHIFTS: &[f64] = &[
    0.000_1, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 1.5, 2.0,
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
    HTTP_SECONDS = "http_request_duration_seconds", Histogram, ["method", "route"], REQUEST_SECONDS, "Time from the first byte of a request to the answer.";
    HTTP_IN_FLIGHT = "http_requests_in_flight", Gauge, [], &[], "Requests being answered now.";
    HTTP_CONNECTIONS_ENDED = "http_connections_ended_total", Counter, ["reason"], &[], "Connections that were ended because of what came or did not come: malformed, too-large, slow-head, slow-body or slow-reader.";
    HTTP_REQUEST_BYTES = "http_request_body_bytes", Histogram, [], BYTES, "Size of request bodies, as the client declares it; requests without one are not counted.";
    HTTP_RESPONSE_BYTES = "http_response_body_bytes", Histogram, [], BYTES, "Bytes sent of the bodies of answers, after compression; answers without one are not counted.";
    RATE_LIMITED = "rate_limited_total", Counter, ["limit"], &[], "Requests refused with 429, by limit.";
    AUTH_FAILURES = "auth_failures_total", Counter, ["reason"], &[], "Refused sign-ins and credentials.";
    MODEL_SECONDS = "model_inference_duration_seconds", Histogram, ["model", "stage"], SECONDS, "Time of one stage of looking at a photo or text; model is none where no network takes part.";
    MODEL_BATCH = "model_batch_size", Histogram, ["model"], BATCH, "Photos or texts in one run of a network.";
    MODEL_ERRORS = "model_errors_total", Counter, ["model"], &[], "Failed inferences.";
    MODEL_WAIT_SECONDS = "model_pool_wait_seconds", Histogram, [], SHORT_SECONDS, "Time spent waiting for a session of a network.";
    MODEL_PACK = "model_pack_info", Gauge, ["name", "version"], &[], "Always 1; the labels say which pack is loaded.";
    MODEL_LOOK_SECONDS = "model_look_duration_seconds", Histogram, [], SECONDS, "Time of one whole look at a photo.";
    SELF_TEST_ACCURACY = "model_self_test_accuracy_ratio", Gauge, [], &[], "Share of the drawn garments of known kind whose kind the models told when they were last tried.";
    SELF_TEST_SECONDS = "model_self_test_duration_seconds", Gauge, [], &[], "Mean time of one look in the last self test.";
    SELF_TEST_AT = "model_self_test_timestamp_seconds", Gauge, [], &[], "When the last self test ended, in seconds since 1970.";
    PHOTOS = "photos_total", Counter, ["result"], &[], "Uploaded photos: created, duplicate or rejected.";
    RECOGNISED = "items_recognised_total", Counter, ["result"], &[], "Photos that went through the models: ready or failed.";
    RECOGNITION_QUEUE = "recognition_queue_items", Gauge, [], &[], "Photos waiting for the models.";
    RECOGNITION_AGE = "recognition_queue_age_seconds", Gauge, [], &[], "How long the oldest photo that the models have never seen has waited; 0 when none waits.";
    ATTRIBUTES = "attributes_recognised_total", Counter, ["attribute"], &[], "Attributes and captions that the models gave to garments.";
    CORRECTIONS = "attribute_corrections_total", Counter, ["attribute"], &[], "Attributes and captions that people corrected.";
    INDEX_VECTORS = "vector_index_vectors", Gauge, ["space"], &[], "Vectors in the index.";
    INDEX_DELETED = "vector_index_deleted_ratio", Gauge, ["space"], &[], "Share of the graph's entries that are deleted and still take part in walks.";
    INDEX_BYTES = "vector_index_memory_bytes", Gauge, ["space"], &[], "Memory the index holds.";
    INDEX_ITEMS = "vector_index_wardrobe_items", Gauge, [], &[], "Garments that should be in the index, as the database says.";
    INDEX_LAG = "vector_index_lag_changes", Gauge, [], &[], "Changes in Postgres that the index has not seen yet.";
    INDEX_LAG_SECONDS = "vector_index_lag_seconds", Gauge, [], &[], "Age of the oldest of them; 0 when there are none.";
    INDEX_SNAPSHOT_AGE = "vector_index_snapshot_age_seconds", Gauge, [], &[], "Time since the index was last saved, or since the start when there is no snapshot.";
    INDEX_SNAPSHOT_BYTES = "vector_index_snapshot_bytes", Gauge, [], &[], "Size of the snapshot on disk, all spaces together.";
    INDEX_SNAPSHOT_DAMAGED = "vector_index_snapshot_damaged", Gauge, [], &[], "1 when the snapshot on disk failed its check, when it was loaded or later; 0 otherwise.";
    INDEX_RECALL = "vector_index_recall_ratio", Gauge, ["space"], &[], "Share of the ten nearest that a search finds, measured on a sample against an exact scan.";
    INDEX_HEALTH = "vector_index_health_score", Gauge, [], &[], "How well the index does its work, 0 to 100.";
    SEARCH_SECONDS = "vector_search_duration_seconds", Histogram, ["plan"], SHORT_SECONDS, "Time of one vector search: exact or hnsw.";
    SEARCH_VISITED = "vector_search_visited_total", Counter, ["plan"], &[], "Vectors compared with the query.";
    SEARCH_ERRORS = "vector_search_errors_total", Counter, [], &[], "Vector searches that failed.";
    RECOMMENDATIONS = "recommendations_total", Counter, ["result"], &[], "Answers to \"what shall I wear?\": full, partial or empty.";
    RECOMMEND_SECONDS = "recommendation_duration_seconds", Histogram, ["stage"], SHORT_SECONDS, "Time of a recommendation by stage.";
    RECOMMEND_CANDIDATES = "recommendation_candidates", Histogram, [], COUNTS, "Garments considered for one answer.";
    FEEDBACK = "feedback_received_total", Counter, ["kind"], &[], "Feedback events accepted.";
    OUTCOMES = "recommendation_outcomes_total", Counter, ["outcome"], &[], "Suggested outfits that people accepted (saved, worn, liked, rated 4 or 5) or rejected.";
    FUSION_LOG_LOSS = "fusion_log_loss_nats_total", Sum, [], &[], "Sum of the log losses of the acceptance predicted when an outfit was shown, once its outcome is known.";
    FUSION_PREDICTIONS = "fusion_predictions_total", Counter, [], &[], "Predictions in that sum: divide by it for the mean log loss.";
    FUSION_PREDICTED = "fusion_predicted_accepts_total", Sum, ["bin"], &[], "Sum of the predicted probabilities, by tenth: bin 3 is 0.3 to 0.4.";
    FUSION_ACCEPTED = "fusion_accepts_total", Counter, ["bin"], &[], "Outcomes that were acceptances, by the tenth of their prediction; calibrated is when it equals the predicted sum.";
    LEARNED_PEOPLE = "people_with_learned_state", Gauge, [], &[], "People from whom something was learned.";
    TASTE_SHIFT = "taste_shift", Histogram, ["space"], SHIFTS, "How far one lesson moved a person's taste: 1 minus the cosine of before and after, 0 to 2.";
    PRIOR_VERSION = "shared_prior_version", Gauge, [], &[], "Version of the shared prior that new people start from; 0 is the table set by hand.";
    PRIOR_PEOPLE = "shared_prior_people", Gauge, [], &[], "People that version was estimated from.";
    CROWD_PEOPLE = "crowd_people", Gauge, [], &[], "People whose tastes the groups of like taste were made from; 0 while there are too few.";
    CROWD_GROUPS = "crowd_groups", Gauge, [], &[], "Groups of like taste, of five people or more each.";
    CACHE_REQUESTS = "cache_requests_total", Counter, ["result"], &[], "Look-ups in Redis: hit, miss or unavailable.";
    CACHE_SECONDS = "cache_operation_duration_seconds", Histogram, ["operation"], SHORT_SECONDS, "Time of one call of Redis: get, put, take (of a request limit), ping or info.";
    CACHE_ERRORS = "cache_errors_total", Counter, [], &[], "Calls of Redis that failed or took too long.";
    REDIS_UP = "redis_up", Gauge, [], &[], "1 when Redis answered the last time it was asked, 0 when not.";
    REDIS_MEMORY = "redis_memory_used_bytes", Gauge, [], &[], "Memory that Redis uses.";
    REDIS_MEMORY_MAX = "redis_memory_max_bytes", Gauge, [], &[], "Most memory that Redis may use; 0 is no limit.";
    REDIS_CLIENTS = "redis_connected_clients", Gauge, [], &[], "Clients of Redis.";
    REDIS_HITS = "redis_keyspace_hits_total", Sum, [], &[], "Look-ups that Redis found, whoever asked.";
    REDIS_MISSES = "redis_keyspace_misses_total", Sum, [], &[], "Look-ups that Redis did not find, whoever asked.";
    DB_UP = "db_up", Gauge, [], &[], "1 when Postgres answered the last time it was asked, 0 when not.";
    DB_POOL = "db_pool_connections", Gauge, ["state"], &[], "Connections to Postgres: idle or in_use.";
    DB_POOL_MAX = "db_pool_connections_max", Gauge, [], &[], "Most connections that the pool may open.";
    DB_POOL_WAITING = "db_pool_waiting", Gauge, [], &[], "Callers waiting for a connection to Postgres now.";
    DB_WAIT_SECONDS = "db_pool_wait_seconds", Histogram, [], SHORT_SECONDS, "Time spent waiting for a connection to Postgres.";
    DB_QUERY_SECONDS = "db_query_duration_seconds", Histogram, ["statement"], SHORT_SECONDS, "Time of one statement in Postgres, by its verb and first table.";
    DB_ERRORS = "db_errors_total", Counter, ["class"], &[], "Failed statements, by kind of error.";
    DB_SIZE = "db_size_bytes", Gauge, [], &[], "Size of the database on disk.";
    DB_SERVER_CONNECTIONS = "db_server_connections", Gauge, [], &[], "Connections to the Postgres server, everybody's.";
    DB_SERVER_CONNECTIONS_MAX = "db_server_connections_max", Gauge, [], &[], "Most connections that the Postgres server takes.";
    CLOCK_SKEW = "clock_skew_seconds", Gauge, [], &[], "This machine's clock minus that of Postgres.";
    BACKUP_LAST_SUCCESS = "backup_last_success_timestamp_seconds", Gauge, [], &[], "When the newest backup in backup.directory was made, in seconds since 1970; 0 while there is none, absent when none are made.";
    BACKUP_LAST_SIZE = "backup_last_size_bytes", Gauge, [], &[], "Size of that backup.";
    BACKUP_INTERVAL = "backup_interval_seconds", Gauge, [], &[], "How often backups are made.";
    BACKUP_FAILURES = "backup_failures_total", Counter, [], &[], "Backups that were due and failed.";
    SYSTEM_CPU = "system_cpu_seconds_total", Sum, ["mode"], &[], "CPU time of the machine, all cores together, by mode.";
    SYSTEM_CORES = "system_cores", Gauge, [], &[], "Cores of the machine.";
    SYSTEM_LOAD1 = "system_load1", Gauge, [], &[], "Load of the machine over one minute.";
    SYSTEM_LOAD5 = "system_load5", Gauge, [], &[], "Load of the machine over five minutes.";
    SYSTEM_LOAD15 = "system_load15", Gauge, [], &[], "Load of the machine over fifteen minutes.";
    SYSTEM_MEMORY_TOTAL = "system_memory_total_bytes", Gauge, [], &[], "Memory of the machine.";
    SYSTEM_MEMORY_AVAILABLE = "system_memory_available_bytes", Gauge, [], &[], "Memory that programs could still get without swapping.";
    SYSTEM_RECEIVED = "system_network_receive_bytes_total", Sum, [], &[], "Bytes received by the machine, without loopback.";
    SYSTEM_TRANSMITTED = "system_network_transmit_bytes_total", Sum, [], &[], "Bytes sent by the machine, without loopback.";
    DISK_TOTAL = "disk_total_bytes", Gauge, [], &[], "Size of the file system that the data directory is on.";
    DISK_AVAILABLE = "disk_available_bytes", Gauge, [], &[], "Space left on it for this program.";
    DATA_BYTES = "data_dir_bytes", Gauge, [], &[], "Size of the data directory.";
    PROCESS_CPU = "process_cpu_seconds_total", Sum, [], &[], "CPU time used by this process.";
    PROCESS_MEMORY = "process_resident_memory_bytes", Gauge, [], &[], "Resident memory of this process.";
    PROCESS_VIRTUAL = "process_virtual_memory_bytes", Gauge, [], &[], "Virtual memory of this process.";
    PROCESS_VIRTUAL_MAX = "process_virtual_memory_max_bytes", Gauge, [], &[], "Most virtual memory this process may have.";
    PROCESS_THREADS = "process_threads", Gauge, [], &[], "Threads of this process.";
    PROCESS_FDS_MAX = "process_max_fds", Gauge, [], &[], "Most file descriptors this process may open.";
    PROCESS_FDS = "process_open_fds", Gauge, [], &[], "Open file descriptors of this process.";
    PROCESS_START = "process_start_time_seconds", Gauge, [], &[], "When this process started, in seconds since 1970.";
    PROCESS_UPTIME = "process_uptime_seconds", Gauge, [], &[], "How long this process has run.";
    TASK_RESTARTS = "task_restarts_total", Counter, ["task"], &[], "Background tasks that ended unexpectedly and were started again.";
    HEALTH_UP = "health_check_up", Gauge, ["check"], &[], "What the last check of each part said: 1 ok, 0.5 degraded, 0 failed.";
    TLS_NOT_AFTER = "tls_certificate_not_after_timestamp_seconds", Gauge, ["certificate"], &[], "When a certificate expires, in seconds since 1970; absent while there is none.";
    RING_SERIES = "monitoring_series", Gauge, [], &[], "Series kept in memory.";
    RING_REFUSED = "monitoring_series_refused_total", Counter, [], &[], "Series not kept because there were too many.";
    RING_BYTES = "monitoring_memory_bytes", Gauge, [], &[], "Memory that the samples kept take.";
    RING_SAMPLES = "monitoring_samples_total", Counter, [], &[], "Samples taken.";
    RING_SECONDS = "monitoring_sample_duration_seconds", Histogram, [], SHORT_SECONDS, "Time of taking one round of samples.";
    ALERT_RULES = "alert_rules", Gauge, ["kind"], &[], "Rules in force: alerting or recording.";
    ALERT_RULES_LOADED = "alert_rules_loaded", Gauge, [], &[], "1 when the newest rule file is the one in force, 0 when it was refused.";
    ALERTS = "alerts", Gauge, ["state"], &[], "Alerts now: pending or firing.";
    ALERT_EVALUATIONS = "alert_evaluations_total", Counter, ["result"], &[], "Evaluations of a rule: ok or failed.";
    ALERT_SECONDS = "alert_evaluation_duration_seconds", Histogram, [], SHORT_SECONDS, "Time of one round of evaluating all rules.";
    ALERT_LEADING = "alert_evaluator_leading", Gauge, [], &[], "1 when this instance is the one that evaluates and notifies.";
    ALERT_NOTIFICATIONS = "alert_notifications_total", Counter, ["receiver_kind", "outcome"], &[], "Attempts to tell a receiver of alerts: sent or failed; dropped are messages given up.";
    ALERT_RECEIVER_UP = "alert_receiver_up", Gauge, ["receiver"], &[], "1 when the last attempt to tell the receiver succeeded, 0 when it failed.";
    MAILS = "mails_total", Counter, ["outcome"], &[], "Attempts to send mails to people about their accounts: sent or failed; dropped are mails given up.";
    ALERT_QUEUE = "alert_queue_messages", Gauge, [], &[], "Messages about alerts that wait to be sent.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions() {
        for metric in ALL {
            assert_eq!(
                metric.name.ends_with("_total"),
                metric.kind.name() == "counter",
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
