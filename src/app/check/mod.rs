//! Looks at every source of settings, and says everything that is wrong with them at once.
mod contradictions;
mod names;
mod phase2;
mod places;
mod types;
mod values;

use super::{
    Settings,
    sources::{DEFAULTS, EnvFile, Sources},
};
use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use places::Places;
use std::{
    fmt,
    path::{Path, PathBuf},
};
use toml::de::DeTable;

/// Something that is wrong with the settings, or will not do what whoever wrote it expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Whether a server would refuse to start, or not do what it is told.
    pub is_error: bool,
    /// The file with its line, or the variable.
    pub place: String,
    /// In words, without any secret.
    pub what: String,
}

impl Complaint {
    fn error(place: impl Into<String>, what: impl fmt::Display) -> Self {
        Self {
            is_error: true,
            place: place.into(),
            what: what.to_string(),
        }
    }

    fn warning(place: impl Into<String>, what: impl fmt::Display) -> Self {
        Self {
            is_error: false,
            ..Self::error(place, what)
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_error { "error" } else { "warn " };
        write!(f, "{kind}  {}: {}", self.place, self.what)
    }
}

/// A file of variables that is looked at, too.
#[derive(Clone, Copy)]
pub struct WithEnv<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// What is in it.
    pub file: &'a EnvFile,
}

/// What was looked at, and what was found.
pub struct Checked {
    /// The files that were read.
    pub read: Vec<PathBuf>,
    /// In the order of the sources.
    pub complaints: Vec<Complaint>,
}

/// Reads everything that settings are read from, and what they name: files, but no other program.
#[must_use]
pub fn check(sources: &Sources, env: Option<WithEnv<'_>>) -> Checked {
    let (mut complaints, mut read) = (vec![], vec![]);
    let file = sources.chosen_file();
    let text = file.as_deref().and_then(|path| match text_of(path) {
        Ok(text) => {
            read.push(path.to_owned());
            complaints.extend(syntax(path, &text));
            Some(text)
        }
        Err(error) => {
            complaints.push(Complaint::error(path.display().to_string(), error));
            None
        }
    });
    let is_toml = complaints.is_empty();
    if let Some(env) = env {
        read.push(env.path.to_owned());
        complaints.extend(env.file.remarks.iter().map(|remark| Complaint {
            is_error: remark.is_error,
            place: format!("{}:{}", env.path.display(), remark.line),
            what: remark.what.clone(),
        }));
    }
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(path) = file.as_deref().filter(|_| is_toml) {
        figment = figment.merge(Toml::file_exact(path));
    }
    let figment = sources.over(figment);
    let places = Places {
        sources,
        figment: &figment,
        file: file.as_deref().zip(text.as_deref()),
        env,
    };
    complaints.extend(names::complaints(sources, &places));
    let (settings, of_types) = types::read(&places);
    complaints.extend(of_types);
    if let Some(settings) = settings {
        complaints.extend(of_values(&settings, &places));
    }
    Checked { read, complaints }
}

/// What is wrong with values that can be read.
fn of_values(settings: &Settings, places: &Places<'_>) -> Vec<Complaint> {
    let wrong = values::complaints(settings);
    let wrong = wrong.into_iter().map(|line| (true, line));
    let odd = contradictions::complaints(settings);
    let odd = odd.into_iter().map(|line| (false, line));
    let placed = wrong.chain(odd).map(|(is_error, line)| Complaint {
        is_error,
        place: places.of_line(&line),
        what: line,
    });
    placed.collect()
}

fn text_of(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| {
        match error.kind() == std::io::ErrorKind::NotFound {
            true => "there is no such file".to_owned(),
            false => format!("it cannot be read: {error}"),
        }
    })?;
    String::from_utf8(bytes).map_err(|_utf8| "it is not text in UTF-8".to_owned())
}

/// What keeps a file from being TOML, each with its line.
fn syntax(path: &Path, text: &str) -> Vec<Complaint> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let complaints = errors.iter().map(|error| {
        let line = error.span().map(|span| places::line_at(text, span.start));
        let words: Vec<&str> = error.message().split_whitespace().collect();
        let place = match line {
            Some(line) => format!("{}:{line}", path.display()),
            None => path.display().to_string(),
        };
        Complaint::error(place, words.join(" "))
    });
    complaints.collect()
}
