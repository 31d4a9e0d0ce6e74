//! The garment encoder: where a garment lies among garments, and what its heads say about it.
use super::{
    VisionError,
    attributes::{Attribute, Reading},
    clip::{Encoder, embedding},
    manifest,
    onnx::{Runtime, Side, TensorSpec},
    pack::Pack,
    preprocess::Subject,
};
use crate::base::embedding::{Embedding, Space};

pub(super) struct Fashion {
    encoder: Encoder,
    heads: Vec<Reading>,
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

    /// Where the garment lies, and its attributes in the order of the pack's heads.
    pub(super) fn look(
        &self,
        subject: &Subject<'_>,
    ) -> Result<(Embedding, Vec<Attribute>), VisionError> {
        let mut outputs = self.encoder.run(subject)?;
        let logits = outputs.split_off(outputs.len().min(1));
        let attributes = self
            .heads
            .iter()
            .zip(&logits)
            .map(|(head, logits)| head.read(&logits.values));
        let attributes = attributes.collect();
        Ok((
            embedding(Space::Fashion, manifest::FASHION, outputs)?,
            attributes,
        ))
    }
}
