//! How alerts come and go.
use crate::engines::{
    alerting::{
        Active, Change, Evaluation, Group, RESOLVED_RETENTION_MS, Round, RuleFile, State,
        Transition,
    },
    promql::{Labels, METRIC_NAME, Options, Sample, Series, stale_marker},
};
use proptest::prelude::*;

const STEP_MS: i64 = 15_000;

fn group(rules: &str) -> Group {
    let text = format!("groups: [{{name: g, rules: [{rules}]}}]");
    RuleFile::parse(&text).unwrap().groups.remove(0)
}

fn one(n: &str, at_ms: i64, value: f64) -> Series {
    Series {
        labels: Labels::new([(METRIC_NAME, "m"), ("n", n)]),
        samples: vec![Sample { at_ms, value }],
    }
}

fn evaluate(group: &Group, series: &Vec<Series>, at_ms: i64, earlier: &Active) -> Round {
    let evaluation = Evaluation {
        store: series,
        at_ms,
        options: &Options::default(),
        external_url: "https://wear.example.org",
    };
    evaluation.of(group, earlier)
}

/// What is seen in a round: a value, none, or something that cannot be evaluated.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Seen {
    Bad,
    Good,
    Broken,
}

fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![6 => Just(Seen::Bad), 4 => Just(Seen::Good), 1 => Just(Seen::Broken)]
}

/// The transitions of each round, and what is remembered at the end.
fn play(group: &Group, rounds: &[Seen], is_restarted: bool) -> (Vec<Vec<Transition>>, Active) {
    let mut active = Active::default();
    let mut told = vec![];
    for (at, seen) in rounds.iter().enumerate() {
        let at_ms = i64::try_from(at).unwrap() * STEP_MS;
        let series = match seen {
            Seen::Bad => vec![one("1", at_ms, 1.0)],
            Seen::Good => vec![one("1", at_ms, 0.0)],
            Seen::Broken => vec![one("1", at_ms, 1.0), one("2", at_ms, 1.0)],
        };
        if is_restarted {
            let stored = serde_json::to_string(&active).unwrap();
            active = serde_json::from_str(&stored).unwrap();
        }
        let round = evaluate(group, &series, at_ms, &active);
        assert_eq!(round.health[0].error.is_some(), *seen == Seen::Broken);
        active.update(round.active);
        told.push(round.transitions);
    }
    (told, active)
}

fn changes(told: &[Vec<Transition>]) -> Vec<(i64, Change)> {
    let rounds = told.iter().enumerate();
    rounds
        .flat_map(|(at, round)| {
            let at_ms = i64::try_from(at).unwrap() * STEP_MS;
            round
                .iter()
                .map(move |transition| (at_ms, transition.change))
        })
        .collect()
}

proptest! {
    #[test]
    fn alerts_obey_their_rule(
        rounds in prop::collection::vec(seen(), 1..120),
        for_s in 0..200_i64,
        keep_s in 0..200_i64,
    ) {
        // Two series make the division ambiguous.
        let group = group(&format!(
            "{{alert: A, expr: 'm / on() m > 0 and on() m > 0', for: {for_s}s, keep_firing_for: {keep_s}s}}"
        ));
        let (told, active) = play(&group, &rounds, false);
        // The same again, and with a restart before every round.
        prop_assert_eq!(&play(&group, &rounds, false), &(told.clone(), active.clone()));
        prop_assert_eq!(&play(&group, &rounds, true), &(told.clone(), active.clone()));
        let mut firing_since = None;
        for (at_ms, change) in changes(&told) {
            let round = usize::try_from(at_ms / STEP_MS).unwrap();
            // How long it has been bad, as far as could be seen.
            let before = rounds[..=round].iter().rev();
            let bad = before.clone().take_while(|s| **s != Seen::Good).count();
            let first_bad = rounds[round + 1 - bad..].iter().position(|s| *s == Seen::Bad);
            match change {
                Change::Pending | Change::Dropped => prop_assert!(firing_since.is_none()),
                Change::Firing => {
                    prop_assert!(firing_since.is_none(), "it fires twice");
                    let began = round + 1 - bad + first_bad.unwrap();
                    let lasted_ms = i64::try_from(round - began).unwrap() * STEP_MS;
                    prop_assert!(lasted_ms >= for_s * 1000, "it fires after {lasted_ms} ms");
                    firing_since = Some(at_ms);
                }
                Change::Resolved => {
                    prop_assert!(firing_since.take().is_some(), "it ends twice");
                    let good = before.clone().take_while(|s| **s != Seen::Bad);
                    let good_ms = i64::try_from(good.count()).unwrap() * STEP_MS;
                    prop_assert!(good_ms > keep_s * 1000, "it ends after {good_ms} ms");
                }
            }
        }
        let is_firing = active.alerts().any(|(_, alert)| alert.state == State::Firing);
        prop_assert_eq!(is_firing, firing_since.is_some());
    }
}

#[test]
fn what_is_over_is_seen_for_a_while() {
    let group = group("{alert: A, expr: m > 0}");
    let (_, mut active) = play(&group, &[Seen::Bad, Seen::Good], false);
    let states = |active: &Active| active.alerts().map(|(_, a)| a.state).collect::<Vec<_>>();
    assert_eq!(states(&active), [State::Resolved]);
    for (after_ms, count) in [(RESOLVED_RETENTION_MS, 1), (RESOLVED_RETENTION_MS + 1, 0)] {
        active.update(evaluate(&group, &vec![], STEP_MS + after_ms, &active).active);
        assert_eq!(states(&active).len(), count, "{after_ms}");
    }
}

#[test]
fn a_rule_with_too_many_alerts_fails_and_its_alerts_end() {
    let mut group = group("{alert: A, expr: m > 0}, {record: r, expr: m}");
    group.limit = 2;
    let series = |count: i32, at_ms| {
        let all = (0..count).map(|n| one(&n.to_string(), at_ms, 1.0));
        all.collect::<Vec<_>>()
    };
    let round = evaluate(&group, &series(2, 0), 0, &Active::default());
    assert_eq!((round.health[0].firing, &round.health[1].error), (2, &None));
    let round = evaluate(&group, &series(3, STEP_MS), STEP_MS, &round.active);
    let error = |at: usize| round.health[at].error.clone().unwrap();
    assert_eq!(error(0), "exceeded limit of 2 with 3 alerts");
    assert_eq!(error(1), "exceeded limit of 2 with 3 series");
    let changes: Vec<Change> = round.transitions.iter().map(|t| t.change).collect();
    assert_eq!(changes, [Change::Resolved, Change::Resolved]);
}

#[test]
fn alerts_that_become_the_same_are_an_error() {
    let group = group(
        "{alert: A, expr: m > 0, labels: {n: same}}, {record: r, expr: m, labels: {n: same}}",
    );
    let round = evaluate(
        &group,
        &vec![one("1", 0, 1.0), one("2", 0, 1.0)],
        0,
        &Active::default(),
    );
    for health in round.health {
        assert!(health.error.unwrap().contains("the same labelset"));
    }
}

#[test]
fn later_rules_see_what_earlier_ones_wrote_and_what_ended() {
    let group = group(
        "{record: r, expr: m > 0}, {alert: A, expr: count(r) > 0}, {record: n, expr: 'count(ALERTS) or vector(0)'}",
    );
    let value = |round: &Round, name: &str| {
        let mut recorded = round.recorded.iter();
        let found = recorded.find(|(labels, _)| labels.get(METRIC_NAME) == name);
        found.map(|(_, value)| *value)
    };
    let first = evaluate(&group, &vec![one("1", 0, 5.0)], 0, &Active::default());
    assert_eq!(
        (value(&first, "r"), value(&first, "n")),
        (Some(5.0), Some(1.0))
    );
    // Whoever keeps the samples has those of the first round.
    let mut series = vec![one("1", STEP_MS, 0.0)];
    for (labels, value) in &first.recorded {
        series.push(Series {
            labels: labels.clone(),
            samples: vec![Sample {
                at_ms: 0,
                value: *value,
            }],
        });
    }
    let second = evaluate(&group, &series, STEP_MS, &first.active);
    assert_eq!(
        (value(&second, "r"), value(&second, "n")),
        (None, Some(0.0))
    );
    assert_eq!(second.ended.len(), 3, "{:?}", second.ended);
    assert_eq!(second.transitions[0].change, Change::Resolved);
}

#[test]
fn rules_that_are_gone_end_their_alerts_and_series() {
    let group = group("{alert: A, expr: m > 0}, {alert: B, expr: m > 0, for: 1h}");
    let mut active = evaluate(&group, &vec![one("1", 0, 1.0)], 0, &Active::default()).active;
    assert_eq!(active.retire(|_| true, STEP_MS), Default::default());
    let retired = active.retire(|_| false, STEP_MS);
    let mut changes: Vec<(&str, Change)> = retired
        .transitions
        .iter()
        .map(|t| (t.alert.name(), t.change))
        .collect();
    changes.sort_by_key(|(name, _)| *name);
    assert_eq!(changes, [("A", Change::Resolved), ("B", Change::Dropped)]);
    assert_eq!(retired.ended.len(), 4);
    assert_eq!(active.alerts().count(), 1);
    let again = active.retire(|_| false, STEP_MS + RESOLVED_RETENTION_MS + 1);
    assert_eq!((again, active), Default::default());
}

#[test]
fn odd_values_survive_being_stored() {
    let group = group(
        "{alert: A, expr: 'm != 0 or m == 0', annotations: {a: '{{ $value }} {{ externalURL }}'}}",
    );
    for value in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.1 + 0.2,
        -0.0,
        1e300,
    ] {
        let active = evaluate(&group, &vec![one("1", 0, value)], 0, &Active::default()).active;
        let stored: Active =
            serde_json::from_str(&serde_json::to_string(&active).unwrap()).unwrap();
        let (_, alert) = stored.alerts().next().unwrap();
        assert_eq!(alert.value.to_bits(), value.to_bits(), "{value}");
        let text = alert.annotations.get("a");
        assert!(text.ends_with(" https://wear.example.org"), "{text}");
    }
    let nothing = evaluate(
        &group,
        &vec![one("1", 0, stale_marker())],
        0,
        &Active::default(),
    );
    assert_eq!(nothing.active.alerts().count(), 0);
}

#[test]
fn a_text_that_cannot_be_filled_in_says_so_and_the_alert_fires() {
    let group =
        group(r#"{alert: A, expr: m > 0, annotations: {a: '{{ query "x" | first | value }}'}}"#);
    let round = evaluate(&group, &vec![one("1", 0, 1.0)], 0, &Active::default());
    let (_, alert) = round.active.alerts().next().unwrap();
    assert_eq!(alert.state, State::Firing);
    let text = alert.annotations.get("a");
    assert!(
        text.starts_with("<error expanding template: first()"),
        "{text}"
    );
}
