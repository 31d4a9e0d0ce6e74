//! Operators between two expressions.
use super::{
    error::EvalError,
    frame::{self, Frame, Track},
    labels::Labels,
    matching,
    operate::{apply, drops_name, keeps_value},
    plan::{Binary, Operator},
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
