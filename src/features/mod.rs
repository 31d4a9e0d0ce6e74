//! Floor 4: what FlashFit does, a folder per ability, from HTTP to SQL.
pub mod accounts;
pub mod alerts;
pub mod demo;
pub mod export;
pub mod monitoring;
pub mod recommend;
pub mod search;
pub mod wardrobe;
