//! What is wrong with a section of the settings: all of it at once, each in one line that names the key.
use std::fmt::Display;

/// Collects what is wrong with one section.
#[derive(Debug)]
pub struct Complaints {
    section: &'static str,
    found: Vec<String>,
}

impl Complaints {
    /// Nothing is wrong yet with the section of this name.
    #[must_use]
    pub fn about(section: &'static str) -> Self {
        Self {
            section,
            found: vec![],
        }
    }

    /// Complains about a key unless its value is as it should be.
    pub fn unless(&mut self, is_right: bool, key: &str, what: impl Display) {
        if !is_right {
            let section = self.section;
            self.found.push(format!("{section}.{key}: {what}"));
        }
    }

    /// One line for each, in the order in which they were found.
    #[must_use]
    pub fn into_lines(self) -> Vec<String> {
        self.found
    }
}
