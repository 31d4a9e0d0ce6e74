//! What a text is made of.
use super::functions::Function;

/// A part of a text.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// As it stands there.
    Text(String),
    /// What a pipeline gives.
    Print(Pipeline),
    /// `if`
    If(Branch),
    /// `with`: the value is the dot.
    With(Branch),
    /// `range`: the body for each.
    Range(Branch),
}

/// A condition, and what is rendered if it holds or not.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) on: Pipeline,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which gets what the one before gives.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) byte: usize,
    /// Variables that take the value; two only for `range`.
    pub(super) names: Vec<String>,
    /// Whether they were there before.
    pub(super) is_assignment: bool,
    pub(super) commands: Vec<Command>,
}

/// A value, or a function with its arguments.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub(super) byte: usize,
    pub(super) words: Vec<Operand>,
}

/// A value, and the fields of it that are meant.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) byte: usize,
    pub(super) root: Root,
    pub(super) fields: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) enum Root {
    Dot,
    Variable(String),
    Function(Function),
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
    Inner(Pipeline),
}
