//! The rules of the code base that the compiler does not check.
//!
//! Each rule is one test, and each failure says where and what to do. No dependencies: runs in milliseconds.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a broken rule book should stop"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The floors, lowest first. A file may import every floor below its own.
const FLOORS: &[&str] = &["base", "engines", "platform", "features", "app", "cli"];

/// Floors whose folders do not see each other unless [`SIDEWAYS`] says so.
const WALLED: &[&str] = &["engines", "platform", "features"];

/// The only imports between folders of one walled floor. Keep it free of circles.
const SIDEWAYS: &[(&str, &[&str])] = &[
    ("engines/simulate", &["ranking"]),
    ("engines/series", &["promql"]),
    ("engines/alerting", &["promql"]),
    ("platform/notify", &["tls", "tasks"]),
    ("platform/http", &["db", "cache"]),
    ("platform/cache", &["tasks"]),
    ("platform/db", &["tasks"]),
    ("platform/download", &["disk", "tasks", "tls"]),
    ("features/wardrobe", &["accounts"]),
    ("features/search", &["accounts", "wardrobe"]),
    ("features/recommend", &["accounts", "wardrobe", "search"]),
    ("features/monitoring", &["accounts"]),
    ("features/alerts", &["accounts", "monitoring"]),
    ("features/demo", &["accounts", "wardrobe"]),
    ("features/export", &["accounts"]),
];

/// Crates that only one file may name: the fence around foreign code.
const FENCES: &[(&str, &str)] = &[
    ("ort::", "engines/vision/onnx.rs"),
    ("usearch::", "engines/index/graph.rs"),
];

const MAX_LINES: usize = 400;

#[test]
fn imports_only_go_down() {
    let mut wrong = vec![];
    for (path, text) in sources() {
        let Some(from) = module(&path) else { continue };
        for to in imports(&text) {
            if let Some(why) = forbidden(&from, &to) {
                wrong.push(format!(
                    "{}: crate::{} ({why})",
                    path.display(),
                    to.join("::")
                ));
            }
        }
        if text.contains("super::super") {
            wrong.push(format!("{}: super::super (write crate::…)", path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the direction of docs/architecture.md:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn sideways_imports_make_no_circle() {
    fn walk(at: &str, path: &mut Vec<String>) {
        assert!(
            !path.iter().any(|p| p == at),
            "circle: {} -> {at}",
            path.join(" -> ")
        );
        path.push(at.to_owned());
        let floor = at.split('/').next().unwrap();
        for next in sideways(at) {
            walk(&format!("{floor}/{next}"), path);
        }
        path.pop();
    }
    for (start, _) in SIDEWAYS {
        walk(start, &mut vec![]);
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = vec![];
    for (path, text) in sources() {
        let code = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or(&text)
            .lines()
            .count();
        if code > MAX_LINES {
            wrong.push(format!(
                "{}: {code} lines, at most {MAX_LINES}",
                path.display()
            ));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{}: must start with a //! line", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_code_is_fenced() {
    let mut wrong = vec![];
    for (path, text) in sources() {
        for (name, home) in FENCES {
            if says(&text, name) && !path.ends_with(home) {
                wrong.push(format!("{}: {name} belongs in src/{home}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a path begins so; `transport::` does not begin with `ort::`.
fn says(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part))
}

/// `["features", "wardrobe"]` for `src/features/wardrobe/store.rs`.
fn module(path: &Path) -> Option<Vec<String>> {
    let parts: Vec<String> = path
        .strip_prefix(root())
        .ok()?
        .iter()
        .map(|p| p.to_string_lossy().trim_end_matches(".rs").to_owned())
        .collect();
    FLOORS.contains(&parts[0].as_str()).then_some(parts)
}

fn forbidden(from: &[String], to: &[String]) -> Option<String> {
    let floor = |m: &[String]| {
        FLOORS
            .iter()
            .position(|f| Some(*f) == m.first().map(String::as_str))
    };
    let (a, b) = (floor(from)?, floor(to)?);
    if b > a {
        return Some(format!("{} is above {}", to[0], from[0]));
    }
    let (Some(here), Some(there)) = (from.get(1), to.get(1)) else {
        return None;
    };
    if a != b || here == there || !WALLED.contains(&FLOORS[a]) {
        return None;
    }
    let allowed = sideways(&format!("{}/{here}", FLOORS[a]));
    (!allowed.contains(&there.as_str())).then(|| format!("{here} may use {allowed:?} of its floor"))
}

fn sideways(folder: &str) -> &'static [&'static str] {
    SIDEWAYS
        .iter()
        .find(|(from, _)| *from == folder)
        .map_or(&[], |(_, to)| to)
}

/// The first two segments after every `crate::`, groups included.
fn imports(text: &str) -> BTreeSet<Vec<String>> {
    let code: String = text
        .lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        expand(&code[at + 7..], vec![], &mut found);
    }
    found
}

fn expand(rest: &str, mut prefix: Vec<String>, found: &mut BTreeSet<Vec<String>>) {
    if prefix.len() == 2 {
        found.insert(prefix);
        return;
    }
    if let Some(group) = rest.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    expand(group[start..i].trim(), prefix.clone(), found);
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(group[start..i].trim(), prefix.clone(), found);
                    start = i + 1;
                }
                _ => (),
            }
        }
        return;
    }
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    if name.is_empty() {
        return;
    }
    let after = &rest[name.len()..];
    prefix.push(name);
    match after.strip_prefix("::") {
        Some(next) => expand(next, prefix, found),
        None => {
            found.insert(prefix);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, out: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = vec![];
    walk(&root(), &mut out);
    out.sort();
    assert!(out.len() > 5, "the source tree was not found");
    out
}

#[test]
fn a_fence_knows_where_a_name_begins() {
    assert!(says("use ort::Session;", "ort::"));
    assert!(says("::ort::init()", "ort::"));
    assert!(!says("lettre::transport::smtp", "ort::"));
}

#[test]
fn the_import_reader_understands_groups() {
    let got = imports(
        "use crate::{base::id::{A, B}, platform::http::Problem};\nlet x = crate::app::server::run();\n// crate::ignored::here\n",
    );
    let want: BTreeSet<Vec<String>> = [["base", "id"], ["platform", "http"], ["app", "server"]]
        .into_iter()
        .map(|p| p.map(String::from).to_vec())
        .collect();
    assert_eq!(got, want);
}
