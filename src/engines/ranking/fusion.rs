//! How much a person cares about each feature: Bayesian logistic regression, one event at a time.
//!
//! The posterior is a normal N(mean, covariance). An event moves it by one step of assumed-density filtering
//! in the moderated form of Spiegelhalter & Lauritzen, "Sequential updating of conditional probabilities on
//! directed graphical structures", Networks 1990 (also MacKay 1992; Murphy, "Probabilistic Machine Learning:
//! Advanced Topics", §10.2): a rank-one change, O(d²). Forgetting is an Ornstein–Uhlenbeck step towards the
//! prior before each event: it keeps the covariance between the update and the prior, so nothing grows
//! without bound and old lessons fade.
use super::{
    features::{BASE, COUNT, IF_ASKED, Phi},
    prior::PRIOR,
    shared::SharedPrior,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::Arc;

/// How much of the distance to the prior is kept per event; half is forgotten after about 69 events.
const KEPT: f64 = 0.99;
/// Width of the exploration, as a share of the posterior's.
const EXPLORATION: f64 = 0.25;

/// What an outfit is worth to somebody: one weight per feature.
pub(super) type Weights = [f64; COUNT];

/// The posterior of one person's weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fusion {
    pub(super) mean: Weights,
    /// Rows one after the other; symmetric.
    pub(super) covariance: Vec<f64>,
    /// Where it started, and what it forgets towards.
    pub(super) prior: Arc<SharedPrior>,
}

impl Default for Fusion {
    fn default() -> Self {
        Self::new(Arc::new(SharedPrior::hand_set()))
    }
}

impl Fusion {
    /// Knows nothing but the prior.
    pub(super) fn new(prior: Arc<SharedPrior>) -> Self {
        Self {
            mean: prior.mean,
            covariance: prior.covariance.clone(),
            prior,
        }
    }

    /// Learns that an outfit that differs from the usual by `x` was liked with certainty `y` (0 to 1); `weight` is how much the
    /// event says, 1 for a plain like.
    pub(super) fn observe(&mut self, x: &Weights, y: f64, weight: f64) {
        self.forget();
        let spread = self.times(x);
        let variance = product(x, &spread).max(0.0);
        let p = moderated(product(x, &self.mean), variance);
        let curvature = p * (1.0 - p);
        let gain = weight / (1.0 + weight * curvature * variance);
        for i in 0..COUNT {
            self.mean[i] += gain * (y - p) * spread[i];
            for j in 0..COUNT {
                // In this order the two halves stay bit-equal.
                let change = gain * curvature * (spread[i] * spread[j]);
                self.covariance[i * COUNT + j] -= change;
            }
        }
    }

    /// Chance of being liked, 0 to 1, uncertainty included.
    pub(super) fn probability(&self, phi: &Phi) -> f64 {
        let x = centred(&phi.map(f64::from));
        moderated(
            product(&x, &self.mean),
            product(&x, &self.times(&x)).max(0.0),
        )
    }

    /// What each feature is worth: the posterior mean. The starting point takes in what the usual outfit is worth by
    /// what was `asked`, so that a score is the sum of weights times φ as measured.
    pub(super) fn weights(&self, asked: &[bool; COUNT]) -> Weights {
        let mut weights = self.mean;
        weights[BASE] -= usual_worth(&self.mean, asked);
        weights
    }

    pub(super) fn deviation(&self, feature: usize) -> f64 {
        self.covariance[feature * COUNT + feature].max(0.0).sqrt()
    }

    /// Weights this person might well have: draws from the narrowed posterior, Thompson's way
    /// ("On the likelihood that one unknown probability exceeds another", 1933). The same seed, the same draws.
    pub(super) fn draws(&self, seed: u64, count: usize, asked: &[bool; COUNT]) -> Vec<Weights> {
        let mut random = StdRng::seed_from_u64(seed);
        let root = cholesky(&self.covariance);
        (0..count)
            .map(|_| {
                let mut weights = self.draw(&root, &mut random);
                weights[BASE] -= usual_worth(&weights, asked);
                weights
            })
            .collect()
    }

    fn draw(&self, root: &[f64], random: &mut StdRng) -> Weights {
        let normal: Weights = std::array::from_fn(|_| {
            // Box & Muller 1958.
            let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
            radius * (std::f64::consts::TAU * random.random::<f64>()).cos()
        });
        std::array::from_fn(|i| {
            let row = &root[i * COUNT..=i * COUNT + i];
            let step: f64 = row.iter().zip(&normal).map(|(l, z)| l * z).sum();
            self.mean[i] + EXPLORATION * step
        })
    }

    pub(super) fn is_sound(&self) -> bool {
        self.covariance.len() == COUNT * COUNT
            && self
                .mean
                .iter()
                .chain(&self.covariance)
                .all(|v| v.is_finite())
    }

    fn forget(&mut self) {
        for (mean, start) in self.mean.iter_mut().zip(&self.prior.mean) {
            *mean = start + KEPT * (*mean - start);
        }
        for (value, start) in self.covariance.iter_mut().zip(&self.prior.covariance) {
            *value = start + KEPT * KEPT * (*value - start);
        }
    }

    fn times(&self, x: &Weights) -> Weights {
        std::array::from_fn(|i| {
            let row = &self.covariance[i * COUNT..(i + 1) * COUNT];
            row.iter().zip(x).map(|(c, v)| c * v).sum()
        })
    }
}

/// How far an outfit is from what is usually suggested. Learning from the difference keeps apart what an outfit is
/// worth as such and what each feature adds: suggestions are chosen for high φ, and without this every
/// disappointment would speak against all of what they have in common.
pub(super) fn centred(x: &Weights) -> Weights {
    let is_silent = |i: &usize| IF_ASKED.contains(i) && x[*i] == 0.0;
    std::array::from_fn(|i| {
        if is_silent(&i) {
            0.0
        } else {
            x[i] - PRIOR[i].usual
        }
    })
}

fn usual_worth(weights: &Weights, asked: &[bool; COUNT]) -> f64 {
    let all = weights.iter().zip(&PRIOR).zip(asked);
    let said = all.filter(|(_, is_asked)| **is_asked);
    said.map(|((w, prior), _)| w * prior.usual).sum()
}

/// Lower triangle of the root; a direction without variance gets none.
pub(super) fn cholesky(covariance: &[f64]) -> Vec<f64> {
    let mut root = vec![0.0; COUNT * COUNT];
    for i in 0..COUNT {
        for j in 0..=i {
            let before: f64 = (0..j)
                .map(|k| root[i * COUNT + k] * root[j * COUNT + k])
                .sum();
            let rest = covariance[i * COUNT + j] - before;
            root[i * COUNT + j] = if i == j {
                rest.max(0.0).sqrt()
            } else if root[j * COUNT + j] > 1e-9 {
                rest / root[j * COUNT + j]
            } else {
                0.0
            };
        }
    }
    root
}

/// Stored φ made safe: what is missing or not a number is zero, the rest within ±1.
pub(super) fn sane(features: &[f32]) -> Weights {
    std::array::from_fn(|i| {
        let value = features.get(i).copied().unwrap_or(0.0);
        f64::from(super::features::bounded(value))
    })
}

/// E[σ(a)] for a ~ N(mean, variance), MacKay's approximation.
fn moderated(mean: f64, variance: f64) -> f64 {
    let scaled = mean / (1.0 + std::f64::consts::PI * variance / 8.0).sqrt();
    1.0 / (1.0 + (-scaled).exp())
}

fn product(a: &Weights, b: &Weights) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::ranking::{features::COLOUR, prior::PRIOR};
    use proptest::prelude::*;

    #[test]
    fn the_published_weights_are_the_start() {
        let fusion = Fusion::default();
        let ratio = |i: usize| fusion.mean[i] / crate::engines::ranking::prior::SIMILARITY_SCALE;
        assert!((ratio(1) - 0.4).abs() < 1e-12);
        assert!((ratio(2) - 0.3).abs() < 1e-12 && (ratio(3) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn what_is_liked_gains_weight_and_loses_doubt() {
        let mut fusion = Fusion::default();
        let mut x = [0.0; COUNT];
        (x[0], x[COLOUR]) = (1.0, 1.0);
        let mut phi = [0.0; COUNT];
        (phi[0], phi[COLOUR]) = (1.0, 1.0);
        let (mean, deviation) = (fusion.mean[COLOUR], fusion.deviation(COLOUR));
        let before = fusion.probability(&phi);
        for _ in 0..10 {
            fusion.observe(&centred(&x), 1.0, 1.0);
        }
        assert!(fusion.mean[COLOUR] > mean && fusion.deviation(COLOUR) < deviation);
        assert!(fusion.probability(&phi) > before + 0.1);
    }

    proptest! {
        #[test]
        fn no_sequence_of_events_breaks_it(
            events in proptest::collection::vec(
                (
                    proptest::collection::vec(
                        prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX), -2.0_f32..2.0, Just(1.0)],
                        0..COUNT + 3,
                    ),
                    0.0_f64..=1.0,
                    prop_oneof![Just(0.0), Just(1e-300), 0.1_f64..2.0, Just(1e12)],
                ),
                1..120,
            ),
            seed in any::<u64>(),
        ) {
            let mut fusion = Fusion::default();
            for (features, y, weight) in &events {
                fusion.observe(&sane(features), *y, *weight);
            }
            prop_assert!(fusion.is_sound());
            prop_assert!(fusion.draws(seed, 3, &[true; COUNT]).iter().flatten().all(|w| w.is_finite()));
            for (i, prior) in PRIOR.iter().enumerate() {
                prop_assert!(fusion.covariance[i * COUNT + i] > -1e-9);
                prop_assert!(fusion.deviation(i) <= prior.deviation * 1.000_001);
                for j in 0..i {
                    let (a, b) = (fusion.covariance[i * COUNT + j], fusion.covariance[j * COUNT + i]);
                    prop_assert_eq!(a.to_bits(), b.to_bits());
                }
            }
            let p = fusion.probability(&[1.0; COUNT]);
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}
