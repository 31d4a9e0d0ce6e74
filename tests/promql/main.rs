//! The PromQL evaluator against Prometheus itself: the same samples, the same expressions, the same answers.
//!
//! `expressions.txt` is the table; every expression is asked at several times and over two spans. Needs the programs
//! of Debian's package `prometheus`, which run as children of the test on the loopback.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod compare;
mod corpus;
mod prometheus;
mod properties;
mod table;

use std::collections::BTreeMap;

use flashfit::engines::promql::{Options, Query, Series, Span};
use futures_util::{StreamExt, stream};

use compare::{Answer, differences};
use prometheus::Prometheus;
use table::{Case, Expected};

const MINUTE: i64 = 60_000;

/// Before the first sample, between samples, on one, while series are away, at the end, and when all is over.
fn instants() -> Vec<i64> {
    let minutes = |m: i64| corpus::START_MS + m * MINUTE;
    vec![
        minutes(-1),
        minutes(10),
        minutes(31) + 13_250,
        minutes(60),
        minutes(83) + 777,
        minutes(119),
        minutes(125),
        minutes(125) + 1,
    ]
}

fn spans() -> [Span; 2] {
    let span = |from: i64, to: i64, step_ms: i64| Span {
        start_ms: corpus::START_MS + from,
        end_ms: corpus::START_MS + to,
        step_ms,
    };
    [
        span(0, 126 * MINUTE, 3 * MINUTE),
        span(30 * MINUTE + 7_001, 40 * MINUTE, 17_000),
    ]
}

#[tokio::test]
async fn prometheus_says_the_same() {
    let series = corpus::series();
    let prometheus = Prometheus::start(&series).await;
    let cases = table::read();
    assert!(cases.len() > 300, "the table was not read");
    let problems: Vec<String> = stream::iter(&cases)
        .map(|case| check(case, &series, &prometheus))
        .buffer_unordered(8)
        .flat_map(stream::iter)
        .collect()
        .await;
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        *groups.entry(&case.group).or_default() += 1;
    }
    assert!(
        problems.is_empty(),
        "{} differences over {groups:?}:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// What is wrong with one expression.
async fn check(case: &Case, series: &Vec<Series>, prometheus: &Prometheus) -> Vec<String> {
    let text = &case.text;
    let query = match (Query::parse(text), &case.expected) {
        (Ok(_), Expected::Refused { .. } | Expected::Invalid { .. }) => {
            return vec![format!("{text}: should be refused")];
        }
        (Ok(query), _) => query,
        (Err(error), Expected::Refused { column } | Expected::Invalid { column }) => {
            return refused(case, &error, *column, prometheus).await;
        }
        (Err(error), _) => return vec![format!("{text}: refused: {error}")],
    };
    let mut problems = vec![];
    let (mut something, mut failed) = (false, false);
    let mut both = vec![];
    for time_ms in instants() {
        let ours = Answer::from(query.at(series, time_ms, &Options::default()));
        both.push((
            format!("at {time_ms}"),
            ours,
            prometheus.at(text, time_ms).await,
        ));
    }
    for span in spans() {
        let ours = Answer::from(query.over(series, span, &Options::default()));
        both.push((
            format!("over {span:?}"),
            ours,
            prometheus.over(text, span).await,
        ));
    }
    for (when, ours, theirs) in both {
        something |= !theirs.is_empty();
        failed |= matches!(theirs, Answer::Error(_));
        if let Some(difference) = differences(&ours, &theirs, case.expected == Expected::SameOrder)
        {
            problems.push(format!("{text} {when}: {difference}"));
        }
    }
    // An expression that never has a result proves nothing.
    if something != (case.expected != Expected::Nothing) {
        problems.push(format!("{text}: a result anywhere: {something}"));
    }
    if failed != matches!(case.expected, Expected::Failure | Expected::Range) {
        problems.push(format!("{text}: a failure anywhere: {failed}"));
    }
    problems
}

/// What is refused is named with its place; Prometheus takes it where the table says that it is PromQL.
async fn refused(
    case: &Case,
    error: &flashfit::engines::promql::LoadError,
    column: usize,
    prometheus: &Prometheus,
) -> Vec<String> {
    let text = &case.text;
    let mut problems = vec![];
    if error.position.column != column {
        problems.push(format!("{text}: refused at another place: {error}"));
    }
    let theirs = prometheus.at(text, corpus::START_MS + 60 * MINUTE).await;
    let is_promql = !matches!(theirs, Answer::Error(_));
    if is_promql != matches!(case.expected, Expected::Refused { .. }) {
        problems.push(format!("{text}: Prometheus says {theirs:?}"));
    }
    problems
}
