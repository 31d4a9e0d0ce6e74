//! `[recommend]`.
use crate::base::complaints::Complaints;
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

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("recommend");
        found.unless(
            self.max_wardrobe > 0,
            "max_wardrobe",
            "0 would leave nothing to wear",
        );
        found.into_lines()
    }
}
