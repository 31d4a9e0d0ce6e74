//! Where aiosmtpd is.
#[path = "python.rs"]
mod python;

use std::path::PathBuf;

/// Where scripts/test puts it.
pub(crate) fn aiosmtpd() -> PathBuf {
    python::installed("aiosmtpd", include_str!("requirements.txt"))
}
