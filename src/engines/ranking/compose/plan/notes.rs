//! Says which garments a plan repeats, and why.
use super::{Worn, morning::Morning, shelf::Shelf, week::Plan};
use crate::base::garment::Slot;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Per day, a sentence for each main garment that another day wears, too; told on the later day, or on the planned
/// one when the other is kept.
pub(super) fn about_repeats(
    shelf: &Shelf<'_>,
    mornings: &[Morning<'_>],
    kept: &[Worn],
    plan: &Plan,
) -> Vec<Vec<String>> {
    let worn: Vec<(NaiveDate, BTreeSet<usize>)> = mornings
        .iter()
        .zip(plan)
        .map(|(morning, at)| {
            let pieces = at.map(|at| morning.candidates[at].pieces.iter().copied());
            (morning.date, pieces.into_iter().flatten().collect())
        })
        .collect();
    let everything: BTreeSet<usize> = worn
        .iter()
        .flat_map(|(_, pieces)| pieces)
        .chain(kept.iter().flat_map(|worn| &worn.pieces))
        .copied()
        .collect();
    let days = mornings.iter().enumerate();
    days.map(|(day, morning)| {
        let before = worn[..day].iter().map(|(date, pieces)| (*date, pieces));
        let others: Vec<(NaiveDate, &BTreeSet<usize>)> = before
            .chain(kept.iter().map(|worn| (worn.date, &worn.pieces)))
            .collect();
        Repeats {
            shelf,
            morning,
            others,
            everything: &everything,
        }
        .told(&worn[day].1)
    })
    .collect()
}

/// One day beside the days it may repeat.
struct Repeats<'a> {
    shelf: &'a Shelf<'a>,
    morning: &'a Morning<'a>,
    others: Vec<(NaiveDate, &'a BTreeSet<usize>)>,
    everything: &'a BTreeSet<usize>,
}

impl Repeats<'_> {
    fn told(&self, pieces: &BTreeSet<usize>) -> Vec<String> {
        let core = |pieces: &BTreeSet<usize>| -> BTreeSet<usize> {
            let places = pieces.iter().copied();
            places.filter(|place| self.shelf.is_core(*place)).collect()
        };
        let mine = core(pieces);
        let same = self.others.iter().find(|(_, other)| core(other) == mine);
        if let Some((date, _)) = same.filter(|_| !mine.is_empty()) {
            let date = named(*date);
            return vec![format!(
                "The same outfit as on {date}: there is nothing else to wear."
            )];
        }
        let mains = pieces.iter().filter(|place| self.shelf.is_main(**place));
        let again = mains.filter_map(|place| {
            let mut others = self.others.iter();
            let (date, _) = others.find(|(_, other)| other.contains(place))?;
            Some(format!(
                "Again the {}, as on {}: {}.",
                self.shelf.name(*place),
                named(*date),
                self.reason(*place)
            ))
        });
        again.collect()
    }

    fn reason(&self, place: usize) -> &'static str {
        let id = self.shelf.id(place);
        let wishes = &self.morning.wishes;
        if wishes.forced.iter().any(|garment| garment.id == id) {
            return "you asked for it on this day";
        }
        let slot = self.shelf.slot(place);
        let mut alike = wishes.usable.iter().filter(|garment| garment.slot == slot);
        let is_unworn = |id| {
            let place = self.shelf.place(id);
            place.is_some_and(|place| !self.everything.contains(&place))
        };
        if alike.any(|garment| is_unworn(garment.id)) {
            return "what is left does not suit this day";
        }
        match slot {
            Slot::Top => "there are not enough tops to wear for so many days",
            Slot::Bottom => {
                "there are not enough trousers, skirts or shorts to wear for so many days"
            }
            Slot::OnePiece
            | Slot::Outer
            | Slot::Shoes
            | Slot::Headwear
            | Slot::Bag
            | Slot::Accessory => "there is not enough to wear for so many days",
        }
    }
}

/// "Monday 4 May".
fn named(date: NaiveDate) -> String {
    date.format("%A %-d %B").to_string()
}
