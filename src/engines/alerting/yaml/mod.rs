//! YAML with places: what stands where in a file, so that whatever is wrong can be pointed at.
mod build;
mod place;

use super::rules::RuleError;
use saphyr_parser::{Marker, ScalarStyle};

/// A file that was read.
pub(super) struct Document {
    text: Vec<char>,
    /// Nothing if the file is empty.
    pub(super) root: Option<Node>,
}

/// A part of a file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    at: Marker,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Scalar(String, ScalarStyle),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// The fields of a mapping, all of them known.
pub(super) struct Fields<'n> {
    of: &'n Node,
    entries: &'n [(Node, Node)],
}

impl Document {
    /// Reads the only document of a file.
    pub(super) fn read(text: &str) -> Result<Self, RuleError> {
        Ok(Self {
            root: build::root(text)?,
            text: text.chars().collect(),
        })
    }
}

impl Node {
    /// Something is wrong here.
    pub(super) fn wrong(&self, message: impl Into<String>) -> RuleError {
        wrong_at(&self.at, message)
    }

    /// The line on which it begins, from 1.
    pub(super) fn line(&self) -> usize {
        self.at.line()
    }

    /// Whether nothing is written here, or that there is nothing.
    pub(super) fn is_null(&self) -> bool {
        let Kind::Scalar(text, ScalarStyle::Plain) = &self.kind else {
            return false;
        };
        matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// The text of a scalar of any kind.
    pub(super) fn text(&self) -> Result<&str, RuleError> {
        match &self.kind {
            Kind::Scalar(text, _) => Ok(text),
            Kind::Sequence(_) | Kind::Mapping(_) => {
                Err(self.wrong(format!("a text is wanted here, not {}", self.kind.name())))
            }
        }
    }

    /// A whole number.
    pub(super) fn integer(&self) -> Result<i64, RuleError> {
        let text = self.text()?;
        let is_plain = matches!(self.kind, Kind::Scalar(_, ScalarStyle::Plain));
        let number = is_plain.then(|| text.parse().ok()).flatten();
        number.ok_or_else(|| self.wrong(format!("a whole number is wanted here, not {text:?}")))
    }

    /// The items of a sequence; none where there is nothing.
    pub(super) fn items(&self) -> Result<&[Self], RuleError> {
        match &self.kind {
            Kind::Sequence(items) => Ok(items),
            _ if self.is_null() => Ok(&[]),
            kind @ (Kind::Scalar(..) | Kind::Mapping(_)) => {
                Err(self.wrong(format!("a list is wanted here, not {}", kind.name())))
            }
        }
    }

    /// Keys and values of a mapping, each key once; none where there is nothing.
    pub(super) fn entries(&self) -> Result<&[(Self, Self)], RuleError> {
        match &self.kind {
            Kind::Mapping(entries) => Ok(entries),
            _ if self.is_null() => Ok(&[]),
            kind @ (Kind::Scalar(..) | Kind::Sequence(_)) => {
                Err(self.wrong(format!("fields are wanted here, not {}", kind.name())))
            }
        }
    }

    /// The fields of a mapping that may have no others than these.
    pub(super) fn fields(&self, known: &[&str]) -> Result<Fields<'_>, RuleError> {
        let entries = self.entries()?;
        for (key, _) in entries {
            let name = key.text()?;
            if !known.contains(&name) {
                let list = known.join(", ");
                return Err(key.wrong(format!("unknown field {name:?}; there are: {list}")));
            }
        }
        Ok(Fields { of: self, entries })
    }
}

impl<'n> Fields<'n> {
    /// Something is wrong with all of it.
    pub(super) fn wrong(&self, message: impl Into<String>) -> RuleError {
        self.of.wrong(message)
    }

    /// A field, even if nothing is written there.
    pub(super) fn written(&self, name: &str) -> Option<(&'n Node, &'n Node)> {
        let mut entries = self.entries.iter();
        let found = entries.find(|(key, _)| key.text().is_ok_and(|text| text == name));
        found.map(|(key, value)| (key, value))
    }

    /// The value of a field that has one.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        let (_, value) = self.written(name)?;
        (!value.is_null()).then_some(value)
    }

    /// The items of a field.
    pub(super) fn items(&self, name: &str) -> Result<&'n [Node], RuleError> {
        self.get(name).map_or(Ok(&[]), Node::items)
    }

    /// The text of a field.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'n str>, RuleError> {
        self.get(name).map(Node::text).transpose()
    }
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Self::Scalar(..) => "a text",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "fields",
        }
    }
}

fn wrong_at(at: &Marker, message: impl Into<String>) -> RuleError {
    RuleError {
        line: at.line(),
        column: at.col() + 1,
        message: message.into(),
    }
}
