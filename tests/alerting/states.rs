//! How alerts come and go, against `promtool test rules`: what fires, and the series about it, at every moment.
use crate::promtool::promtool;
use flashfit::engines::{
    alerting::{Active, Evaluation, RuleFile, State, TestFile},
    promql::{Labels, Options, Query, Sample, Series, Value, stale_marker},
};
use serde_json::{Value as Json, json};

const MINUTE_MS: i64 = 60_000;
const MINUTES: i64 = 45;
const ASKED: [&str; 4] = ["ALERTS", "ALERTS_FOR_STATE", "total", "by_n"];

/// The same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn rules(random: &mut Random) -> String {
    let duration = |minutes: u64| format!("{minutes}m{}s", minutes % 3 * 20);
    let mut all = vec![
        json!({"record": "total", "expr": "sum(m)", "labels": {"kind": "sum"}}),
        json!({"record": "by_n", "expr": "m > 1"}),
        json!({"alert": "OfRecord", "expr": "total > 3", "for": "2m", "labels": {"severity": "info"}}),
        json!({"alert": "OfAlerts", "expr": "count(ALERTS{alertstate=\"firing\", alertname=~\"R.*\"}) > 2"}),
        json!({"alert": "Emptied", "expr": "m == 3", "labels": {"x": "{{ if eq $labels.n \"1\" }}one{{ end }}", "job": ""}}),
    ];
    let severities = ["{{ $labels.n }}", "{{ $value | humanize }}"];
    for at in 0..8 {
        all.push(json!({
            "alert": format!("R{at}"),
            "expr": format!("m > {}", random.below(3)),
            "for": duration(random.below(6)),
            "keep_firing_for": duration(random.below(2) * random.below(6)),
            "labels": {"severity": severities[random.below(2) as usize]},
            "annotations": {"summary": "{{ $labels.n }} is {{ $value }}"},
        }));
    }
    json!({"groups": [{"name": "g", "rules": all}]}).to_string()
}

fn series(random: &mut Random) -> Vec<Vec<String>> {
    (0..4)
        .map(|_| {
            let mut last = "0".to_owned();
            let next = |_| {
                // Values stay for a while, so that alerts have the time to fire.
                if random.below(4) == 0 {
                    last = match random.below(8) {
                        0 => "_".to_owned(),
                        1 => "stale".to_owned(),
                        value => (value % 4).to_string(),
                    };
                }
                last.clone()
            };
            (0..=MINUTES).map(next).collect()
        })
        .collect()
}

#[derive(Default)]
struct Memory(Vec<Series>);

impl Memory {
    fn append(&mut self, labels: &Labels, at_ms: i64, value: f64) {
        let sample = Sample { at_ms, value };
        match self.0.iter_mut().find(|series| series.labels == *labels) {
            Some(series) => series.samples.push(sample),
            None => self.0.push(Series {
                labels: labels.clone(),
                samples: vec![sample],
            }),
        }
    }
}

fn named(n: usize) -> Labels {
    let n = n.to_string();
    Labels::new([("__name__", "m"), ("n", n.as_str()), ("job", "web")])
}

fn as_json(labels: &Labels, without: &str) -> Json {
    let pairs = labels.iter().filter(|(name, _)| *name != without);
    pairs
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What our engine makes of some rules, minute by minute.
struct Play<'r> {
    rules: &'r RuleFile,
    memory: Memory,
    active: Active,
    options: Options,
}

impl Play<'_> {
    fn minute(&mut self, minute: i64, values: &[Vec<String>]) {
        let at_ms = minute * MINUTE_MS;
        for (n, values) in values.iter().enumerate() {
            match values[minute as usize].as_str() {
                "_" => (),
                "stale" => self.memory.append(&named(n), at_ms, stale_marker()),
                value => self.memory.append(&named(n), at_ms, value.parse().unwrap()),
            }
        }
        for group in &self.rules.groups {
            let evaluation = Evaluation {
                store: &self.memory.0,
                at_ms,
                options: &self.options,
                external_url: "",
            };
            // What is remembered survives being stored.
            let stored = serde_json::to_string(&self.active).unwrap();
            let round = evaluation.of(group, &serde_json::from_str(&stored).unwrap());
            assert!(
                round.health.iter().all(|h| h.error.is_none()),
                "{:?}",
                round.health
            );
            self.active.update(round.active);
            for (labels, value) in &round.recorded {
                self.memory.append(labels, at_ms, *value);
            }
            for labels in &round.ended {
                self.memory.append(labels, at_ms, stale_marker());
            }
        }
    }

    /// What fires, as a test of it.
    fn alerts(&self, minute: i64) -> Vec<Json> {
        let names = self
            .rules
            .rules()
            .map(|(_, rule)| rule.written().name.clone());
        let test = |name: String| {
            let alerts = self.active.alerts().map(|(_, alert)| alert);
            let firing = alerts.filter(|a| a.state == State::Firing && a.name() == name);
            let expected = firing.map(|a| {
                let annotations = as_json(&a.annotations, "");
                json!({"exp_labels": as_json(&a.labels, "alertname"), "exp_annotations": annotations})
            });
            let expected: Vec<Json> = expected.collect();
            json!({"eval_time": format!("{minute}m"), "alertname": name, "exp_alerts": expected})
        };
        names
            .filter(|name| !ASKED.contains(&name.as_str()))
            .map(test)
            .collect()
    }

    /// The series about alerts and those that are recorded, as a test of them.
    fn values(&self, minute: i64) -> Vec<Json> {
        let test = |asked: &&str| {
            let query = Query::parse(asked).unwrap();
            let at_ms = minute * MINUTE_MS;
            let Value::Vector(found) = query.at(&self.memory.0, at_ms, &self.options).unwrap()
            else {
                panic!("{asked} is no vector");
            };
            let samples = found.iter();
            let samples: Vec<Json> = samples
                .map(|(labels, value)| json!({"labels": labels.to_string(), "value": value}))
                .collect();
            json!({"expr": asked, "eval_time": format!("{minute}m"), "exp_samples": samples})
        };
        ASKED.iter().map(test).collect()
    }
}

/// A test of what our engine makes of these rules and series.
fn test_of(rules: &RuleFile, values: &[Vec<String>]) -> Json {
    let mut play = Play {
        rules,
        memory: Memory::default(),
        active: Active::default(),
        options: Options::default(),
    };
    let (mut alert_tests, mut value_tests) = (vec![], vec![]);
    for minute in 0..=MINUTES {
        play.minute(minute, values);
        alert_tests.extend(play.alerts(minute));
        value_tests.extend(play.values(minute));
    }
    let input: Vec<Json> = values
        .iter()
        .enumerate()
        .map(|(n, values)| json!({"series": named(n).to_string(), "values": values.join(" ")}))
        .collect();
    json!({
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": input,
            "alert_rule_test": alert_tests,
            "promql_expr_test": value_tests,
        }],
    })
}

#[test]
fn alerts_come_and_go_as_in_prometheus() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.yml");
    let (mut fired, mut kept) = (0, 0);
    for seed in 0..12 {
        let random = &mut Random(seed);
        let text = rules(random);
        let rules = RuleFile::parse(&text).unwrap();
        let values = series(random);
        let test = test_of(&rules, &values);
        let written = test.to_string();
        fired += written.matches("exp_labels").count();
        kept += text.matches("\"keep_firing_for\":\"0m0s\"").count();
        fs_err::write(folder.path().join("rules.yml"), &text).unwrap();
        fs_err::write(&path, &written).unwrap();
        let (is_content, said) = promtool(&["test", "rules"], &[&path]);
        assert!(is_content, "seed {seed}: {said}");
        // Our own runner of such tests agrees.
        let failures = TestFile::parse(&written).unwrap().run(&[rules]);
        assert!(failures.is_empty(), "seed {seed}: {failures:?}");
    }
    assert!(
        fired > 1000 && kept < 96,
        "nothing was tried: {fired} {kept}"
    );
}

/// Prometheus's documentation: evaluated a minute apart, over series that are a minute apart.
const DOCUMENTED: &str = r#"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    name: from the documentation
    input_series:
      - series: 'up{job="prometheus", instance="localhost:9090"}'
        values: '0 0 0 0 0 0 0 0 0 0 0 0 0 0 0'
      - series: 'up{job="node_exporter", instance="localhost:9100"}'
        values: '1+0x6 0 0 0 0 0 0 0 0'
      - series: 'go_goroutines{job="prometheus", instance="localhost:9090"}'
        values: '10+10x2 30+20x5'
      - series: 'go_goroutines{job="node_exporter", instance="localhost:9100"}'
        values: '10+10x7 10+30x4'
    alert_rule_test:
      - eval_time: 10m
        alertname: InstanceDown
        exp_alerts:
          - exp_labels: {severity: page, instance: localhost:9090, job: prometheus}
            exp_annotations:
              summary: "Instance localhost:9090 down"
      - eval_time: 4m30s
        alertname: InstanceDown
    promql_expr_test:
      - expr: go_goroutines > 5
        eval_time: 4m
        exp_samples:
          - labels: 'go_goroutines{job="prometheus",instance="localhost:9090"}'
            value: 50
          - labels: 'go_goroutines{job="node_exporter",instance="localhost:9100"}'
            value: 50
      - expr: count(up) + 0.5
        exp_samples: [{labels: '{}', value: 2.5}]
"#;

const DOCUMENTED_RULES: &str = r#"
groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: up == 0
        for: 5m
        labels: {severity: page}
        annotations:
          summary: "Instance {{ $labels.instance }} down"
"#;

#[test]
fn tests_fail_exactly_where_promtool_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.yml");
    fs_err::write(folder.path().join("rules.yml"), DOCUMENTED_RULES).unwrap();
    let rules = RuleFile::parse(DOCUMENTED_RULES).unwrap();
    for (from, to, place) in [
        ("", "", None),
        ("severity: page", "severity: pages", Some((18, 20))),
        ("9090 down\"", "9090 up\"", Some((18, 20))),
        ("eval_time: 10m", "eval_time: 11m59s", None),
        ("eval_time: 10m", "eval_time: 12m", Some((18, 20))),
        ("eval_time: 4m30s", "eval_time: 5m", Some((24, 20))),
        ("value: 50", "value: 51", Some((26, 15))),
        ("eval_time: 4m\n", "eval_time: 14m\n", Some((26, 15))),
        ("value: 2.5", "value: 2.6", Some((33, 15))),
        ("'{}', ", "'up', ", Some((33, 15))),
        ("0 0 0 0 0 0 0'", "0 0 0 0 0 0 _x2'", None),
        ("'1+0x6 0 0", "'1+0x6 stale 0", None),
    ] {
        let text = DOCUMENTED.replacen(from, to, 1);
        fs_err::write(&path, &text).unwrap();
        let (is_content, said) = promtool(&["test", "rules"], &[&path]);
        assert_eq!(is_content, place.is_none(), "{to}: {said}");
        let failures = TestFile::parse(&text)
            .unwrap()
            .run(std::slice::from_ref(&rules));
        let got = failures
            .first()
            .map(|failure| (failure.line, failure.column));
        assert_eq!(got, place, "{to}: {failures:?}");
    }
}

#[test]
fn tests_that_cannot_be_read_say_where() {
    for (from, to, message) in [
        (
            "interval: 1m\n    name",
            "intervall: 1m\n    name",
            "5:5: unknown field \"intervall\"",
        ),
        ("'1+0x6 0", "'1+0y6 0", "11:17: \"1+0y6\" are no values"),
        ("up{job=\"node", "up{job=~\"node", "10:17: "),
        (
            "alertname: InstanceDown",
            "exp_alerts: []\n      -",
            "17:9: a test needs \"alertname\"",
        ),
        (
            "go_goroutines > 5",
            "go_goroutines > foo(5)",
            "26:31: the function \"foo\" is not supported",
        ),
        (
            "value: 50",
            "value: many",
            "30:20: a number is wanted here, not \"many\"",
        ),
        (
            "rule_files: [rules.yml]",
            "rule_files: rules.yml",
            "2:13: a list is wanted here",
        ),
    ] {
        let text = DOCUMENTED.replacen(from, to, 1);
        let error = TestFile::parse(&text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{to}: {error}");
    }
    assert!(TestFile::is_one(DOCUMENTED));
    assert!(!TestFile::is_one(DOCUMENTED_RULES));
}
