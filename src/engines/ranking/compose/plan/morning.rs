//! One day of a plan: what it asks for, and the outfits it could wear.
use super::{Day, shelf::Shelf};
use crate::base::{garment::Slot, id::ItemId};
use crate::engines::ranking::{
    compose::{
        beam::{Beam, Width},
        outfit,
        score::{Scorer, Sight, measure},
        wishes::Wishes,
    },
    features::{COUNT, OCCASION, WEATHER},
    learned::Learned,
    model::{Answer, Garment},
};
use chrono::NaiveDate;
use std::collections::HashSet;

/// From here down the weather feature says that one would freeze or boil.
const WRONG_FOR_WEATHER: f32 = -0.95;
/// From here down nearly every piece is against the occasion.
const WRONG_FOR_OCCASION: f32 = -0.75;
/// Logits that full likeness to a turned-down outfit costs.
const COST_OF_LIKENESS: f32 = 1.5;

/// An outfit that a day could wear.
pub(super) struct Candidate {
    /// Its garments, as the beam picked them.
    pub(super) pieces: Vec<usize>,
    /// Tops, bottoms and one-pieces among them.
    pub(super) mains: Vec<usize>,
    /// What makes it another outfit, in order.
    pub(super) core: Vec<usize>,
    /// It was turned down before.
    pub(super) is_avoided: bool,
    /// The day asks for something else altogether.
    pub(super) is_wrong: bool,
    /// Its score, less what likeness to a turned-down outfit costs.
    pub(super) worth: f32,
}

/// One day.
pub(super) struct Morning<'a> {
    pub(super) date: NaiveDate,
    pub(super) wishes: Wishes<'a>,
    pub(super) candidates: Vec<Candidate>,
    missing: Vec<Slot>,
    sights: Vec<Sight<'a>>,
    known: HashSet<Vec<usize>>,
    instead_of: &'a [Vec<ItemId>],
}

impl<'a> Morning<'a> {
    pub(super) fn new(day: &'a Day, wardrobe: &'a [Garment], learned: &Learned) -> Self {
        let mut wishes = Wishes::new(&day.ask, wardrobe, learned);
        wishes.avoid(&day.instead_of);
        let missing = wishes.note_missing(wardrobe);
        Self {
            date: day.date,
            sights: measure(&wishes, learned),
            wishes,
            missing,
            candidates: vec![],
            known: HashSet::new(),
            instead_of: &day.instead_of,
        }
    }

    /// What may be worn.
    pub(super) fn usable(&self, shelf: &Shelf<'_>) -> impl Iterator<Item = usize> {
        let usable = self.wishes.usable.iter();
        usable.filter_map(|garment| shelf.place(garment.id))
    }

    /// Looks for many outfits in the whole wardrobe, wide enough to reach past what is to be avoided.
    pub(super) fn look_wide(&mut self, shelf: &Shelf<'_>, learned: &Learned, width: Width) {
        self.look(shelf, learned, width, &|_| true);
        let avoided = self.wishes.avoided.len();
        if avoided > 0 && self.candidates.iter().all(|c| c.is_avoided) {
            self.look(shelf, learned, width.wider_by(avoided), &|_| true);
        }
    }

    /// Looks for outfits among the garments that may be used, and what is forced.
    pub(super) fn look(
        &mut self,
        shelf: &Shelf<'_>,
        learned: &Learned,
        width: Width,
        may: &dyn Fn(usize) -> bool,
    ) {
        let is_let = |sight: &&Sight<'a>| {
            let garment = sight.garment();
            self.wishes.is_forced(garment) || shelf.place(garment.id).is_some_and(may)
        };
        let sights: Vec<Sight<'a>> = self.sights.iter().filter(is_let).copied().collect();
        let scorer = Scorer::new(&self.wishes, learned, &sights, width);
        for look in Beam::new(&self.wishes, &scorer, width).run() {
            let phi = scorer.phi(&look.picks);
            let items = look.picks.iter().map(|at| scorer.garment(*at).id);
            let candidate = self.candidate(shelf, items.collect(), look.score);
            if !self.known.insert(sorted(&candidate.pieces)) {
                continue;
            }
            self.candidates.push(Candidate {
                is_wrong: phi[WEATHER] <= WRONG_FOR_WEATHER || phi[OCCASION] <= WRONG_FOR_OCCASION,
                ..candidate
            });
        }
    }

    fn candidate(&self, shelf: &Shelf<'_>, items: Vec<ItemId>, score: f32) -> Candidate {
        let pieces: Vec<usize> = items.iter().filter_map(|id| shelf.place(*id)).collect();
        let of = |wanted: &dyn Fn(usize) -> bool| {
            let places = pieces.iter().copied();
            places.filter(|place| wanted(*place)).collect::<Vec<_>>()
        };
        let mains = of(&|place| shelf.is_main(place));
        let likeness = self.instead_of.iter().map(|outfit| {
            let shared = mains
                .iter()
                .filter(|place| outfit.contains(&shelf.id(**place)));
            shared.count() as f32 / mains.len().max(1) as f32
        });
        Candidate {
            core: sorted(&of(&|place| shelf.is_core(place))),
            is_avoided: self.wishes.is_avoided_set(items.iter().copied()),
            is_wrong: false,
            worth: score - COST_OF_LIKENESS * likeness.fold(0.0, f32::max),
            mains,
            pieces,
        }
    }

    /// Says what is worn, why, and what could not be done.
    pub(super) fn answer(
        mut self,
        shelf: &Shelf<'_>,
        learned: &Learned,
        at: Option<usize>,
        notes: Vec<String>,
    ) -> Answer {
        self.wishes.notes.extend(notes);
        let chosen = at.map(|at| &self.candidates[at]);
        if chosen.is_some_and(|candidate| candidate.is_avoided) {
            let note =
                "There is nothing else left, so something you were shown before is here again.";
            self.wishes.notes.push(note.to_owned());
        }
        let outfits = chosen.map(|candidate| {
            let places = &candidate.pieces;
            let is_worn = |sight: &&Sight<'_>| {
                let place = shelf.place(sight.garment().id);
                place.is_some_and(|place| places.contains(&place))
            };
            let sights: Vec<Sight<'_>> = self.sights.iter().filter(is_worn).copied().collect();
            let scorer = Scorer::new(&self.wishes, learned, &sights, Width::usual(1));
            let picks: Vec<u16> = places
                .iter()
                .filter_map(|place| scorer.position(shelf.id(*place)))
                .collect();
            outfit(&scorer, learned, &picks, &[0.0; COUNT])
        });
        Answer {
            outfits: outfits.into_iter().collect(),
            missing: self.missing,
            notes: self.wishes.notes,
            choice: None,
        }
    }
}

fn sorted(places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places
}
