//! Where settings come from: defaults < file < environment < flags.
mod env_file;
mod environment;
mod secrets;

pub use env_file::{EnvFile, Remark};
pub use environment::{PARTS, PHASE2, PREFIX, Variables, key_of, name_of, variable};

use super::settings::Settings;
use anyhow::{Context as _, bail};
use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format as _, Toml},
    value::{Dict, Map, Value},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The documented file *is* the default.
pub const DEFAULTS: &str = include_str!("../../../config/flashfit.toml");

/// Files that are read when `--config` names none: the first that exists.
const PLACES: &[&str] = &["config/flashfit.toml", "/etc/flashfit/flashfit.toml"];

/// Settings as flags give them: key and value.
pub type Flags = Vec<(&'static str, Value)>;

/// Everything that settings are read from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The file that was named, if one was.
    pub file: Option<PathBuf>,
    /// The environment.
    pub variables: Variables,
    /// What the command line says.
    pub flags: Flags,
}

impl Sources {
    /// A file or the usual one, this process's environment, and flags.
    #[must_use]
    pub fn of_process(file: Option<&Path>, flags: &Flags) -> Self {
        Self {
            file: file.map(Path::to_owned),
            variables: Variables::of_process(),
            flags: flags.clone(),
        }
    }

    /// The file that is read: the one that was named, or the first that exists.
    #[must_use]
    pub fn chosen_file(&self) -> Option<PathBuf> {
        match &self.file {
            Some(path) => Some(path.clone()),
            None => PLACES.iter().map(PathBuf::from).find(|p| p.is_file()),
        }
    }

    /// Puts the layers together.
    #[must_use]
    pub fn layers(&self) -> Figment {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(path) = self.chosen_file() {
            figment = figment.merge(Toml::file_exact(path));
        }
        self.over(figment)
    }

    /// The environment and the flags over `figment`.
    pub(super) fn over(&self, figment: Figment) -> Figment {
        figment
            .merge(environment::phase2(&self.variables))
            .merge(environment::Own(self.variables.clone()))
            .merge(Layer {
                name: "flag",
                values: self.flags.clone(),
            })
    }

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// One line that names the key, what was found, and where it was set.
    pub fn load(&self) -> anyhow::Result<Settings> {
        Ok(self.read()?.settings)
    }

    /// The same, to be compared with what is read later.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn read(&self) -> anyhow::Result<Loaded> {
        if let Some(path) = &self.file
            && !path.is_file()
        {
            bail!("there is no configuration file {}", path.display());
        }
        let figment = self.layers();
        if let Some((wrong, right)) = self.single_underscores().next() {
            bail!("{wrong} is not read: write {right} with two underscores");
        }
        let settings: Settings = figment
            .extract()
            .map_err(|error| anyhow::anyhow!("{}", one_line(&error)))
            .context("the configuration is not valid")?;
        match settings.complaints().first() {
            None => Ok(Loaded { settings, figment }),
            Some(first) => bail!("the configuration is not valid: {first}"),
        }
    }

    /// Every secret that the sources hold, whole and in its parts: of settings that print masked, of the files that
    /// they name, of variables that addresses are put together from. For whoever takes them out of other texts.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let mut found = vec![];
        for name in PARTS
            .iter()
            .copied()
            .flatten()
            .filter(|name| name.ends_with("PASSWORD"))
        {
            found.extend(self.variables.get(name).map(str::to_owned));
        }
        let figment = self.layers();
        let Ok(settings) = figment.extract::<Settings>() else {
            return found;
        };
        for (key, value) in settings.flattened() {
            let text = figment.find_value(&key).ok().and_then(Value::into_string);
            let text = text.unwrap_or_default();
            found.extend(secrets::of_address(&text));
            if value == MASKED && !ADDRESSES.contains(&key.as_str()) {
                found.extend(secrets::of_receiver(&text));
            } else if key.ends_with("_file") && !text.is_empty() {
                found.extend(secrets::in_file(Path::new(&text)));
            }
        }
        found
    }

    /// The configuration file, if it sets something that nobody but its owner should read.
    #[must_use]
    pub fn file_with_secrets(&self, settings: &Settings) -> Option<PathBuf> {
        let (file, figment) = (self.chosen_file()?, self.layers());
        let keys = settings.flattened().into_iter();
        let mut secrets = keys
            .filter(|(_, value)| value == MASKED)
            .map(|(key, _)| key);
        let is_there = secrets.any(|key| {
            let is_in_file = figment.find_metadata(&key).is_some_and(|metadata| {
                metadata.name.contains("TOML") && metadata.source.is_some()
            });
            let text = figment.find_value(&key).ok().and_then(Value::into_string);
            // An address is one with a password only.
            let is_secret = |text: &str| match ADDRESSES.contains(&key.as_str()) {
                true => secrets::has_password(text),
                false => !text.is_empty(),
            };
            is_in_file && text.is_some_and(|text| is_secret(&text))
        });
        is_there.then_some(file)
    }

    /// `FLASHFIT_HTTP_PORT` would do nothing, which nobody who writes it expects: what stands there, and what should.
    pub(super) fn single_underscores(&self) -> impl Iterator<Item = (String, String)> {
        let sections: Dict = default_values();
        let mut found = vec![];
        for (section, values) in &sections {
            for key in values.as_dict().into_iter().flat_map(Dict::keys) {
                let name =
                    |between: &str| format!("{PREFIX}{section}{between}{key}").to_uppercase();
                if self.variables.get(&name("_")).is_some() {
                    found.push((name("_"), name("__")));
                }
            }
        }
        found.into_iter()
    }
}

/// Settings as they were read at one time.
#[derive(Clone)]
pub struct Loaded {
    /// Read and checked.
    pub settings: Settings,
    /// As they were written, secrets included.
    figment: Figment,
}

impl Loaded {
    /// The keys whose values are others there, in their order.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let of = |loaded: &Self| loaded.settings.flattened().into_iter().collect();
        let (here, there): (BTreeMap<String, String>, BTreeMap<String, String>) =
            (of(self), of(other));
        let keys: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
        let differs = |key: &&&String| {
            here.get(**key) != there.get(**key)
                || here.get(**key).is_some_and(|value| value == MASKED)
                    && self.figment.find_value(key).ok() != other.figment.find_value(key).ok()
        };
        keys.iter()
            .filter(differs)
            .map(|key| (**key).clone())
            .collect()
    }
}

/// Settings that are masked for the password that may be in them.
const ADDRESSES: [&str; 2] = ["database.url", "cache.url"];
/// How a secret looks among other values.
const MASKED: &str = "\"***\"";

/// The defaults as they are written.
pub(super) fn default_values() -> Dict {
    let defaults = Figment::from(Toml::string(DEFAULTS)).extract();
    defaults.unwrap_or_default()
}

/// Puts the layers together: a file, this process's environment, and flags.
#[must_use]
pub fn layers(file: Option<&Path>, flags: &Flags) -> Figment {
    Sources::of_process(file, flags).layers()
}

fn one_line(error: &figment::Error) -> String {
    error.clone().into_iter().next().map_or_else(
        || "unknown error".to_owned(),
        |first| first.to_string().replace('\n', " "),
    )
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
    settings
        .flattened()
        .into_iter()
        .map(|(key, value)| Effective {
            source: source(figment, &key),
            key,
            value,
        })
        .collect()
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
        assert_eq!(settings.complaints(), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = read("[http]\nprot = 1").unwrap_err();
        assert!(error.contains("prot"), "{error}");
    }

    #[test]
    fn differences_are_told_by_key_alone_also_those_of_secrets() {
        let loaded = |extra: &str| {
            let figment = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(extra));
            let settings = figment.extract().unwrap();
            Loaded { settings, figment }
        };
        let before = loaded("database.url = 'a'\nhttp.port = 1\nlog.format = 'json'");
        let after = loaded("database.url = 'b'\nhttp.port = 2\nlog.format = 'json'");
        assert_eq!(before.differences(&after), ["database.url", "http.port"]);
        assert_eq!(before.differences(&before), Vec::<String>::new());
        let hook = "notifications.receivers.h = { kind = 'webhook', url = 'http://h' }";
        let told = loaded("").differences(&loaded(hook));
        assert!(
            told.contains(&"notifications.receivers.h.url".to_owned()),
            "{told:?}"
        );
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
