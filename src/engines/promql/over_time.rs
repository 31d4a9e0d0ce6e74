//! What the samples of a window are together: the `_over_time` functions, `resets` and `changes`.
use super::{
    numbers::{self, Sum},
    slope::slope,
    store::Sample,
    trend::{self, Bounds, Growth},
};

/// A function of a range vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Growth(Growth),
    Irate,
    Idelta,
    Deriv,
    Resets,
    Changes,
    Avg,
    Min,
    Max,
    Sum,
    Count,
    Last,
    Quantile,
    Stddev,
    Present,
    Absent,
}

impl Over {
    /// Its value for a window that holds samples. The parameter is for [`Over::Quantile`].
    pub(super) fn apply(self, samples: &[Sample], bounds: Bounds, parameter: f64) -> Option<f64> {
        let values = || samples.iter().map(|s| s.value);
        let first = samples.first()?.value;
        Some(match self {
            Self::Growth(kind) => return trend::growth(kind, samples, bounds),
            Self::Irate => return trend::latest(true, samples),
            Self::Idelta => return trend::latest(false, samples),
            Self::Deriv => return slope(samples),
            Self::Resets => pairs(samples, |before, after| after < before),
            Self::Changes => pairs(samples, |before, after| {
                after != before && !(after.is_nan() && before.is_nan())
            }),
            Self::Avg => mean(values()),
            Self::Min => values().fold(first, |a, b| if b < a || a.is_nan() { b } else { a }),
            Self::Max => values().fold(first, |a, b| if b > a || a.is_nan() { b } else { a }),
            Self::Sum => sum(values()).value(),
            Self::Count => count(samples.len()),
            Self::Last => samples.last()?.value,
            Self::Quantile => numbers::quantile(parameter, &mut values().collect::<Vec<_>>()),
            Self::Stddev => deviation(values()),
            Self::Present | Self::Absent => 1.0,
        })
    }
}

fn pairs(samples: &[Sample], counts: impl Fn(f64, f64) -> bool) -> f64 {
    let counted = samples.windows(2).filter(|pair| match pair {
        [before, after] => counts(before.value, after.value),
        _ => false,
    });
    count(counted.count())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are not that many samples"
)]
fn count(samples: usize) -> f64 {
    samples as f64
}

fn sum(values: impl Iterator<Item = f64>) -> Sum {
    let mut sum = Sum::default();
    values.for_each(|v| sum.add(v));
    sum
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut n) = (Sum::default(), 0.0);
    for value in values {
        n += 1.0;
        let now = mean.rough();
        if !numbers::mean_is_settled(now, value) {
            mean.add(value / n - now / n);
        }
    }
    mean.value()
}

/// Of the population, by Welford's method.
fn deviation(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut squares, mut n) = (Sum::default(), Sum::default(), 0.0);
    for value in values {
        n += 1.0;
        let off = value - mean.exact();
        mean.add(off / n);
        squares.add(off * (value - mean.exact()));
    }
    (squares.exact() / n).sqrt()
}
