//! The mask network, which a pack may have: it tells the garment from what it lies on.
use super::{
    VisionError,
    clip::Encoder,
    manifest::{self, ImageSpec, Resize},
    mask::Mask,
    onnx::Runtime,
    pack::Pack,
    photo::Photo,
    preprocess::Subject,
    refine,
    tensor::{Side, TensorSpec},
};
use serde::Deserialize;

/// `[mask]` of `pack.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MaskSpec {
    pub(super) image: ImageSpec,
    pub(super) threshold: f32,
}

impl MaskSpec {
    pub(super) fn check(&self) -> Result<(), String> {
        self.image.check("mask.image")?;
        if self.image.resize != Resize::Stretch || self.image.dimension != 1 {
            let why = "so that the map is of the whole photo";
            return Err(format!(
                "mask.image: resize must be \"stretch\", {why}, and dimension 1"
            ));
        }
        if !(self.threshold > 0.0 && self.threshold < 1.0) {
            return Err(format!(
                "mask.threshold is {}, expected a number between 0 and 1",
                self.threshold
            ));
        }
        Ok(())
    }
}

pub(super) struct Segmenter {
    encoder: Encoder,
    /// The logit from which a pixel is the garment.
    edge: f32,
}

/// Logits of a grid of points.
pub(super) struct Map {
    pub(super) width: usize,
    height: usize,
    pub(super) logits: Vec<f32>,
}

impl Segmenter {
    /// The network of a pack that has one.
    pub(super) fn load(runtime: &Runtime, pack: &Pack) -> Result<Option<Self>, VisionError> {
        let Some(spec) = &pack.manifest().mask else {
            return Ok(None);
        };
        let map = [Side::Batch, Side::Is(1), Side::Any, Side::Any];
        let outputs = vec![TensorSpec::floats("mask_logits", &map)];
        let encoder = Encoder::load(runtime, pack, manifest::MASK, (&spec.image, outputs))?;
        let edge = (spec.threshold / (1.0 - spec.threshold)).ln();
        Ok(Some(Self { encoder, edge }))
    }

    /// The garment on `small`, a shrunk copy of the photo; `None` when the network sees none that could be one.
    pub(super) fn look(
        &self,
        subject: &Subject<'_>,
        small: &Photo,
    ) -> Result<Option<Mask>, VisionError> {
        let Some(map) = self.map(subject)? else {
            return Ok(None);
        };
        let size = (small.width() as usize, small.height() as usize);
        let mut logits = stretched(&map.logits, (map.width, map.height), size);
        logits.iter_mut().for_each(|logit| *logit -= self.edge);
        let logits = refine::sharpened(small, &logits);
        let bits = logits.iter().map(|logit| *logit > 0.0).collect();
        Ok(Mask::tidied(bits, small))
    }

    /// What the network says of the whole photo.
    pub(super) fn map(&self, subject: &Subject<'_>) -> Result<Option<Map>, VisionError> {
        let outputs = self.encoder.run(subject)?;
        Ok(outputs
            .into_iter()
            .next()
            .and_then(|map| match map.shape[..] {
                [_, _, height, width] => Some(Map {
                    width,
                    height,
                    logits: map.values,
                }),
                _ => None,
            }))
    }
}

/// The map in another size, bilinear.
fn stretched(map: &[f32], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let (columns, rows) = (places(from.0, to.0), places(from.1, to.1));
    let mut out = Vec::with_capacity(to.0 * to.1);
    for (top, bottom, down) in rows {
        for (left, right, along) in &columns {
            let across = |row: usize| {
                let (a, b) = (map[row * from.0 + left], map[row * from.0 + right]);
                a + (b - a) * along
            };
            let (a, b) = (across(top), across(bottom));
            out.push(a + (b - a) * down);
        }
    }
    out
}

/// For each of `to` pixels in a line: its neighbours among `from`, and how far it is on the way between them.
fn places(from: usize, to: usize) -> Vec<(usize, usize, f32)> {
    let place = |i: usize| {
        let at = ((i as f32 + 0.5) * from as f32 / to as f32 - 0.5).clamp(0.0, (from - 1) as f32);
        let before = at as usize;
        (before, (before + 1).min(from - 1), at - before as f32)
    };
    (0..to).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::stretched;
    use proptest::prelude::*;

    #[test]
    fn enlarging_is_bilinear_between_the_middles_of_pixels() {
        assert_eq!(stretched(&[0.0, 4.0], (2, 1), (4, 1)), [0.0, 1.0, 3.0, 4.0]);
        let enlarged = stretched(&[0.0, 4.0], (1, 2), (1, 4));
        assert_eq!(enlarged, [0.0, 1.0, 3.0, 4.0]);
    }

    proptest! {
        #[test]
        fn nothing_is_made_up(from in (1_usize..9, 1_usize..9), to in (1_usize..40, 1_usize..40), seed: [i8; 81]) {
            let map: Vec<f32> = seed.iter().take(from.0 * from.1).map(|v| f32::from(*v)).collect();
            let out = stretched(&map, from, to);
            prop_assert_eq!(out.len(), to.0 * to.1);
            let (low, high) = map.iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            prop_assert!(out.iter().all(|v| (low - 1e-3..=high + 1e-3).contains(v)));
            prop_assert_eq!(stretched(&map, from, from), map);
        }
    }
}
