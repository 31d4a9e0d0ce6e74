//! Outfits drawn at random: valid by what the models recognised, and nothing else.
use super::Owned;
use crate::{
    base::garment::{Category, Slot},
    engines::ranking::Garment,
};
use rand::{Rng as _, rngs::StdRng};

/// Below this an outer layer is worn more often than not, °C.
const COOL: f64 = 14.0;

/// The pieces of a wardrobe by the place they take.
pub(super) struct Places(Vec<Vec<usize>>);

impl Places {
    pub(super) fn of(pieces: &[Owned]) -> Self {
        let own = |slot: &Slot| {
            let all = pieces.iter().enumerate();
            all.filter(|(_, piece)| piece.garment.slot == *slot)
                .map(|(at, _)| at)
                .collect()
        };
        Self(Slot::ALL.iter().map(own).collect())
    }

    fn all(&self, slot: Slot) -> &[usize] {
        &self.0[slot as usize]
    }

    /// Whether anything can be worn at all.
    pub(super) fn can_dress(&self) -> bool {
        self.all(Slot::Top).len() * self.all(Slot::Bottom).len() + self.all(Slot::OnePiece).len()
            > 1
    }

    /// Whether outfits around a piece in this slot are possible.
    pub(super) fn can_anchor(&self, slot: Slot) -> bool {
        match slot {
            Slot::Top => !self.all(Slot::Bottom).is_empty(),
            Slot::Bottom => !self.all(Slot::Top).is_empty(),
            Slot::OnePiece => true,
            Slot::Outer | Slot::Shoes | Slot::Headwear | Slot::Bag | Slot::Accessory => false,
        }
    }

    /// A valid outfit, around `anchor` if given.
    pub(super) fn draw(
        &self,
        anchor: Option<(usize, Slot)>,
        temperature: f64,
        chance: &mut StdRng,
    ) -> Vec<usize> {
        let one = |slot: Slot, chance: &mut StdRng| match (anchor, self.all(slot)) {
            (Some((at, own)), _) if own == slot => Some(at),
            (_, []) => None,
            (_, all) => Some(all[chance.random_range(0..all.len())]),
        };
        let (tops, bottoms) = (self.all(Slot::Top).len(), self.all(Slot::Bottom).len());
        let pieces = self.all(Slot::OnePiece).len();
        let is_piece = match anchor.map(|(_, slot)| slot) {
            Some(Slot::OnePiece) => true,
            Some(Slot::Top | Slot::Bottom) => false,
            _ if tops * bottoms == 0 => true,
            _ => chance.random_range(0..tops.min(bottoms) + pieces) < pieces,
        };
        let base: &[Slot] = if is_piece {
            &[Slot::OnePiece]
        } else {
            &[Slot::Top, Slot::Bottom]
        };
        let mut outfit: Vec<usize> = base.iter().filter_map(|slot| one(*slot, chance)).collect();
        let likely = if temperature < COOL { 0.6 } else { 0.1 };
        if chance.random_bool(likely) {
            outfit.extend(one(Slot::Outer, chance));
        }
        outfit.extend(one(Slot::Shoes, chance));
        outfit
    }
}

/// The share of pieces that two outfits have in common (Jaccard).
pub(super) fn shared(a: &[usize], b: &[usize]) -> f64 {
    let common = a.iter().filter(|at| b.contains(at)).count();
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

/// One top and bottom or one one-piece, at most one layer over it, and one of each other place.
pub(super) fn is_valid(outfit: &[usize], garments: &[Garment]) -> bool {
    let of = |slot| {
        outfit
            .iter()
            .filter(|at| garments[**at].slot == slot)
            .count()
    };
    let layered = outfit.iter().any(|at| {
        matches!(
            garments[*at].category,
            Category::Cardigan | Category::Sweater
        )
    });
    let base =
        matches!(
            (of(Slot::Top), of(Slot::Bottom), of(Slot::OnePiece)),
            (1, 1, 0) | (0, 0, 1)
        ) || (of(Slot::Top) == 2 && of(Slot::Bottom) == 1 && of(Slot::OnePiece) == 0 && layered);
    let others = [Slot::Outer, Slot::Shoes, Slot::Headwear, Slot::Bag];
    base && others.into_iter().all(|slot| of(slot) <= 1)
}
