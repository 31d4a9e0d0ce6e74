//! FlashFit: photographs of clothes in, outfits out.
//!
//! The floors of the house, lowest last. Imports go down, never up; `docs/architecture.md` is the map and
//! `tests/architecture.rs` holds it true.
pub mod app;
pub mod base;
pub mod cli;
pub mod engines;
pub mod features;
pub mod platform;
