//! Where settings come from: defaults < file < environment < flags. The only reader of the environment.
use super::settings::Settings;
use anyhow::{Context as _, bail};
use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Env, Format as _, Toml},
    value::{Dict, Map, Value},
};
use std::path::{Path, PathBuf};

/// The documented file *is* the default.
pub const DEFAULTS: &str = include_str!("../../config/flashfit.toml");

/// Files that are read when `--config` names none: the first that exists.
const PLACES: &[&str] = &["config/flashfit.toml", "/etc/flashfit/flashfit.toml"];

/// The names the Phase 2 deployment used, and the keys they set.
const PHASE2: &[(&str, &str)] = &[
    ("BACKEND_HOST", "http.host"),
    ("BACKEND_PORT", "http.port"),
    ("CORS_ORIGINS", "http.cors_origins"),
    ("DATABASE_URL", "database.url"),
    ("REDIS_URL", "cache.url"),
    ("LOG_LEVEL", "log.level"),
    ("LOG_FORMAT", "log.format"),
    ("MODEL_PATH", "models.pack"),
    ("MAX_FILE_SIZE", "wardrobe.max_photo_bytes"),
];

/// Settings as flags give them: key and value.
pub type Flags = Vec<(&'static str, Value)>;

/// Puts the layers together.
#[must_use]
pub fn layers(file: Option<&Path>, flags: &Flags) -> Figment {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(path) = chosen_file(file) {
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(phase2()).merge(
        Env::prefixed("FLASHFIT_")
            .filter(|key| {
                key.as_str().contains("__") || key.as_str().eq_ignore_ascii_case("data_dir")
            })
            .split("__"),
    );
    figment.merge(Layer {
        name: "flag",
        values: flags.clone(),
    })
}

/// Reads and checks the settings.
///
/// # Errors
/// One line that names the key, what was found, and where it was set.
pub fn load(file: Option<&Path>, flags: &Flags) -> anyhow::Result<Settings> {
    if let Some(path) = file
        && !path.is_file()
    {
        bail!("there is no configuration file {}", path.display());
    }
    let figment = layers(file, flags);
    refuse_single_underscores(&figment)?;
    let settings: Settings = figment
        .extract()
        .map_err(|error| anyhow::anyhow!("{}", one_line(&error)))
        .context("the configuration is not valid")?;
    Ok(settings)
}

/// `FLASHFIT_HTTP_PORT` would do nothing, which nobody who writes it expects.
fn refuse_single_underscores(figment: &Figment) -> anyhow::Result<()> {
    let defaults: Dict = figment.extract()?;
    for (section, values) in &defaults {
        let keys = values.as_dict().into_iter().flat_map(Dict::keys);
        for key in keys {
            let name = |between: &str| format!("FLASHFIT_{section}{between}{key}").to_uppercase();
            if variable(&name("_")).is_some() {
                bail!(
                    "{} is not read: write {} with two underscores",
                    name("_"),
                    name("__")
                );
            }
        }
    }
    Ok(())
}

fn one_line(error: &figment::Error) -> String {
    error.clone().into_iter().next().map_or_else(
        || "unknown error".to_owned(),
        |first| first.to_string().replace('\n', " "),
    )
}

fn chosen_file(file: Option<&Path>) -> Option<PathBuf> {
    match file {
        Some(path) => Some(path.to_owned()),
        None => PLACES.iter().map(PathBuf::from).find(|p| p.is_file()),
    }
}

/// One effective value: its key, how it prints, and where it came from.
pub struct Effective {
    /// Dotted key.
    pub key: String,
    /// The value, secrets masked.
    pub value: String,
    /// Default, a file, the environment or a flag.
    pub source: String,
}

/// Every value in force, in the order of the keys.
#[must_use]
pub fn effective(figment: &Figment, settings: &Settings) -> Vec<Effective> {
    let mut found = vec![];
    if let Ok(serde_json::Value::Object(sections)) = serde_json::to_value(settings) {
        flatten("", &serde_json::Value::Object(sections), &mut found);
    }
    found
        .into_iter()
        .map(|(key, value)| Effective {
            source: source(figment, &key),
            key,
            value,
        })
        .collect()
}

fn flatten(prefix: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    let Some(map) = value.as_object() else {
        out.push((prefix.to_owned(), value.to_string()));
        return;
    };
    for (key, value) in map {
        let key = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        flatten(&key, value, out);
    }
}

fn source(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else {
        return "default".to_owned();
    };
    match &metadata.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        Some(_) | None if metadata.name.contains("TOML") => "default".to_owned(),
        Some(_) | None => metadata.name.to_string(),
    }
}

/// Values from one place, by dotted key.
struct Layer {
    name: &'static str,
    values: Vec<(&'static str, Value)>,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut top = Dict::new();
        for (key, value) in &self.values {
            let Some((section, name)) = key.split_once('.') else {
                top.insert((*key).to_owned(), value.clone());
                continue;
            };
            let entry = top.entry(section.to_owned());
            let entry = entry.or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, dict) = entry {
                dict.insert(name.to_owned(), value.clone());
            }
        }
        Ok(Profile::Default.collect(top))
    }
}

/// Variables of the Phase 2 deployment, so that an existing `.env` keeps working.
fn phase2() -> Layer {
    let mut values: Vec<(&'static str, Value)> = PHASE2
        .iter()
        .filter_map(|(name, key)| Some((*key, parse(key, &variable(name)?))))
        .collect();
    if let Some(url) = postgres_url() {
        values.push(("database.url", Value::from(url)));
    }
    if let (None, Some(host)) = (variable("REDIS_URL"), variable("REDIS_HOST")) {
        let port = variable("REDIS_PORT").unwrap_or_else(|| "6379".to_owned());
        let password = variable("REDIS_PASSWORD");
        let url = redis_url(&host, &port, password.as_deref());
        values.push(("cache.url", Value::from(url)));
    }
    Layer {
        name: "environment (Phase 2 name)",
        values,
    }
}

fn parse(key: &str, value: &str) -> Value {
    if key.ends_with("cors_origins") {
        return Value::from(value.split(',').map(str::trim).collect::<Vec<_>>());
    }
    if key == "log.level" || key == "log.format" {
        return Value::from(value.to_lowercase());
    }
    value
        .parse::<u64>()
        .map_or_else(|_| Value::from(value), Value::from)
}

fn postgres_url() -> Option<String> {
    let host = variable("POSTGRES_HOST")?;
    let part = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
    let mut url = format!(
        "host='{host}' port='{}' user='{}' dbname='{}'",
        part("POSTGRES_PORT", "5432"),
        part("POSTGRES_USER", "flashfit"),
        part("POSTGRES_DB", "flashfit"),
    );
    if let Some(password) = variable("POSTGRES_PASSWORD") {
        let quoted = password.replace('\\', "\\\\").replace('\'', "\\'");
        url.push_str(&format!(" password='{quoted}'"));
    }
    Some(url)
}

/// An address holds no password with a `/` or an `@` as it is.
fn redis_url(host: &str, port: &str, password: Option<&str>) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    let login = password.map_or(String::new(), |password| {
        let password: String = password.bytes().map(escaped).collect();
        format!(":{password}@")
    });
    format!("redis://{login}{host}:{port}")
}

/// A variable of the environment that has a value.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(extra: &str) -> Result<Settings, String> {
        let figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(extra));
        figment.extract().map_err(|error| one_line(&error))
    }

    #[test]
    fn the_documented_file_is_complete() {
        let settings = read("").unwrap();
        assert_eq!(settings.http.port, 8080);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = read("[http]\nprot = 1").unwrap_err();
        assert!(error.contains("prot"), "{error}");
    }

    #[test]
    fn any_password_fits_into_the_address_of_redis() {
        let url = redis_url("redis", "6379", Some("p@ss/w:r#d é"));
        assert_eq!(url, "redis://:p%40ss%2Fw%3Ar%23d%20%C3%A9@redis:6379");
        assert_eq!(redis_url("h", "1", None), "redis://h:1");
    }

    #[test]
    fn secrets_are_masked() {
        let settings = read("[database]\nurl = 'postgres://u:hunter2@h/d'").unwrap();
        let figment = Figment::from(Toml::string(DEFAULTS));
        for line in effective(&figment, &settings) {
            assert!(!line.value.contains("hunter2"), "{}", line.key);
        }
    }
}
