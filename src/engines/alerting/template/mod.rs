//! Texts with places to fill in, as annotations have them: what Prometheus understands of Go's templates.
//!
//! A text is read once; what is not supported, and what could not be rendered whatever it is filled in with, is refused
//! there. `tests/alerting` compares what is rendered with what Prometheus makes of the same texts.
mod compare;
mod floats;
mod functions;
mod humanize;
mod lex;
mod parse;
mod printf;
mod render;
mod texts;
mod tree;
mod value;

use crate::engines::promql::{Labels, Options, Position, Series, Store};
use tree::Node;

/// A text that can be rendered.
#[derive(Debug, Clone)]
pub struct Template {
    text: String,
    nodes: Vec<Node>,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {message}")]
pub struct TemplateError {
    /// Within the text.
    pub position: Position,
    /// What is wrong there.
    pub message: String,
}

/// What a text is filled in with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Of the series.
    pub labels: &'a Labels,
    /// Of the expression.
    pub value: f64,
    /// Where `query` asks.
    pub store: &'a dyn Store,
    /// The time of the evaluation.
    pub at_ms: i64,
    /// For `query`.
    pub options: &'a Options,
    /// Where people open FlashFit.
    pub external_url: &'a str,
}

/// Why a text cannot be filled in.
#[derive(Debug, Clone, PartialEq)]
enum Failure {
    /// With these values.
    Values(String),
    /// With any.
    Never(String),
}

impl Template {
    /// Text without places to fill in.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            nodes: vec![Node::Text(text.to_owned())],
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// [`TemplateError`] for what cannot be rendered, whatever it is filled in with.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let wrong = |byte, message| TemplateError {
            position: Position::of(text, byte),
            message,
        };
        let nodes =
            parse::parse(text).map_err(|wrong_at| wrong(wrong_at.byte, wrong_at.message))?;
        let template = Self {
            text: text.to_owned(),
            nodes,
        };
        // What fails with nothing for values only because of them may be rendered with others.
        let nothing: Vec<Series> = vec![];
        let trial = Context {
            labels: &Labels::empty(),
            value: 0.0,
            store: &nothing,
            at_ms: 0,
            options: &Options::default(),
            external_url: "",
        };
        match render::render(&template.nodes, &trial) {
            Err((byte, Failure::Never(message))) => Err(wrong(byte, message)),
            Ok(_) | Err((_, Failure::Values(_))) => Ok(template),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Fills it in.
    ///
    /// # Errors
    /// Why that cannot be done with these values.
    pub fn render(&self, context: &Context<'_>) -> Result<String, String> {
        render::render(&self.nodes, context).map_err(|(_, failure)| match failure {
            Failure::Values(message) | Failure::Never(message) => message,
        })
    }
}

impl Failure {
    fn never(message: impl Into<String>) -> Self {
        Self::Never(message.into())
    }

    fn values(message: impl Into<String>) -> Self {
        Self::Values(message.into())
    }
}
