//! The index of one embedding space, and the lock around it.
use super::{
    error::IndexError,
    graph::Graph,
    inner::Inner,
    query::{Answer, Filter},
    rows::{Change, Row, Rows},
};
use crate::base::{
    embedding::{Embedding, Space},
    id::{ItemId, UserId},
    metrics,
};
use std::{
    collections::{BTreeSet, HashSet},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Instant,
};

/// Changing one vector in so many at once is slower than a new graph.
const REBUILD_FROM_ONE_IN: usize = 4;

/// How an index is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Up to so many candidates are always scanned; from so many rows on there is a graph.
    pub exact_up_to: usize,
    /// So many threads may walk the graph at once; more of them scan instead.
    pub threads: usize,
    /// So many threads build a graph.
    pub builders: usize,
    /// A graph with a larger share of soft-deleted entries is rebuilt, 0 to 1.
    pub most_removed_share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exact_up_to: 4096,
            threads: 64,
            builders: 2,
            most_removed_share: 0.3,
        }
    }
}

/// The state of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Vectors that can be found.
    pub vectors: usize,
    /// People who own at least one.
    pub owners: usize,
    /// Soft-deleted entries in the graph.
    pub removed: usize,
    /// Vectors in the graph; zero while the index is too small for one.
    pub graph_vectors: usize,
    /// Memory of rows and graph, in bytes.
    pub memory_bytes: usize,
    /// Numbers per vector.
    pub dimension: usize,
}

/// The vectors of one space, to be searched and changed from any thread.
pub struct SpaceIndex {
    space: Space,
    dimension: usize,
    settings: Settings,
    inner: RwLock<Inner>,
}

impl SpaceIndex {
    /// Makes an empty index.
    ///
    /// # Errors
    /// [`IndexError::NoDimensions`].
    pub fn new(space: Space, dimension: usize, settings: &Settings) -> Result<Self, IndexError> {
        Self::from_parts(space, dimension, settings, (Rows::new(dimension), None))
    }

    pub(super) fn from_parts(
        space: Space,
        dimension: usize,
        settings: &Settings,
        (rows, graph): (Rows, Option<Graph>),
    ) -> Result<Self, IndexError> {
        if dimension == 0 {
            return Err(IndexError::NoDimensions);
        }
        let inner = Inner::new(rows, graph, settings.exact_up_to);
        let index = Self {
            space,
            dimension,
            settings: settings.clone(),
            inner: RwLock::new(inner),
        };
        index.rebuild_if_due();
        Ok(index)
    }

    /// Adds a vector, or exchanges the one that has this key. O(log n) amortised; the call that makes a new
    /// graph necessary builds it, which takes seconds for tens of thousands of rows, while searches go on.
    ///
    /// # Errors
    /// A vector of another space or dimension; a full index.
    pub fn upsert(
        &self,
        key: ItemId,
        owner: UserId,
        embedding: &Embedding,
    ) -> Result<(), IndexError> {
        self.check(embedding)?;
        let values = embedding.values();
        {
            let mut inner = self.write();
            match inner.rows.upsert(Row { key, owner, values })? {
                Change::Same => {}
                Change::Added(slot) | Change::Replaced(slot) => inner.sync(slot),
            }
        }
        self.rebuild_if_due();
        Ok(())
    }

    /// Adds or exchanges many vectors at once, as a rebuild from the database does: where they are a large part
    /// of the index, the graph is built once, on several threads. Returns how many vectors are new or other
    /// than before.
    ///
    /// # Errors
    /// As for [`SpaceIndex::upsert`]; nothing is changed if any vector is of another space or dimension.
    pub fn fill(&self, rows: &[(ItemId, UserId, Embedding)]) -> Result<usize, IndexError> {
        for (_, _, embedding) in rows {
            self.check(embedding)?;
        }
        let (mut changed, mut done) = (vec![], Ok(()));
        {
            let mut inner = self.write();
            for (key, owner, embedding) in rows {
                let row = Row {
                    key: *key,
                    owner: *owner,
                    values: embedding.values(),
                };
                match inner.rows.upsert(row) {
                    Ok(Change::Same) => {}
                    Ok(Change::Added(slot) | Change::Replaced(slot)) => changed.push(slot),
                    Err(error) => {
                        done = Err(error);
                        break;
                    }
                }
            }
            if changed.len() > inner.rows.len() / REBUILD_FROM_ONE_IN {
                inner.graph = None;
            }
            for slot in &changed {
                inner.sync(*slot);
            }
        }
        self.rebuild_if_due();
        done.map(|()| changed.len())
    }

    /// Removes a vector; says whether there was one.
    pub fn remove(&self, key: ItemId) -> bool {
        let removed = {
            let mut inner = self.write();
            let slot = inner.rows.remove(key);
            if let Some(slot) = slot {
                inner.sync(slot);
            }
            slot.is_some()
        };
        self.rebuild_if_due();
        removed
    }

    /// Forgets removed vectors for good: a graph keeps them, since others are reached through them, and so does a
    /// snapshot of it. Builds a graph anew if it holds any, which takes seconds for tens of thousands of rows, while
    /// searches go on. Says whether it did.
    pub fn forget_removed(&self) -> bool {
        let holds_any = |inner: &Inner| inner.graph.as_ref().is_some_and(|g| g.removed() > 0);
        if !holds_any(&self.read()) || !self.begin_rebuild(holds_any) {
            return false;
        }
        self.rebuild();
        true
    }

    /// The `k` nearest rows that the filter accepts; fewer only if fewer are accepted.
    /// O(candidates × dimension) when scanned, about O(log n × dimension) through the graph.
    ///
    /// # Errors
    /// A query of another space or dimension.
    pub fn search(
        &self,
        query: &Embedding,
        k: usize,
        filter: &Filter<'_>,
    ) -> Result<Answer, IndexError> {
        if let Err(error) = self.check(query) {
            ::metrics::counter!(metrics::SEARCH_ERRORS).increment(1);
            return Err(error);
        }
        let started = Instant::now();
        let answer = self
            .read()
            .search(query.values(), k, filter, self.settings.exact_up_to);
        let plan = answer.plan.name();
        ::metrics::histogram!(metrics::SEARCH_SECONDS, "plan" => plan)
            .record(started.elapsed().as_secs_f64());
        ::metrics::counter!(metrics::SEARCH_VISITED, "plan" => plan)
            .increment(answer.visited as u64);
        Ok(answer)
    }

    /// The share of the `k` nearest that a search finds, over at most `sample` of the stored vectors, evenly chosen;
    /// 1 of an empty index. Costs a scan for each; no metric counts these searches.
    #[must_use]
    pub fn recall(&self, k: usize, sample: usize) -> f64 {
        let keys: Vec<ItemId> = {
            let inner = self.read();
            let step = (inner.rows.len() / sample.max(1)).max(1);
            let rows = inner.rows.iter().step_by(step).take(sample);
            rows.map(|(_, row)| row.key).collect()
        };
        let (mut found, mut wanted) = (0, 0);
        for key in keys {
            // The lock is taken for one vector at a time, so that changes need not wait for all of them.
            let inner = self.read();
            let Some(row) = inner.rows.slot(key).and_then(|slot| inner.rows.get(slot)) else {
                continue;
            };
            let (query, all) = (row.values, Filter::default());
            let exact = inner.scan(query, k, &all);
            let answer = inner.search(query, k, &all, self.settings.exact_up_to);
            let known: HashSet<ItemId> = answer.hits.iter().map(|hit| hit.key).collect();
            wanted += exact.len();
            found += exact.iter().filter(|hit| known.contains(&hit.key)).count();
        }
        match wanted {
            0 => 1.0,
            wanted => found as f64 / wanted as f64,
        }
    }

    /// The stored vector, bit for bit.
    #[must_use]
    pub fn get(&self, key: ItemId) -> Option<Embedding> {
        let inner = self.read();
        let row = inner.rows.get(inner.rows.slot(key)?)?;
        let bytes: Vec<u8> = row.values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Embedding::from_bytes(self.space, &bytes).ok()
    }

    /// Calls `visit` for every row, in no order that means anything; the index cannot change meanwhile.
    pub fn for_each(&self, mut visit: impl FnMut(Row<'_>)) {
        for (_, row) in self.read().rows.iter() {
            visit(row);
        }
    }

    /// Counts what there is.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let inner = self.read();
        let graph = inner.graph.as_ref();
        Stats {
            vectors: inner.rows.len(),
            owners: inner.rows.owners(),
            removed: graph.map_or(0, Graph::removed),
            graph_vectors: graph.map_or(0, Graph::len),
            memory_bytes: inner.rows.memory_bytes() + graph.map_or(0, Graph::memory_bytes),
            dimension: self.dimension,
        }
    }

    /// The space of its vectors.
    #[must_use]
    pub fn space(&self) -> Space {
        self.space
    }

    /// Numbers per vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, embedding: &Embedding) -> Result<(), IndexError> {
        if embedding.space() != self.space {
            return Err(IndexError::Space {
                expected: self.space,
                found: embedding.space(),
            });
        }
        if embedding.dimension() != self.dimension {
            return Err(IndexError::Dimension {
                expected: self.dimension,
                found: embedding.dimension(),
            });
        }
        Ok(())
    }

    fn rebuild_if_due(&self) {
        let is_due = |inner: &Inner| inner.is_due(self.settings.most_removed_share);
        if is_due(&self.read()) && self.begin_rebuild(is_due) {
            self.rebuild();
        }
    }

    /// From here on changes are noted for the graph that is about to be built; false where that is under way already, or
    /// not wanted any more.
    fn begin_rebuild(&self, is_wanted: impl Fn(&Inner) -> bool) -> bool {
        let mut inner = self.write();
        if inner.journal.is_some() || !is_wanted(&inner) {
            return false;
        }
        inner.journal = Some(BTreeSet::new());
        true
    }

    /// Builds a new graph beside the old one from a copy of the rows, then brings it up to date with what
    /// changed meanwhile and puts it in place. Only the last step holds the lock.
    fn rebuild(&self) {
        let copy: Vec<(u32, Vec<f32>)> = self
            .read()
            .rows
            .iter()
            .map(|(slot, row)| (slot, row.values.to_vec()))
            .collect();
        let vectors: Vec<(u32, &[f32])> = copy.iter().map(|(s, v)| (*s, v.as_slice())).collect();
        let Settings {
            threads, builders, ..
        } = self.settings;
        let built = Graph::build(self.dimension, threads, builders, &vectors);
        let mut inner = self.write();
        let changed = inner.journal.take().unwrap_or_default();
        match built {
            Ok(graph) => {
                inner.graph = Some(graph);
                for slot in changed {
                    inner.sync(slot);
                }
            }
            Err(error) => inner.give_up(&error),
        }
    }
}

#[cfg(test)]
mod tests;
