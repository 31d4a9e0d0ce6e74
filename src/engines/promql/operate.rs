//! What an operator makes of two numbers.
use super::plan::{Arithmetic, Operator, Order};

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

/// A filter: what it lets through stays as it is.
pub(super) fn keeps_value(operator: Operator) -> bool {
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
