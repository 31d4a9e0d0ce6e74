//! What a pipeline gives.
use super::{Context, Failure, floats};
use crate::engines::promql::Labels;
use std::{fmt::Write as _, rc::Rc};

/// A sample that `query` found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) labels: Labels,
    pub(super) value: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Map(Labels),
    Sample(Rc<Sample>),
    Vector(Rc<Vec<Rc<Sample>>>),
    /// What the text is about: the dot, unless something else is.
    Data,
}

impl Value {
    /// Go's name of its type.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Map(_) => "map[string]string",
            Self::Sample(_) => "sample",
            Self::Vector(_) => "queryResult",
            Self::Data => "data",
        }
    }

    /// What counts as true: everything that is neither zero nor empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Map(labels) => labels.iter().next().is_some(),
            Self::Vector(samples) => !samples.is_empty(),
            Self::Sample(_) | Self::Data => true,
        }
    }

    pub(super) fn field(&self, name: &str, context: &Context<'_>) -> Result<Self, Failure> {
        match (self, name) {
            (Self::Map(labels), _) => Ok(Self::Text(labels.get(name).to_owned())),
            (Self::Data, "Labels") => Ok(Self::Map(context.labels.clone())),
            (Self::Data, "ExternalLabels") => Ok(Self::Map(Labels::empty())),
            (Self::Data, "ExternalURL") => Ok(Self::Text(context.external_url.to_owned())),
            (Self::Data, "Value") => Ok(Self::Float(context.value)),
            (Self::Sample(sample), "Labels") => Ok(Self::Map(sample.labels.clone())),
            (Self::Sample(sample), "Value") => Ok(Self::Float(sample.value)),
            (Self::Data, _) => Err(Failure::never(format!(
                "there is no \".{name}\"; there are .Labels and .Value"
            ))),
            _ => Err(Failure::never(format!(
                "a {} has no \".{name}\"",
                self.kind()
            ))),
        }
    }

    /// As `print` writes it.
    pub(super) fn printed(&self) -> Result<String, Failure> {
        Ok(match self {
            Self::Nil => "<no value>".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => floats::general(*value, None),
            Self::Text(text) => text.clone(),
            Self::Map(labels) => map(labels),
            Self::Sample(sample) => {
                format!(
                    "{{{} {}}}",
                    map(&sample.labels),
                    floats::general(sample.value, None)
                )
            }
            Self::Vector(_) | Self::Data => {
                return Err(Failure::never(format!(
                    "a {} cannot be written; name a part of it",
                    self.kind()
                )));
            }
        })
    }
}

fn map(labels: &Labels) -> String {
    let mut text = "map[".to_owned();
    for (at, (name, value)) in labels.iter().enumerate() {
        let blank = if at == 0 { "" } else { " " };
        let _ = write!(text, "{blank}{name}:{value}");
    }
    text + "]"
}
