//! The captioner: a picture encoder, and a decoder that writes one token after the other.
use super::{
    VisionError,
    attributes::log_softmax,
    clip::{Encoder, embedding, largest_id, tokenizer},
    decoder::{Decoder, Read},
    manifest::{self, BlipTextSpec},
    onnx::Runtime,
    pack::Pack,
    preprocess::Subject,
    tensor::{Side, Tensor, TensorSpec},
    votes::{Ballot, Vote},
};
use crate::base::embedding::{Embedding, Space};
use std::rc::Rc;
use tokenizers::Tokenizer;

pub(super) struct Blip {
    vision: Encoder,
    ballot: Ballot,
    decoder: Decoder,
    tokenizer: Tokenizer,
    spec: BlipTextSpec,
}

/// What the decoder looks at while it writes: `last_hidden_state`.
pub(super) struct Hidden(pub(super) Tensor);

/// A caption in the making.
#[derive(Debug, Clone)]
struct Beam {
    ids: Vec<i64>,
    log_probability: f64,
    /// What the decoder keeps of all tokens but the last.
    read: Rc<Read>,
}

impl Blip {
    pub(super) fn load(runtime: &Runtime, pack: &Pack) -> Result<Self, VisionError> {
        let spec = &pack.manifest().blip;
        let hidden = [Side::Batch, Side::Any, Side::Is(spec.image.dimension)];
        let ballot = Ballot::new(&pack.manifest().fashion.heads, |votes| votes.blip);
        let mut outputs = vec![TensorSpec::floats("last_hidden_state", &hidden)];
        outputs.extend(ballot.outputs());
        let vision = Encoder::load(runtime, pack, manifest::BLIP_VISION, (&spec.image, outputs))?;
        Ok(Self {
            vision,
            ballot,
            decoder: Decoder::load(runtime, pack, &hidden)?,
            tokenizer: tokenizer(pack, manifest::BLIP_TOKENIZER)?,
            spec: spec.text.clone(),
        })
    }

    /// Where the photo lies, the vote on what it shows, and what the decoder needs.
    pub(super) fn look(
        &self,
        subject: &Subject<'_>,
    ) -> Result<(Embedding, Vote, Hidden), VisionError> {
        let mut outputs = self.vision.run(subject)?;
        let vote = self.ballot.cast(outputs.split_off(outputs.len().min(1)));
        let hidden = outputs.pop().unwrap_or_else(none);
        let mean = Tensor {
            shape: vec![],
            values: mean_over_patches(&hidden),
        };
        let embedding = embedding(Space::Blip, manifest::BLIP_VISION, vec![mean])?;
        Ok((embedding, vote, Hidden(hidden)))
    }

    /// Describes the photo in a few words.
    pub(super) fn caption(&self, hidden: &Hidden) -> Result<String, VisionError> {
        self.words(&self.caption_ids(hidden, self.spec.beams)?)
    }

    /// Tokens as text, special ones left out.
    pub(super) fn words(&self, ids: &[i64]) -> Result<String, VisionError> {
        let ids: Vec<u32> = ids
            .iter()
            .filter_map(|id| u32::try_from(*id).ok())
            .collect();
        let text = self
            .tokenizer
            .decode(&ids, true)
            .map_err(|e| VisionError::Tokenizer {
                file: manifest::BLIP_TOKENIZER,
                problem: e.to_string(),
            })?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The tokens of the best caption, without begin and end. One beam is greedy.
    pub(super) fn caption_ids(
        &self,
        hidden: &Hidden,
        beams: usize,
    ) -> Result<Vec<i64>, VisionError> {
        let mut alive = vec![Beam {
            ids: vec![i64::from(self.spec.begin_id)],
            log_probability: 0.0,
            read: Rc::default(),
        }];
        let mut finished = vec![];
        let end = i64::from(self.spec.end_id);
        for _ in 0..self.spec.max_tokens {
            let mut next = vec![];
            for beam in &alive {
                next.extend(self.grow(beam, hidden, beams + 1)?);
            }
            // The sort is stable: of equals, the one from the better beam wins.
            next.sort_by(|a, b| b.log_probability.total_cmp(&a.log_probability));
            alive.clear();
            for (rank, beam) in next.into_iter().enumerate() {
                match beam.ids.last() == Some(&end) {
                    true if rank < beams => finished.push(beam),
                    false if alive.len() < beams => alive.push(beam),
                    true | false => {}
                }
            }
            if alive.is_empty() || finished.len() >= beams {
                break;
            }
        }
        if finished.len() < beams {
            finished.append(&mut alive);
        }
        Ok(best(finished, end))
    }

    /// The likeliest continuations of one beam by one token.
    fn grow(&self, beam: &Beam, hidden: &Hidden, count: usize) -> Result<Vec<Beam>, VisionError> {
        let (logits, read) = self.decoder.next(&beam.ids, &beam.read, &hidden.0)?;
        let read = Rc::new(read);
        let logs = log_softmax(&logits, 1.0);
        let mut order: Vec<usize> = (0..logs.len()).collect();
        let better = |a: &usize, b: &usize| logs[*b].total_cmp(&logs[*a]).then(a.cmp(b));
        // Sorting a whole vocabulary for a handful would take longer than the network.
        if order.len() > count {
            order.select_nth_unstable_by(count, better);
            order.truncate(count);
        }
        order.sort_by(better);
        let grown = order.into_iter().map(|id| Beam {
            ids: beam.ids.iter().copied().chain([id as i64]).collect(),
            log_probability: beam.log_probability + logs[id],
            read: Rc::clone(&read),
        });
        Ok(grown.collect())
    }

    /// Compares the tokenizer with the decoder, which must know every id it can be given.
    pub(super) fn check_vocabulary(&self, hidden: &Hidden) -> Result<(), VisionError> {
        let BlipTextSpec {
            begin_id, end_id, ..
        } = self.spec;
        let begin = [i64::from(begin_id)];
        let (logits, _) = self.decoder.next(&begin, &Read::default(), &hidden.0)?;
        let known = logits.len();
        let largest = largest_id(&self.tokenizer).max(begin_id).max(end_id);
        if (largest as usize) < known {
            return Ok(());
        }
        Err(VisionError::Tokenizer {
            file: manifest::BLIP_TOKENIZER,
            problem: format!("it has token id {largest}, the decoder knows {known} tokens"),
        })
    }
}

/// The beam with the best mean log-probability per token, the end token counted, without its ends.
fn best(beams: Vec<Beam>, end: i64) -> Vec<i64> {
    let mean = |b: &Beam| b.log_probability / (b.ids.len().max(2) - 1) as f64;
    let mut best: Option<Beam> = None;
    for beam in beams {
        if best.as_ref().is_none_or(|b| mean(&beam) > mean(b)) {
            best = Some(beam);
        }
    }
    let ids = best.map(|b| b.ids).unwrap_or_default();
    ids.into_iter().skip(1).filter(|id| *id != end).collect()
}

fn mean_over_patches(hidden: &Tensor) -> Vec<f32> {
    let width = hidden.shape.last().copied().unwrap_or(1).max(1);
    let mut sums = vec![0.0_f64; width];
    for patch in hidden.values.chunks_exact(width) {
        sums.iter_mut()
            .zip(patch)
            .for_each(|(sum, v)| *sum += f64::from(*v));
    }
    let patches = (hidden.values.len() / width).max(1) as f64;
    sums.into_iter().map(|sum| (sum / patches) as f32).collect()
}

fn none() -> Tensor {
    Tensor {
        shape: vec![],
        values: vec![],
    }
}
