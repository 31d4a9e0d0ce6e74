//! What would change how much an outfit is liked: one piece another or none, and what that would make of it.
//!
//! Every change is made and the outfit judged anew, with nothing guessed: what is said of it is what `judge` says.
//! No search is run again; an outfit has at most a few dozen neighbours among the candidates.
use super::{
    beam::Width,
    dressing_order,
    score::{Scorer, measure_some},
    wishes::Wishes,
};
use crate::base::id::ItemId;
use crate::engines::ranking::{
    explain,
    learned::Learned,
    model::{Ask, Change, Garment},
};
use std::collections::BTreeSet;

/// Changes told of one outfit.
const MOST_CHANGES: usize = 2;
/// A chance that differs by less is the same chance.
const WORTH_TELLING: f32 = 0.02;

/// Looks for changes of the outfits of one answer.
pub(super) struct Changer<'a, 'b> {
    wishes: &'b Wishes<'a>,
    scorer: &'b Scorer<'a>,
    learned: &'b Learned,
    /// What the answer shows anyway.
    shown: BTreeSet<Vec<u16>>,
}

/// An outfit with one piece changed.
struct Neighbour {
    without: u16,
    with: Option<u16>,
    picks: Vec<u16>,
    score: f32,
}

impl<'a, 'b> Changer<'a, 'b> {
    pub(super) fn new(
        wishes: &'b Wishes<'a>,
        scorer: &'b Scorer<'a>,
        learned: &'b Learned,
        shown: &[&[u16]],
    ) -> Self {
        let shown = shown.iter().map(|picks| sorted(picks)).collect();
        Self {
            wishes,
            scorer,
            learned,
            shown,
        }
    }

    /// What would make it better, else what it owes most to. Clean clothes are looked for in the wash if `washes`.
    pub(super) fn of(&self, picks: &[u16], washes: bool) -> Vec<Change> {
        let mut picks = picks.to_vec();
        picks.sort_by_key(|at| dressing_order(self.scorer.garment(*at).slot));
        let now = self.probability(&picks);
        let neighbours = self.neighbours(&picks);
        let better = self.better(&neighbours, now);
        let least = better.as_ref().map_or(now, |change| change.probability);
        let washed = washes.then(|| self.washed(&picks, (now, least))).flatten();
        let dearest = self.dearest(&neighbours, &picks, now);
        let all = better.into_iter().chain(washed).chain(dearest);
        all.take(MOST_CHANGES).collect()
    }

    fn probability(&self, picks: &[u16]) -> f32 {
        self.learned.fusion.probability(&self.scorer.phi(picks)) as f32
    }

    /// The outfit with one piece exchanged for another candidate or left out, wherever that makes an outfit.
    fn neighbours(&self, picks: &[u16]) -> Vec<Neighbour> {
        let mut all = vec![];
        for (n, without) in picks.iter().enumerate() {
            let garment = self.scorer.garment(*without);
            if self.wishes.is_forced(garment) {
                continue;
            }
            let others = self.scorer.candidates(garment.slot).into_iter();
            let others = others
                .filter(|at| !picks.contains(at))
                .filter(|at| self.wishes.may_replace(garment, self.scorer.garment(*at)))
                .map(Some);
            let none = self.wishes.may_do_without(garment.slot).then_some(None);
            for with in others.chain(none) {
                let picks = changed(picks, n, with);
                let pieces: Vec<&Garment> =
                    picks.iter().map(|at| self.scorer.garment(*at)).collect();
                let items = pieces.iter().map(|piece| piece.id);
                if self.wishes.is_outfit(&pieces) && !self.wishes.is_avoided_set(items) {
                    all.push(Neighbour {
                        without: *without,
                        with,
                        score: self.scorer.score(&picks),
                        picks,
                    });
                }
            }
        }
        all
    }

    /// The best neighbour that is not shown anyway, if it is better than what is shown.
    fn better(&self, neighbours: &[Neighbour], now: f32) -> Option<Change> {
        let best = neighbours
            .iter()
            .filter(|other| !self.shown.contains(&sorted(&other.picks)))
            .max_by(|a, b| a.score.total_cmp(&b.score))?;
        let then = self.probability(&best.picks);
        (then >= now + WORTH_TELLING).then(|| self.change(best, (now, then)))
    }

    /// The piece without which most is lost, whatever takes its place.
    fn dearest(&self, neighbours: &[Neighbour], picks: &[u16], now: f32) -> Option<Change> {
        let replacements = picks.iter().filter_map(|at| {
            let own = neighbours.iter().filter(|other| other.without == *at);
            own.max_by(|a, b| a.score.total_cmp(&b.score))
        });
        let worst = replacements.min_by(|a, b| a.score.total_cmp(&b.score))?;
        let then = self.probability(&worst.picks);
        (then <= now - WORTH_TELLING).then(|| self.change(worst, (now, then)))
    }

    fn change(&self, other: &Neighbour, (now, then): (f32, f32)) -> Change {
        let without = self.scorer.garment(other.without);
        let with = other.with.map(|at| self.scorer.garment(at));
        Change {
            without: without.id,
            with: with.map(|garment| garment.id),
            needs_wash: false,
            probability: then,
            sentence: explain::change(without, with, (now, then)),
        }
    }

    /// What is in the wash and would make the outfit better than it is now and than `least`.
    fn washed(&self, picks: &[u16], (now, least): (f32, f32)) -> Option<Change> {
        let ask = self.wishes.ask;
        let dirty = |garment: &&Garment| !garment.is_clean && !ask.exclude.contains(&garment.id);
        if ask.include_unclean || !self.wishes.wardrobe.iter().any(|g| dirty(&g)) {
            return None;
        }
        let worn: Vec<ItemId> = picks.iter().map(|at| self.scorer.garment(*at).id).collect();
        // The most promising first, then that one as if it alone had been washed.
        let washing = self.with_wash(&worn, &[]);
        let (without, with) = self.best_washed(&washing, &worn)?;
        let dirty = self.wishes.wardrobe.iter().filter(dirty);
        let others: Vec<ItemId> = dirty.map(|g| g.id).filter(|id| *id != with).collect();
        let washing = self.with_wash(&worn, &others);
        let items = worn
            .iter()
            .map(|id| if *id == without { with } else { *id });
        let then = self.in_wash(&washing, |scorer| {
            let picks: Option<Vec<u16>> = items.map(|id| scorer.position(id)).collect();
            let phi = scorer.phi(&picks?);
            let then = self.learned.fusion.probability(&phi) as f32;
            let (old, new) = (scorer.find(without)?, scorer.find(with)?);
            Some((then, explain::washed(old, new, (now, then))))
        });
        let (probability, sentence) = then?;
        (probability >= least + WORTH_TELLING).then_some(Change {
            without,
            with: Some(with),
            needs_wash: true,
            probability,
            sentence,
        })
    }

    /// The same ask with everything clean but `exclude`.
    fn with_wash(&self, worn: &[ItemId], exclude: &[ItemId]) -> Ask {
        let ask = self.wishes.ask;
        Ask {
            targets: ask.targets.clone(),
            example: ask.example.clone(),
            anchor: ask.anchor,
            occasion: ask.occasion,
            weather: ask.weather,
            // Worn pieces stay candidates.
            must_include: worn.to_vec(),
            limits: ask.limits.clone(),
            exclude: ask.exclude.iter().chain(exclude).copied().collect(),
            include_unclean: true,
            together: ask.together.clone(),
            ..Ask::new(1, 0, ask.now)
        }
    }

    /// Reads something off what is worn and what is in the wash.
    fn in_wash<T>(&self, ask: &Ask, read: impl FnOnce(&Scorer<'_>) -> Option<T>) -> Option<T> {
        let wishes = Wishes::new(ask, self.wishes.wardrobe, self.learned);
        let is_wanted = |g: &Garment| !g.is_clean || ask.must_include.contains(&g.id);
        let sights = measure_some(&wishes, self.learned, is_wanted);
        let scorer = Scorer::new(&wishes, self.learned, &sights, Width::usual(1));
        read(&scorer)
    }

    fn best_washed(&self, ask: &Ask, worn: &[ItemId]) -> Option<(ItemId, ItemId)> {
        self.in_wash(ask, |scorer| {
            let picks: Option<Vec<u16>> = worn.iter().map(|id| scorer.position(*id)).collect();
            let picks = picks?;
            let mut best: Option<(f32, ItemId, ItemId)> = None;
            for (n, at) in picks.iter().enumerate() {
                let old = scorer.garment(*at);
                if self.wishes.is_forced(old) {
                    continue;
                }
                for other in scorer.candidates(old.slot) {
                    let new = scorer.garment(other);
                    let picks = changed(&picks, n, Some(other));
                    let pieces: Vec<&Garment> =
                        picks.iter().map(|at| scorer.garment(*at)).collect();
                    let items = pieces.iter().map(|piece| piece.id);
                    if new.is_clean
                        || !self.wishes.may_replace(old, new)
                        || !self.wishes.is_outfit(&pieces)
                        || self.wishes.is_avoided_set(items)
                    {
                        continue;
                    }
                    let score = scorer.score(&picks);
                    if best.is_none_or(|(most, ..)| score > most) {
                        best = Some((score, old.id, new.id));
                    }
                }
            }
            best.map(|(_, without, with)| (without, with))
        })
    }
}

/// With another piece, or none, in the place of the `n`th.
fn changed(picks: &[u16], n: usize, with: Option<u16>) -> Vec<u16> {
    let (before, after) = picks.split_at(n);
    let after = after.iter().skip(1);
    before
        .iter()
        .copied()
        .chain(with)
        .chain(after.copied())
        .collect()
}

fn sorted(picks: &[u16]) -> Vec<u16> {
    let mut picks = picks.to_vec();
    picks.sort_unstable();
    picks
}
