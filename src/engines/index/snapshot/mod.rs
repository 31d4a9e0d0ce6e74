//! An index on disk, so that a restart need not read every embedding from the database.
//!
//! Written to a temporary file, synced, renamed: a reader sees the old or the new one. A file that is not exactly what
//! `format.rs` says is a typed error, and the caller rebuilds from the database. The checksum finds damage, not malice:
//! whoever can write to the data directory is trusted.
mod error;
mod format;

pub use error::SnapshotError;
pub use format::{Expected, Restored};

use super::space::{Settings, SpaceIndex};
use format::{CHECKSUM_BYTES, MAGIC, decode, encode};
use sha2::{Digest, Sha256};
use std::{
    io::{self, BufRead as _, Read as _, Write},
    path::Path,
};

/// Writes the index to `path`; returns the size in bytes. Take the watermark before calling: changes that
/// arrive meanwhile may be in the file, and applying them again does no harm.
///
/// # Errors
/// [`SnapshotError::Io`]; what was at `path` before is still there then.
pub fn write_snapshot(
    path: &Path,
    index: &SpaceIndex,
    pack: &str,
    watermark: u64,
) -> Result<u64, SnapshotError> {
    let mut bytes = encode(index, pack, watermark);
    bytes.extend_from_slice(&Sha256::digest(&bytes));
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(SnapshotError::Io)?;
    file.write_all(&bytes).map_err(SnapshotError::Io)?;
    file.as_file().sync_all().map_err(SnapshotError::Io)?;
    file.persist(path).map_err(|e| SnapshotError::Io(e.error))?;
    fs_err::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(SnapshotError::Io)?;
    Ok(bytes.len() as u64)
}

/// Reads what [`write_snapshot`] wrote, and checks everything. A graph that cannot be used is built anew.
///
/// # Errors
/// [`SnapshotError`]; never a panic, whatever the bytes are.
pub fn read_snapshot(
    path: &Path,
    expected: &Expected<'_>,
    settings: &Settings,
) -> Result<Restored, SnapshotError> {
    let bytes = fs_err::read(path).map_err(unreadable)?;
    decode(&bytes, expected, settings)
}

fn unreadable(error: io::Error) -> SnapshotError {
    match error.kind() == io::ErrorKind::NotFound {
        true => SnapshotError::Missing,
        false => SnapshotError::Io(error),
    }
}

/// Says whether the file at `path` is whole, as its checksum has it, without making an index of it.
///
/// # Errors
/// [`SnapshotError`] says what is wrong.
pub fn check_snapshot(path: &Path) -> Result<(), SnapshotError> {
    let file = fs_err::File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(SnapshotError::Io)?.len();
    let body = size.saturating_sub(CHECKSUM_BYTES as u64);
    let mut reader = io::BufReader::with_capacity(1 << 20, file);
    let starts = reader.fill_buf().map_err(SnapshotError::Io)?;
    if !starts.starts_with(MAGIC) {
        return Err(SnapshotError::NotASnapshot);
    }
    let mut hasher = Sha256::new();
    let copied = io::copy(&mut reader.by_ref().take(body), &mut Hash(&mut hasher))
        .map_err(SnapshotError::Io)?;
    let mut checksum = vec![];
    reader
        .read_to_end(&mut checksum)
        .map_err(SnapshotError::Io)?;
    match copied == body && hasher.finalize().as_slice() == checksum {
        true => Ok(()),
        false => Err(SnapshotError::Damaged("the checksum is wrong")),
    }
}

/// Writes into a checksum.
struct Hash<'a>(&'a mut Sha256);

impl Write for Hash<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
