//! Every expression that is shipped, asked of a Prometheus that scrapes a loaded server.
use crate::{
    load,
    program::{PATIENCE, Server},
    prometheus::Prometheus,
    selectors::{self, Reads},
    shipped::{outside, panel_queries, rules},
};
use flashfit::engines::alerting::RuleKind;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// What a healthy server without receivers and without TLS does not have: series that rules read, and lines of charts.
const EMPTY: [&str; 6] = [
    r#"alert_receiver_up"#,
    r#"alert_notifications_total{outcome="dropped"}"#,
    r#"tls_certificate_not_after_timestamp_seconds"#,
    // Nothing has failed.
    r#"http_requests_total{status=~"5..",route!~"/api/health/.*"}"#,
    "api/failing: {{status}} {{method}} {{route}}",
    "api/requests: 5xx",
];

#[tokio::test]
async fn every_expression_finds_data_at_a_loaded_server() {
    let server = Server::start().await;
    let prometheus = Prometheus::start(&server.address).await;
    let load = tokio::spawn(load::run(server.address.clone()));
    // What each rule reads, and what each chart shows.
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for rule in rules().into_iter().chain(outside()) {
        for selector in Reads::of(&rule.expression).selectors {
            let selector = selectors::now(&selector);
            wanted.insert(selector.clone(), selector);
        }
    }
    for (place, query) in panel_queries() {
        wanted.insert(query.expr, format!("{place}: {}", query.legend));
    }
    for name in EMPTY {
        let name = named(name);
        let before = wanted.len();
        wanted.retain(|_, wanted| *wanted != name);
        assert!(wanted.len() < before, "nobody asks for {name}");
    }

    let begun = Instant::now();
    while !wanted.is_empty() {
        let mut empty = BTreeMap::new();
        for (expression, name) in wanted {
            match prometheus.query(&expression).await {
                Err(error) => panic!("{name}: {expression}: {error}"),
                Ok(series) if series.is_empty() => drop(empty.insert(expression, name)),
                Ok(_) => {}
            }
        }
        wanted = empty;
        let is_late = begun.elapsed() > PATIENCE || load.is_finished();
        assert!(
            wanted.is_empty() || !is_late,
            "without data: {wanted:#?}\n{}",
            server.log()
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    load.abort();

    every_rule_is_well(&prometheus).await;
}

/// A selector as it is written out, or the line of a chart.
fn named(name: &str) -> String {
    match name.contains(": ") {
        true => name.to_owned(),
        false => selectors::now(&Reads::of(name).selectors[0]),
    }
}

/// Prometheus has evaluated each, none failed, and nothing critical is said of a server that is well.
async fn every_rule_is_well(prometheus: &Prometheus) {
    let seen = prometheus.rules().await;
    assert_eq!(seen.len(), rules().len() + outside().len());
    for rule in &seen {
        assert_ne!(rule["health"], "err", "{rule:#}");
    }
    let alerts = rules().into_iter().chain(outside());
    for rule in alerts.filter(|rule| rule.kind == RuleKind::Alerting) {
        let answer = prometheus.query(&rule.expression).await;
        assert!(answer.is_ok(), "{}: {answer:?}", rule.name);
    }
    let firing = r#"ALERTS{alertstate="firing",severity="critical"}"#;
    assert_eq!(prometheus.query(firing).await, Ok(vec![]));
}
