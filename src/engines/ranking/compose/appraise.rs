//! Measures pieces that somebody else put together.
use super::{
    beam::Width,
    score::{Scorer, measure},
    wishes::Wishes,
};
use crate::engines::ranking::{
    features::{COLOUR, CONTRAST, FORMALITY, PATTERN, TOGETHER, Together},
    learned::Learned,
    model::{Ask, Garment, Part},
};
use chrono::DateTime;
use std::sync::Arc;

/// What is said of pieces as a whole, whoever wears them whenever.
const OF_THE_WHOLE: [usize; 5] = [COLOUR, CONTRAST, PATTERN, FORMALITY, TOGETHER];

/// What speaks for these pieces together, with everybody's weights: colour, contrast, pattern, formality and
/// togetherness. No person, time, weather or wish enters, and the pieces need not make a whole outfit. Pieces with the
/// same id count once.
#[must_use]
pub fn appraise(pieces: &[Garment], together: &Arc<Together>) -> Vec<Part> {
    let ask = Ask {
        include_unclean: true,
        together: together.clone(),
        ..Ask::new(1, 0, DateTime::UNIX_EPOCH)
    };
    let learned = Learned::default();
    let wishes = Wishes::new(&ask, pieces, &learned);
    let sights = measure(&wishes, &learned);
    let width = Width::usual(1).wider_by(pieces.len());
    let scorer = Scorer::new(&wishes, &learned, &sights, width);
    let phi = scorer.phi(&scorer.everything());
    OF_THE_WHOLE
        .iter()
        .map(|&i| scorer.part(i, phi[i], scorer.weights[i] * phi[i]))
        .collect()
}
