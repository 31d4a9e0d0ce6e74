//! How much room there is.
use std::{io, path::Path};

/// Bytes that may still be written where `dir` lies.
///
/// # Errors
/// When the system does not say.
pub fn free_bytes(dir: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
