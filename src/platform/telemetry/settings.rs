//! `[log]`.
use super::filter::filter;
use crate::base::complaints::Complaints;
use serde::{Deserialize, Serialize};

/// What is logged, and how it looks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A level, or a filter such as `info,flashfit::features=debug`.
    pub level: String,
    /// How lines look.
    pub format: Format,
}

/// The looks of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("log");
        if let Err(wrong) = filter(&self.level) {
            found.unless(false, "level", wrong);
        }
        found.into_lines()
    }
}
