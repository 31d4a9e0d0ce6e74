//! Arithmetic that must agree with Prometheus to the last special case: infinities, what is no number, calendars.
use std::cmp::Ordering;

/// A sum that keeps what rounding loses (Kahan's, as Neumaier improved it).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, value: f64) {
        let next = self.total + value;
        self.lost += if self.total.abs() >= value.abs() {
            (self.total - next) + value
        } else {
            (value - next) + self.total
        };
        self.total = next;
    }

    /// What was lost too, unless the sum is infinite: then that is no number.
    pub(super) fn value(self) -> f64 {
        if self.total.is_infinite() {
            self.total
        } else {
            self.exact()
        }
    }

    /// What was lost too, whatever it is.
    pub(super) fn exact(self) -> f64 {
        self.total + self.lost
    }

    /// Without what was lost.
    pub(super) fn rough(self) -> f64 {
        self.total
    }
}

/// Whether a mean that has become infinite stays as it is when this value comes.
pub(super) fn mean_is_settled(mean: f64, value: f64) -> bool {
    mean.is_infinite() && !value.is_nan() && (value.is_finite() || (mean > 0.0) == (value > 0.0))
}

/// The smallest first; what is no number comes before all.
pub(super) fn ascending(a: f64, b: f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (false, false) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (a, b) => b.cmp(&a),
    }
}

/// The order of `sort` and `topk`: what is no number comes last, whichever way.
pub(super) fn ranked(a: f64, b: f64, descending: bool) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (false, false) if descending => ascending(b, a),
        (false, false) => ascending(a, b),
        (a, b) => a.cmp(&b),
    }
}

/// The φ-quantile, interpolated between the two nearest values.
pub(super) fn quantile(q: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() || q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(|a, b| ascending(*a, *b));
    #[expect(clippy::cast_precision_loss, reason = "there are not that many values")]
    let rank = q * (values.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a place in the list"
    )]
    let lower = rank.floor() as usize;
    let weight = rank - rank.floor();
    let at = |place: usize| {
        values
            .get(place.min(values.len() - 1))
            .copied()
            .unwrap_or(f64::NAN)
    };
    at(lower) * (1.0 - weight) + at(lower + 1) * weight
}

/// The larger one; infinity beats what is no number, which beats the rest.
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { b } else { a }
    } else {
        a.max(b)
    }
}

/// The smaller one; minus infinity beats what is no number, which beats the rest.
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    -larger(-a, -b)
}

/// -1, 0 or 1; zeros and what is no number stay what they are.
pub(super) fn sign(value: f64) -> f64 {
    if value < 0.0 {
        -1.0
    } else if value > 0.0 {
        1.0
    } else {
        value
    }
}

/// The nearest multiple; halves go up.
pub(super) fn round(value: f64, nearest: f64) -> f64 {
    let inverse = 1.0 / nearest;
    (value * inverse + 0.5).floor() / inverse
}

/// Minute of the hour, in UTC.
pub(super) fn minute(time: f64) -> f64 {
    part_of(time, 0, (3600, 60))
}

/// Hour of the day, in UTC.
pub(super) fn hour(time: f64) -> f64 {
    part_of(time, 0, (86_400, 3600))
}

/// Day of the week, in UTC; 0 is Sunday.
pub(super) fn day_of_week(time: f64) -> f64 {
    // 1970 began on a Thursday.
    part_of(time, 4 * 86_400, (7 * 86_400, 86_400))
}

fn part_of(time: f64, shift: i64, (whole, part): (i64, i64)) -> f64 {
    // Beyond what a calendar holds there is no answer to agree on.
    if !time.is_finite() || time.abs() > 1e12 {
        return f64::NAN;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction of a second does not count"
    )]
    let seconds = time as i64;
    #[expect(clippy::cast_precision_loss, reason = "it is small")]
    let part = ((seconds + shift).rem_euclid(whole) / part) as f64;
    part
}

/// Whether a number fits into 64 bits once it is made whole.
pub(super) fn is_whole_number(value: f64) -> bool {
    // The largest number below 2⁶³ that Prometheus accepts.
    const MAX: f64 = 9_223_372_036_854_774_784.0;
    (-9_223_372_036_854_775_808.0..=MAX).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quantile_lies_between_the_nearest_values() {
        assert_eq!(quantile(0.5, &mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(quantile(0.25, &mut [0.0, 1.0]), 0.25);
        assert_eq!(quantile(1.1, &mut [0.0]), f64::INFINITY);
        assert_eq!(quantile(-0.1, &mut [0.0]), f64::NEG_INFINITY);
        assert!(quantile(0.5, &mut []).is_nan());
        assert!(quantile(f64::NAN, &mut [1.0]).is_nan());
        assert!(quantile(0.0, &mut [1.0, f64::NAN]).is_nan());
    }

    #[test]
    fn what_rounding_loses_is_kept() {
        let mut sum = Sum::default();
        for value in [1.0, 1e100, 1.0, -1e100] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 2.0);
    }

    #[test]
    fn infinity_beats_what_is_no_number() {
        assert_eq!(larger(f64::NAN, f64::INFINITY), f64::INFINITY);
        assert!(larger(f64::NAN, f64::NEG_INFINITY).is_nan());
        assert_eq!(smaller(f64::NAN, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert!(larger(-0.0, 0.0).is_sign_positive());
        assert!(smaller(0.0, -0.0).is_sign_negative());
    }

    #[test]
    fn calendars_count_backwards_too() {
        assert_eq!((hour(0.0), minute(0.0), day_of_week(0.0)), (0.0, 0.0, 4.0));
        assert_eq!(
            (hour(-1.0), minute(-1.0), day_of_week(-1.0)),
            (23.0, 59.0, 3.0)
        );
        // 2023-11-14 22:13:20, a Tuesday
        let time = 1_700_000_000.0;
        assert_eq!(
            (hour(time), minute(time), day_of_week(time)),
            (22.0, 13.0, 2.0)
        );
    }

    proptest! {
        #[test]
        fn a_quantile_is_between_the_extremes(q in 0.0..=1.0, mut values in prop::collection::vec(-1e9..1e9f64, 1..30)) {
            let got = quantile(q, &mut values);
            let (low, high) = (values[0], values[values.len() - 1]);
            prop_assert!(got >= low - 1e-3 && got <= high + 1e-3, "{got} of {values:?}");
        }

        #[test]
        fn both_orders_are_total(mut values in prop::collection::vec(any::<f64>(), 0..50), descending: bool) {
            values.sort_by(|a, b| ranked(*a, *b, descending));
            let first_odd = values.iter().position(|v| v.is_nan()).unwrap_or(values.len());
            prop_assert!(values[first_odd..].iter().all(|v| v.is_nan()), "what is no number comes last");
            values.sort_by(|a, b| ascending(*a, *b));
            let last_odd = values.iter().rposition(|v| v.is_nan()).map_or(0, |at| at + 1);
            prop_assert!(values[..last_odd].iter().all(|v| v.is_nan()), "what is no number comes first");
        }
    }
}
