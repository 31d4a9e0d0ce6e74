//! What single pieces look like: bright or quiet, light or dark, plain or patterned, dressy or relaxed, of which
//! colour and of which kind. None of it is good or bad in itself. What one person likes of it is learned, and how
//! widely people differ in it is learned from all of them, so a few answers already say something.
//!
//! The first four are also measured per context (what it is for, how warm it is): somebody may like it quiet at work
//! and bright at parties. A context's weights are what differs from the usual, and start at zero: partial pooling
//! (Gelman & Hill, *Data Analysis Using Regression and Multilevel Models*, 2006, chapter 12).
use super::{
    Phi, STYLE, bounded,
    dress::formality,
    pattern::{Boldness, boldness},
};
use crate::base::garment::{Category, ColourFamily, Occasion};
use crate::engines::ranking::model::{Ask, Garment, Tint};

/// Measures that are also taken per context: bright, light, plain, dressy.
pub(in crate::engines::ranking) const MEASURES: usize = 4;
/// Contexts: relaxed, dressed up, sport, cold, warm.
pub(in crate::engines::ranking) const CONTEXTS: usize = 5;
const COLOURS: usize = ColourFamily::ALL.len();
const KINDS: usize = 21;

/// Where the shares of colours start in φ.
pub(in crate::engines::ranking) const OF_COLOUR: usize = STYLE + MEASURES;
/// Where the kinds start in φ.
pub(in crate::engines::ranking) const OF_KIND: usize = OF_COLOUR + COLOURS;
/// Where the contexts start in φ, [`MEASURES`] each.
pub(in crate::engines::ranking) const IN_CONTEXT: usize = OF_KIND + KINDS;
/// Behind the last of them.
pub(super) const END: usize = IN_CONTEXT + CONTEXTS * MEASURES;

/// From this chroma on a colour is bright; below the other it is none.
const BRIGHT: f32 = 0.10;
const QUIET: f32 = 0.01;
/// Lightness of most clothes, and how far they go from there.
const MIDDLE_LIGHTNESS: f32 = 0.55;
const LIGHTNESS_RANGE: f32 = 0.35;
/// Formality of most clothes, and how far they go from there.
const MIDDLE_FORMALITY: f32 = 2.3;
const FORMALITY_RANGE: f32 = 1.5;
/// Below the first it is cold, above the second it is warm, °C.
const COLD_BELOW: f32 = 12.0;
const WARM_ABOVE: f32 = 20.0;

/// Which contexts an ask is in.
#[derive(Debug, Clone, Copy)]
pub(in crate::engines::ranking) struct Contexts([bool; CONTEXTS]);

impl Contexts {
    pub(in crate::engines::ranking) fn of(ask: &Ask) -> Self {
        let is = |wanted: &[Occasion]| ask.occasion.is_some_and(|o| wanted.contains(&o));
        let temperature = ask.weather.map(|weather| weather.temperature_c);
        Self([
            is(&[Occasion::Casual, Occasion::Home, Occasion::Travel]),
            is(&[Occasion::Work, Occasion::Formal, Occasion::Party]),
            is(&[Occasion::Sport]),
            temperature.is_some_and(|t| t < COLD_BELOW),
            temperature.is_some_and(|t| t > WARM_ABOVE),
        ])
    }
}

/// Writes the style of one garment into its φ.
pub(in crate::engines::ranking) fn measure(garment: &Garment, contexts: Contexts, phi: &mut Phi) {
    let measures = [
        mean_of_tints(garment, |tint| {
            let [_, a, b] = tint.oklab;
            2.0 * ((a.hypot(b) - QUIET) / (BRIGHT - QUIET)).clamp(0.0, 1.0) - 1.0
        }),
        mean_of_tints(garment, |tint| {
            (tint.oklab[0] - MIDDLE_LIGHTNESS) / LIGHTNESS_RANGE
        }),
        match boldness(garment.pattern.as_deref()) {
            Boldness::Unknown => 0.0,
            Boldness::Plain => 1.0,
            Boldness::Patterned => -1.0,
        },
        (formality(garment) - MIDDLE_FORMALITY) / FORMALITY_RANGE,
    ]
    .map(bounded);
    phi[STYLE..OF_COLOUR].copy_from_slice(&measures);
    for tint in &garment.colours {
        if let Some(family) = ColourFamily::of(&tint.name) {
            phi[OF_COLOUR + family as usize] += bounded(tint.share);
        }
    }
    phi[OF_KIND + kind_group(garment.category)] = 1.0;
    for (context, _) in contexts.0.iter().enumerate().filter(|(_, is_in)| **is_in) {
        let start = IN_CONTEXT + context * MEASURES;
        phi[start..start + MEASURES].copy_from_slice(&measures);
    }
}

/// By the share of each colour; 0 when none is known.
fn mean_of_tints(garment: &Garment, of: impl Fn(&Tint) -> f32) -> f32 {
    let tints = garment.colours.iter();
    let (sum, shares) = tints.fold((0.0, 0.0), |(sum, shares), tint| {
        let share = bounded(tint.share).max(0.0);
        (sum + share * bounded(of(tint)), shares + share)
    });
    if shares > 0.0 { sum / shares } else { 0.0 }
}

/// Kinds of garments that people prefer or avoid as one.
const fn kind_group(category: Category) -> usize {
    use Category as C;
    match category {
        C::TShirt | C::TankTop | C::Polo => 0,
        C::Shirt | C::Blouse | C::Bodysuit => 1,
        C::Sweater | C::Cardigan => 2,
        C::Hoodie | C::Sweatshirt => 3,
        C::Jeans => 4,
        C::Trousers => 5,
        C::Leggings | C::Joggers => 6,
        C::Shorts => 7,
        C::Skirt => 8,
        C::Dress | C::Jumpsuit => 9,
        C::Blazer | C::Vest => 10,
        C::Jacket => 11,
        C::Coat => 12,
        C::Sneakers => 13,
        C::DressShoes | C::Flats => 14,
        C::Heels => 15,
        C::Boots => 16,
        C::Sandals | C::Slippers => 17,
        C::Hat | C::Cap | C::Beanie => 18,
        C::Bag => 19,
        C::Scarf | C::Gloves | C::Socks | C::Tights | C::Belt | C::Tie => 20,
        C::Sunglasses | C::Watch | C::Jewellery => 20,
        C::Underwear | C::Swimwear | C::Pyjamas | C::Other => 20,
    }
}
