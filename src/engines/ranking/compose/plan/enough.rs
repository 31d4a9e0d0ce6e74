//! Which tops, bottoms and one-pieces to wear on which day so that the fewest are worn twice.
//!
//! Exact: a day wears either a one-piece or a top and a bottom, all ways to choose that are tried, and for each the
//! garments are handed out by augmenting paths (a largest matching). A place that no garment is left for is one
//! repeat. Taste and weather play no part here.
use super::{Worn, morning::Morning, shelf::Shelf};
use crate::base::garment::Slot;
use std::collections::{BTreeMap, BTreeSet};

/// What one day can wear.
struct Need {
    /// Worn whatever else is.
    forced: BTreeSet<usize>,
    /// Places to fill, one way and the other: slot and garments. Empty when all is forced.
    ways: Vec<Vec<(Slot, Vec<usize>)>>,
}

/// Who wears what: garment → day and slot.
type Matching = BTreeMap<usize, (usize, Slot)>;

/// Per day the tops, bottoms and one-pieces to wear; none where the day cannot be dressed.
pub(super) type Sets = Vec<Option<BTreeSet<usize>>>;

/// The garments of a plan with the fewest repeats.
pub(super) fn fewest(shelf: &Shelf<'_>, mornings: &[Morning<'_>], kept: &[Worn]) -> Option<Sets> {
    let needs: Vec<Need> = mornings.iter().map(|m| need(shelf, m)).collect();
    let forced = needs.iter().flat_map(|need| &need.forced);
    let kept = kept.iter().flat_map(|worn| &worn.pieces);
    let mut search = Search {
        taken: forced.chain(kept).copied().collect(),
        needs: &needs,
        best: None,
    };
    search.descend(&mut vec![], Matching::new(), 0);
    let (_, ways, matching) = search.best?;
    Some(hand_out(&needs, &ways, &matching))
}

fn need(shelf: &Shelf<'_>, morning: &Morning<'_>) -> Need {
    let wishes = &morning.wishes;
    let forced: BTreeSet<usize> = wishes
        .forced
        .iter()
        .filter_map(|garment| shelf.place(garment.id))
        .filter(|place| shelf.is_main(*place))
        .collect();
    let has = |slot| forced.iter().any(|place| shelf.slot(*place) == slot);
    let of = |slot| -> Vec<usize> {
        let usable = wishes.usable.iter().filter(|g| g.slot == slot);
        usable.filter_map(|g| shelf.place(g.id)).collect()
    };
    let mut ways = vec![];
    if has(Slot::OnePiece) {
        ways.push(vec![]);
    } else {
        let open = [Slot::Top, Slot::Bottom].into_iter();
        let two: Vec<_> = open
            .filter(|slot| !has(*slot))
            .map(|slot| (slot, of(slot)))
            .collect();
        ways.push(two);
        if forced.is_empty() {
            ways.push(vec![(Slot::OnePiece, of(Slot::OnePiece))]);
        }
    }
    ways.retain(|way| way.iter().all(|(_, garments)| !garments.is_empty()));
    Need { forced, ways }
}

struct Search<'a> {
    needs: &'a [Need],
    taken: BTreeSet<usize>,
    best: Option<(u32, Vec<usize>, Matching)>,
}

impl Search<'_> {
    /// Tries every way for the next day. At most 2^days leaves, cut where it is already as bad as the best.
    fn descend(&mut self, ways: &mut Vec<usize>, matching: Matching, repeats: u32) {
        if self
            .best
            .as_ref()
            .is_some_and(|(least, ..)| repeats >= *least)
        {
            return;
        }
        let day = ways.len();
        let Some(need) = self.needs.get(day) else {
            self.best = Some((repeats, ways.clone(), matching));
            return;
        };
        // A day that cannot be dressed takes nothing.
        for way in 0..need.ways.len().max(1) {
            let (mut matching, mut repeats) = (matching.clone(), repeats);
            ways.push(way);
            for (slot, _) in need.ways.get(way).into_iter().flatten() {
                let is_free = self.augment((day, *slot), ways, &mut matching, &mut BTreeSet::new());
                repeats += u32::from(!is_free);
            }
            self.descend(ways, matching, repeats);
            ways.pop();
        }
    }

    /// Finds a garment for a place, making others change if need be.
    fn augment(
        &self,
        (day, slot): (usize, Slot),
        ways: &[usize],
        matching: &mut Matching,
        tried: &mut BTreeSet<usize>,
    ) -> bool {
        let garments = garments_of(&self.needs[day], ways[day], slot);
        for garment in garments {
            if self.taken.contains(garment) || !tried.insert(*garment) {
                continue;
            }
            let holder = matching.get(garment).copied();
            if holder.is_none_or(|holder| self.augment(holder, ways, matching, tried)) {
                matching.insert(*garment, (day, slot));
                return true;
            }
        }
        false
    }
}

fn garments_of(need: &Need, way: usize, slot: Slot) -> &[usize] {
    let mut places = need.ways.get(way).into_iter().flatten();
    let found = places.find(|(own, _)| *own == slot);
    found.map_or(&[], |(_, garments)| garments.as_slice())
}

/// The sets of the best; where no garment is left, the least worn of those that could be.
fn hand_out(needs: &[Need], ways: &[usize], matching: &Matching) -> Sets {
    let mut worn: BTreeMap<usize, u32> = BTreeMap::new();
    let mut sets: Vec<BTreeSet<usize>> = needs.iter().map(|need| need.forced.clone()).collect();
    for (garment, (day, _)) in matching {
        sets[*day].insert(*garment);
    }
    for garment in sets.iter().flatten() {
        *worn.entry(*garment).or_default() += 1;
    }
    for ((need, way), (day, set)) in needs.iter().zip(ways).zip(sets.iter_mut().enumerate()) {
        for (slot, garments) in need.ways.get(*way).into_iter().flatten() {
            if matching.values().any(|place| *place == (day, *slot)) {
                continue;
            }
            let count = |garment: &&usize| worn.get(*garment).copied().unwrap_or(0);
            if let Some(garment) = garments.iter().min_by_key(count) {
                set.insert(*garment);
                *worn.entry(*garment).or_default() += 1;
            }
        }
    }
    let sets = sets.into_iter().zip(needs);
    sets.map(|(set, need)| (!need.ways.is_empty()).then_some(set))
        .collect()
}
