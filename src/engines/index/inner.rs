//! Rows and graph, kept in agreement, and the search over both.
//!
//! Invariant: the graph holds exactly the slots of the living rows, or there is no graph. A failing graph is
//! dropped, never an error for whoever searches: the rows alone answer every question, only slower.
use super::{
    error::IndexError,
    graph::Graph,
    planner::{Estimate, Plan, choose},
    query::{Answer, Filter, Hit},
    rows::Rows,
};
use crate::base::metrics;
use std::{
    cell::Cell,
    collections::{BTreeSet, HashSet},
};

/// What the lock of an index guards.
pub(super) struct Inner {
    pub(super) rows: Rows,
    pub(super) graph: Option<Graph>,
    /// Slots changed while a new graph is being built beside this one.
    pub(super) journal: Option<BTreeSet<u32>>,
    /// From so many rows on a graph is (re)built.
    graph_from: usize,
}

impl Inner {
    pub(super) fn new(rows: Rows, graph: Option<Graph>, exact_up_to: usize) -> Self {
        Self {
            rows,
            graph,
            journal: None,
            graph_from: exact_up_to.max(1),
        }
    }

    /// There should be a graph and is none, or it is worn.
    pub(super) fn is_due(&self, most_removed_share: f32) -> bool {
        if self.journal.is_some() || self.rows.len() < self.graph_from {
            return false;
        }
        self.graph.as_ref().is_none_or(|graph| {
            graph.removed() as f32 > most_removed_share * graph.len().max(1) as f32
        })
    }

    /// Makes the graph agree with the row at `slot`.
    pub(super) fn sync(&mut self, slot: u32) {
        if let Some(journal) = self.journal.as_mut() {
            journal.insert(slot);
        }
        let Some(graph) = self.graph.as_mut() else {
            return;
        };
        let mut done = Ok(());
        if graph.contains(slot) {
            done = graph.remove(slot);
        }
        if let (Ok(()), Some(row)) = (&done, self.rows.get(slot)) {
            done = graph.add(slot, row.values);
        }
        if let Err(error) = done {
            self.give_up(&error);
        }
    }

    /// Goes on without a graph, and does not try again before the index has doubled.
    pub(super) fn give_up(&mut self, error: &IndexError) {
        tracing::error!(%error, "the vector graph failed: searches scan until the index has doubled");
        self.graph = None;
        self.graph_from = self.rows.len().max(1).saturating_mul(2);
    }

    pub(super) fn search(
        &self,
        query: &[f32],
        k: usize,
        filter: &Filter<'_>,
        exact_up_to: usize,
    ) -> Answer {
        let candidates = self.candidates(filter);
        let plan = choose(Estimate {
            rows: self.rows.len(),
            candidates,
            wanted: k,
            exact_up_to,
        });
        if plan == Plan::Hnsw
            && let Some((hits, visited)) = self.walk(query, k, filter)
            && hits.len() >= k.min(candidates)
        {
            return Answer {
                hits,
                plan,
                visited,
            };
        }
        Answer {
            hits: self.scan(query, k, filter),
            plan: Plan::Exact,
            visited: candidates,
        }
    }

    /// At most so many rows pass the filter.
    fn candidates(&self, filter: &Filter<'_>) -> usize {
        let owned = filter.owner.map(|owner| self.rows.owned(owner).len());
        let among = filter.among.map(HashSet::len);
        [owned, among]
            .into_iter()
            .flatten()
            .fold(self.rows.len(), usize::min)
    }

    /// What a walk finds, and how many vectors it looked at; `None` without a graph, without a free thread slot, or
    /// when the graph refuses.
    fn walk(&self, query: &[f32], k: usize, filter: &Filter<'_>) -> Option<(Vec<Hit>, usize)> {
        let graph = self.graph.as_ref()?;
        // A few more than wanted: 16-bit arithmetic may swap close neighbours.
        let count = k.saturating_mul(4).max(64);
        let visited = Cell::new(0);
        let accepts = |slot: u32| {
            visited.set(visited.get() + 1);
            self.rows.get(slot).is_some_and(|row| filter.accepts(&row))
        };
        let is_open = filter.owner.is_none() && filter.among.is_none() && filter.except.is_none();
        let slots = graph
            .search(query, count, if is_open { None } else { Some(&accepts) })?
            .inspect_err(|error| {
                ::metrics::counter!(metrics::SEARCH_ERRORS).increment(1);
                tracing::warn!(%error, "the vector graph refused a search");
            })
            .ok()?;
        // Without a filter the graph tells nothing but what it found.
        let visited = visited.get().max(slots.len());
        Some((self.nearest(query, k, filter, slots.into_iter()), visited))
    }

    pub(super) fn scan(&self, query: &[f32], k: usize, filter: &Filter<'_>) -> Vec<Hit> {
        let owned = filter.owner.map(|owner| self.rows.owned(owner));
        let among = filter.among;
        match (owned, among) {
            (Some(owned), among) if among.is_none_or(|among| owned.len() <= among.len()) => {
                self.nearest(query, k, filter, owned.iter().copied())
            }
            (_, Some(among)) => {
                let slots = among.iter().filter_map(|key| self.rows.slot(*key));
                self.nearest(query, k, filter, slots)
            }
            (_, None) => self.nearest(query, k, filter, 0..self.rows.capacity() as u32),
        }
    }

    fn nearest(
        &self,
        query: &[f32],
        k: usize,
        filter: &Filter<'_>,
        slots: impl Iterator<Item = u32>,
    ) -> Vec<Hit> {
        let mut hits: Vec<Hit> = slots
            .filter_map(|slot| {
                let row = self.rows.get(slot)?;
                filter.accepts(&row).then(|| Hit {
                    key: row.key,
                    cosine: self.rows.cosine(slot, query),
                })
            })
            .collect();
        let order = |a: &Hit, b: &Hit| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key));
        if k == 0 {
            return vec![];
        }
        if hits.len() > k {
            hits.select_nth_unstable_by(k - 1, order);
            hits.truncate(k);
        }
        hits.sort_unstable_by(order);
        hits
    }
}
