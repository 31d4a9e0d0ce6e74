//! Files of rules in Prometheus's format.
use super::{
    definition::{Definition, Field, FieldError, Rule, RuleKind},
    duration,
};
use crate::engines::alerting::yaml::{Document, Fields, Node};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

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
        let document = Document::read(text)?;
        let Some(root) = &document.root else {
            return Ok(Self::default());
        };
        let mut reader = Reader::new(&document);
        let mut groups = vec![];
        for group in root.fields(&["groups"])?.items("groups")? {
            groups.push(reader.group(group)?);
        }
        Ok(Self { groups })
    }

    /// Every rule with its group.
    pub fn rules(&self) -> impl Iterator<Item = (&Group, &Rule)> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
    }
}

const RULE_FIELDS: [&str; 7] = [
    "record",
    "alert",
    "expr",
    "for",
    "keep_firing_for",
    "labels",
    "annotations",
];

/// Reads groups, and knows those that were read before.
struct Reader<'d> {
    document: &'d Document,
    groups: HashSet<String>,
    /// By id, with the line.
    rules: HashMap<String, usize>,
}

impl<'d> Reader<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            groups: HashSet::new(),
            rules: HashMap::new(),
        }
    }

    fn group(&mut self, node: &Node) -> Result<Group, RuleError> {
        let fields = node.fields(&["name", "interval", "limit", "rules"])?;
        let name = fields.text("name")?.unwrap_or_default();
        if name.is_empty() {
            return Err(fields.wrong("a group needs a name"));
        }
        if !self.groups.insert(name.to_owned())
            && let Some(twice) = fields.get("name")
        {
            return Err(twice.wrong(format!("there is another group {name:?} in this file")));
        }
        let interval_ms = milliseconds(&fields, "interval")?;
        let limit = fields.get("limit").map(Node::integer).transpose()?;
        let mut rules = vec![];
        for rule in fields.items("rules")? {
            rules.push(self.rule(rule)?);
        }
        Ok(Group {
            name: name.to_owned(),
            interval_ms: (interval_ms > 0).then_some(interval_ms),
            // As in Prometheus, a negative limit is none.
            limit: limit
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(0),
            rules,
        })
    }

    fn rule(&mut self, node: &Node) -> Result<Rule, RuleError> {
        let fields = node.fields(&RULE_FIELDS)?;
        let named = |name| {
            fields
                .written(name)
                .filter(|(_, value)| value.text() != Ok(""))
        };
        let (kind, name) = match (named("alert"), named("record")) {
            (Some((_, name)), None) => (RuleKind::Alerting, name),
            (None, Some((_, name))) => (RuleKind::Recording, name),
            (Some(_), Some((key, _))) => {
                return Err(key.wrong("a rule has either \"alert\" or \"record\""));
            }
            (None, None) => return Err(fields.wrong("a rule needs \"alert\" or \"record\"")),
        };
        let Some((_, expression)) = fields.written("expr") else {
            return Err(fields.wrong("a rule needs \"expr\""));
        };
        let rule = Rule::new(Definition {
            kind,
            name: name.text()?.to_owned(),
            expression: expression.text()?.to_owned(),
            for_ms: milliseconds(&fields, "for")?,
            keep_firing_for_ms: milliseconds(&fields, "keep_firing_for")?,
            labels: texts(&fields, "labels")?,
            annotations: texts(&fields, "annotations")?,
        });
        let rule = rule.map_err(|error| self.place(&fields, name, &error))?;
        match self.rules.insert(rule.id.clone(), name.line()) {
            None => Ok(rule),
            Some(line) => Err(name.wrong(format!(
                "there is another rule {:?} with the same labels, in line {line}",
                rule.written().name
            ))),
        }
    }

    /// What is wrong with a part of a rule is wrong at its place in the file.
    fn place(&self, fields: &Fields<'_>, name: &Node, error: &FieldError) -> RuleError {
        let entry = |map: &str, key: &String| {
            let entries = fields.get(map)?.entries().ok()?;
            entries
                .iter()
                .find(|(k, _)| k.text().is_ok_and(|k| k == key))
        };
        let value = |field: &str| fields.written(field).map(|(_, value)| value);
        let key = |field: &str| fields.written(field).map(|(key, _)| key);
        let node = match &error.field {
            Field::Name => Some(name),
            Field::Expression => value("expr"),
            Field::For => value("for"),
            Field::KeepFiringFor => value("keep_firing_for"),
            Field::LabelName(of) => entry("labels", of).map(|(key, _)| key),
            Field::Label(of) => entry("labels", of).map(|(_, value)| value),
            Field::AnnotationName(of) => entry("annotations", of).map(|(key, _)| key),
            Field::Annotation(of) => entry("annotations", of).map(|(_, value)| value),
            Field::Annotations => key("annotations"),
        };
        match node {
            Some(node) => self
                .document
                .wrong_within(node, error.position, &error.message),
            None => fields.wrong(&error.message),
        }
    }
}

fn milliseconds(fields: &Fields<'_>, name: &str) -> Result<i64, RuleError> {
    let Some(node) = fields.get(name) else {
        return Ok(0);
    };
    duration::parse(node.text()?).map_err(|message| node.wrong(message))
}

fn texts(fields: &Fields<'_>, name: &str) -> Result<BTreeMap<String, String>, RuleError> {
    let mut texts = BTreeMap::new();
    let Some(node) = fields.get(name) else {
        return Ok(texts);
    };
    for (key, value) in node.entries()? {
        let text = if value.is_null() { "" } else { value.text()? };
        texts.insert(key.text()?.to_owned(), text.to_owned());
    }
    Ok(texts)
}
