//! Getting a pack: every file fetched beside the others, all of it checked, and only then put in its place.
use super::{Installed, Registry};
use crate::{
    engines::vision::{Contents, Options, Pack, Vision},
    platform::{
        download::{self, Downloader, Error, Url, Wanted},
        tasks,
    },
};
use anyhow::{Context as _, bail};
use fs_err::tokio as fs;
use std::{
    collections::BTreeSet,
    fs::TryLockError,
    path::{Path, PathBuf},
};

/// The most a file, a text and a pack may have.
const FILE_LIMIT: u64 = 8 << 30;
const TEXT_LIMIT: u64 = 1 << 20;
const MOST_FILES: usize = 64;
/// What is left free beside the pack.
const SPARE: u64 = 64 << 20;

const TOML: &str = "pack.toml";
const CARD: &str = "CARD.md";

/// How far it is.
#[derive(Debug)]
pub enum Event<'a> {
    /// The pack is known.
    Begins {
        /// `name@version`.
        id: &'a str,
        /// How many files it has.
        files: usize,
        /// Bytes still to come, as far as the server says.
        bytes: u64,
    },
    /// Some of a file is there.
    File {
        /// Its name.
        name: &'a str,
        /// Bytes.
        have: u64,
        /// Bytes in all, where the server says.
        total: Option<u64>,
    },
    /// A file is there and is what `pack.toml` says.
    Done {
        /// Its name.
        name: &'a str,
    },
    /// The pack is loaded to see whether it runs.
    Verifies,
}

/// Who is told.
type Tell<'a> = dyn FnMut(Event<'_>) + Send + 'a;

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// It is there now.
    Installed {
        /// `name@version`.
        id: String,
        /// Where.
        folder: PathBuf,
    },
    /// It was there.
    Already {
        /// `name@version`.
        id: String,
        /// Where.
        folder: PathBuf,
    },
}

/// Where a pack is to be had.
#[derive(Debug, Clone)]
pub struct Source {
    url: Url,
    sha256: Option<String>,
}

impl Source {
    /// From an address: of `pack.toml`, or of the folder it is in.
    ///
    /// # Errors
    /// When it is not an address.
    pub fn at(text: &str) -> anyhow::Result<Self> {
        let mut url = download::address(text)?;
        if !url.path().ends_with(".toml") {
            let folder = url.path().trim_end_matches('/').to_owned();
            url.set_path(&format!("{folder}/{TOML}"));
        }
        Ok(Self { url, sha256: None })
    }

    /// From a name that the registry knows.
    ///
    /// # Errors
    /// When it is not known, or known but offered by nobody; then it says what to do instead.
    pub fn named(name: &str, registry: &Registry) -> anyhow::Result<Self> {
        let Some(entry) = registry.find(name) else {
            bail!(
                "no pack called {name:?} is known: see `flashfit models list`, or give an address"
            );
        };
        let Some(url) = &entry.url else {
            let how = entry
                .how
                .as_deref()
                .unwrap_or("convert its weights yourself");
            bail!(
                "nobody offers {name} as a pack: {how}, or set models.packs.{name} to the address of one"
            );
        };
        Ok(Self {
            sha256: entry.sha256.clone(),
            ..Self::at(url).with_context(|| format!("the entry {name}"))?
        })
    }

    /// A file beside `pack.toml`.
    fn beside(&self, file: &str) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop().push(file);
        }
        url
    }
}

/// Gets packs and installs them.
#[derive(Debug, Clone)]
pub struct Puller {
    /// How files come.
    pub downloader: Downloader,
    /// Where packs go.
    pub installed: Installed,
    /// How a pack is tried.
    pub options: Options,
}

impl Puller {
    /// Fetches a pack, or what is missing of it after an interruption, tries it, and installs it.
    ///
    /// # Errors
    /// One line that says what is wrong. Nothing is installed then, and nothing that is installed has changed.
    pub async fn pull(
        &self,
        source: &Source,
        tell: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> anyhow::Result<Outcome> {
        let origin = download::shown(&source.url);
        let toml = self.downloader.bytes(&source.url, TEXT_LIMIT).await?;
        check_sum(source, &toml)?;
        let contents = Contents::read(&origin, &toml)?;
        let (id, folder) = (contents.id.clone(), self.installed.folder(&contents.id));
        if is_installed(&folder, &toml).await? {
            return Ok(Outcome::Already { id, folder });
        }
        fs::create_dir_all(self.installed.root()).await?;
        let _turn = take_turn(self.installed.root())?;
        let staging = self.installed.root().join(format!(".{id}.part"));
        fs::create_dir_all(&staging).await?;
        let missing = self.missing(source, &contents, &staging).await?;
        let bytes = missing.iter().filter_map(|(_, size)| *size).sum();
        download::room_for(bytes + SPARE, &staging)?;
        tell(Event::Begins {
            id: &id,
            files: contents.files.len(),
            bytes,
        });
        for (wanted, _) in &missing {
            self.fetch(wanted, tell).await?;
        }
        self.fetch_card(source, &staging).await?;
        fs::write(staging.join(TOML), &toml).await?;
        tidy(&staging, &contents).await?;
        tell(Event::Verifies);
        if let Err(error) = self.try_out(&staging).await {
            // Every file is what `pack.toml` says: fetching them again would change nothing.
            fs::remove_dir_all(&staging).await?;
            return Err(error.context(format!("{origin} is not installed: the pack does not work")));
        }
        put(&staging, &folder).await?;
        Ok(Outcome::Installed { id, folder })
    }

    /// The files that are not there yet, and how many bytes of each are to come.
    async fn missing(
        &self,
        source: &Source,
        contents: &Contents,
        staging: &Path,
    ) -> anyhow::Result<Vec<(Wanted, Option<u64>)>> {
        if contents.files.len() > MOST_FILES {
            bail!(
                "{} lists {} files; at most {MOST_FILES} are fetched",
                download::shown(&source.url),
                contents.files.len()
            );
        }
        let mut missing = vec![];
        for (file, sum) in &contents.files {
            let wanted = Wanted {
                url: source.beside(file),
                path: staging.join(file),
                sha256: sum.clone(),
                limit: FILE_LIMIT,
            };
            if wanted.path.is_file() {
                let got = download::sha256(&wanted.path).await?;
                if got.eq_ignore_ascii_case(sum) {
                    continue;
                }
                fs::remove_file(&wanted.path).await?;
            }
            let size = self.downloader.size(&wanted.url).await?;
            let part = fs::metadata(download::part_of(&wanted.path)).await;
            let have = part.map_or(0, |part| part.len());
            missing.push((wanted, size.map(|size| size.saturating_sub(have))));
        }
        Ok(missing)
    }

    async fn fetch(&self, wanted: &Wanted, tell: &mut Tell<'_>) -> anyhow::Result<()> {
        let name = wanted.path.file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        let mut heard = |have, total| {
            tell(Event::File {
                name: &name,
                have,
                total,
            });
        };
        self.downloader.file(wanted, &mut heard).await?;
        tell(Event::Done { name: &name });
        Ok(())
    }

    /// The card is for people: a pack without one, or with a page in its place, runs as well.
    async fn fetch_card(&self, source: &Source, staging: &Path) -> anyhow::Result<()> {
        match self
            .downloader
            .bytes(&source.beside(CARD), TEXT_LIMIT)
            .await
        {
            Ok(card) => Ok(fs::write(staging.join(CARD), card).await?),
            Err(Error::Missing { .. } | Error::Html { .. } | Error::Refused { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// As `flashfit models verify` does.
    async fn try_out(&self, staging: &Path) -> anyhow::Result<()> {
        let (staging, options) = (staging.to_owned(), self.options.clone());
        tasks::blocking(move || {
            let pack = Pack::open(&staging)?;
            Vision::load(pack, &options)?;
            Ok(())
        })
        .await?
    }
}

fn check_sum(source: &Source, toml: &[u8]) -> Result<(), Error> {
    use sha2::Digest as _;
    let Some(expected) = &source.sha256 else {
        return Ok(());
    };
    let sum = sha2::Sha256::digest(toml);
    let got: String = sum.iter().map(|b| format!("{b:02x}")).collect();
    match got.eq_ignore_ascii_case(expected) {
        true => Ok(()),
        false => Err(Error::Checksum {
            url: download::shown(&source.url),
            got,
            expected: expected.clone(),
        }),
    }
}

/// Whether this very pack is there, whole. A damaged one is not, and is replaced.
async fn is_installed(folder: &Path, toml: &[u8]) -> anyhow::Result<bool> {
    let Ok(there) = fs::read(folder.join(TOML)).await else {
        return Ok(false);
    };
    if there != toml {
        bail!(
            "another pack of this name and version is installed in {}: remove it first",
            folder.display()
        );
    }
    let folder = folder.to_owned();
    Ok(tasks::blocking(move || Pack::open(&folder).is_ok()).await?)
}

/// One pull at a time: held until it is dropped, however the process ends.
fn take_turn(root: &Path) -> anyhow::Result<std::fs::File> {
    let path = root.join(".lock");
    let (file, _) = fs_err::File::create(&path)?.into_parts();
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another pull into {} is running", root.display()),
        Err(TryLockError::Error(cause)) => {
            Err(cause).with_context(|| format!("{} cannot be locked", path.display()))
        }
    }
}

/// Removes what an earlier `pack.toml` of the same name wanted and this one does not.
async fn tidy(staging: &Path, contents: &Contents) -> anyhow::Result<()> {
    let files = contents.files.iter().map(|(file, _)| file.as_str());
    let wanted: BTreeSet<&str> = files.chain([TOML, CARD]).collect();
    let mut entries = fs::read_dir(staging).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        if !name.to_str().is_some_and(|name| wanted.contains(name)) {
            fs::remove_file(entry.path()).await?;
        }
    }
    Ok(())
}

/// The finished pack appears at once; a damaged one in its place goes.
async fn put(staging: &Path, folder: &Path) -> anyhow::Result<()> {
    if folder.is_dir() {
        let old = folder.with_file_name(".replaced");
        if old.is_dir() {
            fs::remove_dir_all(&old).await?;
        }
        fs::rename(folder, &old).await?;
        fs::rename(staging, folder).await?;
        fs::remove_dir_all(&old).await?;
        return Ok(());
    }
    Ok(fs::rename(staging, folder).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_pack_toml_or_of_its_folder() {
        let toml = |text: &str| Source::at(text).unwrap().url.to_string();
        assert_eq!(toml("http://h/p"), "http://h/p/pack.toml");
        assert_eq!(toml("https://h/p/"), "https://h/p/pack.toml");
        assert_eq!(toml("http://h/p/pack.toml?t=1"), "http://h/p/pack.toml?t=1");
        assert_eq!(toml("http://h"), "http://h/pack.toml");
        let source = Source::at("http://h/p/pack.toml?t=1").unwrap();
        let beside = source.beside("a b.onnx");
        assert_eq!(beside.as_str(), "http://h/p/a%20b.onnx?t=1");
        assert!(Source::at("file:///etc").is_err());
    }
}
