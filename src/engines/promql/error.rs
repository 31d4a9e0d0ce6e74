//! Why an expression was refused, and why an evaluation failed.
use std::fmt;

/// A place in the text of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Position {
    /// Of the character that begins at this byte.
    #[must_use]
    pub fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        Self {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An expression that is not evaluated, and where it goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {refusal}")]
pub struct LoadError {
    /// Where what is refused begins.
    pub position: Position,
    /// What is refused.
    pub refusal: Refusal,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// PromQL that this evaluator does not know: a function, an operator, a notation.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Not PromQL at all, or arguments of the wrong kind.
    #[error("{0}")]
    Invalid(String),
    /// A regular expression that cannot be used.
    #[error("the regular expression \"{pattern}\" cannot be used: {reason}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Longer or more deeply nested than anybody writes by hand.
    #[error("the expression is too {0}")]
    TooLarge(&'static str),
}

/// Why an expression has no result for these samples at this time.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvalError {
    /// Two series of the result would be called the same.
    #[error("the result has more than one series called {0}")]
    SameLabels(String),
    /// Neither side of a binary operator is unique.
    #[error(
        "many-to-many matching: more than one series called {0} on the side that must have one"
    )]
    ManyToMany(String),
    /// Several series meet one, and the expression does not say that they may.
    #[error("several series match {0}; say so with group_left or group_right")]
    ManyToOne(String),
    /// The parameter of `topk` or `bottomk` is no whole number.
    #[error("{0} is not a number of series")]
    Count(f64),
    /// The evaluation would read or make more values than it may.
    #[error("the expression needs more than {0} values; ask for a shorter time or a longer step")]
    TooMuch(u64),
    /// A range of time that ends before it begins, or whose step is not positive.
    #[error("a range ends after it begins, and its step is positive")]
    Span,
    /// A range vector has no value at each step.
    #[error("a range vector can be evaluated at one time only")]
    RangeVector,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_lines() {
        let text = "sum(\n  é + x)";
        let x = text.find('x').unwrap();
        assert_eq!(Position::of(text, x), Position { line: 2, column: 7 });
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, 999), Position { line: 2, column: 9 });
    }
}
