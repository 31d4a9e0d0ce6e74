//! Prometheus's own tools on what is shipped for them.
use crate::shipped;
use std::process::Command;

const MISSING: &str =
    "this test needs promtool: `apt-get install prometheus`, or let scripts/test install it";

fn promtool(arguments: &[&str]) {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(shipped::path(""))
        .output();
    let output = output.unwrap_or_else(|e| panic!("{MISSING} ({e})"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
}

#[test]
fn promtool_takes_the_rules_and_the_configuration() {
    promtool(&[
        "check",
        "rules",
        "config/alerts.yml",
        "config/prometheus/down.yml",
    ]);
    promtool(&["check", "config", "config/prometheus/prometheus.yml"]);
}

#[test]
fn promtool_finds_that_rules_do_what_their_tests_say() {
    let folder = fs_err::read_dir(shipped::path("tests/alerts")).unwrap();
    let files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    assert!(files.len() > 8);
    std::thread::scope(|scope| {
        for file in &files {
            scope.spawn(|| promtool(&["test", "rules", file.to_str().unwrap()]));
        }
    });
}
