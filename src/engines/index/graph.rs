//! The one file that knows usearch: an HNSW graph over 16-bit cosines.
//!
//! Source: Malkov & Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
//! Navigable Small World graphs", 2016. The fence: usearch does not grow by itself, refuses calls from more
//! threads than it has slots for (also after loading), and accepts vectors of NaN. So capacity and slots are
//! reserved before every call that needs them, and only [`crate::base::embedding::Embedding`] values come in.
use super::error::IndexError;
use std::sync::atomic::{AtomicUsize, Ordering};
use usearch::{Index, IndexOptions, MetricKind, ScalarKind};

/// Edges per node, M in the paper.
const CONNECTIVITY: usize = 16;
/// Nodes looked at while one is added, efConstruction in the paper.
const EXPANSION_ADD: usize = 128;
/// Nodes looked at by a search, at least; ef in the paper.
const EXPANSION_SEARCH: usize = 128;
/// Capacity grows by this share, so that growing is rare.
const GROW_BY_ONE_IN: usize = 2;

/// A graph whose keys are row slots.
pub(super) struct Graph {
    index: Index,
    threads: usize,
    busy: AtomicUsize,
    /// Soft-deleted entries since the graph was built; each costs a little recall.
    removed: usize,
}

impl Graph {
    pub(super) fn new(
        dimension: usize,
        capacity: usize,
        threads: usize,
    ) -> Result<Self, IndexError> {
        let index = Index::new(&IndexOptions {
            dimensions: dimension,
            metric: MetricKind::Cos,
            quantization: ScalarKind::F16,
            connectivity: CONNECTIVITY,
            expansion_add: EXPANSION_ADD,
            expansion_search: EXPANSION_SEARCH,
            multi: false,
        })
        .map_err(|e| refused(&e))?;
        let threads = threads.max(1);
        index
            .reserve_capacity_and_threads(capacity, threads)
            .map_err(|e| refused(&e))?;
        Ok(Self {
            index,
            threads,
            busy: AtomicUsize::new(0),
            removed: 0,
        })
    }

    /// Builds a graph of `vectors` on `builders` threads.
    pub(super) fn build(
        dimension: usize,
        threads: usize,
        builders: usize,
        vectors: &[(u32, &[f32])],
    ) -> Result<Self, IndexError> {
        let builders = builders.clamp(1, threads.max(1));
        let graph = Self::new(dimension, grown(vectors.len()), threads)?;
        let share = vectors.len().div_ceil(builders).max(1);
        std::thread::scope(|scope| {
            let workers: Vec<_> = vectors
                .chunks(share)
                .map(|chunk| {
                    scope.spawn(|| {
                        chunk.iter().try_for_each(|(slot, values)| {
                            graph.index.add(u64::from(*slot), values)
                        })
                    })
                })
                .collect();
            workers
                .into_iter()
                .try_for_each(|worker| match worker.join() {
                    Ok(done) => done.map_err(|e| refused(&e)),
                    Err(_) => Err(IndexError::Graph("a builder panicked".to_owned())),
                })
        })?;
        Ok(graph)
    }

    pub(super) fn add(&self, slot: u32, values: &[f32]) -> Result<(), IndexError> {
        if self.index.size() + self.removed + 1 > self.index.capacity() {
            let capacity = grown(self.index.capacity() + 1);
            self.index
                .reserve_capacity_and_threads(capacity, self.threads)
                .map_err(|e| refused(&e))?;
        }
        self.index
            .add(u64::from(slot), values)
            .map_err(|e| refused(&e))
    }

    /// Soft-deletes: the slot is never found again, but its node stays in the way.
    pub(super) fn remove(&mut self, slot: u32) -> Result<(), IndexError> {
        let count = self
            .index
            .remove(u64::from(slot))
            .map_err(|e| refused(&e))?;
        self.removed += count;
        Ok(())
    }

    /// The `count` slots nearest to `query` that `accepts`, nearest first by 16-bit arithmetic; `None` when
    /// as many threads are searching as there are slots for.
    pub(super) fn search(
        &self,
        query: &[f32],
        count: usize,
        accepts: Option<&dyn Fn(u32) -> bool>,
    ) -> Option<Result<Vec<u32>, IndexError>> {
        let _turn = Turn::take(&self.busy, self.threads)?;
        let found = match accepts {
            None => self.index.search(query, count),
            Some(accepts) => self
                .index
                .filtered_search(query, count, |key| accepts(key as u32)),
        };
        Some(match found {
            Ok(matches) => Ok(matches.keys.into_iter().map(|key| key as u32).collect()),
            Err(e) => Err(refused(&e)),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.index.size()
    }

    pub(super) fn contains(&self, slot: u32) -> bool {
        self.index.contains(u64::from(slot))
    }

    pub(super) fn removed(&self) -> usize {
        self.removed
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.index.memory_usage()
    }

    /// The graph as bytes, for [`Graph::load`].
    pub(super) fn save(&self) -> Result<Vec<u8>, IndexError> {
        let mut bytes = vec![0; self.index.serialized_length()];
        self.index
            .save_to_buffer(&mut bytes)
            .map_err(|e| refused(&e))?;
        Ok(bytes)
    }

    /// Reads what [`Graph::save`] wrote. The caller has checked that the bytes are the ones written.
    pub(super) fn load(
        dimension: usize,
        threads: usize,
        saved: &Saved<'_>,
    ) -> Result<Self, IndexError> {
        let mut graph = Self::new(dimension, 0, threads)?;
        graph.removed = saved.removed;
        graph
            .index
            .load_from_buffer(saved.bytes)
            .map_err(|e| refused(&e))?;
        if graph.index.dimensions() != dimension {
            return Err(IndexError::Dimension {
                expected: dimension,
                found: graph.index.dimensions(),
            });
        }
        graph
            .index
            .reserve_capacity_and_threads(grown(graph.index.size() + saved.removed), graph.threads)
            .map_err(|e| refused(&e))?;
        Ok(graph)
    }
}

/// What was kept of a graph.
pub(super) struct Saved<'a> {
    /// What [`Graph::save`] wrote.
    pub(super) bytes: &'a [u8],
    /// What [`Graph::removed`] said.
    pub(super) removed: usize,
}

/// A place among the searching threads, given back on drop.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(busy: &'a AtomicUsize, most: usize) -> Option<Self> {
        let before = busy.fetch_add(1, Ordering::AcqRel);
        let turn = Self(busy);
        (before < most).then_some(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn grown(length: usize) -> usize {
    length + length / GROW_BY_ONE_IN + 64
}

fn refused(error: &dyn std::fmt::Display) -> IndexError {
    IndexError::Graph(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_threads_than_slots_are_turned_away_not_failed() {
        let busy = AtomicUsize::new(0);
        let first = Turn::take(&busy, 1);
        assert!(first.is_some());
        assert!(Turn::take(&busy, 1).is_none());
        drop(first);
        assert!(Turn::take(&busy, 1).is_some());
    }

    #[test]
    fn capacity_grows_by_itself() {
        let mut graph = Graph::new(2, 1, 2).unwrap();
        for slot in 0..500_u32 {
            let angle = slot as f32;
            graph.add(slot, &[angle.cos(), angle.sin()]).unwrap();
        }
        for slot in 0..100 {
            graph.remove(slot).unwrap();
        }
        for slot in 0..100_u32 {
            let angle = slot as f32;
            graph.add(slot, &[angle.cos(), angle.sin()]).unwrap();
        }
        assert_eq!((graph.len(), graph.removed()), (500, 100));
        let saved = Saved {
            bytes: &graph.save().unwrap(),
            removed: graph.removed(),
        };
        let loaded = Graph::load(2, 2, &saved).unwrap();
        assert_eq!(loaded.len(), 500);
        loaded.add(500, &[1.0, 0.0]).unwrap();
        assert!(loaded.contains(500) && !loaded.contains(501));
    }
}
