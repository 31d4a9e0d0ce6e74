//! Measures pieces that are in no wardrobe: some that somebody else put together, or one by itself.
use super::{
    beam::Width,
    score::{Scorer, measure},
    wishes::Wishes,
};
use crate::engines::ranking::{
    features::{COLOUR, CONTRAST, COUNT, FORMALITY, PATTERN, Phi, TASTE, TOGETHER, Together},
    learned::Learned,
    model::{Ask, Garment, Part},
};
use chrono::DateTime;
use std::sync::Arc;

/// What is said of pieces as a whole, whoever wears them whenever.
const OF_THE_WHOLE: [usize; 5] = [COLOUR, CONTRAST, PATTERN, FORMALITY, TOGETHER];

/// What a piece by itself tells about taste: the rest is about outfits, days, or what the person owns.
const OF_A_PIECE: [usize; 4] = [TASTE, TASTE + 1, TASTE + 2, PATTERN];

/// What speaks for these pieces together, with everybody's weights: colour, contrast, pattern, formality and
/// togetherness. No person, time, weather or wish enters, and the pieces need not make a whole outfit. Pieces with the
/// same id count once.
#[must_use]
pub fn appraise(pieces: &[Garment], together: &Arc<Together>) -> Vec<Part> {
    let learned = Learned::default();
    with_all(pieces, together, &learned, |scorer, phi| {
        OF_THE_WHOLE
            .iter()
            .map(|&i| scorer.part(i, phi[i], scorer.weights[i] * phi[i]))
            .collect()
    })
}

/// φ of an outfit of one piece that this person does not own, as far as it is about taste: the rest is zero, so that
/// what is said of the piece teaches nothing about whole outfits, the weather or when something was worn.
#[must_use]
pub fn taste_of(piece: &Garment, learned: &Learned) -> Vec<f32> {
    let together = Arc::new(Together::rules());
    let piece = std::slice::from_ref(piece);
    with_all(piece, &together, learned, |_, phi| {
        let mut kept = vec![0.0; COUNT];
        for i in OF_A_PIECE {
            kept[i] = phi[i];
        }
        kept
    })
}

/// Measures all the pieces as one outfit.
fn with_all<T>(
    pieces: &[Garment],
    together: &Arc<Together>,
    learned: &Learned,
    read: impl FnOnce(&Scorer<'_>, &Phi) -> T,
) -> T {
    let ask = Ask {
        include_unclean: true,
        together: together.clone(),
        ..Ask::new(1, 0, DateTime::UNIX_EPOCH)
    };
    let wishes = Wishes::new(&ask, pieces, learned);
    let sights = measure(&wishes, learned);
    let width = Width::usual(1).wider_by(pieces.len());
    let scorer = Scorer::new(&wishes, learned, &sights, width);
    let phi = scorer.phi(&scorer.everything());
    read(&scorer, &phi)
}
