//! Settings out of variables: FlashFit's own names, and those of the Phase 2 deployment. The only reader of the
//! environment.
use super::Layer;
use figment::{
    Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};
use std::{collections::BTreeMap, fmt};

/// How FlashFit's own names begin.
pub const PREFIX: &str = "FLASHFIT_";

/// The names the Phase 2 deployment used, and the keys they set.
pub const PHASE2: &[(&str, &str)] = &[
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

/// The parts that addresses are put together from; the first of each list is what brings the others in.
pub const PARTS: [&[&str]; 2] = [
    &[
        "POSTGRES_HOST",
        "POSTGRES_PORT",
        "POSTGRES_USER",
        "POSTGRES_PASSWORD",
        "POSTGRES_DB",
    ],
    &["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"],
];

/// Variables by name. They hold secrets, and do not print.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Those of this process.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn of_process() -> Self {
        let all = std::env::vars_os().map(|(name, value)| {
            let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
            (text(name), text(value))
        });
        Self(all.collect())
    }

    /// These, of which the last of a name counts.
    #[must_use]
    pub fn of(named: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(named.into_iter().collect())
    }

    /// A variable that has a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// Every name, also of those without a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// FlashFit's own, as keys such as `http.port`, with their values.
    fn own(&self) -> impl Iterator<Item = (Vec<String>, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((key_of(name)?, value.as_str())))
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// A variable of this process that has a value.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    Variables::of_process().get(name).map(str::to_owned)
}

/// `["http", "port"]` for `FLASHFIT_HTTP__PORT`; `None` for what is no setting by its form.
#[must_use]
pub fn key_of(name: &str) -> Option<Vec<String>> {
    let head = name.get(..PREFIX.len())?;
    let rest = name.get(PREFIX.len()..)?.to_ascii_lowercase();
    if !head.eq_ignore_ascii_case(PREFIX) || !(rest.contains("__") || rest == "data_dir") {
        return None;
    }
    let parts: Vec<String> = rest.split("__").map(str::to_owned).collect();
    (!parts.iter().any(String::is_empty)).then_some(parts)
}

/// `FLASHFIT_HTTP__PORT` for `["http", "port"]`.
#[must_use]
pub fn name_of(key: &[String]) -> String {
    format!("{PREFIX}{}", key.join("__")).to_ascii_uppercase()
}

/// FlashFit's own variables as a layer of settings.
pub(super) struct Own(pub(super) Variables);

impl Provider for Own {
    fn metadata(&self) -> Metadata {
        let name = format!("`{PREFIX}` environment variable(s)");
        Metadata::named(name).interpolater(|_: &Profile, keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(|key| key.to_ascii_uppercase()).collect();
            keys.join(".")
        })
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut top = Dict::new();
        for (key, value) in self.0.own() {
            let Ok(value) = value.parse::<Value>();
            put(&mut top, &key, value);
        }
        Ok(Profile::Default.collect(top))
    }
}

/// Puts a value where its key says, making tables on the way.
fn put(table: &mut Dict, key: &[String], value: Value) {
    let [first, rest @ ..] = key else { return };
    if rest.is_empty() {
        table.insert(first.clone(), value);
        return;
    }
    let below = table
        .entry(first.clone())
        .or_insert_with(|| Value::from(Dict::new()));
    if !matches!(below, Value::Dict(..)) {
        *below = Value::from(Dict::new());
    }
    if let Value::Dict(_, below) = below {
        put(below, rest, value);
    }
}

/// Variables of the Phase 2 deployment, so that an existing `.env` keeps working.
pub(super) fn phase2(variables: &Variables) -> Layer {
    let mut values: Vec<(&'static str, Value)> = PHASE2
        .iter()
        .filter_map(|(name, key)| Some((*key, parse(key, variables.get(name)?))))
        .collect();
    if let Some(url) = postgres_url(variables) {
        values.push(("database.url", Value::from(url)));
    }
    if let (None, Some(host)) = (variables.get("REDIS_URL"), variables.get("REDIS_HOST")) {
        let port = variables.get("REDIS_PORT").unwrap_or("6379");
        let url = redis_url(host, port, variables.get("REDIS_PASSWORD"));
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
    if key == "log.level" {
        return Value::from(level(&value.to_lowercase()));
    }
    if key == "log.format" {
        return Value::from(value.to_lowercase());
    }
    value
        .parse::<u64>()
        .map_or_else(|_| Value::from(value), Value::from)
}

/// Phase 2 was written in a language that knew two more names.
fn level(name: &str) -> &str {
    match name {
        "warning" => "warn",
        "critical" | "fatal" => "error",
        other => other,
    }
}

fn postgres_url(variables: &Variables) -> Option<String> {
    let host = variables.get("POSTGRES_HOST")?;
    let part =
        |name: &str, default: &'static str| variables.get(name).unwrap_or(default).to_owned();
    let mut url = format!(
        "host='{host}' port='{}' user='{}' dbname='{}'",
        part("POSTGRES_PORT", "5432"),
        part("POSTGRES_USER", "flashfit"),
        part("POSTGRES_DB", "flashfit"),
    );
    if let Some(password) = variables.get("POSTGRES_PASSWORD") {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_password_fits_into_the_address_of_redis() {
        let url = redis_url("redis", "6379", Some("p@ss/w:r#d é"));
        assert_eq!(url, "redis://:p%40ss%2Fw%3Ar%23d%20%C3%A9@redis:6379");
        assert_eq!(redis_url("h", "1", None), "redis://h:1");
    }

    #[test]
    fn keys_and_names_belong_together() {
        let key = key_of("FLASHFIT_HTTP__TLS__KEY").unwrap();
        assert_eq!(key, ["http", "tls", "key"]);
        assert_eq!(name_of(&key), "FLASHFIT_HTTP__TLS__KEY");
        assert_eq!(key_of("flashfit_http__port").unwrap(), ["http", "port"]);
        assert_eq!(key_of("FLASHFIT_DATA_DIR").unwrap(), ["data_dir"]);
        for other in ["FLASHFIT_HTTP_PORT", "FLASHFIT___", "PATH", "FLASHFITé__X"] {
            assert_eq!(key_of(other), None, "{other}");
        }
    }

    #[test]
    fn variables_do_not_print_their_values() {
        let one = Variables::of([("A".to_owned(), "hunter2".to_owned())]);
        assert_eq!(format!("{one:?}"), "{\"A\"}");
    }

    #[test]
    fn levels_of_phase_2_are_understood() {
        for (theirs, ours) in [("WARNING", "warn"), ("Critical", "error"), ("INFO", "info")] {
            assert_eq!(parse("log.level", theirs), Value::from(ours));
        }
    }
}
