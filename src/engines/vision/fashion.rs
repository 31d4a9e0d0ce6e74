//! The garment encoder: where a garment lies among garments, and what its heads say about it.
use super::{
    VisionError,
    attributes::{Attribute, Belief, Reading},
    clip::{Encoder, embedding},
    heads, manifest,
    onnx::Runtime,
    pack::Pack,
    preprocess::Subject,
    tensor::{Side, TensorSpec},
    votes::{self, Vote},
};
use crate::base::embedding::{Embedding, Space};

pub(super) struct Fashion {
    encoder: Encoder,
    heads: Vec<Reading>,
}

/// What the encoder says of a garment.
pub(super) struct Garment {
    /// Where it lies.
    pub(super) embedding: Embedding,
    /// In the order of the pack's heads, but for those that are no attributes.
    pub(super) attributes: Vec<Attribute>,
    /// In the order of the pack's heads.
    pub(super) beliefs: Vec<Belief>,
}

impl Garment {
    /// How likely each main colour is, where the pack has a head for it.
    pub(super) fn colours(&self) -> &[(String, f32)] {
        let head = self.beliefs.iter().find(|b| b.name == heads::COLOUR);
        head.map_or(&[], |belief| &belief.labels)
    }
}

impl Fashion {
    pub(super) fn load(runtime: &Runtime, pack: &Pack) -> Result<Self, VisionError> {
        let spec = &pack.manifest().fashion;
        let row = |name: &str, width| TensorSpec::floats(name, &[Side::Batch, Side::Is(width)]);
        let mut outputs = vec![row("image_embeds", spec.image.dimension)];
        outputs.extend(spec.heads.iter().map(|h| row(&h.output, h.labels.len())));
        let heads = spec.heads.iter().map(|head| Reading {
            name: head.name.clone(),
            labels: head.labels.clone(),
            temperature: head.temperature,
            threshold: head.threshold,
        });
        Ok(Self {
            encoder: Encoder::load(runtime, pack, manifest::FASHION, (&spec.image, outputs))?,
            heads: heads.collect(),
        })
    }

    /// Looks at the garment; `votes` are what the other models say of it.
    pub(super) fn look(
        &self,
        subject: &Subject<'_>,
        votes: &[&Vote],
    ) -> Result<Garment, VisionError> {
        let mut outputs = self.encoder.run(subject)?;
        let logits = outputs.split_off(outputs.len().min(1));
        let (mut attributes, mut beliefs) = (vec![], vec![]);
        for (place, (head, own)) in self.heads.iter().zip(logits).enumerate() {
            let logits = votes::counted(place, own.values, votes);
            if heads::is_attribute(&head.name) {
                attributes.push(head.read(&logits));
            }
            beliefs.push(head.belief(&logits));
        }
        Ok(Garment {
            embedding: embedding(Space::Fashion, manifest::FASHION, outputs)?,
            attributes,
            beliefs,
        })
    }
}
