//! Aggregations and binary operators.
use std::sync::Arc;

use promql_parser::{
    label::Labels as Names,
    parser::{
        AggregateExpr, BinModifier, BinaryExpr, LabelModifier,
        VectorMatchCardinality as Cardinality,
        token::{self, TokenId},
    },
};

use super::Lowering;
use crate::engines::promql::{
    error::LoadError,
    plan::{
        Aggregation, Arithmetic, Binary, Grouping, Kind, Matching, Node, Operator, Order, Set, Side,
    },
};

impl Lowering<'_> {
    pub(super) fn aggregate(&mut self, aggregate: &AggregateExpr) -> Result<Node, LoadError> {
        let Some(operator) = aggregation(aggregate.op.id()) else {
            return self.unsupported(&format!("the aggregation \"{}\"", aggregate.op));
        };
        let parameter = match &aggregate.param {
            Some(parameter) => Some(self.of_kind(Kind::Scalar, parameter)?),
            None => None,
        };
        Ok(Node::Aggregate {
            operator,
            grouping: match &aggregate.modifier {
                Some(modifier) => grouping(modifier),
                None => Grouping::By(vec![]),
            },
            parameter,
            of: self.of_kind(Kind::Vector, &aggregate.expr)?,
        })
    }

    pub(super) fn binary(&mut self, binary: &BinaryExpr) -> Result<Node, LoadError> {
        let modifier = binary.modifier.as_ref();
        let as_bool = modifier.is_some_and(|m| m.return_bool);
        let Some(operator) = operator(binary.op.id(), as_bool) else {
            return self.unsupported(&format!("the operator \"{}\"", binary.op));
        };
        let fills = modifier.map(|m| &m.fill_values);
        if fills.is_some_and(|f| f.lhs.is_some() || f.rhs.is_some()) {
            return self.unsupported("the modifier \"fill\"");
        }
        let (left, right) = (self.node(&binary.lhs)?, self.node(&binary.rhs)?);
        if left.kind() == Kind::Range || right.kind() == Kind::Range {
            return self.invalid("operators do not take range vectors");
        }
        let is_set = matches!(operator, Operator::Set(_));
        if is_set && (left.kind() == Kind::Scalar || right.kind() == Kind::Scalar) {
            return self.invalid("\"and\", \"or\" and \"unless\" do not take scalars");
        }
        Ok(Node::Binary(Box::new(Binary {
            operator,
            left,
            right,
            matching: matching(modifier),
        })))
    }
}

fn matching(modifier: Option<&BinModifier>) -> Matching {
    let (side, include) = match modifier.map(|m| &m.card) {
        Some(Cardinality::ManyToOne(include)) => (Side::ManyToOne, names(include)),
        Some(Cardinality::OneToMany(include)) => (Side::OneToMany, names(include)),
        Some(Cardinality::OneToOne | Cardinality::ManyToMany) | None => (Side::OneToOne, vec![]),
    };
    Matching {
        grouping: match modifier.and_then(|m| m.matching.as_ref()) {
            Some(labels) => grouping(labels),
            None => Grouping::Without(vec![]),
        },
        side,
        include,
    }
}

fn grouping(modifier: &LabelModifier) -> Grouping {
    match modifier {
        LabelModifier::Include(labels) => Grouping::By(names(labels)),
        LabelModifier::Exclude(labels) => Grouping::Without(names(labels)),
    }
}

fn names(labels: &Names) -> Vec<Arc<str>> {
    labels
        .labels
        .iter()
        .map(|l| Arc::from(l.as_str()))
        .collect()
}

fn aggregation(id: TokenId) -> Option<Aggregation> {
    Some(match id {
        token::T_SUM => Aggregation::Sum,
        token::T_AVG => Aggregation::Avg,
        token::T_MIN => Aggregation::Min,
        token::T_MAX => Aggregation::Max,
        token::T_COUNT => Aggregation::Count,
        token::T_GROUP => Aggregation::Group,
        token::T_STDDEV => Aggregation::Stddev,
        token::T_QUANTILE => Aggregation::Quantile,
        token::T_TOPK => Aggregation::Ranked { top: true },
        token::T_BOTTOMK => Aggregation::Ranked { top: false },
        _ => return None,
    })
}

fn operator(id: TokenId, as_bool: bool) -> Option<Operator> {
    let compare = |order| Operator::Compare { order, as_bool };
    Some(match id {
        token::T_ADD => Operator::Arithmetic(Arithmetic::Add),
        token::T_SUB => Operator::Arithmetic(Arithmetic::Subtract),
        token::T_MUL => Operator::Arithmetic(Arithmetic::Multiply),
        token::T_DIV => Operator::Arithmetic(Arithmetic::Divide),
        token::T_MOD => Operator::Arithmetic(Arithmetic::Modulo),
        token::T_POW => Operator::Arithmetic(Arithmetic::Power),
        token::T_EQLC => compare(Order::Equal),
        token::T_NEQ => compare(Order::NotEqual),
        token::T_LSS => compare(Order::Less),
        token::T_LTE => compare(Order::AtMost),
        token::T_GTR => compare(Order::Greater),
        token::T_GTE => compare(Order::AtLeast),
        token::T_LAND => Operator::Set(Set::And),
        token::T_LOR => Operator::Set(Set::Or),
        token::T_LUNLESS => Operator::Set(Set::Unless),
        _ => return None,
    })
}
