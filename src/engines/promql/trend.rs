//! How a series goes on through a window: `rate`, `increase`, `delta`, `irate`, `idelta`.
use super::store::Sample;

/// A window of time, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
}

impl Bounds {
    fn seconds(self) -> f64 {
        seconds(self.from_ms, self.to_ms)
    }
}

/// What kind of growth is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// Of a counter, which only falls when it starts anew; per second.
    Rate,
    /// Of a counter.
    Increase,
    /// Of anything.
    Delta,
}

/// The growth over the whole window, estimated from the samples inside.
///
/// What lies between the outer samples and the edges is assumed to have gone on as inside, if the samples come close
/// to the edge; otherwise the series is taken to have begun or ended half an interval from its outer sample. A counter
/// is not assumed to have begun below zero.
pub(super) fn growth(kind: Growth, samples: &[Sample], bounds: Bounds) -> Option<f64> {
    let (first, last) = ends(samples)?;
    let mut grown = last.value - first.value;
    if kind != Growth::Delta {
        grown += restarts(samples);
    }
    let sampled = seconds(first.at_ms, last.at_ms);
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are not that many samples"
    )]
    let interval = sampled / (samples.len() - 1) as f64;
    let mut to_start = seconds(bounds.from_ms, first.at_ms);
    let to_end = seconds(last.at_ms, bounds.to_ms);
    if kind != Growth::Delta && grown > 0.0 && first.value >= 0.0 {
        to_start = to_start.min(sampled * (first.value / grown));
    }
    let reach = |gap: f64| {
        if gap < interval * 1.1 {
            gap
        } else {
            interval / 2.0
        }
    };
    let covered = sampled + reach(to_start) + reach(to_end);
    let mut factor = covered / sampled;
    if kind == Growth::Rate {
        factor /= bounds.seconds();
    }
    Some(grown * factor)
}

/// The difference of the last two samples; of a counter, per second.
pub(super) fn latest(per_second: bool, samples: &[Sample]) -> Option<f64> {
    let [.., before, last] = samples else {
        return None;
    };
    if last.at_ms == before.at_ms {
        return None;
    }
    if !per_second {
        return Some(last.value - before.value);
    }
    let grown = if last.value < before.value {
        last.value
    } else {
        last.value - before.value
    };
    Some(grown / seconds(before.at_ms, last.at_ms))
}

fn ends(samples: &[Sample]) -> Option<(Sample, Sample)> {
    match samples {
        [first, .., last] => Some((*first, *last)),
        [] | [_] => None,
    }
}

/// What a counter had counted each time before it started anew.
fn restarts(samples: &[Sample]) -> f64 {
    samples
        .windows(2)
        .map(|pair| match pair {
            [before, after] if after.value < before.value => before.value,
            _ => 0.0,
        })
        .sum()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of centuries are exact"
)]
fn seconds(from_ms: i64, to_ms: i64) -> f64 {
    to_ms.saturating_sub(from_ms) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn samples(values: &[(i64, f64)]) -> Vec<Sample> {
        values
            .iter()
            .map(|&(s, value)| Sample {
                at_ms: s * 1000,
                value,
            })
            .collect()
    }

    fn window(from: i64, to: i64) -> Bounds {
        Bounds {
            from_ms: from * 1000,
            to_ms: to * 1000,
        }
    }

    #[test]
    fn growth_reaches_the_edges_that_samples_come_close_to() {
        let inside = samples(&[(10, 100.0), (20, 110.0), (30, 120.0)]);
        // 10 s before and 5 s after, both closer than 1.1 intervals: one a second for 35 s
        assert_eq!(growth(Growth::Increase, &inside, window(0, 35)), Some(35.0));
        assert_eq!(growth(Growth::Rate, &inside, window(0, 35)), Some(1.0));
        // 100 s after: half an interval
        assert_eq!(
            growth(Growth::Increase, &inside, window(10, 130)),
            Some(25.0)
        );
    }

    #[test]
    fn a_counter_has_not_begun_below_zero() {
        let inside = samples(&[(10, 2.0), (20, 12.0)]);
        assert_eq!(growth(Growth::Increase, &inside, window(0, 20)), Some(12.0));
        assert_eq!(growth(Growth::Delta, &inside, window(0, 20)), Some(20.0));
    }

    #[test]
    fn a_counter_that_starts_anew_has_not_fallen() {
        let inside = samples(&[(0, 100.0), (10, 110.0), (20, 5.0)]);
        assert_eq!(growth(Growth::Increase, &inside, window(0, 20)), Some(15.0));
        assert_eq!(growth(Growth::Delta, &inside, window(0, 20)), Some(-95.0));
        assert_eq!(latest(true, &inside), Some(0.5));
        assert_eq!(latest(false, &inside), Some(-105.0));
    }

    #[test]
    fn one_sample_does_not_grow() {
        assert_eq!(
            growth(Growth::Delta, &samples(&[(0, 1.0)]), window(0, 20)),
            None
        );
        assert_eq!(latest(true, &samples(&[(0, 1.0)])), None);
    }

    proptest! {
        /// A counter that counts evenly is seen to, wherever its samples lie in the window.
        #[test]
        fn even_counting_has_an_even_rate(per_second in 0.1..100.0f64, interval in 1i64..60, from in 0i64..60, until in 0i64..60) {
            let count = |s: i64| (s, 1e6 + per_second * s as f64);
            let inside = samples(&(0..10).map(|i| count(i * interval)).collect::<Vec<_>>());
            let (from, until) = (from % interval, until % interval);
            let got = growth(Growth::Rate, &inside, window(-from, 9 * interval + until)).unwrap();
            prop_assert!((got / per_second - 1.0).abs() < 1e-6, "{got} for {per_second}");
        }

        #[test]
        fn a_rate_is_never_negative(values in prop::collection::vec(0.0..1e6f64, 2..40)) {
            let inside = samples(&values.iter().enumerate().map(|(i, v)| (i as i64 * 15, *v)).collect::<Vec<_>>());
            let got = growth(Growth::Rate, &inside, window(-20, 800)).unwrap();
            prop_assert!(got >= 0.0, "{got}");
        }
    }
}
