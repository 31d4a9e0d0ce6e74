//! Several days at once: an outfit for each, out of one wardrobe, without repeats.
//!
//! Each day's beam gives many outfits it could wear (`morning`); `week` picks one of them per day so that the whole
//! plan is the best, not each day by itself: the one outfit that is right for the frost is not worn on a mild day.
//! Then every day is looked at again with what the others leave it. Where garments run short, `enough` finds out
//! how few have to be worn twice.
mod enough;
mod morning;
mod notes;
mod shelf;
mod week;

use super::beam::Width;
use crate::base::id::ItemId;
use crate::engines::ranking::{
    learned::Learned,
    model::{Answer, Ask, Garment},
};
use chrono::NaiveDate;
use morning::Morning;
use shelf::Shelf;
use std::collections::BTreeSet;
use week::{Plan, Week};

/// The most days one plan has.
pub const MAX_DAYS: usize = 14;

/// A day to dress for.
#[derive(Debug, Clone)]
pub struct Day {
    /// Which day.
    pub date: NaiveDate,
    /// What it is like. `now` is when it is worn, for rotation; `count` is taken as one.
    pub ask: Ask,
    /// Outfits that were turned down for this day. None of them is given again while there is another, and what
    /// is worn instead has other tops, bottoms and one-pieces where those are about as good.
    pub instead_of: Vec<Vec<ItemId>>,
}

/// A day that is decided already.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Which day.
    pub date: NaiveDate,
    /// What is worn then: it counts as used.
    pub items: Vec<ItemId>,
}

/// Plans one outfit per day: as many answers as days, in their order, each with one outfit or none. Days beyond
/// [`MAX_DAYS`] are not answered. Never panics, whatever the wardrobe and the days are.
///
/// What is promised, the kept days included:
/// - A day is left without an outfit only when the wardrobe cannot dress it even by itself.
/// - No outfit comes twice, and no top, bottom or one-piece is worn twice, while there is anything else to wear.
/// - A wardrobe too small for that still dresses every day: no whole outfit twice before a garment twice, then with
///   as few repeats as there can be, and a note says which garment repeats and why.
/// - What is plainly wrong for the day's weather or occasion is not "anything else to wear": nobody gets sandals in
///   the snow for variety. Nor is what was turned down, while a garment worn again can take its place.
/// - Shoes, outer layers, bags and extras may come again, on the very next day only if no other fits about as well.
/// - The same arguments give the same plan. It is made by what is known; nothing is drawn, so the seed of an ask
///   does not matter: a week without repeats explores the wardrobe by itself, and making a plan again does not
///   shuffle it.
///
/// Costs a few times as much as composing each day alone.
#[must_use]
pub fn plan(days: &[Day], kept: &[Kept], wardrobe: &[Garment], learned: &Learned) -> Vec<Answer> {
    let days: &[Day] = days.get(..MAX_DAYS).unwrap_or(days);
    let shelf = Shelf::new(wardrobe);
    let mornings = days
        .iter()
        .map(|day| Morning::new(day, wardrobe, learned))
        .collect();
    let mut planner = Planner {
        kept: kept.iter().map(|kept| shelf.worn(kept)).collect(),
        shelf,
        mornings,
        learned,
    };
    let plan = planner.run();
    planner.answers(&plan)
}

/// A kept outfit, as places on the shelf.
struct Worn {
    date: NaiveDate,
    pieces: BTreeSet<usize>,
}

struct Planner<'a> {
    shelf: Shelf<'a>,
    mornings: Vec<Morning<'a>>,
    kept: Vec<Worn>,
    learned: &'a Learned,
}

impl Planner<'_> {
    fn run(&mut self) -> Plan {
        let width = Width::of_plan(self.mornings.len());
        for morning in &mut self.mornings {
            morning.look_wide(&self.shelf, self.learned, width);
        }
        let mut week = Week::new(&self.shelf, &self.mornings, &self.kept);
        let mut plan = week.search(None);
        if week.repeats(&plan) > 0
            && let Some(sets) = enough::fewest(&self.shelf, &self.mornings, &self.kept)
        {
            let start = self.dress_with(&sets);
            plan = self.again(&plan, start);
        }
        self.use_what_others_leave(&plan);
        plan = self.again(&plan, None);
        self.vary(&plan);
        self.again(&plan, None)
    }

    /// The better plan of `plan` and, if there is one, `start`, each improved with all candidates of now.
    fn again(&self, plan: &Plan, start: Option<Plan>) -> Plan {
        let mut week = Week::new(&self.shelf, &self.mornings, &self.kept);
        let plan = week.search(Some(plan));
        match start {
            Some(start) => {
                let other = week.search(Some(&start));
                week.better(plan, other)
            }
            None => plan,
        }
    }

    /// A plan in which each day wears exactly these tops, bottoms and one-pieces.
    fn dress_with(&mut self, sets: &[Option<BTreeSet<usize>>]) -> Option<Plan> {
        let (shelf, learned) = (&self.shelf, self.learned);
        let dressed = self.mornings.iter_mut().zip(sets).map(|(morning, set)| {
            let Some(set) = set else {
                return morning.candidates.is_empty().then_some(None);
            };
            let may = |place| !shelf.is_main(place) || set.contains(&place);
            morning.look(shelf, learned, Width::usual(1), &may);
            let wears = |mains: &[usize]| mains.iter().copied().collect::<BTreeSet<_>>() == *set;
            let found = morning.candidates.iter().position(|c| wears(&c.mains));
            found.map(Some)
        });
        dressed.collect()
    }

    /// Looks at each day alone with the tops, bottoms and one-pieces that no other day wears.
    fn use_what_others_leave(&mut self, plan: &Plan) {
        for day in 0..self.mornings.len() {
            let others = self.worn_except(plan, day);
            let shelf = &self.shelf;
            let may = |place| !(shelf.is_main(place) && others.contains(&place));
            self.mornings[day].look(shelf, self.learned, Width::usual(1), &may);
        }
    }

    /// Tries other shoes, layers, bags and extras where the day before or after has the same and there are others.
    fn vary(&mut self, plan: &Plan) {
        for day in 0..self.mornings.len() {
            let Some(at) = plan[day] else { continue };
            let beside = self.worn_beside(plan, day);
            let (shelf, learned) = (&self.shelf, self.learned);
            let morning = &mut self.mornings[day];
            let mine: BTreeSet<usize> = morning.candidates[at].pieces.iter().copied().collect();
            let others: BTreeSet<usize> = morning
                .usable(shelf)
                .filter(|place| !shelf.is_main(*place) && !beside.contains(place))
                .collect();
            let has_other = |place| others.iter().any(|o| shelf.slot(*o) == shelf.slot(place));
            let shared: Vec<usize> = mine
                .intersection(&beside)
                .copied()
                .filter(|place| !shelf.is_main(*place) && has_other(*place))
                .collect();
            let mut look = |gone: &[usize]| {
                let may = |place| {
                    (mine.contains(&place) && !gone.contains(&place))
                        || (others.contains(&place)
                            && gone.iter().any(|g| shelf.slot(*g) == shelf.slot(place)))
                };
                morning.look(shelf, learned, Width::usual(1), &may);
            };
            for place in &shared {
                look(&[*place]);
            }
            if shared.len() > 1 {
                look(&shared);
            }
        }
    }

    fn worn_except(&self, plan: &Plan, day: usize) -> BTreeSet<usize> {
        let others = (0..plan.len()).filter(|other| *other != day);
        let planned = others
            .filter_map(|other| self.pieces(plan, other))
            .flatten();
        let kept = self.kept.iter().flat_map(|worn| &worn.pieces);
        planned.chain(kept).copied().collect()
    }

    fn worn_beside(&self, plan: &Plan, day: usize) -> BTreeSet<usize> {
        let date = self.mornings[day].date;
        let others = (0..plan.len())
            .filter(|other| *other != day && is_beside(self.mornings[*other].date, date));
        let planned = others
            .filter_map(|other| self.pieces(plan, other))
            .flatten();
        let kept = self.kept.iter().filter(|worn| is_beside(worn.date, date));
        let kept = kept.flat_map(|worn| &worn.pieces);
        planned.chain(kept).copied().collect()
    }

    fn pieces(&self, plan: &Plan, day: usize) -> Option<&[usize]> {
        Some(&self.mornings[day].candidates[plan[day]?].pieces)
    }

    fn answers(self, plan: &Plan) -> Vec<Answer> {
        let notes = notes::about_repeats(&self.shelf, &self.mornings, &self.kept, plan);
        let (shelf, learned) = (&self.shelf, self.learned);
        self.mornings
            .into_iter()
            .zip(plan)
            .zip(notes)
            .map(|((morning, at), notes)| morning.answer(shelf, learned, *at, notes))
            .collect()
    }
}

/// Whether one is the very next day after the other.
fn is_beside(a: NaiveDate, b: NaiveDate) -> bool {
    (a - b).num_days().abs() <= 1
}
