//! Likeness to what was asked for, in each embedding space.
//!
//! Raw cosines are not comparable: every encoder crowds its vectors into a cone of its own, and shoes are
//! never as close to the photo of a shirt as shirts are. So each cosine is measured against the wardrobe:
//! centred on its slot (pooled with all slots where the slot has few pieces) and divided by twice the spread.
use crate::base::{embedding::Space, garment::Slot};
use crate::engines::ranking::model::{Garment, PerSpace};

/// A slot's own mean counts as much as the wardrobe's when it has so many pieces.
const POOLING: f32 = 3.0;
/// Spreads below this are noise.
const LEAST_SPREAD: f32 = 0.03;

/// −1 to 1 per garment and space; 0 where there is no target or no embedding.
pub(in crate::engines::ranking) fn likeness(
    targets: &PerSpace,
    garments: &[&Garment],
) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; garments.len()];
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
        for (i, values) in out.iter_mut().enumerate() {
            if let Some(difference) = from_centre(i) {
                values[at] = (difference / (2.0 * spread)).clamp(-1.0, 1.0);
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
