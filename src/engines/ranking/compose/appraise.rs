//! Measures pieces that are in no wardrobe: some that somebody else put together, or one by itself.
use super::{
    beam::Width,
    score::{Scorer, measure},
    wishes::Wishes,
};
use crate::base::garment::Whereabouts;
use crate::engines::ranking::{
    features::{
        COLOUR, CONTRAST, COUNT, FORMALITY, PATTERN, Phi, STYLE, TASTE, TOGETHER, Together, style,
    },
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
        let is_taste =
            |i: &usize| (TASTE..TASTE + 3).contains(i) || (STYLE..style::IN_CONTEXT).contains(i);
        (0..COUNT)
            .map(|i| if is_taste(&i) { phi[i] } else { 0.0 })
            .collect()
    })
}

fn at_hand(garment: Garment) -> Garment {
    Garment {
        whereabouts: Whereabouts::AtHand,
        ..garment
    }
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
    // Where they are does not matter here.
    let pieces: Vec<Garment> = pieces.iter().cloned().map(at_hand).collect();
    let wishes = Wishes::new(&ask, &pieces, learned);
    let sights = measure(&wishes, learned);
    let width = Width::usual(1).wider_by(pieces.len());
    let scorer = Scorer::new(&wishes, learned, &sights, width);
    let phi = scorer.phi(&scorer.everything());
    read(&scorer, &phi)
}
