//! What a label of an alert must be, as silences, routes and inhibitions ask: text that is stored, checked when read.
use crate::engines::promql::{Labels, Matcher};
use serde::{Deserialize, Serialize};

/// One condition, as it is written and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelCondition {
    /// The label.
    pub name: String,
    /// `=`, `!=`, `=~` or `!~`; regular expressions must match the whole value.
    pub comparison: String,
    /// What is compared with.
    pub value: String,
}

/// Conditions that all must hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Vec<LabelCondition>", into = "Vec<LabelCondition>")]
pub struct Conditions {
    written: Vec<LabelCondition>,
    matchers: Vec<Matcher>,
}

/// A condition that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// The name is none that a label can have.
    #[error("{0:?} is no name of a label")]
    Name(String),
    /// A comparison that does not exist.
    #[error("{0:?} is no comparison: there are =, !=, =~ and !~")]
    Comparison(String),
    /// A regular expression that cannot be used.
    #[error("{0}")]
    Pattern(String),
}

impl Conditions {
    /// Checks each.
    ///
    /// # Errors
    /// [`ConditionError`] of the first that is wrong.
    pub fn new(written: Vec<LabelCondition>) -> Result<Self, ConditionError> {
        let matchers = written.iter().map(matcher).collect::<Result<_, _>>()?;
        Ok(Self { written, matchers })
    }

    /// Whether all hold. No conditions hold for everything.
    #[must_use]
    pub fn hold(&self, labels: &Labels) -> bool {
        self.matchers.iter().all(|matcher| matcher.matches(labels))
    }

    /// Whether they would hold for an alert without labels: each one then also means alerts that lack the label.
    #[must_use]
    pub fn hold_for_nothing(&self) -> bool {
        self.hold(&Labels::empty())
    }

    /// As they were written.
    #[must_use]
    pub fn written(&self) -> &[LabelCondition] {
        &self.written
    }
}

impl PartialEq for Conditions {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl TryFrom<Vec<LabelCondition>> for Conditions {
    type Error = ConditionError;

    fn try_from(written: Vec<LabelCondition>) -> Result<Self, ConditionError> {
        Self::new(written)
    }
}

impl From<Conditions> for Vec<LabelCondition> {
    fn from(conditions: Conditions) -> Self {
        conditions.written
    }
}

/// `{severity="critical", alertname=~"Redis.*"}`
impl std::fmt::Display for Conditions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("{")?;
        for (at, one) in self.written.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}{}{:?}", one.name, one.comparison, one.value)?;
        }
        f.write_str("}")
    }
}

fn matcher(one: &LabelCondition) -> Result<Matcher, ConditionError> {
    if !is_label_name(&one.name) {
        return Err(ConditionError::Name(one.name.clone()));
    }
    match Matcher::new(&one.name, &one.comparison, &one.value) {
        None => Err(ConditionError::Comparison(one.comparison.clone())),
        Some(Err(refusal)) => Err(ConditionError::Pattern(refusal.to_string())),
        Some(Ok(matcher)) => Ok(matcher),
    }
}

/// Letters, digits and underscores, no digit first.
#[must_use]
pub(super) fn is_label_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}
