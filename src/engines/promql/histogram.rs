//! Quantiles of classic histograms, whose buckets are series with a label `le`.
use super::numbers;

/// How many observations were at most so large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bucket {
    pub(super) upper: f64,
    pub(super) count: f64,
}

/// Where the φ-quantile lies, if observations are spread evenly within a bucket.
pub(super) fn quantile(q: f64, mut buckets: Vec<Bucket>) -> f64 {
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    buckets.sort_by(|a, b| numbers::ascending(a.upper, b.upper));
    let buckets = rising(coalesced(buckets));
    let [finite @ .., all] = buckets.as_slice() else {
        return f64::NAN;
    };
    if all.upper != f64::INFINITY || all.count == 0.0 {
        return f64::NAN;
    }
    let Some(largest) = finite.last() else {
        return f64::NAN;
    };
    let rank = q * all.count;
    let place = first(finite.len(), |i| {
        finite.get(i).is_some_and(|b| b.count >= rank)
    });
    let Some(bucket) = finite.get(place) else {
        return largest.upper;
    };
    let below = place.checked_sub(1).and_then(|i| finite.get(i));
    if below.is_none() && bucket.upper <= 0.0 {
        return bucket.upper;
    }
    let (start, before) = below.map_or((0.0, 0.0), |b| (b.upper, b.count));
    start + (bucket.upper - start) * ((rank - before) / (bucket.count - before))
}

/// The first place of which something is true, by halving; the order of the questions matters where counts are no
/// numbers.
fn first(len: usize, is_true: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if is_true(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Buckets of the same bound are added up.
fn coalesced(buckets: Vec<Bucket>) -> Vec<Bucket> {
    let mut out: Vec<Bucket> = vec![];
    for bucket in buckets {
        match out.last_mut() {
            Some(last) if last.upper == bucket.upper => last.count += bucket.count,
            Some(_) | None => out.push(bucket),
        }
    }
    out
}

/// Larger buckets hold at least as much as smaller ones, even if they were read at different times.
fn rising(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    let mut most = f64::NEG_INFINITY;
    for bucket in &mut buckets {
        if bucket.count > most {
            most = bucket.count;
        } else if bucket.count < most {
            bucket.count = most;
        }
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn buckets(list: &[(f64, f64)]) -> Vec<Bucket> {
        list.iter()
            .map(|&(upper, count)| Bucket { upper, count })
            .collect()
    }

    #[test]
    fn a_quantile_lies_within_its_bucket() {
        let list = [(1.0, 10.0), (2.0, 20.0), (f64::INFINITY, 20.0)];
        assert_eq!(quantile(0.5, buckets(&list)), 1.0);
        assert_eq!(quantile(0.75, buckets(&list)), 1.5);
        assert_eq!(quantile(0.25, buckets(&list)), 0.5);
    }

    #[test]
    fn without_the_whole_there_is_no_quantile() {
        assert!(quantile(0.5, buckets(&[(1.0, 10.0), (2.0, 20.0)])).is_nan());
        assert!(quantile(0.5, buckets(&[(f64::INFINITY, 20.0)])).is_nan());
        assert!(quantile(0.5, buckets(&[(1.0, 0.0), (f64::INFINITY, 0.0)])).is_nan());
        assert!(quantile(0.5, vec![]).is_nan());
    }

    #[test]
    fn beyond_the_last_bound_there_is_nothing_to_say() {
        assert_eq!(
            quantile(0.9, buckets(&[(1.0, 1.0), (f64::INFINITY, 10.0)])),
            1.0
        );
    }

    proptest! {
        #[test]
        fn a_quantile_rises_with_its_share(mut counts in prop::collection::vec(0.0..1e6f64, 2..12), a in 0.0..=1.0f64, b in 0.0..=1.0f64) {
            counts.sort_by(f64::total_cmp);
            prop_assume!(counts[0] > 0.0);
            let last = counts.len() - 1;
            let list: Vec<Bucket> = counts.iter().enumerate()
                .map(|(i, c)| Bucket { upper: if i == last { f64::INFINITY } else { i as f64 + 1.0 }, count: *c })
                .collect();
            let (low, high) = (quantile(a.min(b), list.clone()), quantile(a.max(b), list));
            prop_assert!(low <= high + 1e-9, "{low} {high}");
        }
    }
}
