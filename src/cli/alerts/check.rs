//! `flashfit alerts check`: a line for each file that is right, a line for each thing that is wrong.
use super::say;
use crate::engines::alerting::{RuleError, RuleFile, RuleKind, TestFile};
use anyhow::Context as _;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

pub(super) fn run(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut is_right = true;
    for file in files {
        let text = read(file)?;
        let found = match TestFile::is_one(&text) {
            true => tests(file, &text)?,
            false => rules(file, &text),
        };
        match found {
            Ok(summary) => say(format_args!("{}: {summary}", file.display())),
            Err(problems) => {
                is_right = false;
                for (file, problem) in problems {
                    say(format_args!("{}:{problem}", file.display()));
                }
            }
        }
    }
    Ok(ExitCode::from(u8::from(!is_right)))
}

/// What is wrong, and in which file.
type Problems = Vec<(PathBuf, RuleError)>;

fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = fs_err::read(file)?;
    String::from_utf8(bytes).with_context(|| format!("{} is not text in UTF-8", file.display()))
}

fn rules(file: &Path, text: &str) -> Result<String, Problems> {
    let rules = RuleFile::parse(text).map_err(|error| vec![(file.to_owned(), error)])?;
    let kinds = || rules.rules().map(|(_, rule)| rule.written().kind);
    let of = |wanted: RuleKind| kinds().filter(|kind| *kind == wanted).count();
    Ok(format!(
        "{}, {}, {}",
        counted(rules.groups.len(), "group"),
        counted(of(RuleKind::Alerting), "alerting rule"),
        counted(of(RuleKind::Recording), "recording rule")
    ))
}

fn tests(file: &Path, text: &str) -> anyhow::Result<Result<String, Problems>> {
    let tests = match TestFile::parse(text) {
        Ok(tests) => tests,
        Err(error) => return Ok(Err(vec![(file.to_owned(), error)])),
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut rules = vec![];
    for name in &tests.rule_files {
        let path = folder.join(name);
        let text = read(&path).with_context(|| format!("{} names {name:?}", file.display()))?;
        match RuleFile::parse(&text) {
            Ok(read) => rules.push(read),
            Err(error) => return Ok(Err(vec![(path, error)])),
        }
    }
    let failures = tests.run(&rules).into_iter();
    let problems: Problems = failures.map(|failure| (file.to_owned(), failure)).collect();
    Ok(match problems.is_empty() {
        true => Ok(format!("{} passed", counted(tests.len(), "test"))),
        false => Err(problems),
    })
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
