//! The rounds of one source: its blocks, and the series in them.
use super::{
    block::{Between, Block, Head},
    index::Index,
};
use crate::engines::promql::{Labels, Matcher, Sample, Series, is_stale, stale_marker};
use std::{collections::VecDeque, sync::Arc};

/// What is shared with snapshots: cloning it copies pointers, and changing it copies only what a snapshot still holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Rounds {
    index: Arc<Index>,
    sealed: VecDeque<Arc<Block>>,
    head: Arc<Head>,
}

/// The rounds of a source, and what is needed to add another.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) rounds: Rounds,
    /// The number of the round in which each series was there last; 0 for never.
    seen: Vec<u64>,
    round: u64,
}

/// What became of a round.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) samples: u64,
    pub(super) refused: u64,
}

impl Source {
    /// Adds a round; at most `room` series are new.
    pub(super) fn append(
        &mut self,
        at_ms: i64,
        samples: impl IntoIterator<Item = (Labels, f64)>,
        mut room: usize,
    ) -> Taken {
        let mut taken = Taken::default();
        if self.rounds.last_ms() == Some(at_ms) {
            return taken;
        }
        self.forget_from(at_ms);
        if self.rounds.head.is_full() {
            self.rounds
                .sealed
                .push_back(Arc::new(self.rounds.head.seal()));
            self.rounds.head = Arc::default();
        }
        self.round += 1;
        let head = Arc::make_mut(&mut self.rounds.head);
        head.begin(at_ms);
        for (labels, value) in samples.into_iter().filter(|(_, v)| !is_stale(*v)) {
            let known = self.rounds.index.find(&labels);
            if known.is_none() && room == 0 {
                taken.refused += 1;
                continue;
            }
            let place = known.unwrap_or_else(|| {
                room -= 1;
                Arc::make_mut(&mut self.rounds.index).insert(labels)
            });
            head.put(place, value);
            if self.seen.len() <= place {
                self.seen.resize(place + 1, 0);
            }
            if let Some(seen) = self.seen.get_mut(place) {
                *seen = self.round;
            }
            taken.samples += 1;
        }
        for (place, seen) in self.seen.iter().enumerate() {
            if *seen != 0 && seen + 1 == self.round {
                head.put(place, stale_marker());
            }
        }
        taken
    }

    /// The clock was set back: what claims to be of the time to come would hide what comes.
    fn forget_from(&mut self, at_ms: i64) {
        if self.rounds.last_ms().is_none_or(|last| last < at_ms) {
            return;
        }
        Arc::make_mut(&mut self.rounds.head).forget_from(at_ms);
        while self
            .rounds
            .sealed
            .back()
            .is_some_and(|b| b.last_ms() >= Some(at_ms))
        {
            self.rounds.sealed.pop_back();
        }
        self.forget_series();
    }

    /// Forgets the blocks that end before a time, and the series that are in no other.
    pub(super) fn forget_before(&mut self, at_ms: i64) {
        let before = self.rounds.sealed.len();
        while self
            .rounds
            .sealed
            .front()
            .is_some_and(|b| b.last_ms() < Some(at_ms))
        {
            self.rounds.sealed.pop_front();
        }
        if self.rounds.head.last_ms().is_some_and(|last| last < at_ms) {
            self.rounds.head = Arc::default();
            self.forget_series();
        } else if self.rounds.sealed.len() < before {
            self.forget_series();
        }
    }

    fn forget_series(&mut self) {
        let Rounds {
            index,
            sealed,
            head,
        } = &mut self.rounds;
        let is_here = |place: usize| head.has(place) || sealed.iter().any(|b| b.has(place));
        if index.all(is_here) {
            return;
        }
        Arc::make_mut(index).retain(is_here);
        for (place, seen) in self.seen.iter_mut().enumerate() {
            if index.labels(place).is_none() {
                *seen = 0;
            }
        }
    }
}

impl Rounds {
    pub(super) fn series(&self) -> usize {
        self.index.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.last_ms().is_none()
    }

    pub(super) fn last_ms(&self) -> Option<i64> {
        let sealed = || self.sealed.back().and_then(|b| b.last_ms());
        self.head.last_ms().or_else(sealed)
    }

    pub(super) fn bytes(&self) -> usize {
        let sealed: usize = self.sealed.iter().map(|b| b.bytes()).sum();
        sealed + self.head.bytes() + self.index.bytes()
    }

    /// The series that match and have a sample between two times.
    pub(super) fn select(&self, matchers: &[Matcher], between: Between, out: &mut Vec<Series>) {
        let places = self.index.matching(matchers);
        let blocks: Vec<&Arc<Block>> = self.sealed.iter().filter(|b| b.meets(between)).collect();
        let head = self.head.meets(between);
        for place in places {
            let mut samples: Vec<Sample> = vec![];
            for block in &blocks {
                block.read(place, between, &mut samples);
            }
            if head {
                self.head.read(place, between, &mut samples);
            }
            if let Some(labels) = self.index.labels(place).filter(|_| !samples.is_empty()) {
                out.push(Series {
                    labels: labels.clone(),
                    samples,
                });
            }
        }
    }

    /// How many samples there are about.
    pub(super) fn count(&self, matchers: &[Matcher], between: Between) -> usize {
        let places = self.index.matching(matchers);
        let blocks: Vec<&Arc<Block>> = self.sealed.iter().filter(|b| b.meets(between)).collect();
        let head = self.head.meets(between);
        let of = |place: usize| {
            let sealed: usize = blocks.iter().map(|b| b.count(place)).sum();
            sealed + if head { self.head.count(place) } else { 0 }
        };
        places.into_iter().map(of).sum()
    }

    /// What the series are called that match and are in a block between two times.
    pub(super) fn labels(&self, matchers: &[Matcher], between: Between) -> Vec<Labels> {
        let is_here = |place: usize| {
            let mut blocks = self.sealed.iter().filter(|b| b.meets(between));
            (self.head.meets(between) && self.head.has(place)) || blocks.any(|b| b.has(place))
        };
        let places = self.index.matching(matchers).into_iter();
        places
            .filter(|place| is_here(*place))
            .filter_map(|place| self.index.labels(place).cloned())
            .collect()
    }
}
