//! Scores outfits that somebody else put together.
use super::{
    beam::Width,
    score::{Scorer, measure},
    wishes::Wishes,
};
use crate::base::id::ItemId;
use crate::engines::ranking::{
    learned::Learned,
    model::{Ask, Garment},
};

/// What an outfit is worth to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Logit of being liked.
    pub score: f32,
    /// Chance of being liked, 0 to 1.
    pub probability: f32,
    /// φ, one number per entry of `FEATURES`.
    pub features: Vec<f32>,
}

/// Scores outfits as `compose` would, in their order; `None` for one with a garment that may not be used.
#[must_use]
pub fn judge(
    ask: &Ask,
    wardrobe: &[Garment],
    learned: &Learned,
    outfits: &[Vec<ItemId>],
) -> Vec<Option<Judged>> {
    let wishes = Wishes::new(ask, wardrobe, learned);
    let sights = measure(&wishes, learned);
    let everything = Width::usual(1).wider_by(wardrobe.len());
    let scorer = Scorer::new(&wishes, learned, &sights, everything);
    let judged = outfits.iter().map(|items| {
        let picks: Option<Vec<u16>> = items.iter().map(|item| scorer.position(*item)).collect();
        let picks = picks?;
        let phi = scorer.phi(&picks);
        Some(Judged {
            score: scorer.score(&picks),
            probability: learned.fusion.probability(&phi) as f32,
            features: phi.to_vec(),
        })
    });
    judged.collect()
}
