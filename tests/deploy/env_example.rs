//! `.env.example`: complete, and true.
use crate::{
    compose,
    program::{Ended, Place},
    text_of, yaml,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every name that the deployment of Phase 2 knew.
const PHASE2: &[&str] = &[
    "BACKEND_PORT",
    "BACKEND_HOST",
    "FRONTEND_PORT",
    "MONITOR_PORT",
    "MONITOR_HOST",
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_DB",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_URL",
    "REDIS_PASSWORD",
    "ENVIRONMENT",
    "DEBUG",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "SECRET_KEY",
    "JWT_SECRET",
    "JWT_SECRET_KEY",
    "PROMETHEUS_ENABLED",
    "METRICS_RETENTION_DAYS",
    "HEALTH_CHECK_INTERVAL",
    "METRICS_PORT",
    "GRAFANA_PASSWORD",
    "API_PORT",
    "CLIP_MODEL_NAME",
    "MODEL_PATH",
    "MODEL_CACHE_DIR",
    "VECTOR_STORE_DIR",
    "MAX_FILE_SIZE",
    "UPLOAD_DIR",
    "MAX_BATCH_SIZE",
    "INFERENCE_TIMEOUT",
    "ALLOWED_HOSTS",
    "CORS_ORIGINS",
    "DATABASE_URL",
    "SSL_ENABLED",
    "SSL_CERT_PATH",
    "SSL_KEY_PATH",
    "CLOUDINARY_CLOUD_NAME",
    "CLOUDINARY_API_KEY",
    "CLOUDINARY_API_SECRET",
    "WORKERS",
    "VITE_API_BASE_URL",
];

/// What a name in the file is.
#[derive(Debug, PartialEq, Clone)]
enum Entry {
    /// `NAME=value`.
    Set(String),
    /// `# NAME=value`: for the server alone.
    Server(String),
    /// `# NAME   why`: has no effect.
    Nothing,
}

fn entries() -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    for line in text_of(".env.example").lines() {
        let (is_comment, body) = match line.strip_prefix("# ") {
            Some(body) => (true, body),
            None => (false, line),
        };
        let end = body.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        let (name, rest) = body.split_at(end.unwrap_or(body.len()));
        if name.len() < 4 {
            assert!(is_comment || line.is_empty() || line == "#", "{line}");
            continue;
        }
        let entry = match (rest.strip_prefix('='), is_comment) {
            (Some(value), false) => Entry::Set(value.to_owned()),
            (Some(value), true) => Entry::Server(value.to_owned()),
            (None, true) if rest.starts_with("  ") => Entry::Nothing,
            (None, _) => continue,
        };
        let before = found.insert(name.to_owned(), entry);
        assert_eq!(before, None, "{name} stands there twice");
    }
    found
}

/// The file as somebody uses it: with the two passwords filled in.
pub(crate) fn filled_in() -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = entries()
        .into_iter()
        .filter_map(|(name, entry)| match entry {
            Entry::Set(value) => Some((name, value)),
            Entry::Server(_) | Entry::Nothing => None,
        })
        .collect();
    values.insert("POSTGRES_PASSWORD".to_owned(), "p'ost gres".to_owned());
    values.insert("REDIS_PASSWORD".to_owned(), "re/d@s".to_owned());
    values
}

#[test]
fn every_variable_of_the_compose_files_is_in_it_and_no_other_is_set() {
    let entries = entries();
    let mut used = BTreeSet::new();
    for file in compose::FILES {
        used.extend(yaml::variables(&yaml::load(&text_of(file))));
    }
    for name in &used {
        assert!(matches!(entries.get(name), Some(Entry::Set(_))), "{name}");
    }
    for (name, entry) in &entries {
        let is_servers = ["BACKEND_HOST"].contains(&name.as_str());
        if matches!(entry, Entry::Set(_)) {
            assert!(
                used.contains(name) || is_servers,
                "{name} is read by nobody"
            );
        }
    }
}

#[test]
fn every_name_of_phase_2_is_in_it() {
    let entries = entries();
    for name in PHASE2 {
        assert!(entries.contains_key(*name), "{name}");
    }
}

/// What `flashfit config` prints with these variables.
async fn config(variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let place = Place::new();
    let mut command = place.command(&["config"]);
    command.env_remove("FLASHFIT_DATA_DIR").envs(variables);
    let text = Ended::of(&mut command).await.expect_success();
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    lines
        .map(|(key, rest)| (key.to_owned(), rest.to_owned()))
        .collect()
}

#[tokio::test]
async fn the_file_has_nothing_wrong_and_says_of_old_names_what_config_check_says() {
    let place = Place::new();
    let check = async |text: String| {
        let file = place.write("shop.env", text);
        let arguments = ["config", "check", "--env-file", file.to_str().unwrap()];
        let said = place.run(&arguments).await.expect_success();
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let text = text_of(".env.example");
    let said = check(text.replace("PASSWORD=\n", "PASSWORD='p@ss word'\n")).await;
    // Compose adds where the database and the proxy are.
    let others = said
        .iter()
        .filter(|line| !line.contains("http.secure_cookies"));
    assert_eq!(others.count(), 1, "{said:#?}");
    for (name, _) in entries()
        .iter()
        .filter(|(_, entry)| **entry == Entry::Nothing)
    {
        let said = check(format!("{name}=7\n")).await;
        let (why, _) = said.split_first().unwrap();
        assert!(
            why.contains(&format!("shop.env:1: {name}: a name of Phase 2")),
            "{why}"
        );
        // What stands there, or "likewise".
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("# {name} ")));
        let (_, reason) = line.unwrap().split_once("  ").unwrap();
        let reason = reason.trim();
        assert!(
            reason.starts_with("likewise") || why.ends_with(reason),
            "{why}\n{reason}"
        );
    }
}

#[tokio::test]
async fn names_without_effect_have_none_and_the_others_have_theirs() {
    let bare = config(&BTreeMap::new()).await;
    assert!(bare["http.port"].starts_with("8080"));
    let entries = entries();
    let nothing = entries
        .iter()
        .filter(|(_, entry)| **entry == Entry::Nothing);
    let nothing: BTreeMap<_, _> = nothing
        .map(|(name, _)| (name.clone(), "7".to_owned()))
        .collect();
    assert!(nothing.len() > 20, "{nothing:?}");
    assert_eq!(config(&nothing).await, bare);
    for (name, value, key, expected) in [
        ("BACKEND_PORT", "9001", "http.port", "9001"),
        ("BACKEND_HOST", "0.0.0.0", "http.host", "\"0.0.0.0\""),
        (
            "CORS_ORIGINS",
            "https://a.example, https://b.example",
            "http.cors_origins",
            "[\"https://a.example\",\"https://b.example\"]",
        ),
        (
            "MAX_FILE_SIZE",
            "1000000",
            "wardrobe.max_photo_bytes",
            "1000000",
        ),
        ("LOG_LEVEL", "DEBUG", "log.level", "\"debug\""),
        ("LOG_FORMAT", "JSON", "log.format", "\"json\""),
        (
            "MODEL_PATH",
            "/packs/mine",
            "models.pack",
            "\"/packs/mine\"",
        ),
        ("DATABASE_URL", "postgres://h/d", "database.url", "\"***\""),
        ("POSTGRES_HOST", "h", "database.url", "\"***\""),
        ("REDIS_HOST", "h", "cache.url", "\"***\""),
        ("REDIS_URL", "redis://h", "cache.url", "\"***\""),
    ] {
        let said = config(&BTreeMap::from([(name.to_owned(), value.to_owned())])).await;
        let line = &said[key];
        assert!(line.starts_with(expected), "{name}: {line}");
        assert!(line.contains("Phase 2"), "{name}: {line}");
    }
}
