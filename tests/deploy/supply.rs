//! What FlashFit is made of: from where, under which licences, and told to whoever asks.
use crate::{root, text_of};
use serde_json::Value as Json;
use std::{
    collections::BTreeSet,
    process::{Command, Output},
};

/// Words and brackets of a licence expression.
fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Whether a licence expression (SPDX, or the older one with a slash) can be met with these licences.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let tokens = tokens(expression);
    let mut rest = tokens.as_slice();
    let met = any_of(&mut rest, allowed);
    assert!(rest.is_empty(), "{expression:?} is not understood");
    met
}

fn any_of(rest: &mut &[String], allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(rest, allowed);
    while rest.first().is_some_and(|word| word == "OR") {
        *rest = &rest[1..];
        met |= all_of(rest, allowed);
    }
    met
}

fn all_of(rest: &mut &[String], allowed: &BTreeSet<String>) -> bool {
    let mut met = one(rest, allowed);
    while rest.first().is_some_and(|word| word == "AND") {
        *rest = &rest[1..];
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[String], allowed: &BTreeSet<String>) -> bool {
    let word = rest[0].clone();
    *rest = &rest[1..];
    if word == "(" {
        let met = any_of(rest, allowed);
        assert_eq!(rest[0], ")");
        *rest = &rest[1..];
        return met;
    }
    if rest.first().is_some_and(|word| word == "WITH") {
        let with = format!("{word} WITH {}", rest[1]);
        *rest = &rest[2..];
        return allowed.contains(&with);
    }
    allowed.contains(&word)
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "A WITH e".to_owned()]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND MIT", true),
        ("GPL-3.0 OR MIT AND GPL-3.0", false),
        ("A WITH e", true),
        ("A", false),
    ] {
        assert_eq!(is_met(expression, &allowed), expected, "{expression}");
    }
}

fn deny() -> toml::Table {
    text_of("deny.toml").parse().unwrap()
}

/// All crates that any part or test of FlashFit is built from, on this platform.
fn crates() -> Vec<Json> {
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version=1"])
        .args(["--filter-platform", host.unwrap()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn every_crate_comes_from_the_registry_under_a_licence_we_accept() {
    let allowed = deny()["licenses"]["allow"].clone();
    let allowed: BTreeSet<String> = allowed.try_into().unwrap();
    let crates = crates();
    assert!(crates.len() > 400, "{}", crates.len());
    let mut sources = BTreeSet::new();
    for package in &crates {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str();
        let licence = licence.unwrap_or_else(|| panic!("{name} says nothing of its licence"));
        assert!(is_met(licence, &allowed), "{name} is under {licence}");
        if name != "flashfit" {
            sources.insert(package["source"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert!(
        sources.first().unwrap().starts_with("registry+"),
        "{sources:?}"
    );
    for line in text_of("Cargo.lock").lines() {
        assert!(!line.starts_with("source = \"git+"), "{line}");
    }
}

/// On no platform.
#[test]
fn crates_that_are_banned_are_absent() {
    let lock = text_of("Cargo.lock");
    let banned = deny()["bans"]["deny"].as_array().unwrap().clone();
    assert!(banned.len() > 2);
    for entry in banned {
        let name = entry["crate"].as_str().unwrap();
        let is_there = lock.contains(&format!("\nname = \"{name}\"\n"));
        assert!(!is_there, "{name} is banned: {}", entry["reason"]);
    }
}

fn parts(command: &str) -> Output {
    let mut parts = Command::new("python3");
    parts.arg(root().join("scripts/parts")).arg(command);
    parts.output().unwrap()
}

/// Name and version of every crate that is linked on this platform, as cargo lists them.
fn linked() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges=normal",
            "--prefix=none",
        ])
        .args(["--format={p}"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let listed = String::from_utf8(output.stdout).unwrap();
    let mut words = BTreeSet::new();
    for line in listed.lines().filter(|line| !line.starts_with("flashfit ")) {
        let mut words_of = line.split_whitespace();
        let (Some(name), Some(version)) = (words_of.next(), words_of.next()) else {
            continue;
        };
        words.insert(format!("{name} {}", version.trim_start_matches('v')));
    }
    words
}

#[test]
fn licences_of_all_parts_are_printed() {
    let printed = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_flashfit"))
            .arg("licenses")
            .args(arguments)
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = printed(&[]);
    let listed: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once(": ")?.0))
        .collect();
    let linked = linked();
    assert!(linked.len() > 300, "{}", linked.len());
    for name in linked {
        assert!(
            listed.contains(name.as_str()),
            "{name} is missing: run scripts/parts licences"
        );
    }
    for part in [
        "Microsoft Corporation",
        "SIL OPEN FONT LICENSE",
        "react-dom",
        "Apache License",
    ] {
        assert!(text.contains(part), "{part}");
    }
    for title in printed(&["--list"]).lines() {
        assert!(text.contains(&format!("\n{title}\n")), "{title}");
    }
    // Whoever reads the beginning alone is no error.
    let command = format!("{} licenses | head -n 1", env!("CARGO_BIN_EXE_flashfit"));
    let output = Command::new("bash")
        .args(["-o", "pipefail", "-c", &command])
        .output();
    let output = output.unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn the_bill_of_materials_names_every_crate() {
    let output = parts("sbom");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let bill: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"]),
        (&"CycloneDX".into(), &"1.6".into())
    );
    let components = bill["components"].as_array().unwrap();
    let known: BTreeSet<&str> = components
        .iter()
        .map(|c| c["purl"].as_str().unwrap())
        .collect();
    assert_eq!(known.len(), components.len(), "one stands there twice");
    for name in linked() {
        let purl = format!("pkg:cargo/{}", name.replace(' ', "@"));
        assert!(known.contains(purl.as_str()), "{purl}");
    }
    assert!(
        known
            .iter()
            .any(|purl| purl.starts_with("pkg:npm/react-dom@"))
    );
    assert!(
        known
            .iter()
            .any(|purl| purl.starts_with("pkg:pypi/onnxruntime@"))
    );
    assert_eq!(
        parts("sbom").stdout,
        output.stdout,
        "the same parts, another document"
    );
}
