//! Where everybody's weights start, learned from everybody: empirical Bayes.
//!
//! Hierarchical model: the weights of person i are drawn from N(μ, Σ), and their log leaves a posterior
//! N(mᵢ, Sᵢ). One step of expectation maximisation (Dempster, Laird & Rubin 1977; for the normal hierarchy
//! Efron & Morris, "Stein's estimation rule and its competitors", JASA 1973) gives μ = mean of mᵢ and
//! Σ = mean of Sᵢ + (mᵢ − μ)(mᵢ − μ)ᵀ: who said little has mᵢ near the old μ and Sᵢ near the old Σ, and so
//! says little here. Both are shrunk towards the table set by hand (μ₀, Σ₀), which counts as κ people
//! (a normal–inverse-Wishart prior; Gelman et al., "Bayesian Data Analysis", §3.6):
//!
//! μ' = (κ μ₀ + Σᵢ mᵢ) / (κ + n),
//! Σ' = (κ Σ₀ + Σᵢ [Sᵢ + (mᵢ − μ')(mᵢ − μ')ᵀ] + κ (μ₀ − μ')(μ₀ − μ')ᵀ) / (κ + n).
//!
//! Σ' is positive definite because Σ₀ is. Fewer than [`FEWEST`] people give the table: nobody can be read off.
use super::{
    features::{COUNT, FEATURES},
    fusion::{Weights, centred, cholesky, sane},
    learned::Learned,
    model::Considered,
    prior::PRIOR,
};

/// Estimated from fewer people, a prior would tell about them.
const FEWEST: usize = 5;
/// People with fewer events say nothing yet.
const FEWEST_EVENTS: u64 = 5;
/// The table set by hand counts as so many people.
const SHRINKAGE: f64 = 20.0;
/// Weights and variances beyond these are damage, not taste.
const MOST_WEIGHT: f64 = 30.0;
const MOST_VARIANCE: f64 = 30.0;

/// What one person's log says about the weights.
#[derive(Debug, Clone)]
pub struct Posterior {
    pub(super) events: u64,
    pub(super) mean: Weights,
    pub(super) covariance: Vec<f64>,
}

impl Learned {
    /// What this person adds to the shared prior.
    #[must_use]
    pub fn posterior(&self) -> Posterior {
        Posterior {
            // Pieces by themselves tell next to nothing about the weights.
            events: self.events_about_outfits(),
            mean: self.fusion.mean,
            covariance: self.fusion.covariance.clone(),
        }
    }
}

/// A version of the prior that all people share.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedPrior {
    /// 0 for the table set by hand; grows with each estimate.
    pub version: i64,
    /// How many people it was estimated from.
    pub people: u32,
    pub(super) mean: Weights,
    /// Rows one after the other; symmetric.
    pub(super) covariance: Vec<f64>,
}

impl Default for SharedPrior {
    fn default() -> Self {
        Self::hand_set()
    }
}

impl SharedPrior {
    /// The table set by hand: version 0, from nobody.
    #[must_use]
    pub fn hand_set() -> Self {
        let mut rows = PRIOR.iter();
        Self::independent(|_| {
            let row = rows.next();
            row.map_or((0.0, 0.5), |prior| (prior.mean, prior.deviation))
        })
    }

    /// Weights that know nothing of each other: mean and deviation by the name of the feature. A deviation of
    /// zero is a weight that never moves.
    #[must_use]
    pub fn independent(mut of: impl FnMut(&'static str) -> (f64, f64)) -> Self {
        let (mut mean, mut covariance) = ([0.0; COUNT], vec![0.0; COUNT * COUNT]);
        for (i, feature) in FEATURES.iter().enumerate() {
            let (middle, deviation) = of(feature.name);
            mean[i] = middle;
            covariance[i * COUNT + i] = deviation * deviation;
        }
        Self {
            version: 0,
            people: 0,
            mean,
            covariance,
        }
    }

    /// Estimates a prior from what was learned about people; the table set by hand when they are too few.
    /// Posteriors that make no sense are left out. O(people × features²).
    #[must_use]
    pub fn estimate(version: i64, people: &[Posterior]) -> Self {
        let table = Self::hand_set();
        let said_enough = |person: &&Posterior| person.events >= FEWEST_EVENTS;
        let people: Vec<&Posterior> = people
            .iter()
            .filter(said_enough)
            .filter(|person| person.is_plausible())
            .collect();
        if people.len() < FEWEST {
            return Self { version, ..table };
        }
        let share = 1.0 / (SHRINKAGE + people.len() as f64);
        let mean: Weights = std::array::from_fn(|i| {
            let sum: f64 = people.iter().map(|person| person.mean[i]).sum();
            share * (SHRINKAGE * table.mean[i] + sum)
        });
        let mut covariance = vec![0.0; COUNT * COUNT];
        for i in 0..COUNT {
            for j in 0..=i {
                let at = i * COUNT + j;
                let away = |from: &Weights| (from[i] - mean[i]) * (from[j] - mean[j]);
                let theirs = people
                    .iter()
                    .map(|person| person.covariance[at] + away(&person.mean));
                let sum: f64 = theirs.sum();
                let value = share * (SHRINKAGE * (table.covariance[at] + away(&table.mean)) + sum);
                covariance[at] = value;
                covariance[j * COUNT + i] = value;
            }
        }
        let estimated = Self {
            version,
            people: u32::try_from(people.len()).unwrap_or(u32::MAX),
            mean,
            covariance,
        };
        if estimated.is_sound() {
            estimated
        } else {
            Self { version, ..table }
        }
    }

    /// What these weights make of an outfit measured as `features`, logits.
    #[must_use]
    pub fn worth(&self, features: &[f32]) -> f64 {
        let x = centred(&sane(features));
        self.mean.iter().zip(&x).map(|(w, v)| w * v).sum()
    }

    /// How likely whoever has just these weights chooses each outfit: 1 for the best, or shared among equals.
    #[must_use]
    pub fn choice(&self, considered: &[Considered]) -> Vec<f64> {
        let worths: Vec<f64> = considered
            .iter()
            .map(|outfit| self.worth(&outfit.features))
            .collect();
        let best = worths.iter().copied().fold(f64::MIN, f64::max);
        let is_best = |worth: &f64| worth.total_cmp(&best).is_eq();
        let equals = worths.iter().filter(|worth| is_best(worth)).count().max(1);
        let share = |worth: &f64| f64::from(u8::from(is_best(worth))) / equals as f64;
        worths.iter().map(share).collect()
    }

    /// Mean and covariance (rows one after the other), for storage.
    #[must_use]
    pub fn numbers(&self) -> (&[f64], &[f64]) {
        (&self.mean, &self.covariance)
    }

    /// Puts together what was stored; `None` when the numbers make no prior. Features that were not there yet
    /// start as the table set by hand says.
    #[must_use]
    pub fn from_numbers(
        (version, people): (i64, u32),
        mean: &[f64],
        covariance: &[f64],
    ) -> Option<Self> {
        let known = mean.len();
        if known > COUNT || covariance.len() != known * known {
            return None;
        }
        let mut prior = Self {
            version,
            people,
            ..Self::hand_set()
        };
        prior.mean[..known].copy_from_slice(mean);
        for (row, values) in covariance.chunks(known.max(1)).enumerate() {
            prior.covariance[row * COUNT..row * COUNT + known].copy_from_slice(values);
        }
        prior.is_sound().then_some(prior)
    }

    /// Finite, symmetric and positive definite.
    fn is_sound(&self) -> bool {
        let is_finite = self.mean.iter().chain(&self.covariance);
        let is_symmetric = (0..COUNT).all(|i| {
            (0..i).all(|j| {
                let (a, b) = (
                    self.covariance[i * COUNT + j],
                    self.covariance[j * COUNT + i],
                );
                a.to_bits() == b.to_bits()
            })
        });
        is_finite.copied().all(f64::is_finite) && is_symmetric && {
            let root = cholesky(&self.covariance);
            (0..COUNT).all(|i| root[i * COUNT + i] > 1e-6)
        }
    }
}

impl Posterior {
    fn is_plausible(&self) -> bool {
        let is_within = |values: &[f64], most: f64| values.iter().all(|v| v.abs() <= most);
        is_within(&self.mean, MOST_WEIGHT)
            && is_within(&self.covariance, MOST_VARIANCE)
            && self.covariance.len() == COUNT * COUNT
            && (0..COUNT).all(|i| self.covariance[i * COUNT + i] >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::EventId;
    use crate::engines::ranking::{
        event::{Event, Kind},
        features::COLOUR,
        fusion::Fusion,
    };
    use chrono::DateTime;
    use proptest::prelude::*;
    use std::sync::Arc;
    use uuid::Uuid;

    /// Likes what is colourful, or not.
    fn fond_of_colour(likes: bool) -> Posterior {
        let mut features = [0.0; COUNT];
        (features[0], features[COLOUR]) = (1.0, if likes { 1.0 } else { -1.0 });
        let event = |n: u128| Event {
            id: EventId(Uuid::from_u128(n)),
            at: DateTime::UNIX_EPOCH,
            kind: if n.is_multiple_of(2) {
                Kind::Like
            } else {
                Kind::Dislike
            },
            rating: None,
            reason: None,
            features: features
                .iter()
                .map(|v| if n.is_multiple_of(2) { *v } else { -*v })
                .collect(),
            other_features: None,
            items: vec![],
            other_items: vec![],
        };
        let log: Vec<Event> = (0..30).map(event).collect();
        Learned::replay(&log).posterior()
    }

    #[test]
    fn fewer_than_five_people_leave_the_table() {
        let table = SharedPrior::hand_set();
        for count in [0, 1, 2, 4] {
            let people: Vec<Posterior> = (0..count).map(|_| fond_of_colour(true)).collect();
            let prior = SharedPrior::estimate(7, &people);
            assert_eq!((prior.version, prior.people), (7, 0));
            assert_eq!(prior.numbers(), table.numbers());
        }
        let silent: [Posterior; 50] = std::array::from_fn(|_| Learned::default().posterior());
        assert_eq!(
            SharedPrior::estimate(1, &silent).people,
            0,
            "they said nothing"
        );
    }

    #[test]
    fn what_everybody_likes_becomes_the_start_and_what_divides_them_its_width() {
        let alike: Vec<Posterior> = (0..40).map(|_| fond_of_colour(true)).collect();
        let table = SharedPrior::hand_set();
        let agreed = SharedPrior::estimate(1, &alike);
        assert!(agreed.mean[COLOUR] > table.mean[COLOUR] + 0.1);
        let divided: Vec<Posterior> = (0..40).map(|n| fond_of_colour(n % 2 == 0)).collect();
        let split = SharedPrior::estimate(1, &divided);
        let variance = |prior: &SharedPrior| prior.covariance[COLOUR * COUNT + COLOUR];
        assert!(variance(&split) > 1.2 * variance(&agreed));
        let newcomer = Learned::starting_from(Arc::new(agreed.clone()));
        assert_eq!(newcomer.fusion.mean, agreed.mean);
    }

    #[test]
    fn what_was_stored_comes_back_and_new_features_start_by_the_table() {
        let people: Vec<Posterior> = (0..9).map(|n| fond_of_colour(n % 3 == 0)).collect();
        let prior = SharedPrior::estimate(3, &people);
        let (mean, covariance) = prior.numbers();
        let back = SharedPrior::from_numbers((3, 9), mean, covariance).unwrap();
        assert_eq!(back, prior);
        let shorter: Vec<f64> = (0..2)
            .flat_map(|i| covariance[i * COUNT..i * COUNT + 2].to_vec())
            .collect();
        let padded = SharedPrior::from_numbers((3, 9), &mean[..2], &shorter).unwrap();
        assert_eq!(padded.mean[COLOUR].to_bits(), PRIOR[COLOUR].mean.to_bits());
        assert_eq!(padded.mean[1].to_bits(), mean[1].to_bits());
        for damaged in [f64::NAN, -1.0, 0.0] {
            let mut bad = covariance.to_vec();
            bad[0] = damaged;
            assert!(SharedPrior::from_numbers((3, 9), mean, &bad).is_none());
        }
        assert!(SharedPrior::from_numbers((1, 1), mean, &[1.0]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_posteriors_give_a_sound_prior(
            people in proptest::collection::vec(
                (
                    prop_oneof![6 => -3.0_f64..3.0, 1 => Just(f64::NAN), 1 => any::<f64>()],
                    prop_oneof![6 => 0.0_f64..2.0, 1 => Just(-1.0), 1 => any::<f64>()],
                    0_u64..40,
                ),
                0..30,
            ),
        ) {
            let posteriors: Vec<Posterior> = people
                .iter()
                .map(|(weight, variance, events)| {
                    let mut covariance = Fusion::default().covariance;
                    covariance[0] = *variance;
                    Posterior {
                        events: *events,
                        mean: [*weight; COUNT],
                        covariance,
                    }
                })
                .collect();
            let prior = SharedPrior::estimate(1, &posteriors);
            prop_assert!(prior.is_sound());
            let mut fusion = Fusion::new(Arc::new(prior));
            for _ in 0..20 {
                fusion.observe(&[1.0; COUNT], 1.0, 1.0);
            }
            prop_assert!(fusion.is_sound());
        }
    }
}
