//! Where aiosmtpd is.
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

/// Where scripts/test puts it.
pub(crate) fn aiosmtpd() -> PathBuf {
    if let Some(folder) = std::env::var_os("FLASHFIT_AIOSMTPD") {
        return folder.into();
    }
    let cache = std::env::var_os("FLASHFIT_CACHE").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/flashfit"),
        PathBuf::from,
    );
    let wanted = Sha256::digest(include_str!("requirements.txt"));
    let name: String = wanted.iter().take(8).map(|b| format!("{b:02x}")).collect();
    cache.join("aiosmtpd").join(name)
}
