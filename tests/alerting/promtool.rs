//! Prometheus's own tool.
use std::{path::Path, process::Command};

/// What it says, and whether it is content.
pub(crate) fn promtool(arguments: &[&str], files: &[&Path]) -> (bool, String) {
    let output = Command::new("promtool")
        .args(arguments)
        .args(files)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}
