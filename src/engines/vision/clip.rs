//! The pair of networks that puts pictures and texts in one space.
use super::{
    VisionError,
    attributes::{Attribute, Belief, Reading},
    manifest::{self, ClipTextSpec, ImageSpec, ZeroShotSpec},
    onnx::{Network, Runtime},
    pack::Pack,
    preprocess::Subject,
    stopwatch::{Watch, model_of},
    tensor::{Feed, Side, Signature, Tensor, TensorSpec},
    votes::{Ballot, Vote},
};
use crate::base::embedding::{Embedding, Space};
use tokenizers::Tokenizer;

/// Picture encoder, text encoder, and the attributes that are read from the pair.
pub(super) struct Clip {
    image: Encoder,
    ballot: Ballot,
    text: Network,
    spec: ClipTextSpec,
    tokenizer: Tokenizer,
    zero_shot: Vec<(Reading, Vec<Embedding>)>,
}

/// A network from pixels to one vector.
pub(super) struct Encoder {
    model: &'static str,
    network: Network,
    spec: ImageSpec,
}

impl Encoder {
    /// Loads a network whose outputs are `outputs`, each one row per picture.
    pub(super) fn load(
        runtime: &Runtime,
        pack: &Pack,
        file: &'static str,
        (spec, outputs): (&ImageSpec, Vec<TensorSpec>),
    ) -> Result<Self, VisionError> {
        let (height, width) = (spec.height as usize, spec.width as usize);
        let sides = [Side::Batch, Side::Is(3), Side::Is(height), Side::Is(width)];
        let signature = Signature {
            inputs: vec![TensorSpec::floats("pixel_values", &sides)],
            outputs,
        };
        Ok(Self {
            model: model_of(file),
            network: Network::load(runtime, file, pack.file(file), signature)?,
            spec: spec.clone(),
        })
    }

    /// Everything the network says about a photo.
    pub(super) fn run(&self, subject: &Subject<'_>) -> Result<Vec<Tensor>, VisionError> {
        let pixels = {
            let _watch = Watch::start(self.model, "preprocess");
            subject.pixel_values(&self.spec)
        };
        let (height, width) = (self.spec.height as usize, self.spec.width as usize);
        self.network
            .run(&[Feed::Floats(&[1, 3, height, width], &pixels)])
    }
}

impl Clip {
    pub(super) fn load(runtime: &Runtime, pack: &Pack) -> Result<Self, VisionError> {
        let spec = &pack.manifest().clip;
        let embeds = [Side::Batch, Side::Is(spec.image.dimension)];
        let ballot = Ballot::new(&pack.manifest().fashion.heads, |votes| votes.clip);
        let mut outputs = vec![TensorSpec::floats("image_embeds", &embeds)];
        outputs.extend(ballot.outputs());
        let image = Encoder::load(runtime, pack, manifest::CLIP_IMAGE, (&spec.image, outputs))?;
        let tokens = [Side::Batch, Side::Open];
        let signature = Signature {
            inputs: vec![
                TensorSpec::ints("input_ids", &tokens),
                TensorSpec::ints("attention_mask", &tokens),
            ],
            outputs: vec![TensorSpec::floats("text_embeds", &embeds)],
        };
        let file = manifest::CLIP_TEXT;
        let mut clip = Self {
            image,
            ballot,
            text: Network::load(runtime, file, pack.file(file), signature)?,
            spec: spec.text.clone(),
            tokenizer: tokenizer(pack, manifest::CLIP_TOKENIZER)?,
            zero_shot: vec![],
        };
        clip.check_vocabulary()?;
        for zero in &pack.manifest().zero_shot {
            let attribute = clip.zero_shot(zero)?;
            clip.zero_shot.push(attribute);
        }
        Ok(clip)
    }

    /// Where the photo lies, and its vote on what it shows.
    pub(super) fn look(&self, subject: &Subject<'_>) -> Result<(Embedding, Vote), VisionError> {
        let mut outputs = self.image.run(subject)?;
        let vote = self.ballot.cast(outputs.split_off(outputs.len().min(1)));
        Ok((embedding(Space::Clip, manifest::CLIP_IMAGE, outputs)?, vote))
    }

    /// Where the text lies.
    pub(super) fn embed_text(&self, text: &str) -> Result<Embedding, VisionError> {
        let ids = self.text_ids(text)?;
        if ids.is_empty() {
            return Err(VisionError::EmptyText);
        }
        self.embed_ids(&ids)
    }

    /// What the prompts say about a photo that lies there.
    pub(super) fn attributes(&self, photo: &Embedding) -> Vec<Attribute> {
        let readings = self.zero_shot.iter();
        let read = readings.map(|(reading, labels)| reading.read(&self.logits(photo, labels)));
        read.collect()
    }

    /// How likely every label of the prompts is.
    pub(super) fn beliefs(&self, photo: &Embedding) -> Vec<Belief> {
        let readings = self.zero_shot.iter();
        let beliefs = readings.map(|(reading, labels)| reading.belief(&self.logits(photo, labels)));
        beliefs.collect()
    }

    fn logits(&self, photo: &Embedding, labels: &[Embedding]) -> Vec<f32> {
        let cosines = labels.iter().map(|label| photo.cosine(label));
        cosines.map(|c| c * self.spec.logit_scale).collect()
    }

    /// Token ids as the network wants them: lower case, cut, the end token kept.
    pub(super) fn text_ids(&self, text: &str) -> Result<Vec<i64>, VisionError> {
        let lower = self.spec.lowercase.then(|| text.to_lowercase());
        let encoding = self
            .tokenizer
            .encode_fast(lower.as_deref().unwrap_or(text), true)
            .map_err(|e| VisionError::Tokenizer {
                file: manifest::CLIP_TOKENIZER,
                problem: e.to_string(),
            })?;
        let mut ids: Vec<i64> = encoding.get_ids().iter().map(|id| i64::from(*id)).collect();
        if ids.len() > self.spec.context_length {
            let last = ids.last().copied();
            ids.truncate(self.spec.context_length);
            let has_end = encoding.get_special_tokens_mask().last() == Some(&1);
            if let (true, Some(end), Some(place)) = (has_end, last, ids.last_mut()) {
                *place = end;
            }
        }
        Ok(ids)
    }

    fn embed_ids(&self, ids: &[i64]) -> Result<Embedding, VisionError> {
        let shape = [1, ids.len()];
        let mask = vec![1_i64; ids.len()];
        let outputs = self
            .text
            .run(&[Feed::Ints(&shape, ids), Feed::Ints(&shape, &mask)])?;
        embedding(Space::Clip, manifest::CLIP_TEXT, outputs)
    }

    /// Shows the network the largest ids there are, at the largest length: what fits now fits later.
    fn check_vocabulary(&self) -> Result<(), VisionError> {
        let largest = largest_id(&self.tokenizer).max(self.spec.pad_id);
        let ids = vec![i64::from(largest); self.spec.context_length];
        let checked = self.embed_ids(&ids);
        checked.map(drop).map_err(|e| VisionError::Tokenizer {
            file: manifest::CLIP_TOKENIZER,
            problem: format!(
                "token id {largest} at context length {} is too much for the network: {e}",
                ids.len()
            ),
        })
    }

    fn zero_shot(&self, spec: &ZeroShotSpec) -> Result<(Reading, Vec<Embedding>), VisionError> {
        let mut labels = Vec::with_capacity(spec.labels.len());
        for (i, label) in spec.labels.iter().enumerate() {
            let is_template = spec.prompts.iter().all(|p| p.contains("{}"));
            let prompts: Vec<String> = match is_template {
                true => spec
                    .prompts
                    .iter()
                    .map(|p| p.replace("{}", label))
                    .collect(),
                false => spec.prompts.get(i).cloned().into_iter().collect(),
            };
            let mut sum = vec![0.0; self.spec.dimension];
            for prompt in &prompts {
                let text = self.embed_text(prompt)?;
                sum.iter_mut().zip(text.values()).for_each(|(s, v)| *s += v);
            }
            let mean = Embedding::new(Space::Clip, sum);
            labels.push(mean.map_err(|e| VisionError::Network {
                file: manifest::CLIP_TEXT,
                problem: format!("the prompts for {label:?} cancel out: {e}"),
            })?);
        }
        let reading = Reading {
            name: spec.name.clone(),
            labels: spec.labels.clone(),
            temperature: spec.temperature,
            threshold: spec.threshold,
        };
        Ok((reading, labels))
    }
}

/// The first output as a unit vector.
pub(super) fn embedding(
    space: Space,
    file: &'static str,
    outputs: Vec<Tensor>,
) -> Result<Embedding, VisionError> {
    let values = outputs.into_iter().next().map(|t| t.values);
    Embedding::new(space, values.unwrap_or_default()).map_err(|e| VisionError::Network {
        file,
        problem: format!("its output is not an embedding: {e}"),
    })
}

/// A tokenizer without the cutting and padding it may have been trained with.
pub(super) fn tokenizer(pack: &Pack, file: &'static str) -> Result<Tokenizer, VisionError> {
    let wrong = |e: tokenizers::Error| VisionError::Tokenizer {
        file,
        problem: e.to_string(),
    };
    let mut tokenizer = Tokenizer::from_bytes(pack.file(file)).map_err(wrong)?;
    tokenizer.with_truncation(None).map_err(wrong)?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}

/// The largest id a tokenizer can give.
pub(super) fn largest_id(tokenizer: &Tokenizer) -> u32 {
    let ids = tokenizer.get_vocab(true);
    ids.into_values().max().unwrap_or(0)
}
