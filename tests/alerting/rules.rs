//! Which rule files are taken, and what is said of the others.
use crate::promtool::promtool;
use flashfit::engines::alerting::RuleFile;
use std::{collections::HashSet, path::PathBuf};

/// A file, and what becomes of it.
struct Case {
    name: String,
    /// Whether Prometheus takes it.
    is_taken_there: bool,
    /// Where we refuse it, and words of the reason.
    refused: Option<String>,
    text: String,
}

/// Sections that begin `=== good NAME`, `=== bad NAME @ LINE:COLUMN: MESSAGE`, or `=== stricter …` for what Prometheus
/// takes.
fn cases() -> Vec<Case> {
    let all = include_str!("rules.txt").split("\n=== ").skip(1);
    let mut cases: Vec<Case> = vec![];
    for section in all {
        let (head, text) = section.split_once('\n').unwrap_or((section, ""));
        let (verdict, name) = head.split_once(' ').unwrap();
        let (name, refused) = match name.split_once(" @ ") {
            Some((name, refused)) => (name, Some(refused.to_owned())),
            None => (name, None),
        };
        assert_eq!(refused.is_none(), verdict == "good", "{head}");
        assert!(["good", "bad", "stricter"].contains(&verdict), "{head}");
        cases.push(Case {
            name: name.to_owned(),
            is_taken_there: verdict != "bad",
            refused,
            text: format!("{text}\n").replace("\\t", "\t"),
        });
    }
    cases
}

#[test]
fn the_same_files_are_taken_and_refused_as_by_prometheus() {
    let cases = cases();
    let names: HashSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    assert!(cases.len() > 80, "the table was not read");
    let folder = tempfile::tempdir().unwrap();
    let mut problems = vec![];
    for case in &cases {
        let file: PathBuf = folder.path().join("rules.yml");
        fs_err::write(&file, &case.text).unwrap();
        let (is_taken, said) = promtool(&["check", "rules", "--lint-fatal"], &[&file]);
        if is_taken != case.is_taken_there {
            problems.push(format!("{}: promtool says {said}", case.name));
        }
        let ours = RuleFile::parse(&case.text).map_err(|error| error.to_string());
        match (ours, &case.refused) {
            (Ok(_), None) => (),
            (Ok(_), Some(wanted)) => problems.push(format!("{}: not refused: {wanted}", case.name)),
            (Err(error), None) => problems.push(format!("{}: refused: {error}", case.name)),
            (Err(error), Some(wanted)) => {
                if !error.starts_with(wanted.as_str()) {
                    problems.push(format!(
                        "{}: says {error:?} instead of {wanted:?}",
                        case.name
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
