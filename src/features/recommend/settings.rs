//! `[recommend]`.
use serde::{Deserialize, Serialize};

/// How outfits are looked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Garments considered for one answer; the newest when there are more.
    pub max_wardrobe: usize,
    /// Whether an answer may try what is uncertain, to learn faster. Off: the same ask, the same answer.
    pub explore: bool,
}
