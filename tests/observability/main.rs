//! What is shipped for watching FlashFit: alert rules, dashboards, the runbook, and what Prometheus and Alertmanager beside
//! it need. First that they agree with each other and with the table of metrics; then, with a real server under load and
//! Debian's `prometheus` (which scrapes it as `config/prometheus` says), that every expression finds what it asks for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
mod agreed;
mod load;
mod program;
mod prometheus;
mod promtool;
mod scraped;
mod selectors;
mod shipped;
