//! The names of the Phase 2 deployment that mean nothing any more, and why. `.env.example` lists the same.

const SIGNED: &str = "nothing is signed: sessions are random and looked up in the database";
const METRICS: &str = "there is no monitoring service beside the server: metrics are at /metrics";
const CLOUD: &str = "photos go to no cloud";

const NAMES: [(&str, &str); 25] = [
    (
        "FRONTEND_PORT",
        "the UI is in the server and shares its port",
    ),
    ("MONITOR_PORT", METRICS),
    ("MONITOR_HOST", METRICS),
    ("METRICS_PORT", METRICS),
    (
        "PROMETHEUS_ENABLED",
        "/metrics is always there; nothing is sent anywhere",
    ),
    (
        "HEALTH_CHECK_INTERVAL",
        "Compose's health checks have theirs in docker-compose.production.yml",
    ),
    ("API_PORT", "BACKEND_PORT is the port"),
    (
        "ENVIRONMENT",
        "there is one way to run, and it is the one for production",
    ),
    (
        "DEBUG",
        "LOG_LEVEL=debug shows more; no answer ever shows more",
    ),
    ("SECRET_KEY", SIGNED),
    ("JWT_SECRET", SIGNED),
    ("JWT_SECRET_KEY", SIGNED),
    (
        "CLIP_MODEL_NAME",
        "models come in packs: MODEL_PATH, docs/model-pack.md",
    ),
    ("MODEL_CACHE_DIR", "packs are kept in FLASHFIT_DATA_DIR"),
    (
        "VECTOR_STORE_DIR",
        "the index is derived from the database and kept in FLASHFIT_DATA_DIR",
    ),
    ("UPLOAD_DIR", "photos are in the database"),
    (
        "MAX_BATCH_SIZE",
        "photos go through the models one by one; FLASHFIT_MODELS__SESSIONS says how many at a time",
    ),
    (
        "INFERENCE_TIMEOUT",
        "recognition runs in the background and is bounded by attempts: wardrobe.max_attempts",
    ),
    (
        "ALLOWED_HOSTS",
        "answers do not depend on the name that FlashFit is called by",
    ),
    (
        "SSL_ENABLED",
        "the proxy speaks TLS, or FlashFit with FLASHFIT_HTTP__TLS__CERTIFICATE",
    ),
    ("WORKERS", "one per core; FLASHFIT_HTTP__WORKERS changes it"),
    ("CLOUDINARY_CLOUD_NAME", CLOUD),
    ("CLOUDINARY_API_KEY", CLOUD),
    ("CLOUDINARY_API_SECRET", CLOUD),
    ("VITE_API_BASE_URL", "the UI calls the server it came from"),
];

/// Why a name has no effect; `None` for any other.
pub(super) fn without_effect(name: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(known, _)| *known == name);
    found.map(|(_, why)| *why)
}
