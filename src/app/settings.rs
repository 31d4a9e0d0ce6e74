//! The whole configuration: one section per module below, nothing else.
use crate::{
    features::{accounts, alerts, monitoring, recommend, search, wardrobe},
    platform::{cache, db, http, notify, telemetry},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// Everything that can be configured. `config/flashfit.toml` documents each key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where files live.
    pub data_dir: PathBuf,
    /// The listener and its limits.
    pub http: http::Settings,
    /// Postgres.
    pub database: db::Settings,
    /// Redis.
    pub cache: cache::Settings,
    /// Logs.
    pub log: telemetry::Settings,
    /// People and sessions.
    pub accounts: accounts::Settings,
    /// The model pack.
    pub models: ModelSettings,
    /// Photos and garments.
    pub wardrobe: wardrobe::Settings,
    /// The vector index.
    pub search: search::Settings,
    /// Outfits.
    pub recommend: recommend::Settings,
    /// Rules, and how what they find is told.
    pub alerts: alerts::Settings,
    /// What the process remembers of itself.
    pub monitoring: monitoring::Settings,
    /// Whom alerts are told to.
    pub notifications: notify::Settings,
    /// Backups that are made by themselves.
    pub backup: db::archive::Settings,
}

/// `[models]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// A directory with a pack, or the name of an installed one; empty means the embedded one.
    pub pack: PathBuf,
    /// A list of packs, a file or an address, in front of the one in the binary; empty means none.
    pub registry: String,
    /// More packs that can be pulled: names and the addresses of their `pack.toml`.
    pub packs: BTreeMap<String, String>,
    /// Certificates in PEM form that are believed beside the system's when packs are fetched; empty means none.
    pub ca_file: PathBuf,
    /// Whether a start sends what another pack recognised through the models again.
    pub re_embed: bool,
    /// `libonnxruntime.so`; empty means the embedded one.
    pub onnxruntime: PathBuf,
    /// Pictures recognised at the same time; 0 means one per core.
    pub sessions: usize,
    /// How often the models are shown garments whose kind is known; zero means never.
    #[serde(with = "humantime_serde")]
    pub self_test_interval: Duration,
}

impl Settings {
    /// What makes no sense by itself, a line for each. What needs files, other programs or the clock is found out by
    /// whoever uses it.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = vec![];
        if self.data_dir.as_os_str().is_empty() {
            found.push("data_dir: it is empty".to_owned());
        }
        for section in [
            self.http.complaints(),
            self.database.complaints(),
            self.cache.complaints(),
            self.log.complaints(),
            self.wardrobe.complaints(),
            self.search.complaints(),
            self.recommend.complaints(),
            self.monitoring.complaints(),
        ] {
            found.extend(section);
        }
        found
    }

    /// Every value by its dotted key, secrets masked.
    #[must_use]
    pub fn flattened(&self) -> Vec<(String, String)> {
        let mut found = vec![];
        if let Ok(sections) = serde_json::to_value(self) {
            flatten("", &sections, &mut found);
        }
        found
    }
}

fn flatten(prefix: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    let Some(map) = value.as_object() else {
        out.push((prefix.to_owned(), value.to_string()));
        return;
    };
    for (key, value) in map {
        let key = match prefix {
            "" => key.clone(),
            prefix => format!("{prefix}.{key}"),
        };
        flatten(&key, value, out);
    }
}
