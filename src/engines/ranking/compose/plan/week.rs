//! One outfit per day, so that the whole plan is the best.
//!
//! A plan's price is first how often something is worn again, then, less, what its outfits are worth. Plans are
//! filled in day by day and improved by the best change of one day and of any two days at once, until no such
//! change helps.
use super::{Worn, is_beside, morning::Morning, shelf::Shelf};
use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

/// A garment worn again costs one. A plan cannot have a hundred of them, nor a hundred outfits, so each of these
/// outweighs all below it.
const TURNED_DOWN: u32 = 100;
const OUTFIT_AGAIN: u32 = 10_000;
/// What is plainly wrong for the day is worse than a whole outfit worn again.
const WRONG: u32 = OUTFIT_AGAIN + 4;
/// Logits that are "about as well": worth giving up for not wearing a piece two days in a row.
const ABOUT_AS_WELL: f32 = 0.3;
/// A main garment that has to be worn again is better not worn on the very next day.
const MAIN_NEXT_DAY: f32 = 1.0;
/// Differences below are rounding.
const NOISE: f32 = 1e-4;
/// Rounds of improvement; each costs at most days² × candidates².
const MOST_ROUNDS: usize = 12;

/// Per day, the position of its candidate; none where there are no candidates.
pub(super) type Plan = Vec<Option<usize>>;

#[derive(Debug, Clone, Copy, Default)]
struct Price {
    again: u32,
    less: f32,
}

impl Price {
    fn plus(self, other: Self) -> Self {
        Self {
            again: self.again + other.again,
            less: self.less + other.less,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        self.again
            .cmp(&other.again)
            .then(self.less.total_cmp(&other.less))
    }

    fn is_below(&self, other: &Self) -> bool {
        self.again < other.again || (self.again == other.again && self.less < other.less - NOISE)
    }
}

/// The days side by side, with what is put on so far.
pub(super) struct Week<'c, 'a> {
    shelf: &'c Shelf<'a>,
    mornings: &'c [Morning<'a>],
    /// Per day and candidate, the number of its core.
    cores: Vec<Vec<usize>>,
    /// Planned days right beside each day.
    neighbours: Vec<Vec<usize>>,
    /// What kept days right beside each day wear.
    beside: Vec<BTreeSet<usize>>,
    /// How often each garment is worn, each core shown.
    worn: Vec<u32>,
    shown: Vec<u32>,
    plan: Plan,
}

impl<'c, 'a> Week<'c, 'a> {
    pub(super) fn new(shelf: &'c Shelf<'a>, mornings: &'c [Morning<'a>], kept: &[Worn]) -> Self {
        let mut numbers: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut number = |core: Vec<usize>| {
            let next = numbers.len();
            *numbers.entry(core).or_insert(next)
        };
        let cores: Vec<Vec<usize>> = mornings
            .iter()
            .map(|morning| {
                let all = morning.candidates.iter();
                all.map(|candidate| number(candidate.core.clone()))
                    .collect()
            })
            .collect();
        let kept_cores: Vec<usize> = kept
            .iter()
            .map(|worn| {
                let core = worn.pieces.iter().copied();
                number(core.filter(|place| shelf.is_core(*place)).collect())
            })
            .collect();
        let mut week = Self {
            neighbours: neighbours(mornings),
            beside: mornings
                .iter()
                .map(|morning| {
                    let near = kept.iter().filter(|k| is_beside(k.date, morning.date));
                    near.flat_map(|worn| worn.pieces.iter().copied()).collect()
                })
                .collect(),
            worn: vec![0; shelf.len()],
            shown: vec![0; numbers.len()],
            plan: vec![None; mornings.len()],
            shelf,
            mornings,
            cores,
        };
        for worn in kept {
            for place in &worn.pieces {
                week.worn[*place] += 1;
            }
        }
        for core in kept_cores {
            week.shown[core] += 1;
        }
        week
    }

    /// The best plan that is found, from `start` or from nothing.
    pub(super) fn search(&mut self, start: Option<&Plan>) -> Plan {
        if let Some(start) = start {
            self.wear(start);
            self.improve();
            return self.undress();
        }
        let in_order: Vec<usize> = (0..self.mornings.len()).collect();
        let mut pickiest = in_order.clone();
        pickiest.sort_by(|a, b| self.pickiness(*b).total_cmp(&self.pickiness(*a)));
        let mut best: Option<Plan> = None;
        for order in [in_order, pickiest] {
            for day in order {
                self.change(day);
            }
            self.improve();
            let plan = self.undress();
            best = Some(match best {
                Some(best) => self.better(best, plan),
                None => plan,
            });
        }
        best.unwrap_or_default()
    }

    /// The cheaper of two plans, the first if they are alike.
    pub(super) fn better(&mut self, first: Plan, second: Plan) -> Plan {
        let (one, other) = (self.price_of(&first), self.price_of(&second));
        if other.is_below(&one) { second } else { first }
    }

    /// How often a plan wears a main garment that is worn before.
    pub(super) fn repeats(&mut self, plan: &Plan) -> u32 {
        self.wear(plan);
        let mains = (0..self.worn.len()).filter(|place| self.shelf.is_main(*place));
        let repeats = mains.map(|place| self.worn[place].saturating_sub(1)).sum();
        self.undress();
        repeats
    }

    fn price_of(&mut self, plan: &Plan) -> Price {
        let mut price = Price::default();
        for (day, at) in plan.iter().enumerate() {
            if let Some(at) = *at {
                price = price.plus(self.price(day, at));
                self.put_on(day, at);
            }
        }
        self.undress();
        price
    }

    /// What a day loses if it does not get one of its best.
    fn pickiness(&self, day: usize) -> f32 {
        let mut worths: Vec<f32> = self.mornings[day]
            .candidates
            .iter()
            .map(|c| c.worth)
            .collect();
        worths.sort_by(|a, b| b.total_cmp(a));
        match (worths.first(), worths.get(worths.len() / 2)) {
            (Some(best), Some(middle)) => best - middle,
            _ => 0.0,
        }
    }

    fn improve(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let mut is_better = false;
            for day in 0..self.mornings.len() {
                is_better |= self.change(day);
            }
            for a in 0..self.mornings.len() {
                for b in a + 1..self.mornings.len() {
                    is_better |= self.change_both(a, b);
                }
            }
            if !is_better {
                return;
            }
        }
    }

    /// Puts on what is best beside the others; whether that is better than before.
    fn change(&mut self, day: usize) -> bool {
        let before = self.take_off(day);
        let mut best: Option<(Price, usize)> = before.map(|at| (self.price(day, at), at));
        for at in 0..self.mornings[day].candidates.len() {
            let price = self.price(day, at);
            if best.is_none_or(|(least, _)| price.is_below(&least)) {
                best = Some((price, at));
            }
        }
        if let Some((_, at)) = best {
            self.put_on(day, at);
        }
        self.plan[day] != before
    }

    /// Puts on the best pair beside the others; whether that is better than before.
    fn change_both(&mut self, a: usize, b: usize) -> bool {
        let (Some(i), Some(j)) = (self.plan[a], self.plan[b]) else {
            return false;
        };
        self.take_off(a);
        self.take_off(b);
        let alone = self.prices(b);
        let mut least = self.price(a, i);
        self.put_on(a, i);
        least = least.plus(self.price(b, j));
        self.take_off(a);
        let mut best = (i, j);
        let firsts = self.prices(a);
        for (first, x) in firsts {
            // Prices only grow by what else is worn.
            let bound = |second: &Price| !first.plus(*second).is_below(&least);
            if alone.first().is_none_or(|(cheapest, _)| bound(cheapest)) {
                break;
            }
            self.put_on(a, x);
            for (second, y) in &alone {
                if !first.plus(*second).is_below(&least) {
                    break;
                }
                let both = first.plus(self.price(b, *y));
                if both.is_below(&least) {
                    (least, best) = (both, (x, *y));
                }
            }
            self.take_off(a);
        }
        self.put_on(a, best.0);
        self.put_on(b, best.1);
        best != (i, j)
    }

    /// Every candidate of a day that wears nothing, the cheapest first.
    fn prices(&self, day: usize) -> Vec<(Price, usize)> {
        let all = 0..self.mornings[day].candidates.len();
        let mut prices: Vec<(Price, usize)> = all.map(|at| (self.price(day, at), at)).collect();
        prices.sort_by(|a, b| a.0.order(&b.0).then(a.1.cmp(&b.1)));
        prices
    }

    /// What a candidate adds to the price of all that is put on.
    fn price(&self, day: usize, at: usize) -> Price {
        let candidate = &self.mornings[day].candidates[at];
        let mains = candidate.mains.iter();
        let mut again = mains.map(|place| u32::from(self.worn[*place] > 0)).sum();
        if self.shown[self.cores[day][at]] > 0 {
            again += OUTFIT_AGAIN;
        }
        if candidate.is_avoided {
            again += TURNED_DOWN;
        }
        if candidate.is_wrong {
            again += WRONG;
        }
        let mut less = -candidate.worth;
        for neighbour in &self.neighbours[day] {
            if let Some(other) = self.plan[*neighbour] {
                let other = &self.mornings[*neighbour].candidates[other].pieces;
                less += self.monotony(&candidate.pieces, |place| other.contains(&place));
            }
        }
        let beside = &self.beside[day];
        less += self.monotony(&candidate.pieces, |place| beside.contains(&place));
        Price { again, less }
    }

    /// What it costs to wear the same pieces two days in a row.
    fn monotony(&self, pieces: &[usize], is_worn: impl Fn(usize) -> bool) -> f32 {
        let same = pieces.iter().filter(|place| is_worn(**place));
        same.map(|place| {
            if self.shelf.is_main(*place) {
                MAIN_NEXT_DAY
            } else {
                ABOUT_AS_WELL
            }
        })
        .sum()
    }

    fn put_on(&mut self, day: usize, at: usize) {
        for place in &self.mornings[day].candidates[at].pieces {
            self.worn[*place] += 1;
        }
        self.shown[self.cores[day][at]] += 1;
        self.plan[day] = Some(at);
    }

    fn take_off(&mut self, day: usize) -> Option<usize> {
        let at = self.plan[day].take()?;
        for place in &self.mornings[day].candidates[at].pieces {
            self.worn[*place] -= 1;
        }
        self.shown[self.cores[day][at]] -= 1;
        Some(at)
    }

    fn wear(&mut self, plan: &Plan) {
        for (day, at) in plan.iter().enumerate() {
            if let Some(at) = *at {
                self.put_on(day, at);
            }
        }
    }

    fn undress(&mut self) -> Plan {
        let days = 0..self.mornings.len();
        days.map(|day| self.take_off(day)).collect()
    }
}

fn neighbours(mornings: &[Morning<'_>]) -> Vec<Vec<usize>> {
    let near = |a: usize| {
        let all = 0..mornings.len();
        let near = all.filter(move |b| *b != a && is_beside(mornings[a].date, mornings[*b].date));
        near.collect()
    };
    (0..mornings.len()).map(near).collect()
}
