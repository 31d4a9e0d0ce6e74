//! φ: what is measured about an outfit. One entry per row of [`FEATURES`], each about −1 to 1.
//!
//! Append only: stored φ of older events are shorter, and what is missing counts as zero. A new feature is
//! one file (or a function in the file of its kind), one row here, one row in `prior.rs`, and one phrase in
//! `explain.rs`. Features of single garments are averaged over the outfit; the others look at the whole.
pub(super) mod colour;
pub(super) mod dress;
pub(super) mod likeness;
mod list;
pub(super) mod pattern;
pub(super) mod style;
pub(super) mod together;
pub(super) mod wear;
pub(super) mod weather;

use super::model::Ask;
use crate::base::garment::Slot;

pub use list::FEATURES;
pub use together::Together;

/// φ of one outfit, in the order of [`FEATURES`].
pub(super) type Phi = [f32; COUNT];

/// Number of features.
pub(super) const COUNT: usize = CROWD + 1;

pub(super) const BASE: usize = 0;
/// Followed by BLIP and fashion, in the order of [`crate::base::embedding::Space::ALL`].
pub(super) const LIKENESS: usize = 1;
/// Followed by BLIP and fashion, in the order of [`crate::base::embedding::Space::ALL`].
pub(super) const TASTE: usize = 4;
pub(super) const COLOUR: usize = 7;
pub(super) const CONTRAST: usize = 8;
pub(super) const PATTERN: usize = 9;
pub(super) const FORMALITY: usize = 10;
pub(super) const OCCASION: usize = 11;
pub(super) const WEATHER: usize = 12;
pub(super) const RAIN: usize = 13;
pub(super) const ROTATION: usize = 14;
pub(super) const NOVELTY: usize = 15;
pub(super) const COMPLETENESS: usize = 16;
pub(super) const PIECE: usize = 17;
pub(super) const PAIR: usize = 18;
pub(super) const TOGETHER: usize = 19;

/// How surely the pieces are what they were taken for.
pub(super) const CERTAINTY: usize = 20;
/// How close the closest piece is to what was asked for.
pub(super) const MATCH: usize = 21;
/// How much the piece most like the example has in common with it.
pub(super) const RESEMBLANCE: usize = 22;
/// Followed by everything that `style.rs` measures.
pub(super) const STYLE: usize = 23;
/// What people of like taste think of such pieces.
pub(super) const CROWD: usize = style::END;

/// The features that belong to single garments; the outfit's value is their mean by [`visibility`].
pub(super) const OF_ITEMS: [usize; COUNT - OF_WHOLES.len()] = of_items();

const fn of_items() -> [usize; COUNT - OF_WHOLES.len()] {
    const FIRST: [usize; 10] = [
        LIKENESS,
        LIKENESS + 1,
        LIKENESS + 2,
        TASTE,
        TASTE + 1,
        TASTE + 2,
        OCCASION,
        ROTATION,
        NOVELTY,
        PIECE,
    ];
    let mut all = [0; COUNT - OF_WHOLES.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < FIRST.len() {
            FIRST[at]
        } else {
            STYLE + at - FIRST.len()
        };
        at += 1;
    }
    all
}

/// The features that look at the whole outfit.
pub(super) const OF_WHOLES: [usize; 13] = [
    BASE,
    COLOUR,
    CONTRAST,
    PATTERN,
    FORMALITY,
    WEATHER,
    RAIN,
    COMPLETENESS,
    PAIR,
    TOGETHER,
    CERTAINTY,
    MATCH,
    RESEMBLANCE,
];

/// The features that are zero because nobody asked for what they measure.
pub(super) const IF_ASKED: [usize; 7] = [
    LIKENESS,
    LIKENESS + 1,
    LIKENESS + 2,
    OCCASION,
    WEATHER,
    MATCH,
    RESEMBLANCE,
];

/// Which features an ask has something to say about.
pub(super) fn asked(ask: &Ask) -> [bool; COUNT] {
    let mut asked = [true; COUNT];
    let mut about = |features: &[usize], is_asked: bool| {
        for at in features {
            asked[*at] = is_asked;
        }
    };
    for (space, target) in ask.targets.iter().enumerate() {
        about(&[LIKENESS + space], target.is_some());
    }
    let is_like_something = ask.targets.iter().any(Option::is_some);
    about(&[MATCH], is_like_something && ask.anchor.is_none());
    about(&[RESEMBLANCE], ask.example.is_some());
    about(&[OCCASION], ask.occasion.is_some());
    about(&[WEATHER], ask.weather.is_some());
    asked
}

/// How much of an outfit the piece in this slot is: its share of praise and blame.
pub(super) const fn visibility(slot: Slot) -> f32 {
    match slot {
        Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Outer => 1.0,
        Slot::Shoes => 0.7,
        Slot::Headwear | Slot::Bag | Slot::Accessory => 0.4,
    }
}

/// A value anyone may have stored, made safe: not a number is nothing known.
pub(super) fn bounded(value: f32) -> f32 {
    if value.is_finite() {
        value.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

/// A rating on the 1 to 5 scale, with what is assumed when it is not a number.
pub(super) fn on_scale(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() {
        value.clamp(1.0, 5.0)
    } else {
        otherwise
    }
}
