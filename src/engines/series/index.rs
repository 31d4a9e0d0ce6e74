//! Which series there are, and where each has its place.
use crate::engines::promql::{Comparison, Labels, METRIC_NAME, Matcher};
use std::collections::HashMap;

/// The series of one source by name. A place that is left is given to another.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    places: Vec<Option<Labels>>,
    known: HashMap<Labels, usize>,
    named: HashMap<String, Vec<usize>>,
    free: Vec<usize>,
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn find(&self, labels: &Labels) -> Option<usize> {
        self.known.get(labels).copied()
    }

    pub(super) fn labels(&self, place: usize) -> Option<&Labels> {
        self.places.get(place).and_then(Option::as_ref)
    }

    /// Gives a series a place that is not yet known to have one.
    pub(super) fn insert(&mut self, labels: Labels) -> usize {
        let place = self.free.pop().unwrap_or(self.places.len());
        if self.places.len() <= place {
            self.places.resize(place + 1, None);
        }
        let name = labels.get(METRIC_NAME).to_owned();
        self.named.entry(name).or_default().push(place);
        if let Some(cell) = self.places.get_mut(place) {
            *cell = Some(labels.clone());
        }
        self.known.insert(labels, place);
        place
    }

    /// Keeps only some of the series.
    pub(super) fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        for place in 0..self.places.len() {
            if keep(place) {
                continue;
            }
            let Some(labels) = self.places.get_mut(place).and_then(Option::take) else {
                continue;
            };
            self.known.remove(&labels);
            if let Some(places) = self.named.get_mut(labels.get(METRIC_NAME)) {
                places.retain(|p| *p != place);
            }
            self.free.push(place);
        }
        self.named.retain(|_, places| !places.is_empty());
    }

    /// Whether `retain` would change anything.
    pub(super) fn all(&self, keep: impl Fn(usize) -> bool) -> bool {
        self.known.values().all(|place| keep(*place))
    }

    /// The places of the series that every matcher matches.
    pub(super) fn matching(&self, matchers: &[Matcher]) -> Vec<usize> {
        let name = matchers
            .iter()
            .find_map(|matcher| match &matcher.comparison {
                Comparison::Equal(name) if matcher.name.as_ref() == METRIC_NAME => {
                    Some(name.as_ref())
                }
                Comparison::Equal(_)
                | Comparison::NotEqual(_)
                | Comparison::Like(_)
                | Comparison::Unlike(_) => None,
            });
        let wanted = |place: &usize| {
            let labels = self.labels(*place);
            labels.is_some_and(|labels| matchers.iter().all(|m| m.matches(labels)))
        };
        match name {
            Some(name) => {
                let places = self.named.get(name).map(Vec::as_slice);
                places
                    .unwrap_or_default()
                    .iter()
                    .copied()
                    .filter(wanted)
                    .collect()
            }
            None => (0..self.places.len()).filter(wanted).collect(),
        }
    }

    /// Roughly, since strings may be shared.
    pub(super) fn bytes(&self) -> usize {
        // Two counters and a pointer with a length, for each of the two strings of a label.
        const STRING: usize = 32;
        let labels = self.known.keys().flat_map(Labels::iter);
        let strings: usize = labels.map(|(n, v)| n.len() + v.len() + 2 * STRING).sum();
        strings + self.places.capacity() * 80
    }
}
