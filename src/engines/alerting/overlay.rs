//! A store with the samples of this round on top: later rules of a group see what earlier ones wrote.
use crate::engines::promql::{Labels, Matcher, Sample, Series, Store, stale_marker};
use std::collections::HashMap;

/// The store, and values of one time.
pub(super) struct Overlay<'s> {
    base: &'s dyn Store,
    at_ms: i64,
    fresh: Vec<(Labels, f64)>,
}

impl<'s> Overlay<'s> {
    pub(super) fn new(base: &'s dyn Store, at_ms: i64) -> Self {
        let fresh = vec![];
        Self { base, at_ms, fresh }
    }

    pub(super) fn write(&mut self, samples: &[(Labels, f64)], ended: &[Labels]) {
        self.fresh.extend_from_slice(samples);
        let ends = ended.iter().map(|labels| (labels.clone(), stale_marker()));
        self.fresh.extend(ends);
    }
}

impl Store for Overlay<'_> {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let mut series = self.base.select(matchers, from_ms, to_ms);
        if !(from_ms..=to_ms).contains(&self.at_ms) {
            return series;
        }
        let wanted = |labels: &Labels| matchers.iter().all(|matcher| matcher.matches(labels));
        let fresh: Vec<_> = self.fresh.iter().filter(|(l, _)| wanted(l)).collect();
        if fresh.is_empty() {
            return series;
        }
        let mut places: HashMap<Labels, usize> = HashMap::new();
        for (at, one) in series.iter().enumerate() {
            places.insert(one.labels.clone(), at);
        }
        for (labels, value) in fresh {
            let sample = Sample {
                at_ms: self.at_ms,
                value: *value,
            };
            match places.get(labels).and_then(|at| series.get_mut(*at)) {
                Some(known) => insert(&mut known.samples, sample),
                None => {
                    places.insert(labels.clone(), series.len());
                    series.push(Series {
                        labels: labels.clone(),
                        samples: vec![sample],
                    });
                }
            }
        }
        series
    }
}

/// In the order of time; what is there already stays.
fn insert(samples: &mut Vec<Sample>, sample: Sample) {
    let place = samples.partition_point(|s| s.at_ms < sample.at_ms);
    if samples.get(place).is_none_or(|s| s.at_ms != sample.at_ms) {
        samples.insert(place, sample);
    }
}
