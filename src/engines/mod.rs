//! Floor 2: pure machinery. No SQL, no HTTP, no clock, no network: values in, values out.
pub mod alerting;
pub mod illustrate;
pub mod index;
pub mod promql;
pub mod quality;
pub mod ranking;
pub mod series;
pub mod simulate;
pub mod vision;
