//! Sharpens what the mask network says with the colours of the very photo: the network knows what a garment is, but
//! only roughly where it ends.
use super::photo::Photo;

/// Colours are told apart in this many steps per channel.
const STEPS: usize = 16;
/// How much network and colours count, and what colours may say at most.
const LOOK: f32 = 0.8;
const COLOUR: f32 = 0.6;
const MOST: f32 = 3.0;
/// Nothing is certain at first: one outlier would own its colour.
const SURE: f32 = 0.98;
/// A share this small says nothing about a colour.
const RARE: f32 = 1e-4;
/// From the middle outwards: a Gaussian of 0.8 steps.
const KERNEL: [f32; 3] = [0.4991, 0.2285, 0.0219];

/// Logits that weigh, for each pixel of the photo, the network's against how much more of the pixel's colour lies
/// where the network sees the garment than elsewhere.
pub(super) fn sharpened(photo: &Photo, logits: &[f32]) -> Vec<f32> {
    let (pixels, _) = photo.rgb().as_chunks::<3>();
    let step = |v: u8| usize::from(v) * STEPS / 256;
    let colours: Vec<usize> = pixels
        .iter()
        .map(|[r, g, b]| (step(*r) * STEPS + step(*g)) * STEPS + step(*b))
        .collect();
    let sure = |logit: f32| (1.0 / (1.0 + (-logit).exp())).clamp(1.0 - SURE, SURE);
    let garment: Vec<f32> = logits.iter().map(|l| sure(*l)).collect();
    let ground: Vec<f32> = garment.iter().map(|p| 1.0 - p).collect();
    let (inside, outside) = (shares(&colours, &garment), shares(&colours, &ground));
    let weighed = colours.iter().zip(&garment).map(|(colour, p)| {
        let by_colour = ((inside[*colour] + RARE) / (outside[*colour] + RARE)).ln();
        LOOK * (p / (1.0 - p)).ln() + COLOUR * by_colour.clamp(-MOST, MOST)
    });
    let width = photo.width() as usize;
    let across = blurred(&weighed.collect::<Vec<_>>(), 1, width);
    blurred(&across, width, photo.height() as usize)
}

/// The share of each colour among the weights, spread over its neighbours.
fn shares(colours: &[usize], weights: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0_f32; STEPS * STEPS * STEPS];
    for (colour, weight) in colours.iter().zip(weights) {
        sums[*colour] += weight;
    }
    let total = weights.iter().sum::<f32>();
    sums.iter_mut().for_each(|sum| *sum /= total);
    [1, STEPS, STEPS * STEPS]
        .iter()
        .fold(sums, |sums, stride| blurred(&sums, *stride, STEPS))
}

/// Blurs along one axis: neighbours are `stride` apart, `length` in a line.
fn blurred(values: &[f32], stride: usize, length: usize) -> Vec<f32> {
    let blur = |i: usize| {
        let at = i / stride % length;
        let line = i - at * stride;
        let value = |at: usize| values[line + at * stride];
        let around = KERNEL.iter().enumerate().skip(1).map(|(reach, share)| {
            let after = (at + reach).min(length - 1);
            share * (value(at.saturating_sub(reach)) + value(after))
        });
        KERNEL[0] * values[i] + around.sum::<f32>()
    };
    (0..values.len()).map(blur).collect()
}

#[cfg(test)]
mod tests {
    use super::{blurred, sharpened};
    use crate::engines::vision::Photo;
    use proptest::prelude::*;

    /// The network sees, hardly sure, a garment three pixels wider than it is, with one spot of doubt in it.
    #[test]
    fn colours_put_the_edge_where_it_is() {
        let is_garment = |i: usize| (10..30).contains(&(i % 40));
        let colour = |i| {
            if is_garment(i) {
                [180, 30, 40]
            } else {
                [90, 120, 60]
            }
        };
        let photo = Photo::from_rgb(40, 30, (0..1200).flat_map(colour).collect()).unwrap();
        let said = |i: usize| match (i % 40, i / 40) {
            (20, 15) => -0.5,
            (x, _) if (7..33).contains(&x) => 0.5,
            _ => -2.0,
        };
        let logits: Vec<f32> = (0..1200).map(said).collect();
        let out = sharpened(&photo, &logits);
        // The outline itself may be off by a pixel.
        for (i, logit) in out
            .iter()
            .enumerate()
            .filter(|(i, _)| ![9, 30].contains(&(i % 40)))
        {
            assert_eq!(
                *logit > 0.0,
                is_garment(i),
                "({}, {}): {logit}",
                i % 40,
                i / 40
            );
        }
    }

    proptest! {
        #[test]
        fn blurring_keeps_even_ground_even(width in 1_usize..12, height in 1_usize..12, value in -9.0_f32..9.0) {
            let even = vec![value; width * height];
            let out = blurred(&blurred(&even, 1, width), width, height);
            prop_assert!(out.iter().all(|v| (v - value).abs() < 0.01));
        }

        #[test]
        fn every_photo_gets_finite_numbers(width in 1_u32..20, height in 1_u32..20, seed: [u8; 32], logit in -90.0_f32..90.0) {
            let pixels = (width * height) as usize;
            let rgb = (0..pixels * 3).map(|i| seed[(i * 7 + i / 31) % 32]).collect();
            let photo = Photo::from_rgb(width, height, rgb).unwrap();
            let out = sharpened(&photo, &vec![logit; pixels]);
            prop_assert!(out.len() == pixels && out.iter().all(|v| v.is_finite()));
        }
    }
}
