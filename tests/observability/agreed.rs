//! That rules, tests, runbook, dashboards and the table of metrics speak of the same things.
use crate::{
    selectors::Reads,
    shipped::{self, dashboards, outside, panel_queries, rules},
};
use flashfit::{
    base::metrics::{ALL, Kind, Metric},
    engines::{
        alerting::{Definition, RuleFile, RuleKind, TestFile},
        promql::Query,
    },
};
use std::collections::{BTreeMap, BTreeSet};

const SEVERITIES: [&str; 3] = ["critical", "warning", "info"];
const SUBJECTS: [&str; 8] = [
    "alerting", "api", "cache", "database", "feedback", "index", "models", "system",
];
/// Series that Prometheus makes itself, and the label that stands for a bucket.
const UP: &str = "up";
const BUCKET: &str = "le";
/// Labels that Prometheus adds.
const ADDED: [&str; 2] = ["job", "instance"];

fn alerts() -> impl Iterator<Item = Definition> {
    let all = rules().into_iter().chain(outside());
    all.filter(|rule| rule.kind == RuleKind::Alerting)
}

/// The row of the table that a series belongs to.
fn row(series: &str) -> Option<&'static Metric> {
    let is_of = |metric: &&Metric| match metric.kind {
        Kind::Histogram => series
            .strip_prefix(metric.name)
            .is_some_and(|rest| ["_bucket", "_sum", "_count"].contains(&rest)),
        Kind::Counter | Kind::Sum | Kind::Gauge => series == metric.name,
    };
    ALL.iter().find(is_of)
}

/// What an expression asks for that nobody serves.
fn unknown(expression: &str, recorded: &BTreeSet<String>) -> Vec<String> {
    let reads = Reads::of(expression);
    let mut complaints = vec![];
    let mut labels: BTreeSet<&str> = ADDED.into_iter().collect();
    for selector in &reads.selectors {
        let name = selector.name.as_deref().unwrap_or_default();
        let own: &[&str] = match row(name) {
            Some(metric) => metric.labels,
            None if recorded.contains(name) || name == UP => &[],
            None => {
                complaints.push(format!("there is no metric {name}"));
                continue;
            }
        };
        labels.extend(own);
        if name.ends_with("_bucket") {
            labels.insert(BUCKET);
        }
        let asked = selector.matchers.matchers.iter();
        for matcher in asked.filter(|m| !own.contains(&m.name.as_str())) {
            if !ADDED.contains(&matcher.name.as_str()) {
                complaints.push(format!("{name} has no label {}", matcher.name));
            }
        }
    }
    let odd = reads.grouped_by.iter();
    let odd = odd.filter(|label| !labels.contains(label.as_str()));
    complaints.extend(odd.map(|label| format!("nothing has a label {label}")));
    complaints
}

fn recorded() -> BTreeSet<String> {
    let records = rules().into_iter();
    let records = records.filter(|rule| rule.kind == RuleKind::Recording);
    records.map(|rule| rule.name).collect()
}

#[test]
fn every_expression_asks_for_what_the_table_has() {
    let recorded = recorded();
    let rules = rules().into_iter().chain(outside());
    let rules = rules.map(|rule| (rule.name, rule.expression));
    let panels = panel_queries().into_iter();
    let panels = panels.map(|(place, query)| (place, query.expr));
    for (place, expression) in rules.chain(panels) {
        assert_eq!(
            unknown(&expression, &recorded),
            Vec::<String>::new(),
            "{place}"
        );
        Query::parse(&expression).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

#[test]
fn every_row_of_the_parts_is_looked_at_by_a_rule_or_a_chart() {
    let rules = rules().into_iter().chain(outside());
    let expressions = rules.map(|rule| rule.expression);
    let expressions = expressions.chain(panel_queries().into_iter().map(|(_, query)| query.expr));
    let mut seen = BTreeSet::new();
    for expression in expressions {
        let names = Reads::of(&expression).selectors;
        let names = names.into_iter().filter_map(|selector| selector.name);
        seen.extend(
            names
                .filter_map(|name| row(&name))
                .map(|metric| metric.name),
        );
    }
    let parts = [
        "db_", "redis_", "cache_", "vector_", "model_", "disk_", "system_", "fusion_",
    ];
    let of_a_part = |name: &&str| parts.iter().any(|part| name.starts_with(part));
    let names = ALL.iter().map(|metric| metric.name).filter(of_a_part);
    let unseen: Vec<&str> = names.filter(|name| !seen.contains(name)).collect();
    // For those who ask on their own.
    let on_request = [
        "model_batch_size",
        "vector_index_lag_changes",
        "vector_search_visited_total",
        "redis_connected_clients",
        "redis_keyspace_hits_total",
        "redis_keyspace_misses_total",
    ];
    assert_eq!(
        unseen.into_iter().collect::<BTreeSet<_>>(),
        on_request.into_iter().collect()
    );
}

#[test]
fn every_alert_says_how_bad_it_is_what_it_is_about_and_what_to_do() {
    let mut names = BTreeMap::new();
    for alert in alerts() {
        let name = &alert.name;
        let label = |label: &str| alert.labels.get(label).map_or("", String::as_str);
        assert!(SEVERITIES.contains(&label("severity")), "{name}");
        assert!(SUBJECTS.contains(&label("subject")), "{name}");
        let note = |note: &str| alert.annotations.get(note).map_or("", String::as_str);
        assert!((10..110).contains(&note("summary").len()), "{name}");
        assert!(!note("summary").ends_with('.'), "{name}");
        assert!(note("description").len() > 40, "{name}");
        assert!(note("description").ends_with('.'), "{name}");
        let anchor = format!("/runbook#{}", name.to_lowercase());
        assert_eq!(note("runbook_url"), anchor, "{name}");
        *names.entry(alert.name).or_insert(0) += 1;
    }
    assert!(names.len() > 60, "{}", names.len());
    assert!(names.values().all(|count| *count == 1), "{names:?}");
}

#[test]
fn the_runbook_has_a_section_for_every_alert_and_no_other() {
    let runbook = shipped::text("docs/runbook.md");
    let mut sections = BTreeSet::new();
    for section in runbook.split("\n### ").skip(1) {
        let (name, text) = section.split_once('\n').unwrap();
        assert!(text.len() > 40, "{name} says nothing");
        assert!(sections.insert(name.to_owned()), "{name} twice");
    }
    let names: BTreeSet<String> = alerts().map(|alert| alert.name).collect();
    assert_eq!(sections, names);
}

#[test]
fn the_runbook_says_how_bad_and_how_soon() {
    let runbook = shipped::text("docs/runbook.md");
    for alert in alerts() {
        let (_, section) = runbook
            .split_once(&format!("\n### {}\n", alert.name))
            .unwrap();
        let severity = &alert.labels["severity"];
        let soon = match alert.for_ms / 60_000 {
            0 => "at once".to_owned(),
            1 => "after 1 minute".to_owned(),
            minutes => format!("after {minutes} minutes"),
        };
        let opening = format!("\n*{severity}, {soon}");
        assert!(
            section.starts_with(&opening),
            "{}: expected {opening:?}",
            alert.name
        );
    }
}

#[test]
fn every_alert_has_a_test_that_fires_it_and_one_that_does_not() {
    let folder = fs_err::read_dir(shipped::path("tests/alerts")).unwrap();
    let files = folder.map(|file| fs_err::read_to_string(file.unwrap().path()).unwrap());
    let tests = files.collect::<String>();
    for alert in alerts() {
        for claim in ["fires", "is silent"] {
            let name = format!("  - name: {} {claim}\n", alert.name);
            assert!(tests.contains(&name), "{name}");
        }
    }
}

#[test]
fn every_panel_has_a_name_of_its_own_and_legends_of_labels_it_has() {
    for dashboard in dashboards() {
        let mut seen = BTreeSet::new();
        assert!(dashboard.panel.len() >= 8, "{}", dashboard.id);
        for panel in dashboard.panel {
            assert!(
                seen.insert(panel.id.clone()),
                "{}/{}",
                dashboard.id,
                panel.id
            );
            for query in panel.query {
                let expr = query.expr.replace("$window", "1m");
                let grouped = Reads::of(&expr).grouped_by;
                for part in query.legend.split("{{").skip(1) {
                    let (label, _) = part.split_once("}}").unwrap();
                    assert!(grouped.contains(label), "{}: {}", panel.id, query.legend);
                }
            }
        }
    }
}

/// The tests of rules, as `flashfit alerts check` runs them; `promtool` runs them too. Of the rules only those that a file
/// speaks of, and those that are recorded.
#[test]
fn rules_do_what_their_tests_say() {
    let folder = fs_err::read_dir(shipped::path("tests/alerts")).unwrap();
    let files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    let check = |file: &std::path::PathBuf| {
        let text = fs_err::read_to_string(file).unwrap();
        let tests = TestFile::parse(&text).unwrap_or_else(|error| panic!("{file:?}:{error}"));
        let rules = tests.rule_files.iter().map(|name| {
            let rules = fs_err::read_to_string(shipped::path("tests/alerts").join(name)).unwrap();
            let mut rules = RuleFile::parse(&rules).unwrap();
            for group in &mut rules.groups {
                group.rules.retain(|rule| {
                    let written = rule.written();
                    let is_asked_for = text.contains(&format!(" {}", written.name));
                    written.kind == RuleKind::Recording || is_asked_for || is_about_all(file)
                });
            }
            rules
        });
        let failures = tests.run(&rules.collect::<Vec<_>>()).into_iter();
        let failures: Vec<String> = failures
            .map(|e| format!("{}:{e}", file.display()))
            .collect();
        assert!(!tests.is_empty());
        failures
    };
    let failures = std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(|| check(file)))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert_eq!(failures, Vec::<String>::new());
}

fn is_about_all(file: &std::path::Path) -> bool {
    file.ends_with("faults.yml")
}
