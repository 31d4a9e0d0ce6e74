//! What another way to choose would have earned, from the log of the one that chose.
//!
//! Only choices whose odds were known say something: a policy that would have chosen the same gets the answer, weighed
//! by how unlikely it was that it was given (Horvitz & Thompson 1952). Every estimator is unbiased or consistent as long
//! as each choice the policy would make had a chance; where it had none, the policy cannot be judged.
use super::{Estimate, estimate, ratio};

/// Heavier weights count as this one: a little bias against much variance (Ionides 2008).
const MOST_WEIGHT: f64 = 100.0;

/// One choice that was answered.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whose; people are drawn as a whole for the intervals.
    pub who: String,
    /// Which of the options was chosen.
    pub chosen: usize,
    /// How likely it was to be chosen, above 0 to 1.
    pub propensity: f64,
    /// What came of it, 0 to 1.
    pub reward: f64,
    /// How likely the policy in question would choose each option; adds up to 1.
    pub target: Vec<f64>,
    /// What a model expects of each option, 0 to 1.
    pub expected: Vec<f64>,
}

/// What a policy would have earned per choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OffPolicy {
    /// Inverse propensity scoring (Horvitz & Thompson 1952).
    pub ips: Estimate,
    /// Self-normalised: the weights' own mean is divided out (Swaminathan & Joachims, NIPS 2015).
    pub snips: Estimate,
    /// Doubly robust: the model's expectation, corrected by what it missed (Dudík, Langford & Li, ICML 2011).
    pub doubly_robust: Estimate,
    /// So many choices of the policy itself would tell as much: (Σw)² / Σw² (Kish 1965).
    pub effective: f64,
    /// The share of choices that weighed anything, 0 to 1.
    pub agreement: f64,
}

impl Decision {
    fn weight(&self) -> f64 {
        let wanted = self.target.get(self.chosen).copied().unwrap_or(0.0);
        let weight = wanted / self.propensity.max(f64::MIN_POSITIVE);
        weight.clamp(0.0, MOST_WEIGHT)
    }

    fn doubly_robust(&self) -> f64 {
        let options = self.target.iter().zip(&self.expected);
        let model: f64 = options.map(|(p, expected)| p * expected).sum();
        let here = self.expected.get(self.chosen).copied().unwrap_or(0.0);
        model + self.weight() * (self.reward - here)
    }
}

/// Estimates what the policy in `target` would have earned. No decisions give zeros.
#[must_use]
pub fn off_policy(decisions: &[Decision]) -> OffPolicy {
    let each =
        |of: fn(&Decision) -> f64| estimate(decisions.iter().map(|d| (d.who.as_str(), of(d))));
    let weights = || decisions.iter().map(Decision::weight);
    let (sum, squares) = weights().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    let weighed = weights().filter(|weight| *weight > 0.0).count();
    OffPolicy {
        ips: each(|d| d.weight() * d.reward),
        snips: ratio(decisions.iter().map(|d| {
            let weight = d.weight();
            (d.who.as_str(), weight * d.reward, weight)
        })),
        doubly_robust: each(Decision::doubly_robust),
        effective: if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        },
        agreement: weighed as f64 / decisions.len().max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    /// Three options that please one in ten, five and nine of ten; the log prefers the worst.
    const PLEASES: [f64; 3] = [0.1, 0.5, 0.9];
    const LOGGED: [f64; 3] = [0.6, 0.3, 0.1];

    fn log(target: [f64; 3], expected: [f64; 3]) -> Vec<Decision> {
        let chance = &mut StdRng::seed_from_u64(1);
        (0..6000)
            .map(|n| {
                let drawn: f64 = chance.random();
                let chosen = usize::from(drawn > 0.6) + usize::from(drawn > 0.9);
                Decision {
                    who: format!("{}", n % 60),
                    chosen,
                    propensity: LOGGED[chosen],
                    reward: f64::from(u8::from(chance.random_bool(PLEASES[chosen]))),
                    target: target.to_vec(),
                    expected: expected.to_vec(),
                }
            })
            .collect()
    }

    #[test]
    fn a_policy_that_was_not_followed_is_valued_rightly() {
        for target in [[0.0, 0.0, 1.0], [0.2, 0.3, 0.5], LOGGED] {
            let truth: f64 = target.iter().zip(PLEASES).map(|(p, r)| p * r).sum();
            // A model that knows nothing must not mislead.
            for expected in [[0.5; 3], PLEASES] {
                let told = off_policy(&log(target, expected));
                for estimate in [told.ips, told.snips, told.doubly_robust] {
                    assert!(
                        (estimate.mean - truth).abs() < 0.06,
                        "{estimate:?}, {truth}"
                    );
                    assert!(estimate.low <= truth && truth <= estimate.high);
                }
            }
        }
    }

    #[test]
    fn a_good_model_narrows_the_interval_and_unlikely_choices_tell_little() {
        let width = |e: Estimate| e.high - e.low;
        let told = off_policy(&log([0.0, 0.0, 1.0], PLEASES));
        assert!(width(told.doubly_robust) < width(told.ips));
        assert!((told.agreement - 0.1).abs() < 0.02);
        assert!((500.0..700.0).contains(&told.effective));
        let same = off_policy(&log(LOGGED, PLEASES));
        assert!((same.effective - 6000.0).abs() < 1e-6);
    }

    #[test]
    fn nothing_logged_is_nothing_known() {
        let none = off_policy(&[]);
        assert_eq!((none.ips.count, none.effective), (0, 0.0));
        let impossible = Decision {
            propensity: 0.0,
            ..log(LOGGED, PLEASES).remove(0)
        };
        assert!(off_policy(&[impossible]).ips.mean.is_finite());
    }
}
