//! One rule: as it is written, and ready to be evaluated.
use crate::engines::{
    alerting::{alert::fingerprint, matcher::is_label_name, template::Template},
    promql::{METRIC_NAME, Position, Query},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a rule makes of its expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Alerts.
    Alerting,
    /// Series.
    Recording,
}

/// A rule as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// What it makes.
    pub kind: RuleKind,
    /// The name of the alerts, or of the metric.
    pub name: String,
    /// PromQL.
    pub expression: String,
    /// How long the expression has to hold until an alert fires.
    pub for_ms: i64,
    /// How long an alert goes on firing when the expression holds no longer.
    pub keep_firing_for_ms: i64,
    /// Added to the labels of each series; templates for alerts.
    pub labels: BTreeMap<String, String>,
    /// Texts for people; templates.
    pub annotations: BTreeMap<String, String>,
}

/// A rule that can be evaluated.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Names it for what is remembered of it. [`Rule::new`] makes it of name and labels; another may be given.
    pub id: String,
    pub(in crate::engines::alerting) written: Definition,
    pub(in crate::engines::alerting) query: Query,
    pub(in crate::engines::alerting) labels: Vec<(String, Template)>,
    pub(in crate::engines::alerting) annotations: Vec<(String, Template)>,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// `alert` or `record`.
    Name,
    /// `expr`.
    Expression,
    /// `for`.
    For,
    /// `keep_firing_for`.
    KeepFiringFor,
    /// The name of a label.
    LabelName(String),
    /// What a label is set to.
    Label(String),
    /// The name of an annotation.
    AnnotationName(String),
    /// The text of an annotation.
    Annotation(String),
    /// `annotations` as a whole.
    Annotations,
}

/// What is wrong with a rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    /// In which part.
    pub field: Field,
    /// Where in the text of that part.
    pub position: Position,
    /// What is wrong.
    pub message: String,
}

impl FieldError {
    fn new(field: Field, message: String) -> Self {
        let position = Position { line: 1, column: 1 };
        Self {
            field,
            position,
            message,
        }
    }
}

impl Rule {
    /// Checks all that can be checked before there are series.
    ///
    /// # Errors
    /// [`FieldError`] of the first part that is wrong.
    pub fn new(written: Definition) -> Result<Self, FieldError> {
        written.check_name()?;
        let query = written.query()?;
        written.check_durations()?;
        written.check_names()?;
        let is_alert = written.kind == RuleKind::Alerting;
        let template = |text: &String, field: &dyn Fn() -> Field| match is_alert {
            false => Ok(Template::plain(text)),
            true => Template::parse(text).map_err(|error| FieldError {
                field: field(),
                position: error.position,
                message: error.message,
            }),
        };
        let mut labels = vec![];
        for (name, text) in &written.labels {
            let read = template(text, &|| Field::Label(name.clone()))?;
            labels.push((name.clone(), read));
        }
        let mut annotations = vec![];
        for (name, text) in &written.annotations {
            let read = template(text, &|| Field::Annotation(name.clone()))?;
            annotations.push((name.clone(), read));
        }
        Ok(Self {
            id: written.id(),
            written,
            query,
            labels,
            annotations,
        })
    }

    /// As it was written.
    #[must_use]
    pub fn written(&self) -> &Definition {
        &self.written
    }

    /// Its expression.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }
}

impl Definition {
    /// The same for rules of the same kind, name and labels.
    #[must_use]
    pub fn id(&self) -> String {
        let kind = match self.kind {
            RuleKind::Alerting => "alert",
            RuleKind::Recording => "record",
        };
        let labels = self.labels.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        fingerprint([(kind, self.name.as_str())].into_iter().chain(labels))
    }

    fn check_name(&self) -> Result<(), FieldError> {
        let wrong = |message| Err(FieldError::new(Field::Name, message));
        match self.kind {
            _ if self.name.is_empty() => wrong("a rule needs a name".to_owned()),
            RuleKind::Recording if !is_metric_name(&self.name) => {
                wrong(format!("{:?} is no name of a metric", self.name))
            }
            RuleKind::Alerting | RuleKind::Recording => Ok(()),
        }
    }

    fn query(&self) -> Result<Query, FieldError> {
        let wrong = |message: &str| FieldError::new(Field::Expression, message.to_owned());
        if self.expression.is_empty() {
            return Err(wrong("a rule needs an expression"));
        }
        let query = Query::parse(&self.expression).map_err(|error| FieldError {
            field: Field::Expression,
            position: error.position,
            message: error.refusal.to_string(),
        })?;
        match query.is_range() {
            true => Err(wrong("a range vector has no value at one time")),
            false => Ok(query),
        }
    }

    fn check_durations(&self) -> Result<(), FieldError> {
        for (field, ms) in [
            (Field::For, self.for_ms),
            (Field::KeepFiringFor, self.keep_firing_for_ms),
        ] {
            let wrong = |message: &str| Err(FieldError::new(field, message.to_owned()));
            if ms < 0 {
                return wrong("a duration cannot be negative");
            }
            if ms > 0 && self.kind == RuleKind::Recording {
                return wrong("a recording rule has no such thing");
            }
        }
        match self.kind == RuleKind::Recording && !self.annotations.is_empty() {
            true => Err(FieldError::new(
                Field::Annotations,
                "a recording rule has no annotations".to_owned(),
            )),
            false => Ok(()),
        }
    }

    fn check_names(&self) -> Result<(), FieldError> {
        for name in self.labels.keys() {
            if !is_label_name(name) || name == METRIC_NAME {
                let message = format!("{name:?} is no name of a label");
                return Err(FieldError::new(Field::LabelName(name.clone()), message));
            }
        }
        match self.annotations.keys().find(|name| !is_label_name(name)) {
            None => Ok(()),
            Some(name) => Err(FieldError::new(
                Field::AnnotationName(name.clone()),
                format!("{name:?} is no name of an annotation"),
            )),
        }
    }
}

/// Letters, digits, underscores and colons, no digit first.
fn is_metric_name(name: &str) -> bool {
    is_label_name(&name.replace(':', "_"))
}
