//! Alerts on their way to people and programs: real servers that take them, and bad ones that do not.
//!
//! Needs aiosmtpd for Python and Debian's package `prometheus-alertmanager`; scripts/test installs both.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
mod alertmanager;
mod alerts;
mod bad_mail;
mod command;
mod counted;
mod doctor;
mod mail;
mod mail_server;
mod rules_command;
mod script;
mod sink;
#[path = "../faults/tls.rs"]
mod tls;
mod webhook;
