//! φ: what is measured about an outfit. One entry per row of [`FEATURES`], each about −1 to 1.
//!
//! Append only: stored φ of older events are shorter, and what is missing counts as zero. A new feature is
//! one file (or a function in the file of its kind), one row here, one row in `prior.rs`, and one phrase in
//! `explain.rs`. Features of single garments are averaged over the outfit; the others look at the whole.
pub(super) mod colour;
pub(super) mod dress;
pub(super) mod likeness;
pub(super) mod pattern;
pub(super) mod together;
pub(super) mod wear;
pub(super) mod weather;

use super::model::FeatureInfo;

pub use together::Together;

/// φ of one outfit, in the order of [`FEATURES`].
pub(super) type Phi = [f32; COUNT];

/// Number of features.
pub(super) const COUNT: usize = 20;

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

/// The features that belong to single garments; the outfit's value is their mean.
pub(super) const OF_ITEMS: [usize; 10] = [
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

const BOTH_WAYS: (f32, f32) = (-1.0, 1.0);

const fn row(
    name: &'static str,
    label: &'static str,
    range: (f32, f32),
    help: &'static str,
) -> FeatureInfo {
    FeatureInfo {
        name,
        label,
        help,
        range,
    }
}

/// Every feature, in the order of φ.
#[rustfmt::skip]
pub const FEATURES: &[FeatureInfo] = &[
    row("base", "starting point", (1.0, 1.0), "Always one: how readily this person likes a suggestion at all."),
    row("similarity_clip", "matches what you asked for (picture and text)", BOTH_WAYS, "Closeness to the photo, text or anchor in the CLIP space, against the rest of the wardrobe: 0 is average, ±1 two standard deviations."),
    row("similarity_blip", "matches what you asked for (caption)", BOTH_WAYS, "The same in the space of the captioner."),
    row("similarity_fashion", "matches what you asked for (garment)", BOTH_WAYS, "The same in the space of the fashion encoder."),
    row("taste_clip", "your taste (picture)", BOTH_WAYS, "Closeness to what this person liked minus closeness to what they disliked, in the CLIP space."),
    row("taste_blip", "your taste (caption)", BOTH_WAYS, "The same in the space of the captioner."),
    row("taste_fashion", "your taste (garment)", BOTH_WAYS, "The same in the space of the fashion encoder."),
    row("colour", "colours go together", BOTH_WAYS, "Harmony of the measured colours: neutrals, one hue, neighbours, thirds and opposites are good, in-between hues and many hues are not."),
    row("contrast", "light and dark", BOTH_WAYS, "Difference of lightness between the large pieces: none is flat, some is good, black on white is strong."),
    row("pattern", "patterns", BOTH_WAYS, "One patterned piece is interesting, several compete."),
    row("formality", "equally dressed up", BOTH_WAYS, "1 when all pieces are equally formal, −1 when they are three steps of five apart."),
    row("occasion", "suits the occasion", BOTH_WAYS, "Mean fit of each piece to the formality and the customs of the occasion; 0 without an occasion."),
    row("weather", "suits the temperature", BOTH_WAYS, "1 when the insulation of all layers is what the temperature asks for, −1 when it is far off; 0 without weather."),
    row("rain", "suits the rain", BOTH_WAYS, "Closed shoes and an outer layer when it is wet; 0 when it is dry or unknown."),
    row("rotation", "not worn lately", BOTH_WAYS, "Days since each piece was worn: −1 today, 0 a week ago, towards 1 after that; 0 if never."),
    row("novelty", "seldom worn", BOTH_WAYS, "1 for a piece never worn, less with each time it was worn in the last 30 days."),
    row("completeness", "complete", BOTH_WAYS, "Shoes, an outer layer when it is needed, and a little for extras."),
    row("piece_history", "your history with these pieces", BOTH_WAYS, "What this person said about outfits with each piece, fading with time."),
    row("pair_history", "your history with this combination", BOTH_WAYS, "What this person said about these pieces together, fading with time."),
    row("togetherness", "often worn together", BOTH_WAYS, "How much better these kinds of garments go together than is usual for their places, averaged over the pairs: 0 is usual or unknown."),
];

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
