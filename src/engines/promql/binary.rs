//! Operators between two expressions.
use super::{
    error::EvalError,
    frame::{self, Frame, Track},
    labels::Labels,
    matching,
    plan::{Arithmetic, Binary, Operator, Order},
};

pub(super) fn binary(
    binary: &Binary,
    sides: (Frame, Frame),
    steps: usize,
) -> Result<Frame, EvalError> {
    let operator = binary.operator;
    match sides {
        (Frame::Scalar(left), Frame::Scalar(right)) => {
            let pairs = left.into_iter().zip(right);
            Ok(Frame::Scalar(
                pairs
                    .map(|(l, r)| apply(operator, l, r).unwrap_or(f64::NAN))
                    .collect(),
            ))
        }
        (Frame::Vector(left), Frame::Scalar(right)) => {
            with_scalar(operator, left, &right, |value, scalar| {
                apply(operator, value, scalar)
            })
        }
        (Frame::Scalar(left), Frame::Vector(right)) => {
            with_scalar(operator, right, &left, |value, scalar| {
                let result = apply(operator, scalar, value)?;
                // What a comparison lets through is the vector's, on whichever side it stands.
                Some(if keeps_value(operator) { value } else { result })
            })
        }
        (Frame::Vector(left), Frame::Vector(right)) => match operator {
            Operator::Set(operator) => {
                matching::set(operator, &binary.matching.grouping, (left, right), steps)
            }
            Operator::Arithmetic(_) | Operator::Compare { .. } => {
                matching::pair(operator, &binary.matching, (left, right), steps)
            }
        },
    }
}

fn with_scalar(
    operator: Operator,
    tracks: Vec<Track>,
    scalar: &[f64],
    change: impl Fn(f64, f64) -> Option<f64>,
) -> Result<Frame, EvalError> {
    let rename = |labels: &Labels| {
        if drops_name(operator) {
            labels.nameless()
        } else {
            labels.clone()
        }
    };
    frame::map(tracks, rename, |step, value| {
        change(value, *scalar.get(step)?)
    })
}

/// Nothing where a comparison does not hold.
pub(super) fn apply(operator: Operator, left: f64, right: f64) -> Option<f64> {
    match operator {
        Operator::Arithmetic(arithmetic) => Some(compute(arithmetic, left, right)),
        Operator::Compare {
            order,
            as_bool: true,
        } => Some(f64::from(u8::from(holds(order, left, right)))),
        Operator::Compare {
            order,
            as_bool: false,
        } => holds(order, left, right).then_some(left),
        Operator::Set(_) => None,
    }
}

/// A filter leaves a series what it is; a result is something new.
pub(super) fn drops_name(operator: Operator) -> bool {
    !keeps_value(operator)
}

fn keeps_value(operator: Operator) -> bool {
    matches!(operator, Operator::Compare { as_bool: false, .. })
}

fn compute(arithmetic: Arithmetic, left: f64, right: f64) -> f64 {
    match arithmetic {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Modulo => left % right,
        Arithmetic::Power => left.powf(right),
    }
}

#[expect(clippy::float_cmp, reason = "that is what was asked for")]
fn holds(order: Order, left: f64, right: f64) -> bool {
    match order {
        Order::Equal => left == right,
        Order::NotEqual => left != right,
        Order::Less => left < right,
        Order::AtMost => left <= right,
        Order::Greater => left > right,
        Order::AtLeast => left >= right,
    }
}
