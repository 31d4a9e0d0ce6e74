//! What anything learned has to beat: how common a kind is, and how often two were seen together.
use super::{Outfit, Scorer};
use std::collections::HashMap;

/// Added to the pairs seen and to the pairs expected by chance: what is rare says little.
const SMOOTHING: f64 = 2.0;

/// The commoner, the better.
#[derive(Debug, Clone)]
pub struct Frequency(HashMap<u32, f64>);

impl Frequency {
    /// Counts kinds.
    #[must_use]
    pub fn count(outfits: &[Outfit]) -> Self {
        Self(frequencies(outfits))
    }

    /// How many outfits have the kind.
    #[must_use]
    pub fn of(&self, kind: u32) -> f64 {
        self.0.get(&kind).copied().unwrap_or(0.0)
    }
}

impl Scorer for Frequency {
    fn fit(&self, kind: u32, _: &Outfit) -> f64 {
        (self.of(kind) + 1.0).ln()
    }
}

/// Pointwise mutual information (Church & Hanks 1990) of two kinds, smoothed, summed over the others.
#[derive(Debug, Clone)]
pub struct Pairs {
    outfits: f64,
    kinds: HashMap<u32, f64>,
    pairs: HashMap<(u32, u32), f64>,
}

impl Pairs {
    /// Counts kinds and pairs.
    #[must_use]
    pub fn count(outfits: &[Outfit]) -> Self {
        let mut pairs = HashMap::new();
        for outfit in outfits {
            for a in outfit {
                for b in outfit.range(a + 1..) {
                    *pairs.entry((*a, *b)).or_default() += 1.0;
                }
            }
        }
        Self {
            outfits: outfits.len().max(1) as f64,
            kinds: frequencies(outfits),
            pairs,
        }
    }

    /// Of two kinds; 0 where one was never seen.
    #[must_use]
    pub fn of(&self, a: u32, b: u32) -> f64 {
        let count = |kind| self.kinds.get(&kind).copied().unwrap_or(0.0);
        let expected = count(a) * count(b) / self.outfits;
        if expected == 0.0 {
            return 0.0;
        }
        let seen = self.pairs.get(&(a.min(b), a.max(b))).copied();
        ((seen.unwrap_or(0.0) + SMOOTHING) / (expected + SMOOTHING)).ln()
    }
}

impl Scorer for Pairs {
    fn fit(&self, kind: u32, others: &Outfit) -> f64 {
        others.iter().map(|other| self.of(kind, *other)).sum()
    }
}

fn frequencies(outfits: &[Outfit]) -> HashMap<u32, f64> {
    let mut counts = HashMap::new();
    for kind in outfits.iter().flatten() {
        *counts.entry(*kind).or_default() += 1.0;
    }
    counts
}
