//! Likeness to what was asked for, in each embedding space.
//!
//! Raw cosines are not comparable: every encoder crowds its vectors into a cone of its own, and shoes are
//! never as close to the photo of a shirt as shirts are. So each cosine is measured against the wardrobe:
//! centred on its slot (pooled with all slots where the slot has few pieces) and divided by twice the spread.
use super::bounded;
use crate::base::{embedding::Space, garment::Slot};
use crate::engines::ranking::model::{Garment, PerSpace};

/// A slot's own mean counts as much as the wardrobe's when it has so many pieces.
const POOLING: f32 = 3.0;
/// What garments of one slot have in common.
const SAME_SLOT: f32 = 0.3;
/// So much may be the same pattern where nobody knows it.
const UNKNOWN_PATTERN: f32 = 0.5;
/// Colours this far apart have little in common, `OKLab`.
const COLOUR_REACH: f32 = 0.15;
/// Spreads below this are noise.
const LEAST_SPREAD: f32 = 0.03;

/// How close a garment is to what was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engines::ranking) struct Likeness {
    /// Against the pieces of its slot, per space: −1 to 1, 0 where there is no target or no embedding.
    pub(in crate::engines::ranking) in_slot: [f32; 3],
    /// Against the whole wardrobe, over all spaces: −1 to 1 (three standard deviations).
    pub(in crate::engines::ranking) of_all: f32,
}

/// What a garment has in common with an example, 0 to 1: a third each for the kind, the colours and the pattern.
pub(in crate::engines::ranking) fn resemblance(garment: &Garment, example: &Garment) -> f32 {
    let kind = if garment.category == example.category {
        1.0
    } else if garment.slot == example.slot {
        SAME_SLOT
    } else {
        0.0
    };
    let colour = garment.colours.iter().map(|tint| {
        let nearest = example
            .colours
            .iter()
            .map(|other| nearness(tint.oklab, other.oklab));
        bounded(tint.share).max(0.0) * nearest.fold(0.0, f32::max)
    });
    let pattern = match (&garment.pattern, &example.pattern) {
        (Some(own), Some(other)) => f32::from(u8::from(own == other)),
        _ => UNKNOWN_PATTERN,
    };
    (kind + colour.sum::<f32>().min(1.0) + pattern) / 3.0
}

/// 1 for the same colour, fading with the distance in `OKLab`.
fn nearness(a: [f32; 3], b: [f32; 3]) -> f32 {
    let squares = a.iter().zip(&b).map(|(x, y)| (x - y).powi(2));
    let nearness = (-squares.sum::<f32>() / (COLOUR_REACH * COLOUR_REACH)).exp();
    if nearness.is_finite() { nearness } else { 0.0 }
}

/// One per garment.
pub(in crate::engines::ranking) fn likeness(
    targets: &PerSpace,
    garments: &[&Garment],
) -> Vec<Likeness> {
    let mut out = vec![Likeness::default(); garments.len()];
    let known = targets.iter().flatten().count().max(1) as f32;
    for space in Space::ALL {
        let at = space.index();
        let Some(target) = &targets[at] else {
            continue;
        };
        let cosines: Vec<Option<f32>> = garments
            .iter()
            .map(|garment| Some(garment.embeddings[at].as_ref()?.cosine(target)))
            .collect();
        let whole = mean(cosines.iter().flatten().copied(), None);
        let centres: Vec<f32> = Slot::ALL
            .iter()
            .map(|slot| {
                let own = garments.iter().zip(&cosines);
                let own = own.filter(|(garment, _)| garment.slot == *slot);
                mean(own.filter_map(|(_, cosine)| *cosine), Some(whole))
            })
            .collect();
        let from_centre = |i: usize| Some(cosines[i]? - centres[garments[i].slot as usize]);
        let squares = (0..garments.len()).filter_map(|i| Some(from_centre(i)?.powi(2)));
        let spread = mean(squares, None).sqrt().max(LEAST_SPREAD);
        let from_whole = |i: usize| Some(cosines[i]? - whole);
        let squares = (0..garments.len()).filter_map(|i| Some(from_whole(i)?.powi(2)));
        let range = 3.0 * mean(squares, None).sqrt().max(LEAST_SPREAD);
        for (i, alike) in out.iter_mut().enumerate() {
            if let (Some(in_slot), Some(of_all)) = (from_centre(i), from_whole(i)) {
                alike.in_slot[at] = (in_slot / (2.0 * spread)).clamp(-1.0, 1.0);
                alike.of_all += (of_all / range).clamp(-1.0, 1.0) / known;
            }
        }
    }
    out
}

/// The mean, drawn to `towards` if given; 0 of nothing.
fn mean(values: impl Iterator<Item = f32>, towards: Option<f32>) -> f32 {
    let (mut sum, mut count) = match towards {
        Some(centre) => (centre * POOLING, POOLING),
        None => (0.0, 0.0),
    };
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}
