//! A day of samples in memory: what a process knows of itself, kept small, and evaluated while it grows.
//!
//! Samples come in rounds: all series of a source at one time. A series that is missing in a round of its source is
//! marked stale. Half an hour of rounds makes a block, which is packed when it is full and dropped when it is too old.
//! A [`Snapshot`] shares the blocks, so that whoever evaluates on it does not hold up the next round. Not here: where
//! samples come from, and the time.
mod bits;
mod block;
mod index;
mod pack;
mod source;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use super::promql::{Labels, Matcher, Series, Store};
use block::Between;
use source::{Rounds, Source};
use std::collections::{BTreeMap, HashMap};

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A block whose last round is older than that is dropped.
    pub keep_ms: i64,
    /// Series of all sources together; more are refused.
    pub max_series: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            keep_ms: 24 * 60 * 60 * 1000,
            max_series: 5000,
        }
    }
}

/// Samples of the recent past.
#[derive(Debug)]
pub struct Ring {
    limits: Limits,
    sources: BTreeMap<String, Source>,
    samples: u64,
    refused: u64,
}

impl Ring {
    /// An empty one.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            sources: BTreeMap::new(),
            samples: 0,
            refused: 0,
        }
    }

    /// Adds a round of a source: all its series at one time, in milliseconds since 1970.
    ///
    /// A series that was in the source's round before and is not in this one is marked stale, so an empty round ends
    /// them all. Of a series given twice the first value counts, and of two rounds of the same time the first one. A
    /// round that is earlier than the last one takes the place of those after it: the clock was set back.
    pub fn append(
        &mut self,
        source: &str,
        at_ms: i64,
        samples: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        let oldest = at_ms.saturating_sub(self.limits.keep_ms);
        for source in self.sources.values_mut() {
            source.forget_before(oldest);
        }
        self.sources.retain(|_, source| !source.rounds.is_empty());
        let room = self.limits.max_series.saturating_sub(self.series());
        let source = self.sources.entry(source.to_owned()).or_default();
        let taken = source.append(at_ms, samples, room);
        self.samples += taken.samples;
        self.refused += taken.refused;
    }

    /// What is in it now. Cheap, and not changed by what is appended later.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            sources: self.sources.values().map(|s| s.rounds.clone()).collect(),
        }
    }

    /// How many series it holds.
    #[must_use]
    pub fn series(&self) -> usize {
        self.sources.values().map(|s| s.rounds.series()).sum()
    }

    /// How much memory it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sources.values().map(|s| s.rounds.bytes()).sum()
    }

    /// Samples taken since it was made.
    #[must_use]
    pub const fn samples(&self) -> u64 {
        self.samples
    }

    /// Samples that were not taken, because their series would have been one too many.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }
}

impl Store for Ring {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.snapshot().select(matchers, from_ms, to_ms)
    }
}

/// What a [`Ring`] held at some moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    sources: Vec<Rounds>,
}

impl Snapshot {
    /// What the series are called that every matcher matches and that were there between two times, to the half hour.
    /// In order, none twice.
    #[must_use]
    pub fn labels(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Labels> {
        let between = Between { from_ms, to_ms };
        let all = self
            .sources
            .iter()
            .flat_map(|s| s.labels(matchers, between));
        let mut labels: Vec<Labels> = all.collect();
        labels.sort();
        labels.dedup();
        labels
    }

    /// How many samples [`Store::select`] would give at most, to the half hour; counted, not read.
    #[must_use]
    pub fn count(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> usize {
        let between = Between { from_ms, to_ms };
        self.sources
            .iter()
            .map(|s| s.count(matchers, between))
            .sum()
    }

    /// The time of the last round.
    #[must_use]
    pub fn last_ms(&self) -> Option<i64> {
        self.sources.iter().filter_map(Rounds::last_ms).max()
    }
}

impl Store for Snapshot {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let between = Between { from_ms, to_ms };
        let mut series = vec![];
        for source in &self.sources {
            source.select(matchers, between, &mut series);
        }
        if self.sources.len() > 1 {
            return merged(series);
        }
        series
    }
}

/// Makes one of the series of several sources that are called the same.
fn merged(series: Vec<Series>) -> Vec<Series> {
    let mut known: HashMap<Labels, usize> = HashMap::with_capacity(series.len());
    let mut out: Vec<Series> = Vec::with_capacity(series.len());
    for one in series {
        match known.get(&one.labels).and_then(|at| out.get_mut(*at)) {
            None => {
                known.insert(one.labels.clone(), out.len());
                out.push(one);
            }
            Some(same) => {
                same.samples.extend(one.samples);
                same.samples.sort_by_key(|s| s.at_ms);
                same.samples.dedup_by_key(|s| s.at_ms);
            }
        }
    }
    out
}
