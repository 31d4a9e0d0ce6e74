//! The program as its users meet it: a real server on a real port, with a database of its own per test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests have no supervisor, and start from the real time"
)]
#![expect(
    clippy::print_stdout,
    reason = "a test that falls back to drawn photos says so"
)]
mod accounts;
mod alerts;
mod bad_input;
mod choices;
mod crowd;
mod database;
mod export;
mod feedback;
mod https;
mod idempotency;
mod limits;
mod log_level;
#[path = "../notify/mail_server.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod mail_server;
mod metrics;
mod monitoring;
mod odd_photos;
mod onboarding;
mod openapi;
mod operators;
mod outfits;
mod pages;
mod prior;
mod raw;
mod schema;
mod search;
mod support;
mod tenants;
#[path = "../faults/tls.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod tls;
mod wardrobe;
mod week;
