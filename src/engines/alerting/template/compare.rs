//! Comparisons as Go's templates make them: only what is of the same kind can be compared.
use super::{Failure, value::Value};
use std::cmp::Ordering;

fn incompatible(a: &Value, b: &Value) -> Failure {
    let hint = match (a, b) {
        (Value::Float(_), Value::Int(_)) | (Value::Int(_), Value::Float(_)) => {
            "; write 1.0 where a value is compared with 1"
        }
        _ => "",
    };
    Failure::never(format!(
        "a {} cannot be compared with a {}{hint}",
        a.kind(),
        b.kind()
    ))
}

/// Whether the first is one of the others.
pub(super) fn equals(a: &Value, others: &[Value]) -> Result<bool, Failure> {
    if others.is_empty() {
        return Err(Failure::never("\"eq\" compares at least two values"));
    }
    for b in others {
        let is_equal = match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            #[expect(clippy::float_cmp, reason = "that is what is asked")]
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            _ => return Err(incompatible(a, b)),
        };
        if is_equal {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How two values stand; nothing if one is no number.
pub(super) fn order(a: &Value, b: &Value) -> Result<Option<Ordering>, Failure> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(Some(a.cmp(b))),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b)),
        (Value::Text(a), Value::Text(b)) => Ok(Some(a.cmp(b))),
        _ => Err(incompatible(a, b)),
    }
}
