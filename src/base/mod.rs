//! Floor 1: the words every other floor speaks. Nothing here knows anything of ours above it.
pub mod clock;
pub mod colours;
pub mod complaints;
pub mod cursor;
pub mod embedding;
pub mod garment;
pub mod id;
pub mod metrics;
pub mod secret;
pub mod words;
