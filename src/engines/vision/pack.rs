//! A model pack: the files of `docs/model-pack.md`, read once, checksums verified.
//!
//! A [`Pack`] holds what was verified: nothing is read from disk again later.
use super::{heads::is_attribute, manifest::Manifest};
use sha2::{Digest as _, Sha256};
use std::{borrow::Cow, collections::BTreeMap, path::Path};

/// Why a pack cannot be used. Each message names the pack, the file and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The binary was built without `models/default`.
    #[error("this program was built without a model pack; set models.pack to the folder of one")]
    NotEmbedded,
    /// The folder or a file is not there.
    #[error("model pack {pack}: {file} is missing")]
    Missing {
        /// Where the pack comes from.
        pack: String,
        /// Which file.
        file: String,
    },
    /// The system refuses to read a file.
    #[error("model pack {pack}: {file} cannot be read: {cause}")]
    Unreadable {
        /// Where the pack comes from.
        pack: String,
        /// Which file.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// `pack.toml` is not as `docs/model-pack.md` says.
    #[error("model pack {pack}: pack.toml: {problem}")]
    Manifest {
        /// Where the pack comes from.
        pack: String,
        /// Line and reason.
        problem: String,
    },
    /// A file is not the one that `pack.toml` lists.
    #[error("model pack {pack}: {file} has SHA-256 {got}, pack.toml says {expected}")]
    Checksum {
        /// Where the pack comes from.
        pack: String,
        /// Which file.
        file: String,
        /// Of the file.
        got: String,
        /// In `pack.toml`.
        expected: String,
    },
}

/// What a `pack.toml` announces: enough to fetch the rest of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// `name@version`.
    pub id: String,
    /// Names of files beside `pack.toml`, and their SHA-256 in hexadecimal.
    pub files: Vec<(String, String)>,
}

impl Contents {
    /// Reads a `pack.toml` that came from `origin`.
    ///
    /// # Errors
    /// [`PackError::Manifest`] when the file is not as `docs/model-pack.md` says.
    pub fn read(origin: &str, text: &[u8]) -> Result<Self, PackError> {
        let manifest = parse(origin, text)?;
        Ok(Self {
            id: id_of(&manifest),
            files: manifest.files.into_iter().collect(),
        })
    }
}

fn parse(origin: &str, text: &[u8]) -> Result<Manifest, PackError> {
    let wrong = |problem: String| PackError::Manifest {
        pack: origin.to_owned(),
        problem,
    };
    let text = std::str::from_utf8(text).map_err(|e| wrong(e.to_string()))?;
    Manifest::parse(text).map_err(wrong)
}

fn id_of(manifest: &Manifest) -> String {
    format!("{}@{}", manifest.name, manifest.version)
}

#[derive(rust_embed::RustEmbed)]
#[folder = "models/default"]
#[allow_missing = true]
struct Embedded;

/// The files of a pack, verified.
#[derive(Clone)]
pub struct Pack {
    id: String,
    origin: String,
    manifest: Manifest,
    files: BTreeMap<String, Cow<'static, [u8]>>,
    card: Option<String>,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pack({} from {})", self.id, self.origin)
    }
}

impl Pack {
    /// The pack in the binary.
    ///
    /// # Errors
    /// [`PackError`] when there is none or it is damaged.
    pub fn embedded() -> Result<Self, PackError> {
        let read = |file: &str| Ok(Embedded::get(file).map(|found| found.data));
        if Embedded::get("pack.toml").is_none() {
            return Err(PackError::NotEmbedded);
        }
        Self::read("(embedded)", read)
    }

    /// The pack in a folder.
    ///
    /// # Errors
    /// [`PackError`] names the first file that is missing, damaged or contradicts `pack.toml`.
    pub fn open(dir: &Path) -> Result<Self, PackError> {
        Self::read(&dir.display().to_string(), |file| {
            match std::fs::read(dir.join(file)) {
                Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(e),
            }
        })
    }

    fn read(
        origin: &str,
        read: impl Fn(&str) -> std::io::Result<Option<Cow<'static, [u8]>>>,
    ) -> Result<Self, PackError> {
        let find = |file: &str| {
            read(file).map_err(|cause| PackError::Unreadable {
                pack: origin.to_owned(),
                file: file.to_owned(),
                cause,
            })
        };
        let get = |file: &str| {
            find(file)?.ok_or_else(|| PackError::Missing {
                pack: origin.to_owned(),
                file: file.to_owned(),
            })
        };
        let manifest = parse(origin, &get("pack.toml")?)?;
        let mut files = BTreeMap::new();
        for (file, expected) in &manifest.files {
            let bytes = get(file)?;
            let got = hex(&Sha256::digest(&bytes));
            if !got.eq_ignore_ascii_case(expected) {
                return Err(PackError::Checksum {
                    pack: origin.to_owned(),
                    file: file.clone(),
                    got,
                    expected: expected.clone(),
                });
            }
            files.insert(file.clone(), bytes);
        }
        let card = find("CARD.md")?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Self {
            id: id_of(&manifest),
            origin: origin.to_owned(),
            manifest,
            files,
            card,
        })
    }

    /// `name@version`: embeddings of different ids never mix.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folder it was read from, or `(embedded)`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The licence it names.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.manifest.licence
    }

    /// Where its weights come from, in a sentence or two.
    #[must_use]
    pub fn provenance(&self) -> &str {
        &self.manifest.provenance
    }

    /// Whether it promises the same embedding for the same picture, whatever else is in the batch.
    #[must_use]
    pub fn is_deterministic(&self) -> bool {
        self.manifest.deterministic
    }

    /// The attributes it knows, in the order of [`super::Sight::attributes`].
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let heads = self.manifest.fashion.heads.iter().map(|h| h.name.as_str());
        let heads = heads.filter(|name| is_attribute(name));
        heads.chain(self.manifest.zero_shot.iter().map(|z| z.name.as_str()))
    }

    /// Its files and their sizes in bytes, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, usize)> {
        self.files.iter().map(|(name, b)| (name.as_str(), b.len()))
    }

    /// `CARD.md`: what it was trained on, measured quality, known limits.
    #[must_use]
    pub fn card(&self) -> Option<&str> {
        self.card.as_deref()
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A listed file; [`Manifest::parse`] has seen to it that the required ones are listed.
    pub(super) fn file(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], |bytes| bytes)
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
