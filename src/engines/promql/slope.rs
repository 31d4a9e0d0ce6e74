//! The slope of the straight line through the samples of a window: `deriv`.
use super::{numbers::Sum, store::Sample};

/// Per second, by least squares.
pub(super) fn slope(samples: &[Sample]) -> Option<f64> {
    let [first, _, ..] = samples else {
        return None;
    };
    if samples.iter().all(|s| s.value == first.value) {
        return Some(if first.value.is_infinite() {
            f64::NAN
        } else {
            0.0
        });
    }
    let [mut count, mut x_sum, mut y_sum, mut xy_sum, mut xx_sum] = [Sum::default(); 5];
    for sample in samples {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of centuries are exact"
        )]
        let x = sample.at_ms.saturating_sub(first.at_ms) as f64 / 1000.0;
        count.add(1.0);
        x_sum.add(x);
        y_sum.add(sample.value);
        xy_sum.add(x * sample.value);
        xx_sum.add(x * x);
    }
    let (n, x, y) = (count.exact(), x_sum.exact(), y_sum.exact());
    let covariance = xy_sum.exact() - x * y / n;
    let variance = xx_sum.exact() - x * x / n;
    Some(covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_straight_line_has_its_slope(slope_is in -1e3..1e3f64, start in -1e3..1e3f64, n in 2i64..30) {
            let line: Vec<Sample> = (0..n)
                .map(|i| Sample { at_ms: i * 15_000, value: start + slope_is * (i * 15) as f64 })
                .collect();
            let got = slope(&line).unwrap();
            prop_assert!((got - slope_is).abs() < 1e-6, "{got} for {slope_is}");
        }
    }
}
