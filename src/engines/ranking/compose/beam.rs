//! Builds outfits slot by slot, keeping the best few dozen at each step.
//!
//! Validity is by construction: a base is one top and one bottom or one one-piece; then at most one layer over
//! a thin top, one outer layer, one pair of shoes, and one of each extra. A beam keeps distinct cores only, so
//! it ends with as many different outfits as it is wide, or with all there are.
use super::{
    rules::{is_over, is_under, layered},
    score::Scorer,
    wishes::Wishes,
};
use crate::base::garment::{Category, Slot};

/// An extra must add at least so much to the score.
const WORTH_ADDING: f32 = 0.05;
/// Layers tried over a top.
const MOST_LAYERS: usize = 6;
/// How wide to search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Width {
    /// Outfits kept at each step.
    pub(super) looks: usize,
    /// Candidates per slot beyond the usual number.
    pub(super) extra: usize,
    /// At first no piece is in more than this share of them: one in so many.
    pub(super) share: usize,
}

impl Width {
    pub(super) fn usual(count: usize) -> Self {
        Self {
            looks: 40 + 2 * count,
            extra: 0,
            share: 4,
        }
    }

    /// Enough different pieces for so many days that share one wardrobe.
    pub(super) fn of_plan(days: usize) -> Self {
        Self {
            looks: 40 + 4 * days,
            extra: days / 2,
            share: 4 + days,
        }
    }

    pub(super) fn wider_by(self, more: usize) -> Self {
        Self {
            looks: self.looks + more,
            extra: self.extra + more,
            share: self.share,
        }
    }

    /// Candidates kept of a slot.
    pub(super) fn of_slot(self, slot: Slot) -> usize {
        let usual = match slot {
            Slot::Top | Slot::Bottom => 18,
            Slot::OnePiece | Slot::Outer | Slot::Shoes => 12,
            Slot::Accessory => 8,
            Slot::Headwear | Slot::Bag => 4,
        };
        usual + self.extra
    }
}

/// An outfit in the making.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) picks: Vec<u16>,
    pub(super) score: f32,
}

/// One search.
pub(super) struct Beam<'a, 'b> {
    wishes: &'b Wishes<'a>,
    scorer: &'b Scorer<'a>,
    width: Width,
}

impl<'a, 'b> Beam<'a, 'b> {
    pub(super) fn new(wishes: &'b Wishes<'a>, scorer: &'b Scorer<'a>, width: Width) -> Self {
        Self {
            wishes,
            scorer,
            width,
        }
    }

    /// Complete outfits, the best first.
    pub(super) fn run(&self) -> Vec<Look> {
        let mut looks = self.trim(self.bases());
        looks = self.trim(self.layer(looks));
        looks = self.trim(self.wrap(looks));
        looks = self.trim(self.shoe(looks));
        for slot in [Slot::Bag, Slot::Headwear, Slot::Accessory] {
            looks = looks
                .into_iter()
                .map(|look| self.adorn(look, slot))
                .collect();
        }
        self.trim(looks)
    }

    fn bases(&self) -> Vec<Look> {
        let is_forced = |slot| !self.wishes.forced_in(slot).is_empty();
        let mut looks = vec![];
        if !is_forced(Slot::OnePiece) {
            let tops = match self.forced_layer() {
                Some((under, _)) => vec![under],
                None => self.choices(Slot::Top),
            };
            let bottoms = self.choices(Slot::Bottom);
            for top in &tops {
                looks.extend(bottoms.iter().map(|bottom| self.look(vec![*top, *bottom])));
            }
        }
        if !is_forced(Slot::Top) && !is_forced(Slot::Bottom) {
            let pieces = self.choices(Slot::OnePiece).into_iter();
            looks.extend(pieces.map(|piece| self.look(vec![piece])));
        }
        looks
    }

    /// The forced tops, the lower layer first, if there are two.
    fn forced_layer(&self) -> Option<(u16, u16)> {
        let [first, second] = *self.forced(Slot::Top).as_slice() else {
            return None;
        };
        let over = layered(self.category(first), self.category(second))?;
        Some(if over {
            (first, second)
        } else {
            (second, first)
        })
    }

    fn layer(&self, looks: Vec<Look>) -> Vec<Look> {
        if let Some((_, over)) = self.forced_layer() {
            let looks = looks.iter();
            return looks.map(|look| self.with(look, over)).collect();
        }
        let layers: Vec<u16> = self
            .scorer
            .candidates(Slot::Top)
            .into_iter()
            .filter(|at| is_over(self.category(*at)))
            .take(MOST_LAYERS)
            .collect();
        if !self.wishes.conditions.is_cold_enough_for_layers() {
            return looks;
        }
        let can = |look: &Look| look.picks.iter().any(|at| is_under(self.category(*at)));
        self.optionally(looks, &layers, |look, _| can(look))
    }

    fn wrap(&self, looks: Vec<Look>) -> Vec<Look> {
        if !self.wishes.forced_in(Slot::Outer).is_empty() {
            return self.each(&looks, &self.forced(Slot::Outer));
        }
        let outers: Vec<u16> = self
            .scorer
            .candidates(Slot::Outer)
            .into_iter()
            .filter(|at| self.wishes.allows_outer(self.category(*at)))
            .collect();
        if self.wishes.needs_outer() && !outers.is_empty() {
            return self.each(&looks, &outers);
        }
        self.optionally(looks, &outers, |_, _| true)
    }

    fn shoe(&self, looks: Vec<Look>) -> Vec<Look> {
        let shoes = self.choices(Slot::Shoes);
        if shoes.is_empty() {
            return looks;
        }
        if self.wishes.is_at_home() && self.wishes.forced_in(Slot::Shoes).is_empty() {
            return self.optionally(looks, &shoes, |_, _| true);
        }
        self.each(&looks, &shoes)
    }

    /// Adds what is forced, else the best extra if it helps.
    fn adorn(&self, mut look: Look, slot: Slot) -> Look {
        let forced = self.forced(slot);
        if !forced.is_empty() {
            for at in forced {
                look = self.with(&look, at);
            }
            return look;
        }
        let worn: Vec<Category> = look.picks.iter().map(|at| self.category(*at)).collect();
        let fitting = self.scorer.candidates(slot).into_iter();
        let best = fitting
            .filter(|at| self.wishes.suits(self.category(*at), &worn))
            .map(|at| self.with(&look, at))
            .reduce(|best, next| if next.score > best.score { next } else { best });
        match best {
            Some(best) if best.score > look.score + WORTH_ADDING => best,
            _ => look,
        }
    }

    fn each(&self, looks: &[Look], choices: &[u16]) -> Vec<Look> {
        let all = looks.iter();
        all.flat_map(|look| choices.iter().map(|at| self.with(look, *at)))
            .collect()
    }

    fn optionally(
        &self,
        looks: Vec<Look>,
        choices: &[u16],
        may: impl Fn(&Look, u16) -> bool,
    ) -> Vec<Look> {
        let mut more: Vec<Look> = looks
            .iter()
            .flat_map(|look| {
                let fitting = choices.iter().filter(|at| may(look, **at));
                fitting.map(|at| self.with(look, *at)).collect::<Vec<_>>()
            })
            .collect();
        more.extend(looks);
        more
    }

    /// What may fill a slot: what is forced, else every candidate that suits the season, else every one.
    fn choices(&self, slot: Slot) -> Vec<u16> {
        let forced = self.forced(slot);
        if !forced.is_empty() {
            return forced;
        }
        let all = self.scorer.candidates(slot);
        let is_wrong = |at: &u16| self.wishes.is_out_of_season(self.scorer.garment(*at));
        if all.iter().all(is_wrong) {
            return all;
        }
        all.into_iter().filter(|at| !is_wrong(at)).collect()
    }

    fn forced(&self, slot: Slot) -> Vec<u16> {
        let candidates = self.scorer.candidates(slot).into_iter();
        candidates
            .filter(|at| self.wishes.is_forced(self.scorer.garment(*at)))
            .collect()
    }

    fn category(&self, at: u16) -> Category {
        self.scorer.garment(at).category
    }

    fn with(&self, look: &Look, at: u16) -> Look {
        let mut picks = look.picks.clone();
        picks.push(at);
        self.look(picks)
    }

    fn look(&self, picks: Vec<u16>) -> Look {
        Look {
            score: self.scorer.score(&picks),
            picks,
        }
    }

    /// The best, at first with no piece in more than its share of them, then whatever is left.
    fn trim(&self, mut looks: Vec<Look>) -> Vec<Look> {
        looks.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.picks.cmp(&b.picks)));
        if looks.len() <= self.width.looks {
            return looks;
        }
        let most = self.width.looks / self.width.share;
        let mut uses = std::collections::HashMap::<u16, usize>::new();
        let (mut kept, mut rest) = (vec![], vec![]);
        for look in looks {
            let base = &look.picks[..look.picks.len().min(2)];
            let is_common = base
                .iter()
                .any(|at| uses.get(at).is_some_and(|n| *n >= most));
            if is_common || kept.len() >= self.width.looks {
                rest.push(look);
                continue;
            }
            for at in base {
                *uses.entry(*at).or_default() += 1;
            }
            kept.push(look);
        }
        let room = self.width.looks.saturating_sub(kept.len());
        kept.extend(rest.into_iter().take(room));
        kept.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.picks.cmp(&b.picks)));
        kept
    }
}
