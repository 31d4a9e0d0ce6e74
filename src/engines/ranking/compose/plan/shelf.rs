//! A wardrobe in a fixed order: each garment has a place, so that days can be compared by numbers.
use super::{Kept, Worn};
use crate::base::{garment::Slot, id::ItemId};
use crate::engines::ranking::{compose::wishes, model::Garment};
use std::collections::BTreeMap;

/// The garments in id order, each once.
pub(super) struct Shelf<'a> {
    garments: Vec<&'a Garment>,
    places: BTreeMap<ItemId, usize>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(wardrobe: &'a [Garment]) -> Self {
        let by_id: BTreeMap<ItemId, &Garment> = wardrobe.iter().map(|g| (g.id, g)).collect();
        let places = by_id.keys().enumerate().map(|(place, id)| (*id, place));
        Self {
            places: places.collect(),
            garments: by_id.into_values().collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.garments.len()
    }

    pub(super) fn place(&self, item: ItemId) -> Option<usize> {
        self.places.get(&item).copied()
    }

    pub(super) fn slot(&self, place: usize) -> Slot {
        self.garments[place].slot
    }

    pub(super) fn id(&self, place: usize) -> ItemId {
        self.garments[place].id
    }

    pub(super) fn name(&self, place: usize) -> &'a str {
        wishes::name(self.garments[place])
    }

    /// Worn once in a plan if possible: a top, a bottom or a one-piece.
    pub(super) fn is_main(&self, place: usize) -> bool {
        matches!(self.slot(place), Slot::Top | Slot::Bottom | Slot::OnePiece)
    }

    /// Makes an outfit another one: everything but hats, bags and extras.
    pub(super) fn is_core(&self, place: usize) -> bool {
        self.is_main(place) || matches!(self.slot(place), Slot::Outer | Slot::Shoes)
    }

    /// What is worn on a kept day and still in the wardrobe.
    pub(super) fn worn(&self, kept: &Kept) -> Worn {
        let items = kept.items.iter();
        Worn {
            date: kept.date,
            pieces: items.filter_map(|item| self.place(*item)).collect(),
        }
    }
}
