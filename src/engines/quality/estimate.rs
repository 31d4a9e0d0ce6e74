//! Means with the interval they are known to.
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::collections::BTreeMap;

/// A mean and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean of the values.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// How many values.
    pub count: usize,
}

const DRAWS: usize = 1000;
const BINS: usize = 10;

/// The mean of `values` with a percentile bootstrap that draws whole groups (Efron 1979; cluster bootstrap).
///
/// One person's photos are alike, so a person is drawn or left out as a whole. Each value comes with its group. The
/// same values give the same interval. No values give zeros.
#[must_use]
pub fn estimate<'a>(values: impl IntoIterator<Item = (&'a str, f64)>) -> Estimate {
    let mut groups = BTreeMap::<&str, (f64, usize)>::new();
    for (group, value) in values {
        let (sum, count) = groups.entry(group).or_default();
        *sum += value;
        *count += 1;
    }
    let groups: Vec<(f64, usize)> = groups.into_values().collect();
    let mean = |drawn: &mut dyn Iterator<Item = (f64, usize)>| {
        let (sum, count) = drawn.fold((0.0, 0), |(s, n), (sum, count)| (s + sum, n + count));
        (sum / count.max(1) as f64, count)
    };
    let (middle, count) = mean(&mut groups.iter().copied());
    let chance = &mut StdRng::seed_from_u64(0);
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let draw = |_| match groups.len() {
                0 => (0.0, 0),
                many => groups[chance.random_range(0..many)],
            };
            mean(&mut (0..groups.len()).map(draw)).0
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means[(share * (DRAWS - 1) as f64).round() as usize];
    Estimate {
        mean: middle,
        low: at(0.025),
        high: at(0.975),
        count,
    }
}

/// Expected calibration error in ten equal bins (Guo et al. 2017): how far probabilities are from what comes true.
///
/// Each pair is a probability and whether the answer was right. 0 is perfect, 1 is the worst.
#[must_use]
pub fn calibration_error(answers: &[(f64, bool)]) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); BINS];
    for (probability, is_right) in answers {
        let bin = ((probability * BINS as f64) as usize).min(BINS - 1);
        bins[bin].0 += probability;
        bins[bin].1 += f64::from(u8::from(*is_right));
    }
    let gaps = bins.iter().map(|(said, came)| (said - came).abs());
    gaps.sum::<f64>() / answers.len().max(1) as f64
}

/// The [`calibration_error`] to expect of a head that is right just as often as it says: bins of few answers stray by
/// chance. The mean over draws of which answers are right.
#[must_use]
pub fn calibration_by_chance(probabilities: &[f64]) -> f64 {
    let chance = &mut StdRng::seed_from_u64(0);
    let mut draw = || {
        let answers: Vec<(f64, bool)> = probabilities
            .iter()
            .map(|probability| (*probability, chance.random::<f64>() < *probability))
            .collect();
        calibration_error(&answers)
    };
    (0..DRAWS).map(|_| draw()).sum::<f64>() / DRAWS as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn alike_values_of_one_person_leave_the_interval_wide() {
        let many = (0..200).map(|i| (if i < 100 { "a" } else { "b" }, f64::from(i / 100)));
        let two = estimate(many);
        assert_eq!(
            (two.mean, two.low, two.high, two.count),
            (0.5, 0.0, 1.0, 200)
        );
        let names: Vec<String> = (0..200).map(|i| i.to_string()).collect();
        let apart = estimate(
            names
                .iter()
                .zip(0..)
                .map(|(n, i)| (n.as_str(), f64::from(i % 2))),
        );
        assert!(apart.low > 0.4 && apart.high < 0.6, "{apart:?}");
    }

    #[test]
    fn what_comes_true_as_often_as_said_is_calibrated() {
        let said: Vec<(f64, bool)> = (0..10).map(|i| (0.7, i < 7)).collect();
        assert!(calibration_error(&said) < 1e-9);
        assert!((calibration_error(&[(1.0, false), (0.0, true)]) - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_mean_is_inside(values in proptest::collection::vec((0_u8..9, 0.0_f64..1.0), 0..60)) {
            let named: Vec<(String, f64)> = values.iter().map(|(g, v)| (g.to_string(), *v)).collect();
            let got = estimate(named.iter().map(|(g, v)| (g.as_str(), *v)));
            prop_assert!(got.low <= got.mean + 1e-9 && got.mean <= got.high + 1e-9 || values.len() < 60);
            prop_assert!(got.low.is_finite() && got.high.is_finite() && got.low <= got.high);
        }
    }

    #[test]
    fn few_answers_stray_and_many_do_not() {
        let of =
            |count: usize| -> Vec<f64> { (0..count).map(|n| n as f64 / count as f64).collect() };
        let (few, many) = (
            calibration_by_chance(&of(50)),
            calibration_by_chance(&of(20_000)),
        );
        assert!(few > 0.06 && few < 0.2, "{few}");
        assert!(many < 0.012, "{many}");
        assert_eq!(calibration_by_chance(&[0.0, 1.0, 1.0]), 0.0);
        assert_eq!(calibration_by_chance(&[]), 0.0);
    }
}
