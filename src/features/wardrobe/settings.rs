//! `[wardrobe]`.
use crate::base::complaints::Complaints;
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

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("wardrobe");
        for (is_right, key) in [
            (self.max_photo_bytes > 0, "max_photo_bytes"),
            (self.max_photo_pixels > 0, "max_photo_pixels"),
            (self.max_photos_per_request > 0, "max_photos_per_request"),
        ] {
            found.unless(is_right, key, "0 would refuse every photo");
        }
        found.unless(
            (64..=16_384).contains(&self.photo_longest_side),
            "photo_longest_side",
            format!("{} is not between 64 and 16384", self.photo_longest_side),
        );
        found.unless(
            self.max_attempts > 0,
            "max_attempts",
            format!("with {} no photo would be recognised", self.max_attempts),
        );
        found.into_lines()
    }
}
