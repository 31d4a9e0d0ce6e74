//! Variables by their names: those that nobody reads, and those that another one beats.
use super::{Complaint, phase2, places::Places};
use crate::app::sources::{self, PARTS, PHASE2, PREFIX, Sources, key_of, name_of};
use figment::value::{Dict, Value};

/// Variables that begin like settings and are none: of the scripts, of the build, of Compose.
const NO_SETTINGS: [&str; 5] = [
    "FLASHFIT_IMAGE_TAG",
    "FLASHFIT_CACHE",
    "FLASHFIT_BIN",
    "FLASHFIT_ONNXRUNTIME_ZST",
    "FLASHFIT_DATA_DIR",
];
/// What the Compose files read and the server does not.
const OF_COMPOSE: [&str; 8] = [
    "PROXY_DOMAIN",
    "PROXY_HTTP_PORT",
    "PROXY_HTTPS_PORT",
    "PROXY_OPERATORS_PATH",
    "SSL_CERT_PATH",
    "SSL_KEY_PATH",
    "GRAFANA_PASSWORD",
    "METRICS_RETENTION_DAYS",
];

/// What is to be said of variables because of their names alone; unknown keys of sections are found with the values.
pub(super) fn complaints(sources: &Sources, places: &Places<'_>) -> Vec<Complaint> {
    let wrong = sources.single_underscores().map(|(wrong, right)| {
        let what = format!("it is not read: write {right} with two underscores");
        Complaint::error(places.of_variable(&wrong), what)
    });
    let mut found: Vec<Complaint> = wrong.collect();
    let is_file = places.env.is_some();
    for name in sources.variables.names() {
        if sources.variables.get(name).is_none() || found.iter().any(|c| c.place.ends_with(name)) {
            continue;
        }
        if let Some(what) = about(name, is_file) {
            found.push(Complaint::warning(places.of_variable(name), what));
        }
    }
    found.extend(beaten(sources).map(|(name, by)| {
        let what = format!("it has no effect: {by} says it, too, and counts");
        Complaint::warning(places.of_variable(name), what)
    }));
    found
}

/// What is odd about a name. Of other programs there are many in an environment, and none in a file for FlashFit.
fn about(name: &str, is_file: bool) -> Option<String> {
    if let Some(why) = phase2::without_effect(name) {
        return Some(format!("a name of Phase 2 without effect: {why}"));
    }
    let is_ours = name.starts_with(PREFIX);
    let is_known = key_of(name).is_some()
        || NO_SETTINGS.contains(&name)
        || OF_COMPOSE.contains(&name)
        || PHASE2.iter().any(|(known, _)| *known == name)
        || PARTS.iter().any(|parts| parts.contains(&name));
    if is_known || !(is_ours || is_file) {
        return None;
    }
    let known = every_name();
    Some(match nearest(name, known.iter().map(String::as_str)) {
        Some(meant) => format!("nobody reads it; did you mean {meant}?"),
        None => "nobody reads it".to_owned(),
    })
}

/// Names of Phase 2 that have no effect because others are set, and those.
fn beaten(sources: &Sources) -> impl Iterator<Item = (&'static str, String)> {
    let is_set = |name: &str| sources.variables.get(name).is_some();
    let mut found = vec![];
    for (name, key) in PHASE2 {
        let own = name_of(&key.split('.').map(str::to_owned).collect::<Vec<_>>());
        if is_set(name) && is_set(&own) {
            found.push((*name, own));
        }
    }
    for (loser, winner) in [
        ("DATABASE_URL", "POSTGRES_HOST"),
        ("REDIS_HOST", "REDIS_URL"),
    ] {
        if is_set(loser) && is_set(winner) {
            found.push((loser, winner.to_owned()));
        }
    }
    found.into_iter()
}

/// Every variable that has a meaning.
fn every_name() -> Vec<String> {
    let mut names = vec![];
    below(&mut vec![], &sources::default_values(), &mut names);
    names.extend(PHASE2.iter().map(|(name, _)| (*name).to_owned()));
    let others = OF_COMPOSE.iter().chain(PARTS.iter().copied().flatten());
    names.extend(others.map(|name| (*name).to_owned()));
    names
}

fn below(key: &mut Vec<String>, table: &Dict, out: &mut Vec<String>) {
    for (name, value) in table {
        key.push(name.clone());
        match value {
            Value::Dict(_, table) => below(key, table, out),
            Value::String(..)
            | Value::Char(..)
            | Value::Bool(..)
            | Value::Num(..)
            | Value::Empty(..)
            | Value::Array(..) => out.push(name_of(key)),
        }
        key.pop();
    }
}

/// The name that was probably meant, if one is near enough.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = |other: &str| strsim::damerau_levenshtein(name, other);
    let nearest = known.min_by_key(|other| far(other))?;
    (far(nearest) <= (name.chars().count() / 3).clamp(1, 4)).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_probably_meant_is_named() {
        let known = ["port", "host", "workers"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("prot"), Some("port"));
        assert_eq!(near("worker"), Some("workers"));
        assert_eq!(near("elephant"), None);
        let meant = about("FLASHFIT_DATABSE_URL", false).unwrap();
        assert!(meant.contains("FLASHFIT_DATABASE__URL"), "{meant}");
        let meant = about("POSTGRES_PASWORD", true).unwrap();
        assert!(meant.contains("POSTGRES_PASSWORD"), "{meant}");
        assert_eq!(
            about("POSTGRES_PASWORD", false),
            None,
            "another program may read it"
        );
    }
}
