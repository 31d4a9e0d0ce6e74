//! Rule files, templates and the states of alerts against Prometheus itself: what `promtool` takes, renders and
//! expects. Needs the programs of Debian's package `prometheus`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod promtool;
mod rules;
mod states;
mod templates;
