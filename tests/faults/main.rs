//! The built program from outside: how it starts, what it says, how it ends, and what it leaves behind when
//! it is killed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
mod archive;
mod archive_refused;
mod bench;
mod bundle;
#[expect(dead_code, reason = "tests/deploy uses the rest")]
mod client;
mod command_line;
mod config_check;
mod doctor;
mod doctor_services;
mod download;
mod eval_outfits;
mod killed;
mod ledger;
mod life;
mod mirror;
mod pack_folder;
mod pictures;
mod program;
mod progress;
mod pull;
mod pull_https;
mod refused;
mod reload;
mod stored;
mod switch;
mod tls;
