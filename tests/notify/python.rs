//! Where scripts/test puts packages for Python.
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

/// The folder to import from, by the name it has there and the text of its list.
pub(crate) fn installed(name: &str, wanted: &str) -> PathBuf {
    let cache = std::env::var_os("FLASHFIT_CACHE").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/flashfit"),
        PathBuf::from,
    );
    let hash = Sha256::digest(wanted);
    let hash: String = hash.iter().take(8).map(|b| format!("{b:02x}")).collect();
    cache.join(name).join(hash)
}
