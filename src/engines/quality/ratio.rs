//! How many times better, with the interval it is known to.
use super::Estimate;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::collections::BTreeMap;

const DRAWS: usize = 1000;

/// Mean of the first values over the mean of the second, with a percentile bootstrap that draws whole groups
/// (Efron 1979; cluster bootstrap). The values of a group are compared with each other, so what both have in
/// common does not widen the interval. No values give zeros.
#[must_use]
pub fn ratio<'a>(values: impl IntoIterator<Item = (&'a str, f64, f64)>) -> Estimate {
    let mut groups = BTreeMap::<&str, (f64, f64, usize)>::new();
    for (group, a, b) in values {
        let sums = groups.entry(group).or_default();
        *sums = (sums.0 + a, sums.1 + b, sums.2 + 1);
    }
    let groups: Vec<(f64, f64, usize)> = groups.into_values().collect();
    let divide = |drawn: &mut dyn Iterator<Item = (f64, f64, usize)>| {
        let (a, b) = drawn.fold((0.0, 0.0), |(a, b), (x, y, _)| (a + x, b + y));
        if b == 0.0 { 0.0 } else { a / b }
    };
    let chance = &mut StdRng::seed_from_u64(0);
    let mut ratios: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let draw = |_| match groups.len() {
                0 => (0.0, 0.0, 0),
                many => groups[chance.random_range(0..many)],
            };
            divide(&mut (0..groups.len()).map(draw))
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[(share * (DRAWS - 1) as f64).round() as usize];
    Estimate {
        mean: divide(&mut groups.iter().copied()),
        low: at(0.025),
        high: at(0.975),
        count: groups.iter().map(|(_, _, count)| count).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_always_twice_as_good_is_known_to_be() {
        let names: Vec<String> = (0..30).map(|n| n.to_string()).collect();
        let values = names.iter().zip(1_u8..);
        let twice = ratio(values.map(|(n, v)| (n.as_str(), 2.0 * f64::from(v), f64::from(v))));
        assert!((twice.mean - 2.0).abs() < 1e-9 && (twice.high - twice.low).abs() < 1e-9);
        assert_eq!(twice.count, 30);
        let none = ratio([]);
        assert_eq!(
            (none.mean, none.low, none.high, none.count),
            (0.0, 0.0, 0.0, 0)
        );
        assert_eq!(ratio([("a", 1.0, 0.0)]).mean, 0.0);
    }
}
