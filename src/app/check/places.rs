//! Where a setting stands: the line of a file, a variable, the command line.
use super::WithEnv;
use crate::app::sources::{PARTS, PHASE2, PREFIX, Sources, name_of};
use figment::{Figment, Source};
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// All sources, and what they make together.
pub(super) struct Places<'a> {
    pub(super) sources: &'a Sources,
    pub(super) figment: &'a Figment,
    /// The configuration file and its text, if it could be read.
    pub(super) file: Option<(&'a Path, &'a str)>,
    pub(super) env: Option<WithEnv<'a>>,
}

impl Places<'_> {
    /// Where the value of a key was set.
    pub(super) fn of(&self, key: &[String]) -> String {
        let Some(metadata) = self.figment.find_metadata(&key.join(".")) else {
            return "the defaults".to_owned();
        };
        if let (Some(Source::File(_)), Some((path, text))) = (&metadata.source, self.file) {
            return match line_of(text, key) {
                Some(line) => format!("{}:{line}", path.display()),
                None => path.display().to_string(),
            };
        }
        match metadata.name.as_ref() {
            name if name.contains(PREFIX) => self.of_variable(&name_of(key)),
            name if name.contains("Phase 2") => self.of_variable(&self.phase2(key)),
            "flag" => "the command line".to_owned(),
            _ => "the defaults".to_owned(),
        }
    }

    /// Where the key at the beginning of a line stands, as in `http.port: it is taken`.
    pub(super) fn of_line(&self, line: &str) -> String {
        let key = line.split([':', ',']).next().unwrap_or(line);
        let key: Vec<String> = key.split('.').map(str::to_owned).collect();
        self.of(&key)
    }

    /// A variable, with the line where a file sets it.
    pub(super) fn of_variable(&self, name: &str) -> String {
        let line = self
            .env
            .and_then(|env| Some((env.path, env.file.line_of(name)?)));
        match line {
            Some((path, line)) => format!("{}:{line}: {name}", path.display()),
            None => name.to_owned(),
        }
    }

    /// The variable of Phase 2 that sets a key.
    fn phase2(&self, key: &[String]) -> String {
        let key = key.join(".");
        let whole = PHASE2.iter().filter(|(_, of)| *of == key);
        let parts = PARTS.iter().filter_map(|parts| parts.first());
        let all = whole.map(|(name, _)| name).chain(parts);
        let mut set = all.filter(|name| self.sources.variables.get(name).is_some());
        set.next().copied().unwrap_or("the environment").to_owned()
    }
}

/// The line of a file, counted from 1, that sets a key or the nearest table above it.
fn line_of(text: &str, key: &[String]) -> Option<usize> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut table = document.get_ref();
    let mut at = None;
    for part in key {
        let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == part) else {
            break;
        };
        at = Some(line_at(text, name.span().start));
        match value.get_ref() {
            DeValue::Table(below) => table = below,
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => break,
        }
    }
    at
}

/// The line, counted from 1, that a byte of a text is in.
pub(super) fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    before.filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_tables_of_every_form() {
        let text = "data_dir = 'x'\n\n[http]\nport = 1\ntls.key = 'k'\n[notifications.receivers.mail]\nhost = 'h'\n";
        for (key, line) in [
            ("data_dir", Some(1)),
            ("http.port", Some(4)),
            ("http.tls.key", Some(5)),
            ("http.nowhere", Some(3)),
            ("notifications.receivers.mail.host", Some(7)),
            ("notifications.receivers.mail.to", Some(6)),
            ("cache.url", None),
        ] {
            let key: Vec<String> = key.split('.').map(str::to_owned).collect();
            assert_eq!(line_of(text, &key), line, "{key:?}");
        }
    }
}
