//! What alerting knows, in a small file, while Postgres is away: it is written there when that is back.
use super::queue::Queued;
use crate::features::alerts::{lead::memory::Kept, store_admin::HistoryRow};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The file.
#[derive(Debug, Clone)]
pub(in crate::features::alerts) struct Spool {
    path: PathBuf,
}

/// What is in it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Spooled {
    pub(super) state: Kept,
    pub(super) queue: Vec<Queued>,
    /// Messages that were taken, and that Postgres may still hold.
    pub(super) gone: Vec<Uuid>,
    pub(super) history: Vec<HistoryRow>,
}

impl Spool {
    pub(in crate::features::alerts) fn in_folder(data_dir: &Path) -> Self {
        Self {
            path: data_dir.join("alerts").join("spool.json"),
        }
    }

    /// Replaces what the file says, for good.
    pub(super) fn write(&self, what: &Spooled) -> anyhow::Result<()> {
        let folder = self.path.parent().context("the spool has a folder")?;
        fs_err::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(io::BufWriter::new(&mut file), what)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }

    /// What the file says; `None` where there is none. One that cannot be read is put aside.
    pub(super) fn read(&self) -> anyhow::Result<Option<Spooled>> {
        let text = match fs_err::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match serde_json::from_slice(&text) {
            Ok(spooled) => Ok(Some(spooled)),
            Err(error) => {
                let aside = self.path.with_extension("damaged");
                fs_err::rename(&self.path, &aside)?;
                let aside = aside.display();
                Err(error)
                    .with_context(|| format!("the spool is damaged and was renamed to {aside}"))
            }
        }
    }

    /// What it said is in Postgres now.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs_err::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
