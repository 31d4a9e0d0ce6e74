//! Tests of rules in promtool's format: series that are made up, and what the rules must make of them.
mod notation;
mod read;
mod run;

use crate::engines::promql::{Labels, Query, Sample};

/// A file of tests.
#[derive(Debug, Clone)]
pub struct TestFile {
    /// The files of rules that are tested, relative to this one.
    pub rule_files: Vec<String>,
    interval_ms: i64,
    group_order: Vec<String>,
    tests: Vec<RuleTest>,
}

/// Series, and what is expected at some times.
#[derive(Debug, Clone)]
struct RuleTest {
    name: String,
    series: Vec<(Labels, Vec<Sample>)>,
    external_url: String,
    alerts: Vec<ExpectedAlerts>,
    values: Vec<ExpectedValues>,
}

/// Where something stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
}

/// The alerts of one name that fire at one time.
#[derive(Debug, Clone)]
struct ExpectedAlerts {
    place: Place,
    at_ms: i64,
    name: String,
    /// Labels and annotations.
    alerts: Vec<(Labels, Labels)>,
}

/// What an expression is worth at one time.
#[derive(Debug, Clone)]
struct ExpectedValues {
    place: Place,
    at_ms: i64,
    query: Query,
    samples: Vec<(Labels, f64)>,
}

impl TestFile {
    /// How many tests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tests.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }
}
