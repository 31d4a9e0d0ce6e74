//! The index of one embedding space, and the lock around it.
use super::{
    error::IndexError,
    graph::Graph,
    inner::Inner,
    planner::Plan,
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

/// Which rows a search may return. All conditions hold at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Only this person's.
    pub owner: Option<UserId>,
    /// Only these.
    pub among: Option<&'a HashSet<ItemId>>,
    /// None of these.
    pub except: Option<&'a HashSet<ItemId>>,
}

impl Filter<'_> {
    pub(super) fn accepts(&self, row: &Row<'_>) -> bool {
        self.owner.is_none_or(|owner| owner == row.owner)
            && self.among.is_none_or(|among| among.contains(&row.key))
            && self.except.is_none_or(|except| !except.contains(&row.key))
    }
}

/// One neighbour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which garment.
    pub key: ItemId,
    /// Cosine to the query, −1 to 1, from the 32-bit rows whatever the plan was.
    pub cosine: f32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The nearest first; equal cosines in key order.
    pub hits: Vec<Hit>,
    /// How they were found.
    pub plan: Plan,
    /// Vectors looked at on the way.
    pub visited: usize,
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

    /// Builds a new graph beside the old one from a copy of the rows, then brings it up to date with what
    /// changed meanwhile and puts it in place. Only the first and the last step hold the lock.
    fn rebuild_if_due(&self) {
        if !self.read().is_due(self.settings.most_removed_share) {
            return;
        }
        {
            let mut inner = self.write();
            if inner.journal.is_some() {
                return;
            }
            inner.journal = Some(BTreeSet::new());
        }
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
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use std::collections::HashMap;
    use uuid::Uuid;

    const DIMENSION: usize = 16;

    fn item(n: u128) -> ItemId {
        ItemId(Uuid::from_u128(n))
    }

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    fn vector(random: &mut StdRng, dimension: usize) -> Embedding {
        let values = (0..dimension).map(|_| random.random_range(-1.0..1.0));
        Embedding::new(Space::Clip, values.collect()).unwrap()
    }

    fn clustered(random: &mut StdRng, centres: &[Embedding]) -> Embedding {
        let centre = &centres[random.random_range(0..centres.len())];
        let values = centre
            .values()
            .iter()
            .map(|v| v + random.random_range(-0.12..0.12));
        Embedding::new(Space::Clip, values.collect()).unwrap()
    }

    fn with_graph() -> Settings {
        Settings {
            exact_up_to: 32,
            ..Settings::default()
        }
    }

    type Model = HashMap<ItemId, (UserId, Embedding)>;

    fn brute_force(model: &Model, query: &Embedding, k: usize, filter: &Filter<'_>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = model
            .iter()
            .filter(|(key, (owner, _))| {
                filter.owner.is_none_or(|o| o == *owner)
                    && filter.among.is_none_or(|a| a.contains(key))
                    && filter.except.is_none_or(|e| !e.contains(key))
            })
            .map(|(key, (_, embedding))| Hit {
                key: *key,
                cosine: embedding.cosine(query),
            })
            .collect();
        hits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key)));
        hits.truncate(k);
        hits
    }

    #[test]
    fn foreign_vectors_are_refused() {
        let index = SpaceIndex::new(Space::Clip, 4, &Settings::default()).unwrap();
        let mut random = StdRng::seed_from_u64(1);
        let long = vector(&mut random, 5);
        let other = Embedding::new(Space::Blip, vec![1.0; 4]).unwrap();
        for wrong in [long, other] {
            assert!(index.upsert(item(1), user(1), &wrong).is_err());
            assert!(index.search(&wrong, 1, &Filter::default()).is_err());
        }
        assert_eq!(index.stats().vectors, 0);
        assert!(SpaceIndex::new(Space::Clip, 0, &Settings::default()).is_err());
    }

    #[test]
    fn the_graph_finds_what_a_scan_finds() {
        let mut random = StdRng::seed_from_u64(7);
        let centres: Vec<_> = (0..60).map(|_| vector(&mut random, 64)).collect();
        let index = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
        let mut model = Model::new();
        for n in 0..5_000 {
            let embedding = clustered(&mut random, &centres);
            index.upsert(item(n), user(n % 3), &embedding).unwrap();
            model.insert(item(n), (user(n % 3), embedding));
        }
        let (mut found, mut total) = (0, 0);
        for n in 0..100 {
            let query = clustered(&mut random, &centres);
            let filter = Filter {
                owner: (n % 2 == 0).then(|| user(1)),
                ..Filter::default()
            };
            let answer = index.search(&query, 10, &filter).unwrap();
            assert_eq!(answer.plan, Plan::Hnsw);
            let want = brute_force(&model, &query, 10, &filter);
            found += want.iter().filter(|hit| answer.hits.contains(hit)).count();
            total += want.len();
        }
        let recall = found as f64 / f64::from(total as u32);
        assert!(recall >= 0.95, "recall@10 is {recall}");
        let measured = index.recall(10, 50);
        assert!((0.95..=1.0).contains(&measured), "it says {measured}");
    }

    #[test]
    fn an_index_knows_that_its_graph_is_wrong() {
        let mut random = StdRng::seed_from_u64(8);
        let mut fill = || {
            let index = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
            for n in 0..2_000 {
                let embedding = vector(&mut random, 64);
                index.upsert(item(n), user(0), &embedding).unwrap();
            }
            index
        };
        let (index, other) = (fill(), fill());
        assert!(index.recall(10, 20) > 0.9);
        index.write().graph = other.write().graph.take();
        assert!(index.recall(10, 20) < 0.5);
        let empty = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
        assert!((empty.recall(10, 20) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn filling_at_once_is_filling_one_by_one() {
        let mut random = StdRng::seed_from_u64(9);
        let rows: Vec<_> = (0..300)
            .map(|n| (item(n), user(n % 2), vector(&mut random, DIMENSION)))
            .collect();
        let filled = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
        assert_eq!(filled.fill(&rows).unwrap(), 300);
        assert_eq!(filled.fill(&rows[..10]).unwrap(), 0);
        let single = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
        for (key, owner, embedding) in &rows {
            single.upsert(*key, *owner, embedding).unwrap();
        }
        assert_eq!(filled.stats().graph_vectors, single.stats().graph_vectors);
        for (_, _, query) in rows.iter().take(20) {
            let ask = |index: &SpaceIndex| index.search(query, 300, &Filter::default()).unwrap();
            assert_eq!(ask(&filled).hits, ask(&single).hits);
        }
        let wrong = (item(1), user(1), vector(&mut random, 3));
        assert!(filled.fill(&[wrong]).is_err());
    }

    #[test]
    fn a_worn_graph_is_built_anew() {
        let mut random = StdRng::seed_from_u64(3);
        let index = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
        for round in 0..5 {
            for n in 0..200 {
                let embedding = vector(&mut random, DIMENSION);
                index.upsert(item(n), user(round), &embedding).unwrap();
            }
        }
        let stats = index.stats();
        assert_eq!(
            (stats.vectors, stats.graph_vectors, stats.owners),
            (200, 200, 1)
        );
        assert!(stats.removed <= 60, "{stats:?}");
        assert!(stats.memory_bytes > 200 * DIMENSION * 4);
    }

    #[test]
    fn searching_while_changing_from_many_threads_works() {
        let settings = Settings {
            threads: 2,
            ..with_graph()
        };
        let index = SpaceIndex::new(Space::Clip, DIMENSION, &settings).unwrap();
        std::thread::scope(|scope| {
            for worker in 0..8_u64 {
                let index = &index;
                scope.spawn(move || {
                    let mut random = StdRng::seed_from_u64(worker);
                    for n in 0..150 {
                        let embedding = vector(&mut random, DIMENSION);
                        let key = item(u128::from(worker) * 1_000 + n);
                        index.upsert(key, user(1), &embedding).unwrap();
                        let answer = index.search(&embedding, 1, &Filter::default()).unwrap();
                        assert!(answer.hits[0].cosine > 0.999);
                    }
                });
            }
        });
        assert_eq!(index.stats().vectors, 1_200);
        assert_eq!(index.stats().graph_vectors, 1_200);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_history_leaves_what_a_map_would_hold(
            seed in any::<u64>(),
            steps in proptest::collection::vec((0..80_u128, 0..4_u128, 0..4_u8), 0..300),
            exact_up_to in prop_oneof![Just(8_usize), Just(4096)],
        ) {
            let mut random = StdRng::seed_from_u64(seed);
            let settings = Settings { exact_up_to, ..Settings::default() };
            let index = SpaceIndex::new(Space::Clip, DIMENSION, &settings).unwrap();
            let mut model = Model::new();
            for (n, owner, action) in steps {
                if action == 0 {
                    prop_assert_eq!(index.remove(item(n)), model.remove(&item(n)).is_some());
                } else {
                    let embedding = vector(&mut random, DIMENSION);
                    index.upsert(item(n), user(owner), &embedding).unwrap();
                    model.insert(item(n), (user(owner), embedding));
                }
            }
            prop_assert_eq!(index.stats().vectors, model.len());
            for (key, (_, embedding)) in &model {
                prop_assert_eq!(index.get(*key), Some(embedding.clone()));
            }
            let query = vector(&mut random, DIMENSION);
            let among: HashSet<_> = (0..40).map(item).collect();
            let except: HashSet<_> = (10..20).map(item).collect();
            for filter in [
                Filter { owner: Some(user(1)), ..Filter::default() },
                Filter { owner: Some(user(2)), except: Some(&except), ..Filter::default() },
                Filter { owner: Some(user(2)), among: Some(&among), except: Some(&except) },
            ] {
                let want = brute_force(&model, &query, 10, &filter);
                let got = index.search(&query, 10, &filter).unwrap();
                prop_assert_eq!(got.hits.len(), want.len());
                if got.plan == Plan::Exact {
                    prop_assert_eq!(got.hits, want);
                }
            }
            let all = index.search(&query, 1_000, &Filter::default()).unwrap();
            prop_assert_eq!(all.hits, brute_force(&model, &query, 1_000, &Filter::default()));
        }
    }
}
