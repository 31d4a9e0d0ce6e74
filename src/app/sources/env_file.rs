//! A file of variables, as Compose (`.env`, `env_file`) and systemd (`EnvironmentFile`) read it. They do not agree on
//! everything: what they would read differently is named with its line, without ever saying a value.
use super::Variables;
use std::path::Path;

/// What is to be said of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Counted from 1.
    pub line: usize,
    /// Whether the line is wrong, rather than read in two ways.
    pub is_error: bool,
    /// In words.
    pub what: String,
}

/// A file of variables.
#[derive(Clone, Default)]
pub struct EnvFile {
    /// Line, name and value, in the order of the file.
    entries: Vec<(usize, String, String)>,
    /// What is to be said of its lines.
    pub remarks: Vec<Remark>,
}

const EXPORT: &str =
    "Compose and shells know \"export\", systemd leaves the line out: write it without";
const SEMICOLON: &str =
    "a comment to systemd, an error to Compose and to shells: begin it with # instead";
const DOLLAR: &str = "Compose puts a variable in the place of $ and what follows, systemd does not: put the value in \
                      single quotes";
const BACKSLASH: &str =
    "systemd and Compose do not read a backslash alike: put the value in single quotes";
const COMMENT: &str = "what follows # is a comment to Compose and part of the value to systemd: put the value in single \
                       quotes, and the comment on a line of its own";
const AFTER: &str = "what follows the closing quote is no part of the value to Compose, and is to systemd: remove it";
const MARK: &str = "the file begins with a byte order mark, which systemd takes for part of the first name: save it as UTF-8 without";
const RETURNS: &str =
    "lines end with CR LF; Compose and systemd read them as without the CR, a shell does not";

impl EnvFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no text.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs_err::read(path)?;
        let text = String::from_utf8(bytes)
            .map_err(|_utf8| anyhow::anyhow!("{} is not text in UTF-8", path.display()))?;
        Ok(Self::parse(&text))
    }

    /// Reads the text of a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        let bare = text.strip_prefix('\u{feff}');
        if bare.is_some() {
            file.differs(1, MARK);
        }
        let text = bare.unwrap_or(text);
        if text.contains("\r\n") {
            file.differs(1, RETURNS);
        }
        let text = text.replace("\r\n", "\n");
        let mut rest = text.as_str();
        let mut line = 1;
        while !rest.is_empty() {
            let statement = rest.split('\n').next().unwrap_or(rest);
            let taken = file.statement(line, statement, rest);
            let (done, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            line += done.matches('\n').count() + 1;
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        file.tell_repeated();
        file
    }

    /// The variables, of which the last of a name counts.
    #[must_use]
    pub fn variables(&self) -> Variables {
        let named = self.entries.iter();
        Variables::of(named.map(|(_, name, value)| (name.clone(), value.clone())))
    }

    /// The line that sets a variable; the last, where there are several.
    #[must_use]
    pub fn line_of(&self, name: &str) -> Option<usize> {
        let mut backwards = self.entries.iter().rev();
        let found = backwards.find(|(_, of, _)| of == name);
        found.map(|(line, _, _)| *line)
    }

    fn differs(&mut self, line: usize, what: &str) {
        self.remark(line, false, what);
    }

    fn wrong(&mut self, line: usize, what: &str) {
        self.remark(line, true, what);
    }

    fn remark(&mut self, line: usize, is_error: bool, what: &str) {
        self.remarks.push(Remark {
            line,
            is_error,
            what: what.to_owned(),
        });
    }

    /// Reads what begins in `line` and may go on in `rest`; returns how many bytes it took, without the line's end.
    fn statement(&mut self, line: usize, text: &str, rest: &str) -> usize {
        let begun = text.trim_start();
        if begun.is_empty() || begun.starts_with('#') {
            return text.len();
        }
        if begun.starts_with(';') {
            self.differs(line, SEMICOLON);
            return text.len();
        }
        let exported = begun.strip_prefix("export").map(str::trim_start);
        let (body, is_exported) = match exported {
            Some(after) if begun.starts_with("export ") || begun.starts_with("export\t") => {
                (after, true)
            }
            Some(_) | None => (begun, false),
        };
        if is_exported {
            self.differs(line, EXPORT);
        }
        let Some((name, value)) = body.split_once('=') else {
            self.wrong(line, "there is no NAME=value in it");
            return text.len();
        };
        let name = name.trim_end();
        if !is_name(name) {
            let what = "what stands before = is no name of a variable: letters, digits and _ only";
            self.wrong(line, what);
            return text.len();
        }
        let value = value.trim_start();
        let start = text.len() - value.len();
        let (value, taken) = self.value(line, value, rest.get(start..).unwrap_or(value));
        self.entries.push((line, name.to_owned(), value));
        start + taken
    }

    /// A value, which in quotes may go over several lines of `rest`; and how many bytes it took.
    fn value(&mut self, line: usize, text: &str, rest: &str) -> (String, usize) {
        let Some(quote) = text.chars().next().filter(|c| ['\'', '"'].contains(c)) else {
            return (self.bare(line, text), text.len());
        };
        let Some((inner, taken)) = quoted(rest, quote) else {
            let what = format!("the quote {quote} is not closed");
            self.wrong(line, &what);
            return (String::new(), text.len());
        };
        if quote == '"' && inner.contains('$') {
            self.differs(line, DOLLAR);
        }
        let value = match quote {
            '"' => self.unescaped(line, inner),
            _ => inner.to_owned(),
        };
        let after = rest.get(taken..).and_then(|rest| rest.split('\n').next());
        let after = after.unwrap_or_default();
        let said = after.trim();
        match said.is_empty() {
            true => {}
            false if said.starts_with('#') => self.differs(line, AFTER),
            false => self.wrong(line, "something follows the closing quote"),
        }
        (value, taken + after.len())
    }

    fn bare(&mut self, line: usize, text: &str) -> String {
        let comment = text.match_indices('#').map(|(at, _)| at).find(|at| {
            text.get(..*at)
                .is_some_and(|b| b.is_empty() || b.ends_with([' ', '\t']))
        });
        let (value, has_comment) = match comment {
            Some(at) => (text.get(..at).unwrap_or(text), true),
            None => (text, false),
        };
        for (is_so, what) in [
            (has_comment, COMMENT),
            (value.contains('$'), DOLLAR),
            (value.contains('\\'), BACKSLASH),
        ] {
            if is_so {
                self.differs(line, what);
            }
        }
        value.trim_end().to_owned()
    }

    /// What stands in double quotes, as Compose reads it.
    fn unescaped(&mut self, line: usize, inner: &str) -> String {
        let (mut value, mut is_told) = (String::new(), false);
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            let next = if c == '\\' { chars.next() } else { None };
            match next {
                None => value.push(c),
                Some(same @ ('"' | '\\' | '$')) => value.push(same),
                Some(other) => {
                    if !std::mem::replace(&mut is_told, true) {
                        self.differs(line, BACKSLASH);
                    }
                    match other {
                        'n' => value.push('\n'),
                        'r' => value.push('\r'),
                        't' => value.push('\t'),
                        _ => value.extend(['\\', other]),
                    }
                }
            }
        }
        value
    }

    fn tell_repeated(&mut self) {
        let again: Vec<(usize, String)> = self
            .entries
            .iter()
            .filter_map(|(line, name, _)| {
                let last = self.line_of(name).filter(|last| last != line)?;
                Some((
                    *line,
                    format!("{name} is set again in line {last}, which counts"),
                ))
            })
            .collect();
        for (line, what) in again {
            self.differs(line, &what);
        }
        self.remarks.sort_by_key(|remark| remark.line);
    }
}

/// What stands between the quote that `text` begins with and the next; and how many bytes that is with both.
fn quoted(text: &str, quote: char) -> Option<(&str, usize)> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            c if c == quote => return Some((text.get(1..at)?, at + 1)),
            _ => {}
        }
    }
    None
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> (Option<String>, Vec<Remark>) {
        let file = EnvFile::parse(line);
        let value = file.entries.first().map(|(_, _, value)| value.clone());
        (value, file.remarks)
    }

    #[test]
    fn what_all_read_alike_is_read_without_a_word() {
        for (line, value) in [
            ("A=b", "b"),
            ("A=", ""),
            ("A = b  ", "b"),
            ("A='b # $c \\d'", "b # $c \\d"),
            ("A=\"b # c \\\" d\"", "b # c \" d"),
            ("A=b#c", "b#c"),
            ("A='two\nlines'", "two\nlines"),
            ("# a comment\n\n  A=b", "b"),
        ] {
            assert_eq!(one(line), (Some(value.to_owned()), vec![]), "{line}");
        }
    }

    #[test]
    fn what_is_read_in_two_ways_is_named() {
        for (line, value, words) in [
            ("export A=b", "b", "export"),
            ("A=b # c", "b", "comment"),
            ("A=b$c", "b$c", "single quotes"),
            ("A=\"b$c\"", "b$c", "single quotes"),
            ("A=b\\c", "b\\c", "backslash"),
            ("A=\"b\\tc\"", "b\tc", "backslash"),
            ("A='b' # c", "b", "closing quote"),
            ("A=b\r\n", "b", "CR LF"),
            ("\u{feff}A=b", "b", "byte order mark"),
        ] {
            let (found, remarks) = one(line);
            assert_eq!(found.as_deref(), Some(value), "{line}");
            let [remark] = remarks.as_slice() else {
                panic!("{line}: {remarks:?}");
            };
            assert!(
                remark.what.contains(words) && !remark.is_error,
                "{remark:?}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_never_with_its_value() {
        for wrong in [
            "hunter2",
            "A B=hunter2",
            "A='hunter2",
            "A='x' hunter2",
            "1A=hunter2",
        ] {
            let (_, remarks) = one(&format!("# first\n{wrong}\n"));
            let [remark] = remarks.as_slice() else {
                panic!("{wrong}: {remarks:?}");
            };
            assert!(remark.is_error && remark.line == 2, "{remark:?}");
            assert!(!remark.what.contains("hunter2"), "{remark:?}");
        }
        let (_, remarks) = one("; to systemd alone");
        assert!(remarks[0].what.contains("begin it with #"), "{remarks:?}");
    }

    #[test]
    fn of_two_lines_the_last_counts_and_lines_are_counted_over_quotes() {
        let file = EnvFile::parse("A='1\n2'\nB=3\nA=4\n");
        assert_eq!(file.variables().get("A"), Some("4"));
        assert_eq!((file.line_of("A"), file.line_of("B")), (Some(4), Some(3)));
        assert!(file.remarks[0].what.contains("again in line 4"));
    }
}
