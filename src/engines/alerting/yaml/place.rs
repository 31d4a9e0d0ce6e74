//! Where a place within a text stands in the file, however YAML writes the text.
use super::{Document, Kind, Node};
use crate::engines::{alerting::rules::RuleError, promql::Position};
use saphyr_parser::ScalarStyle;

impl Document {
    /// Something is wrong at this place within the text of a node. Where it cannot be found, the node itself is
    /// pointed at.
    pub(in crate::engines::alerting) fn wrong_within(
        &self,
        node: &Node,
        position: Position,
        message: &str,
    ) -> RuleError {
        let Kind::Scalar(value, style) = &node.kind else {
            return node.wrong(message);
        };
        let letters: Vec<char> = value.chars().collect();
        let wanted = offset(&letters, position);
        let begin = Self::begin(node, *style);
        let Some(at) = self.follow(begin, &letters, wanted, *style) else {
            return node.wrong(message);
        };
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        RuleError {
            line,
            column,
            message: message.to_owned(),
        }
    }

    /// Where the text itself begins.
    fn begin(node: &Node, style: ScalarStyle) -> usize {
        let start = node.at.index();
        match style {
            // Of a block the parser names the first letter, not the sign that begins it.
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => start,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => start + 1,
        }
    }

    /// Walks through file and text together, as far as the wanted letter. Blanks are not compared: YAML folds them.
    fn follow(
        &self,
        begin: usize,
        letters: &[char],
        wanted: usize,
        style: ScalarStyle,
    ) -> Option<usize> {
        let mut at = begin;
        let mut last = begin;
        for (index, letter) in letters.iter().enumerate() {
            let is_reached = index >= wanted;
            if letter.is_whitespace() {
                if is_reached {
                    return Some(last);
                }
                continue;
            }
            at = self.past_blanks(at, style);
            if is_reached {
                return Some(at);
            }
            let (matched, length) = self.letter(at, style)?;
            if matched.is_some_and(|c| c != *letter) {
                return None;
            }
            at += length;
            last = at;
        }
        Some(last)
    }

    fn past_blanks(&self, mut at: usize, style: ScalarStyle) -> usize {
        let is_double = style == ScalarStyle::DoubleQuoted;
        loop {
            match (self.text.get(at), self.text.get(at + 1)) {
                (Some(c), _) if c.is_whitespace() => at += 1,
                (Some('\\'), Some('n' | 't' | 'r' | ' ' | '\n')) if is_double => at += 2,
                _ => return at,
            }
        }
    }

    /// The letter that stands here, unless it is written as a number, and how long it is.
    fn letter(&self, at: usize, style: ScalarStyle) -> Option<(Option<char>, usize)> {
        let (here, next) = (*self.text.get(at)?, self.text.get(at + 1));
        Some(match (style, here, next) {
            (ScalarStyle::SingleQuoted, '\'', _) => (Some(here), 2),
            (ScalarStyle::DoubleQuoted, '\\', Some('x')) => (None, 4),
            (ScalarStyle::DoubleQuoted, '\\', Some('u')) => (None, 6),
            (ScalarStyle::DoubleQuoted, '\\', Some('U')) => (None, 10),
            (ScalarStyle::DoubleQuoted, '\\', Some('"' | '\\' | '/')) => (next.copied(), 2),
            (ScalarStyle::DoubleQuoted, '\\', _) => (None, 2),
            _ => (Some(here), 1),
        })
    }
}

/// How many letters are before a place.
fn offset(letters: &[char], position: Position) -> usize {
    let mut line = 1;
    let mut begin = 0;
    for (index, letter) in letters.iter().enumerate() {
        if line == position.line {
            break;
        }
        if *letter == '\n' {
            line += 1;
            begin = index + 1;
        }
    }
    begin + position.column.saturating_sub(1)
}
