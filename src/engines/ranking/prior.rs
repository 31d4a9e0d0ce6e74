//! Where everybody's weights start.
//!
//! The three similarities start at the published 0.4 CLIP, 0.3 BLIP, 0.3 fashion, times one constant that
//! turns a likeness of ±1 into logits. The rest is set by hand until it is learned from many people: a shared
//! prior estimated from their posteriors replaces this table, nothing else.
use super::features::{
    BASE, COLOUR, COMPLETENESS, CONTRAST, COUNT, FORMALITY, LIKENESS, NOVELTY, OCCASION, PAIR,
    PATTERN, PIECE, RAIN, ROTATION, TASTE, TOGETHER, WEATHER,
};

/// Logits per unit of fused similarity: the best match in a wardrobe doubles the odds twice over the average.
pub(super) const SIMILARITY_SCALE: f64 = 2.0;

/// Prior of one weight: normal, independent of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

/// One per feature.
pub(super) const PRIOR: [Prior; COUNT] = table();

const fn table() -> [Prior; COUNT] {
    const fn prior(mean: f64, deviation: f64) -> Prior {
        Prior { mean, deviation }
    }
    let mut all = [prior(0.0, 0.5); COUNT];
    // An ordinary outfit for an ask without any wish starts near even odds.
    all[BASE] = prior(-2.5, 1.0);
    all[LIKENESS] = prior(0.4 * SIMILARITY_SCALE, 0.4);
    all[LIKENESS + 1] = prior(0.3 * SIMILARITY_SCALE, 0.4);
    all[LIKENESS + 2] = prior(0.3 * SIMILARITY_SCALE, 0.4);
    all[TASTE] = prior(1.4, 0.8);
    all[TASTE + 1] = prior(1.0, 0.8);
    all[TASTE + 2] = prior(1.2, 0.8);
    all[COLOUR] = prior(1.0, 0.6);
    all[CONTRAST] = prior(0.3, 0.5);
    all[PATTERN] = prior(0.6, 0.6);
    all[FORMALITY] = prior(0.8, 0.5);
    all[OCCASION] = prior(1.4, 0.5);
    // Freezing is not a matter of taste: these two hardly move.
    all[WEATHER] = prior(1.8, 0.3);
    all[RAIN] = prior(0.8, 0.3);
    all[ROTATION] = prior(0.7, 0.6);
    all[NOVELTY] = prior(0.2, 0.6);
    all[COMPLETENESS] = prior(0.8, 0.3);
    all[PIECE] = prior(1.6, 0.5);
    all[PAIR] = prior(2.0, 0.5);
    // Pairs of kinds differ by a few tenths: so weighed, the best ones count like good colours.
    all[TOGETHER] = prior(1.5, 0.5);
    all
}
