//! What FlashFit is deployed with: the files are right, and what they describe works. No container engine is needed.
//!
//! Needs nginx, logrotate, systemd-analyze, OpenSSL, Prometheus and schemathesis; scripts/test installs them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
mod chaos;
#[path = "../faults/client.rs"]
#[expect(dead_code, reason = "likewise")]
mod client;
mod compose;
mod converge;
mod documents;
mod env_example;
mod fleet;
mod fuzz;
mod image;
#[path = "../faults/ledger.rs"]
#[expect(dead_code, reason = "likewise")]
mod ledger;
#[path = "../faults/life.rs"]
#[expect(dead_code, reason = "likewise")]
mod life;
mod messages;
mod nginx;
#[path = "../faults/pictures.rs"]
mod pictures;
#[path = "../faults/program.rs"]
#[expect(
    dead_code,
    reason = "less of it is needed here than where it is at home"
)]
mod program;
mod proxy;
mod proxy_limits;
mod proxy_raw;
#[path = "../notify/python.rs"]
mod python;
mod rolling;
#[path = "../faults/stored.rs"]
#[expect(dead_code, reason = "likewise")]
mod stored;
mod supply;
mod system;
#[path = "../faults/tls.rs"]
#[expect(dead_code, reason = "likewise")]
mod tls;
mod watch;
mod yaml;

use std::path::{Path, PathBuf};

/// The repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of it.
fn text_of(path: impl AsRef<Path>) -> String {
    fs_err::read_to_string(root().join(path)).unwrap()
}

/// A program that not everybody has in the path.
fn server_program(name: &str) -> PathBuf {
    let there = Path::new("/usr/sbin").join(name);
    if there.exists() { there } else { name.into() }
}
