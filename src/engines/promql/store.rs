//! Where samples come from: the face that whatever keeps them shows to the evaluator.
use std::sync::Arc;

use regex::Regex;

use super::{error::Refusal, labels::Labels, pattern};

/// One value at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// May be infinite, no number, or the [`stale_marker`].
    pub value: f64,
}

/// A series and some of its samples, oldest first, no two of the same time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is called.
    pub labels: Labels,
    /// The samples that were asked for.
    pub samples: Vec<Sample>,
}

/// Something that keeps series.
pub trait Store {
    /// The series that every matcher matches, with their samples from `from_ms` to `to_ms`, both included. A series
    /// that has no sample there may be left out. No two may have the same labels; their order does not matter.
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series>;
}

/// Series in a list: what tests and small collections need.
impl Store for Vec<Series> {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let wanted = |series: &&Series| matchers.iter().all(|m| m.matches(&series.labels));
        let inside = |sample: &&Sample| (from_ms..=to_ms).contains(&sample.at_ms);
        self.iter()
            .filter(wanted)
            .map(|series| Series {
                labels: series.labels.clone(),
                samples: series.samples.iter().filter(inside).copied().collect(),
            })
            .filter(|series| !series.samples.is_empty())
            .collect()
    }
}

/// How the value of a label is compared.
#[derive(Debug, Clone)]
pub enum Comparison {
    /// `=`
    Equal(Arc<str>),
    /// `!=`
    NotEqual(Arc<str>),
    /// `=~`, anchored at both ends
    Like(Regex),
    /// `!~`, anchored at both ends
    Unlike(Regex),
}

/// What one label of a series must be. A label that is not there is empty.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// The label.
    pub name: Arc<str>,
    /// What is asked of its value.
    pub comparison: Comparison,
}

impl Matcher {
    /// One that is written apart from an expression, with one of `=`, `!=`, `=~` and `!~`; none for another word.
    ///
    /// # Errors
    /// [`Refusal`] of a regular expression that cannot be used.
    pub fn new(name: &str, operator: &str, value: &str) -> Option<Result<Self, Refusal>> {
        let text = || Ok(Arc::from(value));
        let comparison = match operator {
            "=" => text().map(Comparison::Equal),
            "!=" => text().map(Comparison::NotEqual),
            "=~" => pattern::anchored(value).map(Comparison::Like),
            "!~" => pattern::anchored(value).map(Comparison::Unlike),
            _ => return None,
        };
        Some(comparison.map(|comparison| Self {
            name: Arc::from(name),
            comparison,
        }))
    }

    /// Whether a series of these labels is meant.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.name);
        match &self.comparison {
            Comparison::Equal(wanted) => value == wanted.as_ref(),
            Comparison::NotEqual(unwanted) => value != unwanted.as_ref(),
            Comparison::Like(pattern) => pattern.is_match(value),
            Comparison::Unlike(pattern) => !pattern.is_match(value),
        }
    }
}

const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The value that says that a series has ended: one certain pattern of bits that is no number.
#[must_use]
pub const fn stale_marker() -> f64 {
    f64::from_bits(STALE_BITS)
}

/// Whether a value is the [`stale_marker`]; any other that is no number is an ordinary value.
#[must_use]
pub const fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_BITS
}
