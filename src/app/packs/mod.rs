//! Model packs beyond the one in the binary: which are known, which are installed, and how one gets here.
mod installed;
mod pull;
mod registry;

pub use installed::Installed;
pub use pull::{Event, Outcome, Puller, Source};
pub use registry::{Entry, Registry};

use super::{ModelSettings, Settings};
use crate::{
    engines::vision::{Pack, PackError},
    platform::download::{self, Downloader, Patience},
};
use std::path::Path;

/// What fetches packs, and lists of them.
///
/// # Errors
/// When the system's certificates or those of `models.ca_file` cannot be read.
pub fn downloader(
    patience: Patience,
    settings: &ModelSettings,
) -> Result<Downloader, download::Error> {
    let own = settings.ca_file.as_path();
    Downloader::new(
        patience,
        Some(own).filter(|own| !own.as_os_str().is_empty()),
    )
}

/// Opens the pack that `models.pack` names.
///
/// # Errors
/// One line that says what is wrong with it and what to do.
pub fn chosen(settings: &Settings) -> anyhow::Result<Pack> {
    let name = &settings.models.pack;
    if name.as_os_str().is_empty() {
        return Ok(Pack::embedded()?);
    }
    open(name, settings)
}

/// Opens a pack by its folder, or by its name where it is installed.
///
/// # Errors
/// [`PackError`], or that nothing has this name.
pub fn open(name: &Path, settings: &Settings) -> anyhow::Result<Pack> {
    let missing = match Pack::open(name) {
        Err(error @ PackError::Missing { .. }) if !name.is_dir() => error,
        opened => return Ok(opened?),
    };
    // What has a slash in it can only be a folder.
    let plain = name.to_str().filter(|name| !name.contains('/'));
    let Some(plain) = plain else {
        return Err(missing.into());
    };
    let installed = Installed::below(&settings.data_dir);
    match installed.find(plain)? {
        Some(folder) => Ok(Pack::open(&folder)?),
        None => anyhow::bail!(
            "{plain:?} is neither a folder nor an installed pack: see `flashfit models list`"
        ),
    }
}
