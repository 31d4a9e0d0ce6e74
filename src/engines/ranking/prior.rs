//! Where everybody's weights start.
//!
//! The three similarities start at the published 0.4 CLIP, 0.3 BLIP, 0.3 fashion, times one constant that
//! turns a likeness of ±1 into logits. The rest is set by hand until it is learned from many people: a shared
//! prior estimated from their posteriors replaces this table, nothing else.
use super::features::{
    BASE, CERTAINTY, COLOUR, COMPLETENESS, CONTRAST, COUNT, CROWD, FORMALITY, LIKENESS, MATCH,
    NOVELTY, OCCASION, PAIR, PATTERN, PIECE, RAIN, RESEMBLANCE, ROTATION, STYLE, TASTE, TOGETHER,
    WEATHER, style,
};

/// Logits per unit of fused similarity: the best match in a wardrobe doubles the odds twice over the average.
pub(super) const SIMILARITY_SCALE: f64 = 2.0;

/// Prior of one weight: normal, independent of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior {
    pub(super) mean: f64,
    pub(super) deviation: f64,
    /// What the feature is like in the usual suggestion.
    pub(super) usual: f64,
}

/// One per feature.
pub(super) const PRIOR: [Prior; COUNT] = table();

const fn table() -> [Prior; COUNT] {
    const fn prior(mean: f64, deviation: f64, usual: f64) -> Prior {
        Prior {
            mean,
            deviation,
            usual,
        }
    }
    let mut all = [prior(0.0, 0.5, 0.0); COUNT];
    // Three of ten suggestions please. How readily people like anything differs most widely of all.
    all[BASE] = prior(-0.8, 2.0, 0.0);
    all[LIKENESS] = prior(0.4 * SIMILARITY_SCALE, 0.4, 0.4);
    all[LIKENESS + 1] = prior(0.3 * SIMILARITY_SCALE, 0.4, 0.4);
    all[LIKENESS + 2] = prior(0.3 * SIMILARITY_SCALE, 0.4, 0.4);
    all[TASTE] = prior(0.7, 0.8, 0.1);
    all[TASTE + 1] = prior(0.5, 0.8, 0.1);
    all[TASTE + 2] = prior(0.6, 0.8, 0.1);
    all[COLOUR] = prior(1.0, 0.6, 0.6);
    all[CONTRAST] = prior(0.3, 0.5, 0.4);
    all[PATTERN] = prior(0.6, 0.6, 0.2);
    all[FORMALITY] = prior(0.8, 0.5, 0.5);
    all[OCCASION] = prior(1.4, 0.5, 0.3);
    // Freezing is not a matter of taste: these two hardly move.
    all[WEATHER] = prior(1.8, 0.3, 0.3);
    all[RAIN] = prior(0.8, 0.3, 0.0);
    all[ROTATION] = prior(0.7, 0.6, 0.0);
    all[NOVELTY] = prior(0.2, 0.6, 0.4);
    all[COMPLETENESS] = prior(0.8, 0.3, 0.4);
    all[PIECE] = prior(0.8, 0.5, 0.1);
    all[PAIR] = prior(1.0, 0.5, 0.0);
    // Pairs of kinds differ by a few tenths: so weighed, the best ones count like good colours.
    all[TOGETHER] = prior(1.5, 0.5, 0.1);
    // What is not what it seems makes no outfit.
    all[CERTAINTY] = prior(0.8, 0.4, 0.4);
    all[MATCH] = prior(0.8, 0.4, 0.4);
    all[RESEMBLANCE] = prior(0.6, 0.4, 0.1);
    // Of style nothing is good in itself, and people differ widely; by colour and kind they differ less, and from
    // one context to the next less again.
    let mut at = STYLE;
    while at < CROWD {
        let deviation = if at < style::OF_COLOUR {
            0.8
        } else if at < style::IN_CONTEXT {
            0.5
        } else {
            0.3
        };
        all[at] = prior(0.0, deviation, 0.0);
        at += 1;
    }
    // What others like is a hint, worth less than one's own taste.
    all[CROWD] = prior(0.3, 0.4, 0.0);
    // Most clothes are quiet and plain.
    all[STYLE].usual = -0.5;
    all[STYLE + 1].usual = -0.1;
    all[STYLE + 2].usual = 0.3;
    all[STYLE + 3].usual = -0.2;
    all
}
