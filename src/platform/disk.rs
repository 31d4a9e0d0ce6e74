//! How much room there is, and how much is taken.
use std::{io, path::Path};

/// A file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Its size.
    pub total_bytes: u64,
    /// What may still be written.
    pub available_bytes: u64,
}

/// The file system that `dir` is on.
///
/// # Errors
/// When the system does not say.
pub fn room(dir: &Path) -> io::Result<Room> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(Room {
        total_bytes: stat.f_blocks.saturating_mul(stat.f_frsize),
        available_bytes: stat.f_bavail.saturating_mul(stat.f_frsize),
    })
}

/// Bytes that may still be written where `dir` lies.
///
/// # Errors
/// When the system does not say.
pub fn free_bytes(dir: &Path) -> io::Result<u64> {
    Ok(room(dir)?.available_bytes)
}

/// Bytes of all files below `dir`. What vanishes meanwhile or may not be looked into counts as nothing.
#[must_use]
pub fn size(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(of) if of.is_dir() => size(&entry.path()),
        Ok(of) => of.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_as_large_as_the_files_below_it() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("deep")).unwrap();
        std::fs::write(dir.path().join("a"), [0; 10]).unwrap();
        std::fs::write(dir.path().join("deep/b"), [0; 7]).unwrap();
        assert_eq!(size(dir.path()), 17);
        assert_eq!(size(&dir.path().join("nowhere")), 0);
        let room = room(dir.path()).unwrap();
        assert!(room.available_bytes <= room.total_bytes);
    }
}
