//! Runs tests as promtool does it: all groups are evaluated at each interval, whatever theirs is.
use super::{ExpectedAlerts, ExpectedValues, Place, RuleTest, TestFile};
use crate::engines::{
    alerting::{
        active::Active,
        alert::State,
        evaluation::{Evaluation, Round},
        rules::{Group, RuleError, RuleFile},
    },
    promql::{Labels, Matcher, Options, Sample, Series, Store, Value, stale_marker},
};
use std::collections::HashMap;

/// Two engines may round differently.
const TOLERANCE: f64 = 1e-9;

/// Series that grow.
#[derive(Default)]
struct Memory {
    series: Vec<Series>,
    places: HashMap<Labels, usize>,
}

/// Labels with annotations.
type Texts = (Labels, Labels);

impl TestFile {
    /// Runs the tests on these rules; what is not as expected, with its place in the file of tests.
    #[must_use]
    pub fn run(&self, rules: &[RuleFile]) -> Vec<RuleError> {
        let mut groups: Vec<&Group> = rules.iter().flat_map(|file| &file.groups).collect();
        let order = |group: &&Group| {
            let mut names = self.group_order.iter();
            names
                .position(|name| *name == group.name)
                .unwrap_or(usize::MAX)
        };
        groups.sort_by_key(order);
        let tests = self.tests.iter().enumerate();
        tests
            .flat_map(|(at, test)| {
                let name = match test.name.is_empty() {
                    true => format!("test {}", at + 1),
                    false => format!("test {:?}", test.name),
                };
                let failures = Run::new(test, self.interval_ms).all(&groups);
                failures.into_iter().map(move |(place, message)| RuleError {
                    line: place.line,
                    column: place.column,
                    message: format!("{name}: {message}"),
                })
            })
            .collect()
    }
}

struct Run<'t> {
    test: &'t RuleTest,
    interval_ms: i64,
    options: Options,
    memory: Memory,
    active: Active,
    failures: Vec<(Place, String)>,
}

impl<'t> Run<'t> {
    fn new(test: &'t RuleTest, interval_ms: i64) -> Self {
        let mut memory = Memory::default();
        for (labels, samples) in &test.series {
            for sample in samples {
                memory.append(labels, *sample);
            }
        }
        Self {
            test,
            interval_ms,
            options: Options {
                subquery_step_ms: interval_ms,
                ..Options::default()
            },
            memory,
            active: Active::default(),
            failures: vec![],
        }
    }

    fn all(mut self, groups: &[&Group]) -> Vec<(Place, String)> {
        let alerts = self.test.alerts.iter().map(|one| (one.at_ms, one.place));
        let values = self.test.values.iter().map(|one| (one.at_ms, one.place));
        let Some((last_ms, last)) = alerts.chain(values).max_by_key(|(at_ms, _)| *at_ms) else {
            return vec![];
        };
        let mut at_ms = 0;
        while at_ms <= last_ms {
            for group in groups {
                if let Some(failure) = self.evaluate(group, at_ms) {
                    self.failures.push((last, failure));
                    return self.failures;
                }
            }
            let due = at_ms..at_ms + self.interval_ms;
            for expected in self
                .test
                .alerts
                .iter()
                .filter(|one| due.contains(&one.at_ms))
            {
                self.compare_alerts(expected);
            }
            at_ms += self.interval_ms;
        }
        for expected in &self.test.values {
            self.compare_values(expected);
        }
        self.failures
    }

    fn evaluate(&mut self, group: &Group, at_ms: i64) -> Option<String> {
        let evaluation = Evaluation {
            store: &self.memory,
            at_ms,
            options: &self.options,
            external_url: &self.test.external_url,
        };
        let Round {
            active,
            recorded,
            ended,
            health,
            ..
        } = evaluation.of(group, &self.active);
        self.active.update(active);
        for (labels, value) in recorded {
            self.memory.append(&labels, Sample { at_ms, value });
        }
        for labels in ended {
            let value = stale_marker();
            self.memory.append(&labels, Sample { at_ms, value });
        }
        let rules = group.rules.iter().zip(&health);
        let mut failed = rules.filter_map(|(rule, health)| Some((rule, health.error.as_ref()?)));
        failed.next().map(|(rule, error)| {
            let name = &rule.written().name;
            format!("the rule {name:?} fails {}: {error}", after(at_ms))
        })
    }

    fn compare_alerts(&mut self, expected: &ExpectedAlerts) {
        let firing = self.active.alerts().map(|(_, alert)| alert);
        let firing = firing.filter(|a| a.state == State::Firing && a.name() == expected.name);
        let mut unexpected: Vec<Texts> = firing
            .map(|alert| (alert.labels.clone(), alert.annotations.clone()))
            .collect();
        let mut missing = expected.alerts.clone();
        missing.retain(
            |wanted| match unexpected.iter().position(|got| got == wanted) {
                Some(at) => {
                    unexpected.swap_remove(at);
                    false
                }
                None => true,
            },
        );
        if missing.is_empty() && unexpected.is_empty() {
            return;
        }
        unexpected.sort();
        let list = |alerts: &[Texts]| {
            let alerts = alerts
                .iter()
                .map(|(labels, texts)| format!("{labels} with {texts:?}"));
            match alerts.collect::<Vec<_>>() {
                none if none.is_empty() => "nothing".to_owned(),
                some => some.join(", "),
            }
        };
        let message = format!(
            "{} {}: expected {}; got {}",
            expected.name,
            after(expected.at_ms),
            list(&missing),
            list(&unexpected)
        );
        self.failures.push((expected.place, message));
    }

    fn compare_values(&mut self, expected: &ExpectedValues) {
        let answer = expected
            .query
            .at(&self.memory, expected.at_ms, &self.options);
        let mut fail = |what: String| {
            let (text, when) = (expected.query.text(), after(expected.at_ms));
            self.failures
                .push((expected.place, format!("{text} {when}: {what}")));
        };
        let mut got = match answer {
            Ok(Value::Scalar(value)) => vec![(Labels::empty(), value)],
            Ok(Value::Vector(values)) => values,
            Ok(Value::Matrix(_)) => {
                return fail("a range vector has no value at one time".to_owned());
            }
            Err(error) => return fail(error.to_string()),
        };
        let mut wanted = expected.samples.clone();
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        got.sort_by(|a, b| a.0.cmp(&b.0));
        let is_same =
            |((a, x), (b, y)): (&(Labels, f64), &(Labels, f64))| a == b && is_near(*x, *y);
        if wanted.len() == got.len() && wanted.iter().zip(&got).all(is_same) {
            return;
        }
        let list = |samples: &[(Labels, f64)]| {
            let samples = samples
                .iter()
                .map(|(labels, value)| format!("{labels} {value}"));
            match samples.collect::<Vec<_>>() {
                none if none.is_empty() => "nothing".to_owned(),
                some => some.join(", "),
            }
        };
        fail(format!("expected {}; got {}", list(&wanted), list(&got)));
    }
}

#[expect(clippy::float_cmp, reason = "infinities are equal or not")]
fn is_near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}

fn after(ms: i64) -> String {
    format!(
        "after {}",
        crate::engines::alerting::rules::duration::text(ms)
    )
}

impl Memory {
    fn append(&mut self, labels: &Labels, sample: Sample) {
        let place = *self.places.entry(labels.clone()).or_insert_with(|| {
            self.series.push(Series {
                labels: labels.clone(),
                samples: vec![],
            });
            self.series.len() - 1
        });
        let Some(series) = self.series.get_mut(place) else {
            return;
        };
        let at = series.samples.partition_point(|s| s.at_ms < sample.at_ms);
        if series
            .samples
            .get(at)
            .is_none_or(|s| s.at_ms != sample.at_ms)
        {
            series.samples.insert(at, sample);
        }
    }
}

impl Store for Memory {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        self.series.select(matchers, from_ms, to_ms)
    }
}
