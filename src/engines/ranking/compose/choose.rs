//! Picks different ideas among good outfits.
//!
//! Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): each next outfit is the one with the best
//! score minus its likeness to those already picked. On top of that a guarantee: no two outfits share their
//! base (top and bottom, or one-piece) while one with another base is left, and never the whole core; and none
//! that is to be avoided comes before one that is not.
use super::{score::Scorer, wishes::Wishes};
use crate::base::garment::Slot;

/// Logits that full likeness to an earlier suggestion costs.
const COST_OF_LIKENESS: f32 = 1.5;

/// A complete outfit, ready to be picked.
pub(super) struct Final {
    pub(super) picks: Vec<u16>,
    /// By what is known.
    pub(super) score: f32,
    /// By a draw of what might be true.
    pub(super) drawn: f32,
    pub(super) is_avoided: bool,
}

/// One choice among finals.
pub(super) struct Chooser<'a, 'b> {
    wishes: &'b Wishes<'a>,
    scorer: &'b Scorer<'a>,
    finals: &'b [Final],
    /// Which of them comes first.
    first: usize,
}

impl<'a, 'b> Chooser<'a, 'b> {
    pub(super) fn new(
        wishes: &'b Wishes<'a>,
        scorer: &'b Scorer<'a>,
        finals: &'b [Final],
        first: usize,
    ) -> Self {
        Self {
            wishes,
            scorer,
            finals,
            first,
        }
    }

    /// Positions of the picked, at most `count`: the first, then the others by score. O(count² × finals).
    pub(super) fn pick(&self, count: usize) -> Vec<usize> {
        let mut picked: Vec<usize> = vec![];
        let fresh = self.finals.iter().any(|last| !last.is_avoided);
        while picked.len() < count {
            let next = (0..self.finals.len())
                .filter(|at| !(fresh && self.finals[*at].is_avoided))
                .filter(|at| picked.iter().all(|other| !self.is_same_core(*at, *other)))
                .map(|at| (self.is_new_base(at, &picked), self.worth(at, &picked), at))
                .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)));
            match next {
                Some((_, _, at)) => picked.push(at),
                None => break,
            }
        }
        // The first was chosen to be first.
        if let Some((_, others)) = picked.split_first_mut() {
            others.sort_by(|a, b| self.finals[*b].score.total_cmp(&self.finals[*a].score));
        }
        picked
    }

    fn worth(&self, at: usize, picked: &[usize]) -> f32 {
        if picked.is_empty() {
            return f32::from(u8::from(at == self.first));
        }
        let closest = picked
            .iter()
            .map(|other| self.likeness(at, *other))
            .fold(0.0, f32::max);
        self.finals[at].drawn - COST_OF_LIKENESS * closest
    }

    /// Shared pieces by how much they make an outfit, 0 to 1; what was asked for does not count.
    fn likeness(&self, a: usize, b: usize) -> f32 {
        let (a, b) = (&self.finals[a].picks, &self.finals[b].picks);
        let weight = |picks: &[u16], only: Option<&[u16]>| -> f32 {
            let picks = picks.iter().filter(|at| {
                !self.wishes.is_forced(self.scorer.garment(**at))
                    && only.is_none_or(|only| only.contains(at))
            });
            picks
                .map(|at| presence(self.scorer.garment(*at).slot))
                .sum()
        };
        let shared = weight(a, Some(b));
        let all = weight(a, None) + weight(b, None) - shared;
        if all > 0.0 { shared / all } else { 0.0 }
    }

    fn is_new_base(&self, at: usize, picked: &[usize]) -> bool {
        let base = self.of(at, is_base);
        picked.iter().all(|other| self.of(*other, is_base) != base)
    }

    fn is_same_core(&self, a: usize, b: usize) -> bool {
        self.of(a, is_core) == self.of(b, is_core)
    }

    fn of(&self, at: usize, wanted: fn(Slot) -> bool) -> Vec<u16> {
        let picks = self.finals[at].picks.iter().copied();
        let mut picks: Vec<u16> = picks
            .filter(|at| wanted(self.scorer.garment(*at).slot))
            .collect();
        picks.sort_unstable();
        picks
    }
}

fn is_base(slot: Slot) -> bool {
    matches!(slot, Slot::Top | Slot::Bottom | Slot::OnePiece)
}

fn is_core(slot: Slot) -> bool {
    is_base(slot) || matches!(slot, Slot::Outer | Slot::Shoes)
}

const fn presence(slot: Slot) -> f32 {
    match slot {
        Slot::OnePiece => 2.0,
        Slot::Top => 1.2,
        Slot::Bottom | Slot::Outer => 1.0,
        Slot::Shoes => 0.6,
        Slot::Headwear | Slot::Bag | Slot::Accessory => 0.2,
    }
}
