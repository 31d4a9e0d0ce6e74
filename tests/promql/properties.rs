//! What holds for every expression and every sample, without Prometheus.
use flashfit::engines::promql::{
    EvalError, Labels, METRIC_NAME, Options, Query, Sample, Series, Span, Value, stale_marker,
};
use proptest::prelude::*;

/// Samples of up to five minutes, of any value, at any distance.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let value = prop_oneof![
        4 => -1e3..1e3f64,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(stale_marker()),
        1 => Just(f64::INFINITY),
        1 => Just(0.0),
    ];
    let at = prop::collection::btree_map(-60_000i64..300_000, value, 0..12);
    at.prop_map(|samples| {
        samples
            .into_iter()
            .map(|(at_ms, value)| Sample { at_ms, value })
            .collect()
    })
}

/// Three metrics, whose series share labels or do not.
fn store() -> impl Strategy<Value = Vec<Series>> {
    prop::collection::vec(samples(), 8).prop_map(|samples| {
        let names = [
            ("a", "1", "0.5"),
            ("a", "2", "1"),
            ("a", "2", "+Inf"),
            ("b", "1", ""),
            ("b", "2", ""),
        ]
        .into_iter()
        .chain([("c", "", ""), ("c", "1", "+Inf"), ("c", "1", "2")]);
        let series = |((name, x, le), samples)| Series {
            labels: Labels::new([(METRIC_NAME, name), ("x", x), ("le", le)]),
            samples,
        };
        names.zip(samples).map(series).collect()
    })
}

const FUNCTIONS: &str =
    "abs ceil floor exp ln sqrt sgn round sort sort_desc absent timestamp minute hour day_of_week";
const OVER_TIME: &str = "rate irate increase delta idelta deriv resets changes avg_over_time min_over_time \
     max_over_time sum_over_time count_over_time last_over_time stddev_over_time present_over_time absent_over_time";
const OPERATORS: &str = "+ - * / % ^ == != < > <= >= ==bool >bool and or unless";
const MATCHINGS: &str =
    " on(x) ignoring(x) on(x)group_left() ignoring(le)group_right(le) on()group_left(__name__)";

fn one_of(words: &'static str) -> impl Strategy<Value = String> {
    let words: Vec<&str> = words.split(' ').filter(|w| !w.is_empty()).collect();
    prop::sample::select(words).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        (-3.0..3.0f64).prop_map(|n| format!("{n:.2}")),
        Just("NaN".to_owned()),
        Just("-Inf".to_owned()),
        Just("1e300".to_owned()),
        Just("time()".to_owned()),
        Just("scalar(a)".to_owned()),
    ]
}

/// Expressions that are vectors.
fn vector() -> impl Strategy<Value = String> {
    let selector = prop_oneof![
        Just("a"),
        Just("b"),
        Just("c"),
        Just("{__name__=~\"a|b\"}"),
        Just("a{x!=\"1\"}"),
        Just("b offset 17s"),
        Just("c offset -1m"),
        Just("a @ 60"),
    ];
    selector
        .prop_map(str::to_owned)
        .prop_recursive(4, 24, 3, |inner| {
            let pair = (
                inner.clone(),
                one_of(OPERATORS),
                one_of(MATCHINGS),
                any::<bool>(),
                inner.clone(),
            );
            prop_oneof![
                (one_of(FUNCTIONS), inner.clone()).prop_map(|(f, v)| format!("{f}({v})")),
                (
                    one_of(OVER_TIME),
                    prop::sample::select(vec!["a", "b", "c"]),
                    1..200u32
                )
                    .prop_map(|(f, v, s)| format!("{f}({v}[{s}s])")),
                (one_of(OVER_TIME), inner.clone(), 1..200u32, 1..60u32)
                    .prop_map(|(f, v, range, step)| format!("{f}(({v})[{range}s:{step}s])")),
                (
                    one_of("sum avg min max count group stddev"),
                    one_of("by(x) without(x) by() by(le,x)"),
                    inner.clone()
                )
                    .prop_map(|(f, by, v)| format!("{f} {by} ({v})")),
                (one_of("topk bottomk quantile"), scalar(), inner.clone())
                    .prop_map(|(f, k, v)| format!("{f}({k}, {v})")),
                (scalar(), inner.clone())
                    .prop_map(|(q, v)| format!("histogram_quantile({q}, {v})")),
                (inner.clone(), scalar(), scalar())
                    .prop_map(|(v, a, b)| format!("clamp({v}, {a}, {b})")),
                (inner.clone(), one_of("x le y __name__")).prop_map(|(v, to)| format!(
                    "label_replace({v}, \"{to}\", \"$1\", \"x\", \"(.*)\")"
                )),
                (one_of("+ - * / % ^ == <bool"), inner.clone(), scalar())
                    .prop_map(|(o, v, s)| format!("(({v}) {o} {s})")),
                pair.prop_map(|(l, o, m, plain, r)| {
                    let matching = if plain
                        || m.contains("group") && ["and", "or", "unless"].contains(&o.as_str())
                    {
                        String::new()
                    } else {
                        m
                    };
                    format!("(({l}) {o} {matching} ({r}))")
                }),
                inner.prop_map(|v| format!("-({v})")),
            ]
        })
}

fn options() -> Options {
    Options {
        max_values: 200_000,
        ..Options::default()
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a == b || a.is_nan() && b.is_nan()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A span is nothing but the times it consists of.
    #[test]
    fn a_span_has_the_values_of_its_times(text in vector(), store in store(), start in 0i64..60_000, step_ms in 1_000i64..90_000) {
        let query = Query::parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        let span = Span { start_ms: start, end_ms: 240_000, step_ms };
        let through = query.over(&store, span, &options());
        // Too many that fail or find nothing would fail the test.
        prop_assume!(through.as_ref().is_ok_and(|series| !series.is_empty()));
        let through = through.unwrap();
        for time in (span.start_ms..=span.end_ms).step_by(step_ms as usize) {
            let now = query.at(&store, time, &options());
            let Ok(Value::Vector(now)) = now else {
                return Err(TestCaseError::fail(format!("{text} at {time}: {now:?}")));
            };
            let then = through.iter().filter_map(|series| {
                let sample = series.samples.iter().find(|s| s.at_ms == time)?;
                Some((&series.labels, sample.value))
            });
            let then: Vec<_> = then.collect();
            prop_assert_eq!(then.len(), now.len(), "{} at {}: {:?} {:?}", text, time, then, now);
            for (labels, value) in then {
                let found = now.iter().find(|(l, _)| l == labels);
                prop_assert!(found.is_some_and(|(_, v)| same(*v, value)), "{text} at {time}: {labels} {value} {now:?}");
            }
        }
    }

    /// Whatever is typed is answered or refused.
    #[test]
    fn no_text_is_too_odd(text in ".{0,40}", store in store()) {
        if let Ok(query) = Query::parse(&text) {
            let _ = query.at(&store, 60_000, &options());
        }
    }

    /// The same of what is nearly PromQL, at times at the ends of what a time can be.
    #[test]
    fn no_expression_is_too_odd(
        words in prop::collection::vec(one_of("a b{x=~\"1\"} sum rate ( ) [ ] 5m 1y : , - + == bool on by offset @ 1e30 Inf NaN 0x7 start() end() \"x\" and 999999999y group_left topk {} é"), 0..14),
        store in store(),
        time in prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0)],
    ) {
        let text = words.join(" ");
        if let Ok(query) = Query::parse(&text) {
            let _ = query.at(&store, time, &options());
            let _ = query.over(&store, Span { start_ms: time, end_ms: i64::MAX, step_ms: 1 }, &options());
        }
    }
}

#[test]
fn too_much_work_is_refused_before_it_is_done() {
    let store = vec![Series {
        labels: Labels::new([(METRIC_NAME, "a")]),
        samples: vec![Sample {
            at_ms: 0,
            value: 1.0,
        }],
    }];
    for text in [
        "count_over_time(a[1y:1ms])",
        "count_over_time(vector(1)[1000y:1ms])",
        "max_over_time(sum_over_time(nowhere[1y:1s])[1y:1s])",
    ] {
        let answer = Query::parse(text)
            .unwrap()
            .at(&store, 0, &Options::default());
        assert!(
            matches!(answer, Err(EvalError::TooMuch(_))),
            "{text}: {answer:?}"
        );
    }
    let span = Span {
        start_ms: i64::MIN,
        end_ms: i64::MAX,
        step_ms: 1,
    };
    let answer = Query::parse("a")
        .unwrap()
        .over(&store, span, &Options::default());
    assert!(matches!(answer, Err(EvalError::TooMuch(_))), "{answer:?}");
}

#[test]
fn nesting_has_an_end() {
    for (before, after) in [
        ("(", ")"),
        ("-", ""),
        ("abs(", ")"),
        ("a + ", ""),
        ("a ^ ", ""),
    ] {
        for depth in [200, 450, 5000] {
            let text = format!("{}a{}", before.repeat(depth), after.repeat(depth));
            let error = Query::parse(&text).unwrap_err().to_string();
            assert!(error.contains("the expression is too"), "{error}");
        }
    }
}

#[test]
fn spans_that_cannot_be_walked_are_refused() {
    let query = Query::parse("a").unwrap();
    for (end_ms, step_ms) in [(0, 0), (0, -1), (-1, 1)] {
        let span = Span {
            start_ms: 0,
            end_ms,
            step_ms,
        };
        let answer = query.over(&Vec::new(), span, &Options::default());
        assert_eq!(answer, Err(EvalError::Span));
    }
}
