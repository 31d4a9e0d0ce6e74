//! Six faults, each done to the program that users run, with services of its own and a real mail server that it writes
//! to. Each is noticed at once, by the alert meant for it alone; there is one mail, and one answer to it after the repair.
//!
//! Needs aiosmtpd for Python, which scripts/test installs. The fault of the full disk needs root, and says so without.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
#![expect(
    clippy::print_stdout,
    reason = "how long each took is what a drill is for"
)]
#[path = "../notify/aiosmtpd.rs"]
mod aiosmtpd;
mod disk;
mod drill;
mod healthy;
mod mailbox;
mod models;
mod operator;
mod program;
mod replay;
mod rules;
mod services;
#[path = "../it/support/shuffled_pack.rs"]
mod shuffled_pack;
mod snapshot;
