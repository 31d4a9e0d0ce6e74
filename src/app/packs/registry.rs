//! The packs that are known by name: a list in the binary, the operator's own list, and single entries.
use crate::{
    app::ModelSettings,
    platform::download::{self, Downloader, Url},
};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::path::Path;

/// `config/packs.toml`.
const BUILT_IN: &str = include_str!("../../../config/packs.toml");
/// A list of packs is a short text.
const LONGEST: u64 = 1 << 20;

/// A pack that is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is asked for by.
    pub name: String,
    /// One line about it.
    #[serde(default)]
    pub what: String,
    /// Of its weights.
    #[serde(default)]
    pub licence: String,
    /// Where its `pack.toml` is; none when nobody offers it.
    pub url: Option<String>,
    /// SHA-256 of that `pack.toml`.
    pub sha256: Option<String>,
    /// The whole pack's size.
    pub bytes: Option<u64>,
    /// What to do where there is no address.
    pub how: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    pack: Vec<Entry>,
}

/// All of them; of two with the same name the first counts.
#[derive(Debug, Clone)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// Those in the binary, and those of `models.packs`.
    ///
    /// # Errors
    /// When an address is none.
    pub fn local(settings: &ModelSettings) -> anyhow::Result<Self> {
        let mut registry = Self { entries: vec![] };
        for (name, url) in &settings.packs {
            download::address(url).with_context(|| format!("models.packs.{name}"))?;
            registry.add(Entry {
                name: name.clone(),
                what: "of this installation".to_owned(),
                licence: String::new(),
                url: Some(url.clone()),
                sha256: None,
                bytes: None,
                how: None,
            });
        }
        for entry in read(BUILT_IN, "config/packs.toml")? {
            registry.add(entry);
        }
        Ok(registry)
    }

    /// Those of [`Registry::local`] and of `models.registry`, which wins over the list in the binary.
    ///
    /// # Errors
    /// When the list cannot be had or read.
    pub async fn all(settings: &ModelSettings, downloader: &Downloader) -> anyhow::Result<Self> {
        let mut registry = Self::local(settings)?;
        let place = settings.registry.as_str();
        if place.is_empty() {
            return Ok(registry);
        }
        let theirs = from(place, downloader).await.context("models.registry")?;
        registry.entries.retain(|entry| {
            let is_own = settings.packs.contains_key(&entry.name);
            is_own || !theirs.iter().any(|their| their.name == entry.name)
        });
        for entry in theirs {
            registry.add(entry);
        }
        Ok(registry)
    }

    fn add(&mut self, entry: Entry) {
        if self.find(&entry.name).is_none() {
            self.entries.push(entry);
        }
    }

    /// The pack of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Every one.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

async fn from(place: &str, downloader: &Downloader) -> anyhow::Result<Vec<Entry>> {
    if !place.contains("://") {
        return read(&fs_err::read_to_string(Path::new(place))?, place);
    }
    let url = download::address(place)?;
    let text = downloader.bytes(&url, LONGEST).await?;
    let text = String::from_utf8(text).with_context(|| format!("{place} is no text"))?;
    let mut entries = read(&text, place)?;
    for entry in &mut entries {
        entry.url = entry.url.take().map(|to| beside(&url, &to)).transpose()?;
    }
    Ok(entries)
}

/// Addresses in a list may be relative to the list.
fn beside(list: &Url, to: &str) -> anyhow::Result<String> {
    let url = list.join(to);
    let url = url.with_context(|| format!("{to:?} is not an address"))?;
    Ok(url.to_string())
}

fn read(text: &str, place: &str) -> anyhow::Result<Vec<Entry>> {
    let list: List = toml::from_str(text).map_err(|e| {
        let what = e.message().split_whitespace().collect::<Vec<_>>();
        anyhow::anyhow!("{place}: {}", what.join(" "))
    })?;
    for entry in &list.pack {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if entry.name.is_empty() || !entry.name.chars().all(is_plain) {
            bail!(
                "{place}: the name {:?} is not made of [a-z0-9.-]",
                entry.name
            );
        }
    }
    Ok(list.pack)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeMap, path::PathBuf};

    fn settings(packs: &[(&str, &str)]) -> ModelSettings {
        let packs = packs
            .iter()
            .map(|(n, u)| ((*n).to_owned(), (*u).to_owned()));
        ModelSettings {
            pack: PathBuf::new(),
            registry: String::new(),
            packs: packs.collect::<BTreeMap<_, _>>(),
            ca_file: PathBuf::new(),
            re_embed: true,
            onnxruntime: PathBuf::new(),
            sessions: 1,
            self_test_interval: std::time::Duration::ZERO,
        }
    }

    #[test]
    fn what_nobody_offers_says_what_to_do() {
        let registry = Registry::local(&settings(&[])).unwrap();
        assert_eq!(registry.entries().len(), 4);
        for entry in registry.entries() {
            let way = entry.url.is_some() || entry.how.is_some();
            assert!(
                way && !entry.what.is_empty() && !entry.licence.is_empty(),
                "{entry:?}"
            );
        }
    }

    /// The commands in a text, word by word.
    fn commands(text: &str) -> impl Iterator<Item = Vec<&str>> {
        let quoted = text.split('`').skip(1).step_by(2);
        quoted.map(|command| command.split_whitespace().collect())
    }

    #[test]
    fn what_to_do_names_files_flags_and_models_that_there_are() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |file: &str| fs_err::read_to_string(root.join(file)).unwrap();
        let (exporter, published) = (
            read("models/export/export.py"),
            read("models/export/published.py"),
        );
        let is_model = |name: &str| published.contains(&format!("\n    \"{name}\": Published("));
        for entry in Registry::local(&settings(&[])).unwrap().entries() {
            let how = entry.how.as_deref().unwrap();
            let files = how.split_whitespace().filter(|w| w.starts_with("models/"));
            files.for_each(|file| assert!(root.join(file).is_file(), "{file} of {how}"));
            let all: Vec<_> = commands(how).collect();
            let (export, fetch) = all.split_last().unwrap();
            let [python, script, flags @ ..] = export.as_slice() else {
                panic!("{how}");
            };
            assert_eq!((*python, *script), ("python", "models/export/export.py"));
            let (pairs, rest) = flags.as_chunks::<2>();
            assert!(rest.is_empty(), "{how}");
            for [flag, value] in pairs {
                let known = exporter.contains(&format!("add_argument(\"{flag}\""));
                assert!(known, "{flag} of {how}");
                match *flag {
                    "--clip" | "--fashion" | "--blip" => {
                        assert!(is_model(value), "{value} of {how}");
                        let fetched = ["hf", "download", *value];
                        assert!(fetch.iter().any(|words| *words == fetched), "{how}");
                    }
                    "--name" => assert_eq!(*value, entry.name),
                    "--out" => assert_eq!(*value, format!("packs/{}", entry.name)),
                    _ => panic!("{flag} of {how}"),
                }
            }
            assert_eq!(pairs.len(), 5, "{how}");
            let (model, _) = entry.what.split_once(": ").unwrap();
            assert!(pairs.iter().any(|[_, value]| *value == model), "{how}");
        }
    }

    #[test]
    fn own_entries_come_first_and_must_be_addresses() {
        let own = [("fashion-clip", "http://h/p/pack.toml")];
        let registry = Registry::local(&settings(&own)).unwrap();
        let entry = registry.find("fashion-clip").unwrap();
        assert_eq!(entry.url.as_deref(), Some("http://h/p/pack.toml"));
        let wrong = Registry::local(&settings(&[("x", "ftp://h/p")])).unwrap_err();
        assert!(format!("{wrong:#}").contains("models.packs.x"), "{wrong:#}");
    }

    #[test]
    fn a_list_is_read_strictly() {
        let said = |text: &str| read(text, "list").unwrap_err().to_string();
        assert!(said("[[pack]]\nname = \"a\"\nsize = 1").contains("size"));
        assert!(said("[[pack]]\nname = \"a/b\"").contains("a/b"));
        assert!(said("[[pack]]").contains("name"));
    }
}
