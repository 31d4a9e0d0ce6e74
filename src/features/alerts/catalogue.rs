//! The rules in force: those of the file, and what was added, changed and switched off here, which wins.
use super::{Error, store_admin::RuleRow};
use crate::engines::alerting::{Definition, Field, FieldError, Group, Rule, RuleFile, RuleKind};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The group of rules that were added here.
pub(super) const OWN_GROUP: &str = "app";

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// From the file, as it is there.
    File,
    /// Added here.
    App,
    /// From the file, and changed here.
    Changed,
}

/// A rule and what is known of it before it is evaluated.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) source: Source,
    pub(super) is_enabled: bool,
    pub(super) written: Definition,
    /// Ready to be evaluated; what was stored by an older version may not be.
    pub(super) rule: Result<Rule, String>,
}

/// A group of rules, evaluated one after the other.
#[derive(Debug, Clone)]
pub(super) struct ListedGroup {
    pub(super) name: String,
    pub(super) is_own: bool,
    /// How often, where the group says so.
    pub(super) interval_ms: Option<i64>,
    /// How many alerts or series each rule may make; 0 for any number.
    pub(super) limit: usize,
    pub(super) rules: Vec<Listed>,
}

/// Why a rule file is not in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileError {
    pub(super) message: String,
    /// Line and column.
    pub(super) position: Option<(usize, usize)>,
}

/// What was read of the file.
#[derive(Debug, Clone)]
pub(super) struct FileRules {
    pub(super) groups: Vec<Group>,
    pub(super) loaded_at: DateTime<Utc>,
    /// Of the newest attempt; the groups are those of an older one then.
    pub(super) error: Option<FileError>,
}

/// Every rule there is.
#[derive(Debug, Clone)]
pub(super) struct Catalogue {
    pub(super) groups: Vec<ListedGroup>,
    pub(super) loaded_at: DateTime<Utc>,
    pub(super) error: Option<FileError>,
}

impl FileRules {
    /// Reads a file.
    pub(super) fn parse(text: &str, loaded_at: DateTime<Utc>) -> Result<Self, FileError> {
        match RuleFile::parse(text) {
            Ok(file) => Ok(Self {
                groups: file.groups,
                loaded_at,
                error: None,
            }),
            Err(error) => Err(FileError {
                position: Some((error.line, error.column)),
                message: error.message,
            }),
        }
    }
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl Catalogue {
    /// Puts the file's rules and those of the database together.
    pub(super) fn new(file: &FileRules, rows: &[RuleRow]) -> Self {
        let mut changed: BTreeMap<&str, &RuleRow> = BTreeMap::new();
        for row in rows {
            if let Some(of) = &row.file_rule {
                changed.insert(of, row);
            }
        }
        let mut groups: Vec<ListedGroup> = vec![];
        let mut seen = BTreeMap::new();
        for group in &file.groups {
            let rules = group.rules.iter().map(|rule| {
                let id = unique(&rule.id, &mut seen);
                match changed.remove(id.as_str()) {
                    Some(row) => Listed::of_row(row, Source::Changed),
                    None => Listed::of_file(id, rule),
                }
            });
            groups.push(ListedGroup {
                name: group.name.clone(),
                is_own: false,
                interval_ms: group.interval_ms,
                limit: group.limit,
                rules: rules.collect(),
            });
        }
        // What was changed stays, also when the file has lost it.
        let own = rows.iter().filter(|row| {
            let of = row.file_rule.as_deref();
            of.is_none_or(|of| changed.contains_key(of))
        });
        groups.push(ListedGroup {
            name: OWN_GROUP.to_owned(),
            is_own: true,
            interval_ms: None,
            limit: 0,
            rules: own.map(|row| Listed::of_row(row, Source::App)).collect(),
        });
        Self {
            groups,
            loaded_at: file.loaded_at,
            error: file.error.clone(),
        }
    }

    /// A rule and its group.
    pub(super) fn find(&self, id: &str) -> Option<(&ListedGroup, &Listed)> {
        let mut all = self
            .groups
            .iter()
            .flat_map(|group| group.rules.iter().map(move |rule| (group, rule)));
        all.find(|(_, rule)| rule.id == id)
    }

    /// The rules that are evaluated.
    pub(super) fn in_force(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().flat_map(ListedGroup::in_force)
    }
}

impl ListedGroup {
    /// Those of its rules that are evaluated.
    pub(super) fn in_force(&self) -> impl Iterator<Item = &Rule> {
        let enabled = self.rules.iter().filter(|rule| rule.is_enabled);
        enabled.filter_map(|listed| listed.rule.as_ref().ok())
    }

    /// What it is called among the sources of samples.
    pub(super) fn key(&self) -> String {
        match self.is_own {
            true => "rules of the app".to_owned(),
            false => format!("rules/{}", self.name),
        }
    }

    /// The same for the engine.
    pub(super) fn to_evaluate(&self) -> Group {
        Group {
            name: self.name.clone(),
            interval_ms: self.interval_ms,
            limit: self.limit,
            rules: self.in_force().cloned().collect(),
        }
    }
}

impl Listed {
    fn of_file(id: String, rule: &Rule) -> Self {
        let mut rule = rule.clone();
        rule.id.clone_from(&id);
        Self {
            id,
            source: Source::File,
            is_enabled: true,
            written: rule.written().clone(),
            rule: Ok(rule),
        }
    }

    fn of_row(row: &RuleRow, source: Source) -> Self {
        let written = definition(row);
        let id = row.file_rule.clone().unwrap_or_else(|| row.id.to_string());
        let rule = ready(&id, written.clone());
        Self {
            id,
            source,
            is_enabled: row.is_enabled,
            written,
            rule: rule.map_err(|error| format!("this rule is not evaluated: {error}")),
        }
    }
}

/// The id of a rule, told apart from those of the same name and labels in other groups.
fn unique(id: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let count = seen.entry(id.to_owned()).or_default();
    *count += 1;
    match *count {
        1 => id.to_owned(),
        more => format!("{id}-{more}"),
    }
}

/// A rule of this id.
///
/// # Errors
/// [`Error::Expression`] and [`Error::Rule`], which say where it is wrong.
pub(super) fn ready(id: &str, written: Definition) -> Result<Rule, Error> {
    let mut rule = Rule::new(written).map_err(refused)?;
    rule.id = id.to_owned();
    Ok(rule)
}

fn refused(error: FieldError) -> Error {
    let (line, column) = (error.position.line, error.position.column);
    let at = format!("line {line}, column {column}: ");
    match error.field {
        Field::Expression => Error::Expression {
            line,
            column,
            message: error.message,
        },
        Field::Name => Error::Rule(format!("name: {}", error.message)),
        Field::For => Error::Rule(format!("for_seconds: {}", error.message)),
        Field::KeepFiringFor => Error::Rule(format!("keep_firing_for_seconds: {}", error.message)),
        Field::LabelName(_) => Error::Rule(format!("labels: {}", error.message)),
        Field::Label(name) => Error::Rule(format!("labels.{name}, {at}{}", error.message)),
        Field::AnnotationName(_) | Field::Annotations => {
            Error::Rule(format!("annotations: {}", error.message))
        }
        Field::Annotation(name) => {
            Error::Rule(format!("annotations.{name}, {at}{}", error.message))
        }
    }
}

fn definition(row: &RuleRow) -> Definition {
    Definition {
        kind: match row.kind.as_str() {
            "recording" => RuleKind::Recording,
            _ => RuleKind::Alerting,
        },
        name: row.name.clone(),
        expression: row.expression.clone(),
        for_ms: row.for_seconds.saturating_mul(1000),
        keep_firing_for_ms: row.keep_firing_for_seconds.saturating_mul(1000),
        labels: texts(&row.labels),
        annotations: texts(&row.annotations),
    }
}

fn texts(json: &Json) -> BTreeMap<String, String> {
    let all = json.as_object().into_iter().flatten();
    all.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())))
        .collect()
}
