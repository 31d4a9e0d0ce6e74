//! `[wardrobe]`.
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Limits and habits of the wardrobe.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Larger photos are refused.
    pub max_photo_bytes: usize,
    /// Photos with more pixels are refused before they are decoded.
    pub max_photo_pixels: u64,
    /// Photos in one request.
    pub max_photos_per_request: usize,
    /// Stored photos are scaled down to this many pixels.
    pub photo_longest_side: u32,
    /// How long a deleted garment can be restored.
    #[serde(with = "humantime_serde")]
    pub restore_window: Duration,
    /// How often recognition of a photo is tried.
    pub max_attempts: i32,
}
