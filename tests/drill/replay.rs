//! What was recorded once, going on for as long as one likes, and what the shipped rules make of it.
use flashfit::engines::{
    alerting::{Active, Change, Evaluation, RuleFile},
    promql::{Labels, Options},
    series::{Limits, Ring},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// How often is sampled and evaluated in a replay, as it is by default.
const STEP_MS: i64 = 15_000;
/// How many of them a recording has: from one moment to one that is a minute later.
const STEPS: usize = 4;
/// Noon of some day.
const BEGIN_MS: i64 = 1_795_521_600_000;
/// How busy the machine is with other tests is no matter of the server.
const OF_THE_MACHINE: [&str; 4] = [
    "system_cpu_seconds_total",
    "system_load1",
    "system_load5",
    "system_load15",
];

/// A minute of a server.
pub(crate) struct Recording {
    series: Vec<Recorded>,
    /// When each step was.
    at_ms: Vec<i64>,
}

struct Recorded {
    labels: Labels,
    kind: Kind,
    /// One for each step, and one for the first of the next minute.
    values: Vec<f64>,
}

/// How a series goes on after the minute.
enum Kind {
    /// As before.
    Gauge,
    /// It grows as much as before.
    Counter,
    /// As far from the present as before.
    Time,
}

impl Recording {
    /// From what Prometheus's API says of the samples of all series; those that are not there all the time are left out.
    pub(crate) fn read(matrix: &Value) -> Self {
        let all: Vec<(Labels, Vec<(i64, f64)>)> =
            matrix.as_array().unwrap().iter().map(series).collect();
        let newest = all.iter().filter_map(|(_, samples)| samples.last());
        let end_ms = newest.map(|(at, _)| *at).max().unwrap();
        let at_ms: Vec<i64> = (0..=STEPS as i64)
            .map(|step| end_ms - (STEPS as i64 - step) * STEP_MS)
            .collect();
        let series = all.into_iter().filter_map(|(labels, samples)| {
            let values = at_ms.iter().map(|at| nearest(&samples, *at));
            let values = values.collect::<Option<Vec<f64>>>()?;
            let kind = kind(labels.get("__name__"));
            (!OF_THE_MACHINE.contains(&labels.get("__name__"))).then_some(Recorded {
                labels,
                kind,
                values,
            })
        });
        Self {
            series: series.collect(),
            at_ms: at_ms.clone(),
        }
    }

    /// Goes on for so many rounds, changed as `change` says (round, name, value). How many series there are, and the
    /// names of the alerts that fire.
    pub(crate) fn replay(
        &self,
        rounds: usize,
        change: impl Fn(usize, &str, f64) -> f64,
    ) -> (usize, Vec<String>) {
        let rules = RuleFile::parse(include_str!("../../config/alerts.yml")).unwrap();
        let (mut ring, mut active) = (Ring::new(Limits::default()), Active::default());
        let mut due: BTreeMap<&str, i64> = BTreeMap::new();
        let options = Options {
            subquery_step_ms: STEP_MS,
            ..Options::default()
        };
        let mut fired = vec![];
        for round in 0..rounds {
            let at_ms = BEGIN_MS + round as i64 * STEP_MS;
            let samples = self.series.iter().map(|one| {
                let value = self.value(one, round, at_ms);
                (
                    one.labels.clone(),
                    change(round, one.labels.get("__name__"), value),
                )
            });
            ring.append("metrics", at_ms, samples);
            for group in &rules.groups {
                if due.get(group.name.as_str()).is_some_and(|due| *due > at_ms) {
                    continue;
                }
                due.insert(&group.name, at_ms + group.interval_ms.unwrap_or(0));
                let store = ring.snapshot();
                let evaluation = Evaluation {
                    store: &store,
                    at_ms,
                    options: &options,
                    external_url: "",
                };
                let found = evaluation.of(group, &active);
                let failed: Vec<_> = found
                    .health
                    .iter()
                    .filter(|rule| rule.error.is_some())
                    .collect();
                assert!(failed.is_empty(), "{failed:?}");
                active.update(found.active);
                ring.append(&format!("rules/{}", group.name), at_ms, found.recorded);
                let firing = found
                    .transitions
                    .iter()
                    .filter(|one| one.change == Change::Firing);
                fired.extend(firing.map(|one| one.alert.name().to_owned()));
            }
        }
        (self.series.len(), fired)
    }

    fn value(&self, of: &Recorded, round: usize, at_ms: i64) -> f64 {
        let (minute, step) = (round / STEPS, round % STEPS);
        let value = of.values[step];
        match of.kind {
            Kind::Gauge => value,
            Kind::Counter => value + minute as f64 * (of.values[STEPS] - of.values[0]),
            Kind::Time => value + (at_ms - self.at_ms[step]) as f64 / 1000.0,
        }
    }
}

fn kind(name: &str) -> Kind {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match () {
        () if ends(&["_timestamp_seconds", "_start_time_seconds"]) => Kind::Time,
        () if ends(&["_total", "_count", "_sum", "_bucket"]) => Kind::Counter,
        () => Kind::Gauge,
    }
}

fn series(one: &Value) -> (Labels, Vec<(i64, f64)>) {
    let metric = one["metric"].as_object().unwrap();
    let labels = Labels::new(
        metric
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap())),
    );
    let samples = one["values"].as_array().unwrap().iter().map(|sample| {
        let at = (sample[0].as_f64().unwrap() * 1000.0).round() as i64;
        (at, sample[1].as_str().unwrap().parse().unwrap())
    });
    (labels, samples.collect())
}

/// The last sample at a time, if it is not old.
fn nearest(samples: &[(i64, f64)], at_ms: i64) -> Option<f64> {
    let before = samples.iter().rev().find(|(at, _)| *at <= at_ms);
    before
        .filter(|(at, _)| at_ms - at < STEP_MS)
        .map(|(_, value)| *value)
}
