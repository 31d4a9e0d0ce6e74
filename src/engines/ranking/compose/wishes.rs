//! What an ask allows: which garments may be used, which must be, and what is plainly missing.
use super::{limits::hindrance, rules::layered};
use crate::base::{
    garment::{Occasion, Slot, Whereabouts},
    id::ItemId,
};
use crate::engines::ranking::{
    features::weather::Conditions,
    learned::Learned,
    model::{Ask, Garment, Outfit},
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// More accessories than these are not worn at once.
const MOST_ACCESSORIES: usize = 3;

/// An ask, checked against the wardrobe.
pub(super) struct Wishes<'a> {
    pub(super) ask: &'a Ask,
    pub(super) wardrobe: &'a [Garment],
    pub(super) conditions: Conditions,
    /// Garments that may be used, in id order, each once.
    pub(super) usable: Vec<&'a Garment>,
    /// Garments that every outfit has; they can be worn together.
    pub(super) forced: Vec<&'a Garment>,
    /// The cores of outfits not to show again.
    pub(super) avoided: HashSet<BTreeSet<ItemId>>,
    pub(super) notes: Vec<String>,
    /// Garments that do not make an outfit another one: hats, bags, extras.
    extras: HashSet<ItemId>,
}

impl<'a> Wishes<'a> {
    pub(super) fn new(ask: &'a Ask, wardrobe: &'a [Garment], learned: &Learned) -> Self {
        let all: BTreeMap<ItemId, &Garment> = wardrobe.iter().map(|g| (g.id, g)).collect();
        let excluded: HashSet<ItemId> = ask.exclude.iter().copied().collect();
        let named: HashSet<ItemId> = ask
            .anchor
            .iter()
            .chain(&ask.must_include)
            .copied()
            .collect();
        let usable = all
            .values()
            .copied()
            .filter(|g| !excluded.contains(&g.id) && hindrance(g, ask).is_none())
            .filter(|g| named.contains(&g.id) || ask.limits.allow(g))
            .collect();
        let extras = all
            .values()
            .filter(|g| matches!(g.slot, Slot::Headwear | Slot::Bag | Slot::Accessory))
            .map(|g| g.id)
            .collect();
        let mut wishes = Self {
            ask,
            wardrobe,
            conditions: Conditions::new(ask, learned.comfort as f32),
            usable,
            forced: vec![],
            avoided: HashSet::new(),
            notes: vec![],
            extras,
        };
        wishes.avoid(&ask.avoid_outfits);
        for id in ask.anchor.iter().chain(&ask.must_include) {
            wishes.force(all.get(id).copied(), &excluded);
        }
        wishes
    }

    /// Adds outfits not to show again.
    pub(super) fn avoid(&mut self, outfits: &[Vec<ItemId>]) {
        let cores = outfits.iter().map(|items| self.core(items.iter().copied()));
        let cores: Vec<_> = cores.filter(|core| !core.is_empty()).collect();
        self.avoided.extend(cores);
    }

    /// Two tops at once: a cardigan or sweater over something thin, when it is cold or nobody knows.
    pub(super) fn allows_layers(&self) -> bool {
        self.conditions.temperature_c.is_none() || self.conditions.is_cold_enough_for_layers()
    }

    pub(super) fn is_forced(&self, garment: &Garment) -> bool {
        self.forced.iter().any(|forced| forced.id == garment.id)
    }

    pub(super) fn forced_in(&self, slot: Slot) -> Vec<&'a Garment> {
        let forced = self.forced.iter().copied();
        forced.filter(|garment| garment.slot == slot).collect()
    }

    pub(super) fn is_avoided(&self, outfit: &Outfit) -> bool {
        self.is_avoided_set(outfit.picks.iter().map(|pick| pick.item))
    }

    pub(super) fn is_avoided_set(&self, items: impl Iterator<Item = ItemId>) -> bool {
        !self.avoided.is_empty() && self.avoided.contains(&self.core(items))
    }

    /// Says which slots nothing fills, and why.
    pub(super) fn note_missing(&mut self, wardrobe: &[Garment]) -> Vec<Slot> {
        if wardrobe.is_empty() {
            let note =
                "Your wardrobe is empty: add a top and something to wear below it, or a dress.";
            self.notes.push(note.to_owned());
            return vec![Slot::Top, Slot::Bottom, Slot::Shoes];
        }
        let has = |slot: Slot| self.usable.iter().any(|garment| garment.slot == slot);
        let needs_two =
            !self.forced_in(Slot::Top).is_empty() || !self.forced_in(Slot::Bottom).is_empty();
        let mut missing = vec![];
        if self.forced_in(Slot::OnePiece).is_empty() && (needs_two || !has(Slot::OnePiece)) {
            missing.extend(
                [Slot::Top, Slot::Bottom]
                    .into_iter()
                    .filter(|slot| !has(*slot)),
            );
        }
        if self.ask.occasion != Some(Occasion::Home) && !has(Slot::Shoes) {
            missing.push(Slot::Shoes);
        }
        if self.conditions.asks_for_outer() && !has(Slot::Outer) {
            missing.push(Slot::Outer);
        }
        for slot in &missing {
            let note = self.missing_note(*slot, wardrobe);
            self.notes.push(note);
        }
        missing
    }

    fn missing_note(&self, slot: Slot, wardrobe: &[Garment]) -> String {
        let (what, consequence) = match slot {
            Slot::Top => ("tops", "no outfit without a dress is possible"),
            Slot::Bottom => (
                "trousers, skirts or shorts",
                "no outfit without a dress is possible",
            ),
            Slot::Shoes => ("shoes", "here is the rest"),
            Slot::Outer if self.conditions.is_wet => ("jackets or coats", "you may get wet"),
            Slot::Outer => ("jackets or coats", "you may be cold"),
            Slot::OnePiece => ("dresses", "here is the rest"),
            Slot::Headwear | Slot::Bag | Slot::Accessory => ("extras", "here is the rest"),
        };
        let mut left: Vec<&Garment> = wardrobe.iter().filter(|g| g.slot == slot).collect();
        if left.is_empty() {
            return format!("There are no {what} in your wardrobe: {consequence}.");
        }
        left.retain(|garment| !self.ask.exclude.contains(&garment.id));
        if left.is_empty() {
            return format!("You left out all {what}: {consequence}.");
        }
        left.retain(|garment| self.ask.limits.allow(garment));
        if left.is_empty() {
            return format!(
                "No {what} are of the colours and the dress code you asked for: {consequence}."
            );
        }
        left.retain(|garment| garment.whereabouts == Whereabouts::AtHand);
        if left.is_empty() {
            return format!("All {what} are lent or packed: {consequence}.");
        }
        format!("No {what} are clean: {consequence}.")
    }

    fn core(&self, items: impl Iterator<Item = ItemId>) -> BTreeSet<ItemId> {
        items.filter(|item| !self.extras.contains(item)).collect()
    }

    fn force(&mut self, garment: Option<&'a Garment>, excluded: &HashSet<ItemId>) {
        let Some(garment) = garment else {
            let note = "One of the garments you asked for is not in your wardrobe.";
            self.notes.push(note.to_owned());
            return;
        };
        if self.is_forced(garment) {
            return;
        }
        let name = name(garment);
        if excluded.contains(&garment.id) {
            self.notes.push(format!(
                "You both asked for {name} and left it out: it is left out."
            ));
        } else if let Some(why) = hindrance(garment, self.ask) {
            self.notes
                .push(format!("The {name} is {why}, so it is left out."));
        } else if let Some(other) = self.rival(garment) {
            let note = format!(
                "The {name} cannot be worn together with the {}: the {name} is left out.",
                self::name(other)
            );
            self.notes.push(note);
        } else {
            if !self.ask.limits.allow(garment) {
                self.notes.push(format!(
                    "The {name} is not of the colours or the dress code you asked for, but you asked for it as well."
                ));
            }
            self.forced.push(garment);
        }
    }

    /// A garment already forced that `garment` cannot be worn with.
    fn rival(&self, garment: &Garment) -> Option<&'a Garment> {
        let same = self.forced_in(garment.slot);
        let others: &[Slot] = match garment.slot {
            Slot::OnePiece => &[Slot::Top, Slot::Bottom],
            Slot::Top | Slot::Bottom => &[Slot::OnePiece],
            Slot::Outer | Slot::Shoes | Slot::Headwear | Slot::Bag | Slot::Accessory => &[],
        };
        let elsewhere = others
            .iter()
            .find_map(|slot| self.forced_in(*slot).first().copied());
        if elsewhere.is_some() {
            return elsewhere;
        }
        let fits = match (garment.slot, same.as_slice()) {
            (_, []) => true,
            (Slot::Top, [other]) => {
                self.allows_layers() && layered(other.category, garment.category).is_some()
            }
            (Slot::Accessory, others) => {
                others.len() < MOST_ACCESSORIES
                    && others
                        .iter()
                        .all(|other| other.category != garment.category)
            }
            _ => false,
        };
        if fits { None } else { same.first().copied() }
    }
}

/// What the person calls it, or what it is.
pub(in crate::engines::ranking) fn name(garment: &Garment) -> &str {
    let label = garment.label.trim();
    if label.is_empty() {
        garment.category.name()
    } else {
        label
    }
}
