//! Measures of how well real things are told from made-up ones.
use super::Estimate;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

const DRAWS: usize = 1000;

/// A score that was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What it belongs to; a group is drawn as a whole for the interval. Groups count from zero.
    pub group: usize,
    /// The larger, the more real.
    pub score: f64,
    /// Whether it is real.
    pub is_real: bool,
}

/// The chance that something real scores above something made up, ties counted half (area under the ROC curve;
/// Hanley & McNeil 1982), with a 95 % bootstrap interval over groups. One half without one of the two.
#[must_use]
pub fn auc(scored: &[Scored]) -> Estimate {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.score.total_cmp(&b.score));
    let groups = scored.iter().map(|s| s.group + 1).max().unwrap_or(0);
    let chance = &mut StdRng::seed_from_u64(0);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut times = vec![0.0; groups];
            for _ in 0..groups {
                times[chance.random_range(0..groups)] += 1.0;
            }
            area(&sorted, |group| times[group])
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws[(share * (DRAWS - 1) as f64).round() as usize];
    Estimate {
        mean: area(&sorted, |_| 1.0),
        low: at(0.025),
        high: at(0.975),
        count: scored.len(),
    }
}

/// Of scores in ascending order, each counted as often as `times` says of its group.
fn area(sorted: &[Scored], times: impl Fn(usize) -> f64) -> f64 {
    let (mut made_up, mut real, mut won) = (0.0, 0.0, 0.0);
    for equals in sorted.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let (mut these_made_up, mut these_real) = (0.0, 0.0);
        for one in equals {
            match one.is_real {
                true => these_real += times(one.group),
                false => these_made_up += times(one.group),
            }
        }
        won += these_real * (made_up + 0.5 * these_made_up);
        made_up += these_made_up;
        real += these_real;
    }
    if made_up * real > 0.0 {
        won / (made_up * real)
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scored(real: &[f64], made_up: &[f64]) -> Vec<Scored> {
        let one = |is_real| {
            move |(group, score): (usize, &f64)| Scored {
                group,
                score: *score,
                is_real,
            }
        };
        let all = real.iter().enumerate().map(one(true));
        all.chain(made_up.iter().enumerate().map(one(false)))
            .collect()
    }

    #[test]
    fn order_is_all_that_counts() {
        assert_eq!(auc(&scored(&[2.0, 3.0], &[0.0, 1.0])).mean, 1.0);
        assert_eq!(auc(&scored(&[0.0, 1.0], &[2.0, 3.0])).mean, 0.0);
        assert_eq!(auc(&scored(&[1.0, 3.0], &[2.0, 0.0])).mean, 0.75);
        assert_eq!(auc(&scored(&[5.0, 5.0], &[5.0])).mean, 0.5);
        assert_eq!(auc(&scored(&[5.0], &[])).mean, 0.5);
        assert_eq!(auc(&[]).count, 0);
    }

    proptest! {
        #[test]
        fn exchanging_real_and_made_up_mirrors_it(
            a in proptest::collection::vec(-3_i8..3, 1..30), b in proptest::collection::vec(-3_i8..3, 1..30)
        ) {
            let [a, b] = [a, b].map(|v| v.into_iter().map(f64::from).collect::<Vec<_>>());
            let (there, back) = (auc(&scored(&a, &b)), auc(&scored(&b, &a)));
            prop_assert!((there.mean + back.mean - 1.0).abs() < 1e-9);
            prop_assert!(there.low <= there.high && (0.0..=1.0).contains(&there.low));
            prop_assert_eq!(there, auc(&scored(&a, &b)));
        }
    }
}
