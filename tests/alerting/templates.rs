//! What templates are filled in with, as `promtool test rules` does it.
use crate::promtool::promtool;
use flashfit::engines::{
    alerting::{Active, Evaluation, RuleFile, State},
    promql::{Labels, METRIC_NAME, Options, Sample, Series},
};
use serde_json::{Value as Json, json};

const VALUES: [&str; 18] = [
    "0",
    "1",
    "-1",
    "0.5",
    "42",
    "1234.5678",
    "-98765.4321",
    "123456789",
    "1048576",
    "0.00012",
    "-0.0345",
    "59.99",
    "3725",
    "90061.5",
    "1700000000.25",
    "1e-12",
    "1e+24",
    "100000",
];
const ODD: [&str; 3] = ["NaN", "+Inf", "-Inf"];

/// Each line of the table is a text; `\n` is a line break.
fn texts() -> Vec<String> {
    let lines = include_str!("templates.txt").lines();
    let texts = lines.filter(|line| !line.is_empty() && !line.starts_with("##"));
    texts.map(|line| line.replace("⏎", "\n")).collect()
}

fn series() -> (Vec<Series>, Vec<Json>) {
    let (mut series, mut written) = (vec![], vec![]);
    for (at, value) in VALUES.iter().chain(&ODD).enumerate() {
        let number = at.to_string();
        let labels = Labels::new([
            (METRIC_NAME, "m"),
            ("n", &number),
            ("job", "web api_x-y"),
            ("instance", "db.example.org:9090"),
            ("v", value),
        ]);
        let value = value.parse().unwrap();
        written.push(json!({"series": labels.to_string(), "values": VALUES.iter().chain(&ODD).nth(at).unwrap().trim_start_matches('+')}));
        let samples = vec![Sample { at_ms: 0, value }];
        series.push(Series { labels, samples });
    }
    (series, written)
}

#[test]
fn texts_are_filled_in_as_prometheus_does_it() {
    let texts = texts();
    assert!(texts.len() > 80, "the table was not read");
    let rules: Vec<Json> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            json!({"alert": format!("T{at}"), "expr": "m == m or m != m", "annotations": {"text": text}})
        })
        .collect();
    let file = json!({"groups": [{"name": "templates", "rules": rules}]}).to_string();
    let read = RuleFile::parse(&file).unwrap();
    let (store, input) = series();
    let evaluation = Evaluation {
        store: &store,
        at_ms: 0,
        options: &Options::default(),
        external_url: "",
    };
    let round = evaluation.of(&read.groups[0], &Active::default());
    let mut tests = vec![];
    for at in 0..texts.len() {
        let name = format!("T{at}");
        let found = round
            .active
            .alerts()
            .filter(|(_, alert)| alert.name() == name);
        let alerts: Vec<Json> = found
            .map(|(_, alert)| {
                assert_eq!(alert.state, State::Firing);
                let labels: Vec<_> = alert.labels.iter().filter(|(n, _)| *n != "alertname").collect();
                let labels: serde_json::Map<String, Json> =
                    labels.into_iter().map(|(n, v)| (n.to_owned(), json!(v))).collect();
                json!({"exp_labels": labels, "exp_annotations": {"text": alert.annotations.get("text")}})
            })
            .collect();
        assert_eq!(
            alerts.len(),
            VALUES.len() + ODD.len(),
            "{name}: {:?}",
            round.health[at]
        );
        tests.push(json!({"eval_time": "0s", "alertname": name, "exp_alerts": alerts}));
    }
    let test = json!({
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": input, "alert_rule_test": tests}],
    });
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("rules.yml"), &file).unwrap();
    let path = folder.path().join("test.yml");
    fs_err::write(&path, test.to_string()).unwrap();
    let (is_content, said) = promtool(&["test", "rules"], &[&path]);
    assert!(is_content, "{}", said.replace("\\\"", "\""));
}

#[test]
fn what_cannot_be_rendered_is_refused_with_its_place() {
    let mut problems = vec![];
    let lines = include_str!("bad_templates.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("##")) {
        let (place, rest) = line.split_once(' ').unwrap();
        let (text, words) = rest.split_once(" ⇒ ").unwrap();
        match flashfit::engines::alerting::Template::parse(text) {
            Ok(_) => problems.push(format!("{text}: not refused")),
            Err(error) => {
                let column = error.position.column.to_string();
                if column != place || !error.message.contains(words) {
                    problems.push(format!("{text}: {error} instead of {place} {words:?}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
