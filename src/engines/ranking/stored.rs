//! [`Learned`] as JSON, bit for bit.
//!
//! Floating-point numbers are little-endian bytes in base64 (or the bits as an integer), because a decimal
//! number may come back one unit in the last place off, and then replaying the log would not agree.
use super::{
    event::Kind,
    features::COUNT,
    fusion::Fusion,
    learned::Learned,
    memory::{Memory, Trace},
    model::Interest,
    shared::SharedPrior,
    taste::Taste,
};
use crate::base::{
    embedding::{Embedding, Space},
    id::ItemId,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Grows when the meaning of the state changes: an older state is then learned anew from the log.
const VERSION: u32 = 3;

/// Why stored state cannot be used. The caller replays the log instead.
#[derive(Debug, thiserror::Error)]
pub enum NotLearned {
    /// It was written by another version of the program.
    #[error(
        "the learned state has version {found} and {features} features, expected {VERSION} and {COUNT}"
    )]
    Version {
        /// The version it has.
        found: u32,
        /// How many features it knows.
        features: usize,
    },
    /// It started from another prior than the one at hand.
    #[error(
        "the learned state starts from version {found} of the shared prior, not from {expected}"
    )]
    Prior {
        /// The version it started from.
        found: i64,
        /// The version at hand.
        expected: i64,
    },
    /// It is not the JSON of a learned state.
    #[error("the learned state cannot be read")]
    Json(#[from] serde_json::Error),
    /// A number in it is not one.
    #[error("the learned state is damaged: {0}")]
    Damaged(&'static str),
}

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    features: usize,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    features: usize,
    prior: i64,
    mean: String,
    covariance: String,
    tastes: Vec<Vec<(String, u32)>>,
    pieces: Vec<(ItemId, u32, i64)>,
    pairs: Vec<(ItemId, ItemId, u32, i64)>,
    comfort: String,
    formality: String,
    counts: Vec<u64>,
    latest: Option<i64>,
}

impl Learned {
    /// The whole state.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let stored = Stored {
            version: VERSION,
            features: COUNT,
            prior: self.fusion.prior.version,
            mean: encode(&self.fusion.mean),
            covariance: encode(&self.fusion.covariance),
            tastes: self.tastes.iter().map(store_taste).collect(),
            pieces: self
                .memory
                .pieces
                .iter()
                .map(|(item, trace)| (*item, trace.evidence.to_bits(), trace.at))
                .collect(),
            pairs: self
                .memory
                .pairs
                .iter()
                .map(|((a, b), trace)| (*a, *b, trace.evidence.to_bits(), trace.at))
                .collect(),
            comfort: encode(&[self.comfort]),
            formality: encode(&[self.formality]),
            counts: self.counts.to_vec(),
            latest: self.latest,
        };
        // Maps with string keys only and finite numbers: there is nothing that could fail.
        serde_json::to_value(stored).unwrap_or_default()
    }

    /// Reads what [`Learned::to_json`] wrote: the same bits. `prior` is the one it started from.
    ///
    /// # Errors
    /// [`NotLearned`]; replay the log then.
    pub fn from_json(
        json: &serde_json::Value,
        prior: &Arc<SharedPrior>,
    ) -> Result<Self, NotLearned> {
        let head = Head::deserialize(json)?;
        if (head.version, head.features) != (VERSION, COUNT) {
            return Err(NotLearned::Version {
                found: head.version,
                features: head.features,
            });
        }
        let stored = Stored::deserialize(json)?;
        if stored.prior != prior.version {
            return Err(NotLearned::Prior {
                found: stored.prior,
                expected: prior.version,
            });
        }
        let fusion = Fusion {
            mean: array(&stored.mean)?,
            covariance: decode(&stored.covariance)?,
            prior: prior.clone(),
        };
        if !fusion.is_sound() {
            return Err(NotLearned::Damaged("a weight is not a number"));
        }
        let [comfort] = array(&stored.comfort)?;
        let [formality] = array(&stored.formality)?;
        let counts: [u64; Kind::ALL.len()] = stored
            .counts
            .try_into()
            .ok()
            .ok_or(NotLearned::Damaged("the counters are not one per kind"))?;
        Ok(Self {
            fusion,
            tastes: tastes(&stored.tastes)?,
            memory: Memory {
                pieces: traces(stored.pieces.iter().map(|(k, e, at)| (*k, *e, *at)))?,
                pairs: traces(stored.pairs.iter().map(|(a, b, e, at)| ((*a, *b), *e, *at)))?,
            },
            comfort,
            formality,
            counts,
            latest: stored.latest,
        })
    }
}

fn store_taste(taste: &Taste) -> Vec<(String, u32)> {
    let interests = taste.interests.iter();
    interests
        .map(|interest| {
            let centre = STANDARD.encode(interest.centre.to_bytes());
            (centre, interest.weight.to_bits())
        })
        .collect()
}

fn tastes(stored: &[Vec<(String, u32)>]) -> Result<[Taste; Space::ALL.len()], NotLearned> {
    const DAMAGED: NotLearned = NotLearned::Damaged("an interest is not a vector");
    if stored.len() != Space::ALL.len() {
        return Err(NotLearned::Damaged("the tastes are not one per space"));
    }
    let mut out: [Taste; Space::ALL.len()] = Default::default();
    for (space, interests) in Space::ALL.into_iter().zip(stored) {
        for (centre, weight) in interests {
            let bytes = STANDARD.decode(centre).ok().ok_or(DAMAGED)?;
            let centre = Embedding::from_bytes(space, &bytes).ok().ok_or(DAMAGED)?;
            let weight = finite(*weight)?;
            let interest = Interest { centre, weight };
            out[space.index()].interests.push(interest);
        }
    }
    Ok(out)
}

fn traces<K: Ord>(
    stored: impl Iterator<Item = (K, u32, i64)>,
) -> Result<std::collections::BTreeMap<K, Trace>, NotLearned> {
    stored
        .map(|(key, evidence, at)| {
            let evidence = finite(evidence)?;
            Ok((key, Trace { evidence, at }))
        })
        .collect()
}

fn finite(bits: u32) -> Result<f32, NotLearned> {
    let value = f32::from_bits(bits);
    if value.is_finite() {
        Ok(value)
    } else {
        Err(NotLearned::Damaged("some evidence is not a number"))
    }
}

fn encode(values: &[f64]) -> String {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    STANDARD.encode(bytes)
}

fn decode(text: &str) -> Result<Vec<f64>, NotLearned> {
    const DAMAGED: NotLearned = NotLearned::Damaged("a list of numbers is not base64");
    let bytes = STANDARD.decode(text).ok().ok_or(DAMAGED)?;
    let (chunks, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(DAMAGED);
    }
    let values: Vec<f64> = chunks.iter().map(|c| f64::from_le_bytes(*c)).collect();
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(NotLearned::Damaged("a number is not finite"))
    }
}

fn array<const N: usize>(text: &str) -> Result<[f64; N], NotLearned> {
    decode(text)?.try_into().ok().ok_or(NotLearned::Damaged(
        "a list of numbers has the wrong length",
    ))
}
