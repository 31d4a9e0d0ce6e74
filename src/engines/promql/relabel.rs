//! What series are called after `label_replace`, `label_join` and `absent`.
use std::sync::Arc;

use regex::Regex;

use super::{
    labels::{Labels, METRIC_NAME},
    store::{Comparison, Matcher},
};

/// A change of labels.
#[derive(Debug, Clone)]
pub(super) enum Relabel {
    Replace {
        target: Arc<str>,
        replacement: String,
        source: Arc<str>,
        pattern: Regex,
    },
    Join {
        target: Arc<str>,
        separator: String,
        sources: Vec<Arc<str>>,
    },
}

impl Relabel {
    pub(super) fn apply(&self, labels: &Labels) -> Labels {
        match self {
            Self::Replace {
                target,
                replacement,
                source,
                pattern,
            } => match pattern.captures(labels.get(source)) {
                Some(found) => {
                    let mut value = String::new();
                    found.expand(replacement, &mut value);
                    labels.with(target, &value)
                }
                None => labels.clone(),
            },
            Self::Join {
                target,
                separator,
                sources,
            } => {
                let values: Vec<&str> = sources.iter().map(|s| labels.get(s)).collect();
                labels.with(target, &values.join(separator))
            }
        }
    }
}

/// What the series that is not there would certainly be called: each label that is asked to equal something. What is
/// asked of the same label afterwards makes it uncertain.
pub(super) fn of_the_absent(matchers: &[Matcher]) -> Labels {
    let mut certain: Vec<(Arc<str>, Arc<str>)> = vec![];
    let mut equalled: Vec<&str> = vec![];
    for matcher in matchers.iter().filter(|m| m.name.as_ref() != METRIC_NAME) {
        certain.retain(|(name, _)| *name != matcher.name);
        if let Comparison::Equal(value) = &matcher.comparison
            && !equalled.contains(&matcher.name.as_ref())
        {
            equalled.push(&matcher.name);
            certain.push((matcher.name.clone(), value.clone()));
        }
    }
    Labels::new(certain)
}

/// Whether a label may be called so.
pub(super) fn is_label_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && letters.all(|c| c == '_' || c.is_ascii_alphanumeric())
}
