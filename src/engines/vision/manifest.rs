//! `pack.toml` as types: what the file says, and the rules of `docs/model-pack.md` that it must obey.
use super::heads::{Measure, is_attribute, is_word};
use super::segment::MaskSpec;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CLIP_IMAGE: &str = "clip_image.onnx";
pub(super) const CLIP_TEXT: &str = "clip_text.onnx";
pub(super) const CLIP_TOKENIZER: &str = "clip_tokenizer.json";
pub(super) const BLIP_VISION: &str = "blip_vision.onnx";
pub(super) const BLIP_DECODER: &str = "blip_decoder.onnx";
pub(super) const BLIP_TOKENIZER: &str = "blip_tokenizer.json";
pub(super) const FASHION: &str = "fashion.onnx";
/// A pack may be without this one.
pub(super) const MASK: &str = "mask.onnx";
/// Optional: which kinds of garments go together.
pub(super) const COMPAT: &str = "compat.onnx";

/// What every pack has besides `pack.toml` and `CARD.md`.
pub(super) const REQUIRED: [&str; 7] = [
    CLIP_IMAGE,
    CLIP_TEXT,
    CLIP_TOKENIZER,
    BLIP_VISION,
    BLIP_DECODER,
    BLIP_TOKENIZER,
    FASHION,
];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: String,
    pub(super) provenance: String,
    pub(super) deterministic: bool,
    pub(super) files: BTreeMap<String, String>,
    pub(super) clip: ClipSpec,
    pub(super) blip: BlipSpec,
    pub(super) fashion: FashionSpec,
    pub(super) mask: Option<MaskSpec>,
    #[serde(default)]
    pub(super) zero_shot: Vec<ZeroShotSpec>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClipSpec {
    pub(super) image: ImageSpec,
    pub(super) text: ClipTextSpec,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlipSpec {
    pub(super) image: ImageSpec,
    pub(super) text: BlipTextSpec,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FashionSpec {
    pub(super) image: ImageSpec,
    #[serde(default)]
    pub(super) heads: Vec<HeadSpec>,
}

/// How pixels become `pixel_values`, and how long the vector is that comes out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageSpec {
    pub(super) dimension: usize,
    pub(super) height: u32,
    pub(super) width: u32,
    pub(super) resize: Resize,
    pub(super) rounding: Option<Rounding>,
    pub(super) interpolation: Interpolation,
    pub(super) fill: Option<[u8; 3]>,
    pub(super) mean: [f32; 3],
    pub(super) std: [f32; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Resize {
    Stretch,
    Crop,
    Pad,
}

/// What becomes of the fraction of a pixel in the longer side of a "crop".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Rounding {
    #[default]
    HalfUp,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Interpolation {
    Bilinear,
    Bicubic,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClipTextSpec {
    pub(super) dimension: usize,
    pub(super) context_length: usize,
    pub(super) pad_id: u32,
    pub(super) lowercase: bool,
    pub(super) logit_scale: f32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlipTextSpec {
    pub(super) begin_id: u32,
    pub(super) end_id: u32,
    pub(super) max_tokens: usize,
    pub(super) beams: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadSpec {
    pub(super) name: String,
    pub(super) output: String,
    pub(super) labels: Vec<String>,
    pub(super) temperature: f32,
    pub(super) threshold: f32,
    #[serde(default)]
    pub(super) votes: Votes,
}

/// What the outputs of the same name count that the pair and the captioner have; zero where they have none.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Votes {
    pub(super) clip: f32,
    pub(super) blip: f32,
}

/// An attribute read from the CLIP pair: one prompt per label, or templates that hold `{}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZeroShotSpec {
    pub(super) name: String,
    pub(super) prompts: Vec<String>,
    pub(super) labels: Vec<String>,
    /// On top of the pair's own logit scale: 1 takes it as it is.
    #[serde(default = "unfitted")]
    pub(super) temperature: f32,
    pub(super) threshold: f32,
}

/// The temperature of prompts that nobody has fitted one for.
fn unfitted() -> f32 {
    1.0
}

impl Manifest {
    /// Reads and checks `pack.toml`; the error is one line that says where and what.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|e| {
            let before = e.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |t| t.matches('\n').count() + 1);
            let what = e.message().split_whitespace().collect::<Vec<_>>();
            format!("line {line}: {}", what.join(" "))
        })?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        if self.format != 1 {
            return Err(format!("format is {}, this program reads 1", self.format));
        }
        if !is_word(&self.name) {
            return Err(format!("name {:?} is not made of [a-z0-9-]", self.name));
        }
        // It names a folder where packs are installed.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
        let version = &self.version;
        if version.is_empty() || version.starts_with('.') || !version.chars().all(is_plain) {
            return Err(format!(
                "version {version:?} is empty, begins with a dot or is not made of [A-Za-z0-9._+-]"
            ));
        }
        self.check_files()?;
        self.clip.image.check("clip.image")?;
        self.blip.image.check("blip.image")?;
        self.fashion.image.check("fashion.image")?;
        self.check_mask()?;
        self.clip.text.check(self.clip.image.dimension)?;
        self.blip.text.check()?;
        self.check_attributes()
    }

    fn check_files(&self) -> Result<(), String> {
        for required in REQUIRED {
            if !self.files.contains_key(required) {
                return Err(format!("[files] does not list {required}"));
            }
        }
        for (file, sum) in &self.files {
            let is_plain = !file.starts_with('.') && !file.contains(['/', '\\']);
            if !is_plain || file == "pack.toml" {
                return Err(format!("[files] lists {file:?}, which is not a plain name"));
            }
            if sum.len() != 64 || !sum.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(format!("[files] {file}: {sum:?} is not a SHA-256"));
            }
        }
        Ok(())
    }

    fn check_mask(&self) -> Result<(), String> {
        match (&self.mask, self.files.contains_key(MASK)) {
            (None, false) => Ok(()),
            (None, true) => Err(format!("[files] lists {MASK}, but there is no [mask]")),
            (Some(_), false) => Err(format!("there is a [mask], but [files] lists no {MASK}")),
            (Some(mask), true) => mask.check(),
        }
    }

    fn check_attributes(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        let heads = self.fashion.heads.iter().map(|h| Measure {
            name: &h.name,
            labels: &h.labels,
            temperature: h.temperature,
            threshold: h.threshold,
        });
        let prompts = self.zero_shot.iter().map(|z| Measure {
            name: &z.name,
            labels: &z.labels,
            temperature: z.temperature,
            threshold: z.threshold,
        });
        for measure in heads.chain(prompts) {
            measure.check()?;
            if !seen.insert(measure.name) {
                return Err(format!("attribute {} is there twice", measure.name));
            }
        }
        for head in &self.fashion.heads {
            let Votes { clip, blip } = head.votes;
            if [clip, blip]
                .iter()
                .any(|share| !(0.0..=10.0).contains(share))
            {
                return Err(format!(
                    "{}: votes are {clip} and {blip}, expected 0 to 10",
                    head.name
                ));
            }
        }
        for zero in &self.zero_shot {
            if !is_attribute(&zero.name) {
                let name = &zero.name;
                return Err(format!(
                    "{name} cannot be read from prompts, only from a head"
                ));
            }
            let templates = zero.prompts.iter().filter(|p| p.contains("{}")).count();
            let is_template = templates > 0 && templates == zero.prompts.len();
            if !is_template && (templates > 0 || zero.prompts.len() != zero.labels.len()) {
                return Err(format!(
                    "zero_shot {}: {} prompts for {} labels; give one each, or templates with {{}}",
                    zero.name,
                    zero.prompts.len(),
                    zero.labels.len()
                ));
            }
        }
        if !seen.contains("category") {
            return Err("there is no head and no zero_shot called category".to_owned());
        }
        Ok(())
    }
}

impl ImageSpec {
    /// Whether both want the same pixels; what they make of them is their business.
    pub(super) fn sees_like(&self, other: &Self) -> bool {
        (self.height, self.width, self.resize, self.interpolation)
            == (other.height, other.width, other.resize, other.interpolation)
            && (self.fill, self.rounding) == (other.fill, other.rounding)
            && (self.mean, self.std) == (other.mean, other.std)
    }

    pub(super) fn check(&self, key: &str) -> Result<(), String> {
        let sides = 1..=4096;
        if self.dimension == 0 || !sides.contains(&self.height) || !sides.contains(&self.width) {
            return Err(format!(
                "{key}: dimension {}, height {}, width {} are not sensible sizes",
                self.dimension, self.height, self.width
            ));
        }
        if self.resize != Resize::Stretch && self.height != self.width {
            return Err(format!(
                "{key}: resize \"crop\" and \"pad\" need a square, got {}×{}",
                self.width, self.height
            ));
        }
        if self.resize != Resize::Pad && self.fill.is_some() {
            return Err(format!("{key}: fill is only for resize = \"pad\""));
        }
        if self.resize != Resize::Crop && self.rounding.is_some() {
            return Err(format!("{key}: rounding is only for resize = \"crop\""));
        }
        let is_scale = |v: &f32| v.is_finite() && *v > 0.0;
        if !self.std.iter().all(is_scale) || !self.mean.iter().all(|v| v.is_finite()) {
            return Err(format!("{key}: mean must be finite and std above zero"));
        }
        Ok(())
    }
}

impl ClipTextSpec {
    fn check(&self, dimension: usize) -> Result<(), String> {
        if self.dimension != dimension {
            return Err(format!(
                "clip.text.dimension is {}, clip.image.dimension {dimension}; they must be equal",
                self.dimension
            ));
        }
        if !(2..=4096).contains(&self.context_length) {
            return Err(format!(
                "clip.text.context_length is {}, expected 2 to 4096",
                self.context_length
            ));
        }
        if !self.logit_scale.is_finite() || self.logit_scale <= 0.0 {
            return Err(format!(
                "clip.text.logit_scale is {}, expected a number above zero",
                self.logit_scale
            ));
        }
        Ok(())
    }
}

impl BlipTextSpec {
    fn check(&self) -> Result<(), String> {
        if !(1..=256).contains(&self.max_tokens) {
            return Err(format!(
                "blip.text.max_tokens is {}, expected 1 to 256",
                self.max_tokens
            ));
        }
        if !(1..=16).contains(&self.beams) {
            return Err(format!(
                "blip.text.beams is {}, expected 1 to 16",
                self.beams
            ));
        }
        Ok(())
    }
}
