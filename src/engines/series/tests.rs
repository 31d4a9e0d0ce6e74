//! What goes in comes out, and evaluates to the same.
use super::*;
use crate::engines::promql::{
    Comparison, METRIC_NAME, Options, Query, Sample, Span, Value, is_stale, stale_marker,
};
use proptest::prelude::*;

const STEP: i64 = 15_000;

fn labels(name: &str, series: usize) -> Labels {
    Labels::new([(METRIC_NAME, name.to_owned()), ("n", series.to_string())])
}

fn named(name: &str) -> Matcher {
    Matcher {
        name: METRIC_NAME.into(),
        comparison: Comparison::Equal(name.into()),
    }
}

/// The same in a list: a marker where a series is missing that was there.
#[derive(Default)]
struct List(Vec<Series>);

impl List {
    fn append(&mut self, at_ms: i64, samples: &[(Labels, f64)]) {
        for series in &mut self.0 {
            let is_over = series.samples.last().is_some_and(|s| is_stale(s.value));
            if !is_over && !samples.iter().any(|(l, _)| *l == series.labels) {
                let value = stale_marker();
                series.samples.push(Sample { at_ms, value });
            }
        }
        for (labels, value) in samples {
            let sample = Sample {
                at_ms,
                value: *value,
            };
            match self.0.iter_mut().find(|s| s.labels == *labels) {
                Some(series) => series.samples.push(sample),
                None => self.0.push(Series {
                    labels: labels.clone(),
                    samples: vec![sample],
                }),
            }
        }
    }
}

/// Values as bits, which tell one NaN from another.
fn bits(mut series: Vec<Series>) -> Vec<(Labels, Vec<(i64, u64)>)> {
    series.sort_by(|a, b| a.labels.cmp(&b.labels));
    let bits = |s: &Sample| (s.at_ms, s.value.to_bits());
    series
        .into_iter()
        .map(|s| (s.labels, s.samples.iter().map(bits).collect()))
        .collect()
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (0..1000_u32).prop_map(f64::from),
        2 => any::<u64>().prop_map(f64::from_bits).prop_filter("a marker is none", |v| !is_stale(*v)),
        1 => prop::sample::select(vec![0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
    ]
}

/// Rounds of up to four series, each there or not.
fn rounds(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(i64, Vec<Option<f64>>)>> {
    let round = (
        prop_oneof![Just(STEP), 1..4 * STEP],
        prop::collection::vec(prop::option::weighted(0.9, value()), 4),
    );
    prop::collection::vec(round, len)
}

fn filled(rounds: &[(i64, Vec<Option<f64>>)]) -> (Ring, List, i64) {
    let (mut ring, mut list) = (Ring::new(Limits::default()), List::default());
    let mut at_ms = 1_700_000_000_000;
    for (step, values) in rounds {
        at_ms += step;
        let there = values.iter().enumerate();
        let samples: Vec<_> = there
            .filter_map(|(n, v)| Some((labels("m", n), (*v)?)))
            .collect();
        list.append(at_ms, &samples);
        ring.append("test", at_ms, samples);
    }
    (ring, list, at_ms)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_in_comes_out(rounds in rounds(1..400), from in 0..400_i64, len in 0..400_i64) {
        let (ring, list, end) = filled(&rounds);
        prop_assert_eq!(bits(ring.select(&[], i64::MIN, i64::MAX)), bits(list.0.clone()));
        let (from, to) = (end - from * STEP, end - (from - len) * STEP);
        let matchers = [named("m")];
        prop_assert_eq!(bits(ring.select(&matchers, from, to)), bits(list.0.select(&matchers, from, to)));
    }

    #[test]
    fn it_is_worth_the_same_as_a_list(rounds in rounds(1..300), ago in 0..300_i64) {
        let (ring, list, end) = filled(&rounds);
        let (snapshot, options) = (ring.snapshot(), Options::default());
        for text in ["m", "sum(m)", "rate(m[5m])", "max_over_time(m[3m])", "count(m offset 2m)", "changes(m[10m:30s])", "absent(m{n=\"3\"})", "m{n=~\"1|2\"}[4m]"] {
            let query = Query::parse(text).unwrap();
            let at = end - ago * STEP / 2;
            let ours = query.at(&snapshot, at, &options).map(comparable);
            let theirs = query.at(&list.0, at, &options).map(comparable);
            prop_assert_eq!(ours, theirs, "{} at {}", text, at);
        }
        let span = Span { start_ms: end - 3_600_000, end_ms: end, step_ms: 60_000 };
        let query = Query::parse("sum by (n) (m) + on (n) increase(m[2m])").unwrap();
        let over = |store: &dyn Store| query.over(store, span, &options).map(bits);
        prop_assert_eq!(over(&snapshot), over(&list.0));
    }

    #[test]
    fn a_snapshot_stays_what_it_was(rounds in rounds(1..260), later in rounds(1..200)) {
        let (mut ring, list, mut at_ms) = filled(&rounds);
        let snapshot = ring.snapshot();
        for (step, values) in &later {
            at_ms += step;
            ring.append("test", at_ms, values.iter().flatten().map(|v| (labels("new", 1), *v)));
        }
        prop_assert_eq!(bits(snapshot.select(&[], i64::MIN, i64::MAX)), bits(list.0));
    }
}

fn comparable(value: Value) -> Vec<(Labels, Vec<(i64, u64)>)> {
    let series = match value {
        Value::Scalar(value) => vec![(Labels::empty(), value)],
        Value::Vector(values) => values,
        Value::Matrix(series) => return bits(series),
    };
    let sample = |value| vec![Sample { at_ms: 0, value }];
    bits(
        series
            .into_iter()
            .map(|(labels, value)| Series {
                labels,
                samples: sample(value),
            })
            .collect(),
    )
}

#[test]
fn what_is_too_old_is_forgotten_with_its_series() {
    let mut ring = Ring::new(Limits {
        keep_ms: 3_600_000,
        max_series: 10,
    });
    for round in 0..2000 {
        // Each series lives for an hour, and they are many more than there is room for at a time.
        let series = labels("m", round / 240);
        ring.append(
            "test",
            i64::try_from(round).unwrap() * STEP,
            [(series, 1.0)],
        );
    }
    assert_eq!(ring.refused(), 0);
    assert!((2..=4).contains(&ring.series()), "{}", ring.series());
    let samples = ring
        .select(&[], i64::MIN, i64::MAX)
        .iter()
        .map(|s| s.samples.len())
        .sum::<usize>();
    assert!((240..=240 + 120 + 4).contains(&samples), "{samples}");
}

#[test]
fn series_beyond_the_limit_are_refused_and_counted() {
    let mut ring = Ring::new(Limits {
        max_series: 3,
        ..Limits::default()
    });
    for round in 1..=2 {
        ring.append("test", round * STEP, (0..5).map(|n| (labels("m", n), 1.0)));
    }
    ring.append("other", 2 * STEP, [(labels("recorded", 0), 1.0)]);
    assert_eq!((ring.series(), ring.samples(), ring.refused()), (3, 6, 5));
}

#[test]
fn sources_end_their_own_series_alone() {
    let mut ring = Ring::new(Limits::default());
    ring.append("a", 1000, [(labels("m", 1), 1.0), (labels("both", 0), 1.0)]);
    ring.append("b", 2000, [(labels("m", 2), 2.0)]);
    ring.append("a", 3000, []);
    ring.append("b", 4000, [(labels("m", 2), 3.0), (labels("both", 0), 2.0)]);
    let stale = stale_marker();
    let want = vec![
        (
            labels("both", 0),
            vec![(1000, 1.0), (3000, stale), (4000, 2.0)],
        ),
        (labels("m", 1), vec![(1000, 1.0), (3000, stale)]),
        (labels("m", 2), vec![(2000, 2.0), (4000, 3.0)]),
    ];
    let want = want.into_iter().map(|(labels, values)| {
        let samples = values
            .into_iter()
            .map(|(at_ms, value)| Sample { at_ms, value });
        Series {
            labels,
            samples: samples.collect(),
        }
    });
    assert_eq!(bits(ring.select(&[], 0, 9000)), bits(want.collect()));
    assert_eq!(
        ring.snapshot().labels(&[named("m")], 0, 9000),
        [labels("m", 1), labels("m", 2)]
    );
    assert!(ring.snapshot().labels(&[], 5000, 9000).is_empty());
    assert_eq!(ring.snapshot().count(&[named("m")], 0, 9000), 4);
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_sampling() {
    let mut ring = Ring::new(Limits::default());
    for round in 0..300 {
        ring.append("test", round * STEP, [(labels("m", 0), 1.0)]);
    }
    ring.append("test", 100 * STEP + 1, [(labels("m", 0), 2.0)]);
    ring.append("test", 100 * STEP + 1, [(labels("m", 0), 3.0)]);
    let series = ring.select(&[], i64::MIN, i64::MAX);
    let last = series[0].samples.last().unwrap();
    assert_eq!((last.at_ms, last.value), (100 * STEP + 1, 2.0));
    assert!(series[0].samples.is_sorted_by_key(|s| s.at_ms));
}

#[test]
fn a_day_of_two_thousand_series_stays_below_64_megabytes() {
    // A tenth of the series, for the time it takes; what they cost apart is in the benchmark.
    let mut corpus = corpus::Corpus::new(200);
    let names: Vec<Labels> = corpus.names().into_iter().map(Labels::new).collect();
    let mut ring = Ring::new(Limits::default());
    for round in 0..24 * 60 * 4 {
        let values = corpus.round().iter().copied();
        ring.append("test", round * STEP, names.iter().cloned().zip(values));
    }
    assert_eq!((ring.series(), ring.samples()), (200, 200 * 5760));
    assert!(
        ring.bytes() * 10 < 64_000_000,
        "{} bytes",
        ring.bytes() * 10
    );
}
