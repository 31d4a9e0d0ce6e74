//! The built program from outside: how it starts, what it says, how it ends, and what it leaves behind when
//! it is killed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod client;
mod command_line;
mod eval_outfits;
mod killed;
mod ledger;
mod pictures;
mod program;
mod stored;
