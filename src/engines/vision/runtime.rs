//! The ONNX Runtime library: carried inside the binary, unpacked once into a cache folder.
//!
//! The file's name is made from the hash of what it was unpacked from, and it appears by renaming a
//! finished file: whoever finds it, finds it whole, however many processes start at once.
use super::{VisionError, pack::hex};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// Compressed by `scripts/fetch-onnxruntime`, found by `build.rs`.
const PACKED: &[u8] = include_bytes!(env!("FLASHFIT_ONNXRUNTIME_ZST"));

/// The library to load: the one that was asked for, else the carried one.
pub(super) fn library(asked: Option<&Path>, cache: &Path) -> Result<PathBuf, VisionError> {
    let missing = |path: &Path, problem: String| VisionError::Runtime {
        path: path.to_owned(),
        problem,
    };
    match asked {
        Some(path) => match path.canonicalize() {
            Ok(found) if found.is_file() => Ok(found),
            Ok(_) => Err(missing(path, "it is not a file".to_owned())),
            Err(e) => Err(missing(path, e.to_string())),
        },
        None => unpacked(PACKED, cache).map_err(|e| missing(cache, format!("unpacking: {e}"))),
    }
}

fn unpacked(packed: &[u8], cache: &Path) -> io::Result<PathBuf> {
    let hash = hex(&Sha256::digest(packed));
    let name: String = hash.chars().take(16).collect();
    fs::create_dir_all(cache)?;
    let cache = cache.canonicalize()?;
    let path = cache.join(format!("libonnxruntime-{name}.so"));
    let expected = zstd::zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten();
    let found = fs::metadata(&path).ok().map(|file| file.len());
    // The length gives away a file that a power cut left empty.
    if found.is_some() && found == expected {
        return Ok(path);
    }
    let mut fresh = tempfile::NamedTempFile::new_in(&cache)?;
    zstd::stream::copy_decode(packed, fresh.as_file_mut())?;
    fresh.as_file_mut().flush()?;
    let readable = fs::Permissions::from_mode(0o755);
    fresh.as_file().set_permissions(readable)?;
    fresh.persist(&path).map_err(|e| e.error)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_unpacked_once_and_repaired_when_cut() {
        let cache = tempfile::tempdir().unwrap();
        let content = vec![7_u8; 100_000];
        let packed = zstd::bulk::compress(&content, 3).unwrap();
        let path = unpacked(&packed, cache.path()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), content);
        let first = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(unpacked(&packed, cache.path()).unwrap(), path);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), first);
        fs::write(&path, b"").unwrap();
        assert_eq!(unpacked(&packed, cache.path()).unwrap(), path);
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_library_that_is_not_there_is_named() {
        let cache = tempfile::tempdir().unwrap();
        let asked = cache.path().join("libnothing.so");
        let error = library(Some(&asked), cache.path()).unwrap_err().to_string();
        assert!(error.contains("libnothing.so"), "{error}");
    }
}
