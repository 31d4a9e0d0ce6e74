//! The set model: embeddings of the kinds present are added up, bent, and compared with each kind.
//!
//! After "Deep Sets" (Zaheer et al. 2017), trained to guess the piece that is missing. `models/train/compat.py` writes
//! `learned.json`; what is read here is arithmetic on it.
use super::{Kinds, Outfit, Scorer};
use serde::Deserialize;
use std::collections::HashMap;

const LEARNED: &str = include_str!("learned.json");

/// A table in the program is damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct GrammarError {
    /// Which file.
    pub file: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

#[derive(Debug, Deserialize)]
struct Stored {
    training_sha256: String,
    outfits: usize,
    ids: Vec<u32>,
    frequency: Vec<f64>,
    enter: Vec<f64>,
    enter_bias: Vec<f64>,
    leave: Vec<f64>,
    leave_bias: Vec<f64>,
    #[cfg(test)]
    example: Example,
}

#[cfg(test)]
#[derive(Debug, Deserialize)]
struct Example {
    present: Vec<u32>,
    logits: Vec<f64>,
}

/// How likely each kind is to complete others.
#[derive(Debug)]
pub struct Grammar {
    stored: Stored,
    places: HashMap<u32, usize>,
    /// Logarithms of how common each kind is by itself.
    usual: Vec<f64>,
}

impl Grammar {
    /// The grammar in the program.
    ///
    /// # Errors
    /// [`GrammarError`] when it is damaged, which a test rules out.
    pub fn built_in() -> Result<Self, GrammarError> {
        Self::parse(LEARNED).map_err(|problem| GrammarError {
            file: "learned.json",
            problem,
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let stored: Stored = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let (kinds, inside) = (stored.ids.len(), stored.enter_bias.len());
        let is_whole = stored.frequency.len() == kinds
            && stored.leave_bias.len() == kinds
            && stored.enter.len() == kinds * inside
            && stored.leave.len() == kinds * inside;
        if !is_whole {
            return Err("the tables do not fit each other".to_owned());
        }
        let total: f64 = stored.frequency.iter().map(|count| count + 0.5).sum();
        let usual = stored.frequency.iter().map(|n| ((n + 0.5) / total).ln());
        Ok(Self {
            usual: usual.collect(),
            places: stored.ids.iter().copied().zip(0..).collect(),
            stored,
        })
    }

    /// SHA-256 of the file of outfits it was learned from, and how many of them it saw.
    #[must_use]
    pub fn learned_from(&self) -> (&str, usize) {
        (&self.stored.training_sha256, self.stored.outfits)
    }

    /// The same grammar, asked only which kind of its place a piece is.
    #[must_use]
    pub fn given_the_place(self, kinds: &Kinds) -> InPlace {
        let group = |id: &u32| kinds.find(*id).map(|kind| kind.group.clone());
        let groups = self.stored.ids.iter().map(group).collect();
        InPlace {
            grammar: self,
            groups,
        }
    }

    /// How much likelier the kind at `place` is beside `others` than by itself, among the kinds that `counts` admits.
    fn gain(&self, place: usize, others: &Outfit, counts: impl Fn(usize) -> bool) -> f64 {
        let logits = self.logits(others);
        let (mut here, mut anywhere) = (0.0, 0.0);
        for (at, id) in self.stored.ids.iter().enumerate() {
            // What is there already does not come again.
            if counts(at) && !others.contains(id) {
                here += logits[at].exp();
                anywhere += self.usual[at].exp();
            }
        }
        let of = |sum: f64| sum.max(f64::MIN_POSITIVE).ln();
        (logits[place] - of(here)) - (self.usual[place] - of(anywhere))
    }

    /// Of every kind, in the order of the file.
    fn logits(&self, present: &Outfit) -> Vec<f64> {
        let mut inside = self.stored.enter_bias.clone();
        let width = inside.len();
        for place in present.iter().filter_map(|id| self.places.get(id)) {
            let row = &self.stored.enter[place * width..(place + 1) * width];
            inside.iter_mut().zip(row).for_each(|(sum, v)| *sum += v);
        }
        let bent = width / 2;
        inside.iter_mut().take(bent).for_each(|v| *v = v.max(0.0));
        let rows = self.stored.leave.chunks_exact(width.max(1));
        rows.zip(&self.stored.leave_bias)
            .map(|(row, bias)| bias + row.iter().zip(&inside).map(|(w, v)| w * v).sum::<f64>())
            .collect()
    }
}

impl Scorer for Grammar {
    /// How much likelier the kind is here than anywhere, as a logarithm; 0 for a kind it never saw.
    fn fit(&self, kind: u32, others: &Outfit) -> f64 {
        let Some(place) = self.places.get(&kind) else {
            return 0.0;
        };
        self.gain(*place, others, |_| true)
    }
}

/// A [`Grammar`] that takes the places of an outfit as given: which kind of its place goes with the rest.
#[derive(Debug)]
pub struct InPlace {
    grammar: Grammar,
    /// The group of each kind, in the order of the file.
    groups: Vec<Option<String>>,
}

impl Scorer for InPlace {
    /// How much likelier the kind is here than anywhere in its place, as a logarithm; 0 for a kind it never saw.
    fn fit(&self, kind: u32, others: &Outfit) -> f64 {
        let Some(place) = self.grammar.places.get(&kind) else {
            return 0.0;
        };
        let same = |at: usize| self.groups[at] == self.groups[*place];
        self.grammar.gain(*place, others, same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_computes_what_was_trained() {
        let grammar = Grammar::built_in().unwrap();
        let example = &grammar.stored.example;
        let got = grammar.logits(&example.present.iter().copied().collect());
        assert_eq!(got.len(), example.logits.len());
        for (got, wanted) in got.iter().zip(&example.logits) {
            assert!((got - wanted).abs() < 2e-3, "{got} for {wanted}");
        }
    }

    #[test]
    fn tables_that_do_not_fit_are_refused() {
        let cut = LEARNED.replacen("\"frequency\": [", "\"frequency\": [7, ", 1);
        assert!(Grammar::parse(&cut).unwrap_err().contains("do not fit"));
        assert!(Grammar::parse("{").is_err());
    }
}
