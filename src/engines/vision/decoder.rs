//! The captioner's decoder: what it thinks of every token as the next one.
//!
//! A decoder that takes keys and values reads each token once; one that does not reads the whole caption
//! again for every token. Both say the same.
use super::{
    VisionError, manifest,
    onnx::{Network, Runtime},
    pack::Pack,
    tensor::{Declared, Feed, Side, Signature, Tensor, TensorSpec},
};
use std::rc::Rc;

const PAST: &str = "past_key_values.";
const PRESENT: &str = "present.";

pub(super) struct Decoder {
    network: Network,
    cache: Cache,
}

/// What the decoder remembers of the caption so far: nothing at first, and nothing ever without keys and values.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Of the tokens.
    tokens: Vec<Tensor>,
    /// Of the picture, which all beams share.
    picture: Option<Rc<Vec<Tensor>>>,
}

/// The keys and values that a decoder takes, as shapes of none, and gives, in the same order.
#[derive(Debug, Default)]
struct Cache {
    tokens: Vec<Slot>,
    picture: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    /// Behind `past_key_values.` and `present.`.
    name: String,
    heads: usize,
    width: usize,
}

impl Decoder {
    /// Loads the pack's decoder; `hidden` are the sides of what it is given of a picture.
    pub(super) fn load(
        runtime: &Runtime,
        pack: &Pack,
        hidden: &[Side],
    ) -> Result<Self, VisionError> {
        let file = manifest::BLIP_DECODER;
        let mut cache = Cache::default();
        let network = Network::load_as(runtime, file, pack.file(file), |inputs| {
            cache = Cache::of(inputs)?;
            Ok(cache.signature(hidden))
        })?;
        Ok(Self { network, cache })
    }

    /// The logits of the token after `ids`, and what to remember of them. `before` is of all `ids` but the last.
    pub(super) fn next(
        &self,
        ids: &[i64],
        before: &Read,
        hidden: &Tensor,
    ) -> Result<(Vec<f32>, Read), VisionError> {
        let is_start = before.tokens.is_empty();
        let new = match is_start {
            true => ids,
            false => &ids[ids.len().saturating_sub(1)..],
        };
        let shape = [1, new.len()];
        let nothing = [1, 0, hidden.shape.last().copied().unwrap_or(0)];
        let picture = match before.picture {
            None => Feed::Floats(&hidden.shape, &hidden.values),
            Some(_) => Feed::Floats(&nothing, &[]),
        };
        let (none_of_tokens, none_of_picture) = (
            self.cache.tokens.iter().map(Slot::none).collect::<Vec<_>>(),
            self.cache
                .picture
                .iter()
                .map(Slot::none)
                .collect::<Vec<_>>(),
        );
        let tokens = if is_start {
            &none_of_tokens
        } else {
            &before.tokens
        };
        let seen = before.picture.as_deref().unwrap_or(&none_of_picture);
        let mut feeds = vec![Feed::Ints(&shape, new), picture];
        let past = tokens.iter().chain(seen);
        feeds.extend(past.map(|t| Feed::Floats(&t.shape, &t.values)));
        // The keys and values of the picture are the largest tensors, and the same after the first token.
        let count = match before.picture {
            None => 1 + tokens.len() + none_of_picture.len(),
            Some(_) => 1 + tokens.len(),
        };
        let mut outputs = self.network.run_for(&feeds, count)?.into_iter();
        let logits = last_of(outputs.next(), new.len())?;
        let tokens = outputs.by_ref().take(self.cache.tokens.len()).collect();
        let picture = match &before.picture {
            Some(kept) => Some(Rc::clone(kept)),
            None if self.cache.picture.is_empty() => None,
            None => Some(Rc::new(outputs.collect())),
        };
        Ok((logits, Read { tokens, picture }))
    }
}

impl Cache {
    /// Told from the names of the inputs, which are those of Hugging Face Optimum.
    fn of(inputs: &[Declared]) -> Result<Self, String> {
        let mut cache = Self::default();
        for input in inputs {
            let Some(name) = input.name.strip_prefix(PAST) else {
                continue;
            };
            let side = |at: usize| input.sides.get(at).and_then(|s| usize::try_from(*s).ok());
            let (Some(heads), Some(width)) = (side(1), side(3)) else {
                return Err(format!(
                    "input `{}` has the shape {:?}; the number of heads and their width must be given",
                    input.name, input.sides
                ));
            };
            let slots = match name.contains(".encoder.") {
                true => &mut cache.picture,
                false => &mut cache.tokens,
            };
            slots.push(Slot {
                name: name.to_owned(),
                heads,
                width,
            });
        }
        match cache.tokens.is_empty() && !cache.picture.is_empty() {
            true => Err("it takes keys and values of the picture, but none of tokens".to_owned()),
            false => Ok(cache),
        }
    }

    fn signature(&self, hidden: &[Side]) -> Signature {
        let mut picture = hidden.to_vec();
        // What was read of the picture is not given again.
        if let (false, Some(patches)) = (self.picture.is_empty(), picture.get_mut(1)) {
            *patches = Side::Grows;
        }
        let mut inputs = vec![
            TensorSpec::ints("input_ids", &[Side::Batch, Side::Open]),
            TensorSpec::floats("encoder_hidden_states", &picture),
        ];
        let logits = [Side::Batch, Side::Any, Side::Any];
        let mut outputs = vec![TensorSpec::floats("logits", &logits)];
        for slot in self.tokens.iter().chain(&self.picture) {
            let sides = |length| {
                [
                    Side::Batch,
                    Side::Is(slot.heads),
                    length,
                    Side::Is(slot.width),
                ]
            };
            let name = |prefix: &str| format!("{prefix}{}", slot.name);
            inputs.push(TensorSpec::floats(&name(PAST), &sides(Side::Grows)));
            outputs.push(TensorSpec::floats(&name(PRESENT), &sides(Side::Any)));
        }
        Signature { inputs, outputs }
    }
}

impl Slot {
    fn none(&self) -> Tensor {
        Tensor {
            shape: vec![1, self.heads, 0, self.width],
            values: vec![],
        }
    }
}

/// The logits at the last of `tokens` places.
fn last_of(logits: Option<Tensor>, tokens: usize) -> Result<Vec<f32>, VisionError> {
    let wrong = |problem: String| VisionError::Network {
        file: manifest::BLIP_DECODER,
        problem,
    };
    let Some(Tensor { shape, mut values }) = logits else {
        return Err(wrong("it gave no logits".to_owned()));
    };
    if shape.get(1) != Some(&tokens) {
        let got = format!("logits came as {shape:?} for {tokens} tokens");
        return Err(wrong(got));
    }
    let vocabulary = values.len() / tokens.max(1);
    Ok(values.split_off(values.len() - vocabulary))
}
