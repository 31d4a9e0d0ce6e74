//! An expression as it is evaluated: checked, with everything resolved that does not depend on samples.
use std::sync::Arc;

use super::{labels::Labels, over_time::Over, relabel::Relabel, store::Matcher};

/// What kind of value an expression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Vector,
    Range,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "a scalar",
            Self::Vector => "an instant vector",
            Self::Range => "a range vector",
        }
    }
}

/// The time a selector looks at, given the time of the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) at: Option<At>,
    pub(super) offset_ms: i64,
}

/// A time that does not move with the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Time(i64),
    Start,
    End,
}

/// A range vector.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) source: Source,
    pub(super) range_ms: i64,
    pub(super) anchor: Anchor,
}

/// Where the samples of a range vector come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Series(Vec<Matcher>),
    Subquery { of: Box<Node>, step_ms: Option<i64> },
}

/// A part of an expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Number(f64),
    Time,
    Select(Vec<Matcher>, Anchor),
    /// Only as the whole of an expression; elsewhere it is the argument of [`Node::Over`].
    Range(Window),
    Negate(Box<Node>),
    /// Each value changed on its own.
    Each(fn(f64) -> f64, Box<Node>),
    /// Each value changed by what the other arguments say.
    Shape(Shape, Box<Node>, Vec<Node>),
    AsVector(Box<Node>),
    AsScalar(Box<Node>),
    Timestamp(Box<Node>),
    Sort {
        descending: bool,
        of: Box<Node>,
    },
    /// One series, if there is none, called so.
    Absent(Box<Node>, Labels),
    HistogramQuantile(Box<Node>, Box<Node>),
    Relabel(Relabel, Box<Node>),
    Over {
        function: Over,
        window: Window,
        parameter: Option<Box<Node>>,
        /// What the series of `absent_over_time` is called.
        absent: Labels,
    },
    Aggregate {
        operator: Aggregation,
        grouping: Grouping,
        parameter: Option<Box<Node>>,
        of: Box<Node>,
    },
    Binary(Box<Binary>),
}

/// Functions of a vector and further numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Round,
    Clamp,
    ClampMin,
    ClampMax,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregation {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Quantile,
    /// `topk`, or `bottomk`.
    Ranked {
        top: bool,
    },
}

/// Which labels tell the groups of an aggregation, or the partners of a binary operator, apart.
#[derive(Debug, Clone)]
pub(super) enum Grouping {
    /// Only these.
    By(Vec<Arc<str>>),
    /// All but these and the name.
    Without(Vec<Arc<str>>),
}

impl Grouping {
    /// What a series is called once only these labels count.
    pub(super) fn key(&self, labels: &Labels) -> Labels {
        match self {
            Self::By(names) => labels.only(names),
            Self::Without(names) => labels.without(names).nameless(),
        }
    }
}

/// An operator between two expressions.
#[derive(Debug, Clone)]
pub(super) struct Binary {
    pub(super) operator: Operator,
    pub(super) left: Node,
    pub(super) right: Node,
    pub(super) matching: Matching,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Arithmetic(Arithmetic),
    Compare {
        order: Order,
        /// 0 or 1 instead of a filter.
        as_bool: bool,
    },
    Set(Set),
}

/// What is kept of two vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    And,
    Or,
    Unless,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// How series of two vectors find each other.
#[derive(Debug, Clone)]
pub(super) struct Matching {
    pub(super) grouping: Grouping,
    pub(super) side: Side,
    /// Labels taken from the side that has one.
    pub(super) include: Vec<Arc<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    OneToOne,
    /// `group_left`
    ManyToOne,
    /// `group_right`
    OneToMany,
}

impl Node {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Number(_) | Self::Time | Self::AsScalar(_) => Kind::Scalar,
            Self::Range(_) => Kind::Range,
            Self::Negate(of) => of.kind(),
            Self::Binary(b) if b.left.kind() == Kind::Scalar && b.right.kind() == Kind::Scalar => {
                Kind::Scalar
            }
            Self::Select(..)
            | Self::Each(..)
            | Self::Shape(..)
            | Self::AsVector(_)
            | Self::Timestamp(_)
            | Self::Sort { .. }
            | Self::Absent(..)
            | Self::HistogramQuantile(..)
            | Self::Relabel(..)
            | Self::Over { .. }
            | Self::Aggregate { .. }
            | Self::Binary(_) => Kind::Vector,
        }
    }
}
