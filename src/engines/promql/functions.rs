//! The functions that are supported, by name.
use super::{numbers, over_time::Over, plan::Shape, trend::Growth};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    Each(fn(f64) -> f64),
    /// As [`Known::Each`]; without an argument, of the time of the evaluation.
    Calendar(fn(f64) -> f64),
    Shape(Shape),
    Over(Over),
    Time,
    Vector,
    Scalar,
    Timestamp,
    Sort {
        descending: bool,
    },
    Absent,
    HistogramQuantile,
    LabelReplace,
    LabelJoin,
}

/// The function of this name, if it is supported.
pub(super) fn lookup(name: &str) -> Option<Known> {
    Some(match name {
        "abs" => Known::Each(f64::abs),
        "ceil" => Known::Each(f64::ceil),
        "floor" => Known::Each(f64::floor),
        "exp" => Known::Each(f64::exp),
        "ln" => Known::Each(f64::ln),
        "sqrt" => Known::Each(f64::sqrt),
        "sgn" => Known::Each(numbers::sign),
        "minute" => Known::Calendar(numbers::minute),
        "hour" => Known::Calendar(numbers::hour),
        "day_of_week" => Known::Calendar(numbers::day_of_week),
        "round" => Known::Shape(Shape::Round),
        "clamp" => Known::Shape(Shape::Clamp),
        "clamp_min" => Known::Shape(Shape::ClampMin),
        "clamp_max" => Known::Shape(Shape::ClampMax),
        "time" => Known::Time,
        "vector" => Known::Vector,
        "scalar" => Known::Scalar,
        "timestamp" => Known::Timestamp,
        "sort" => Known::Sort { descending: false },
        "sort_desc" => Known::Sort { descending: true },
        "absent" => Known::Absent,
        "histogram_quantile" => Known::HistogramQuantile,
        "label_replace" => Known::LabelReplace,
        "label_join" => Known::LabelJoin,
        _ => Known::Over(over(name)?),
    })
}

fn over(name: &str) -> Option<Over> {
    Some(match name {
        "rate" => Over::Growth(Growth::Rate),
        "increase" => Over::Growth(Growth::Increase),
        "delta" => Over::Growth(Growth::Delta),
        "irate" => Over::Irate,
        "idelta" => Over::Idelta,
        "deriv" => Over::Deriv,
        "resets" => Over::Resets,
        "changes" => Over::Changes,
        "avg_over_time" => Over::Avg,
        "min_over_time" => Over::Min,
        "max_over_time" => Over::Max,
        "sum_over_time" => Over::Sum,
        "count_over_time" => Over::Count,
        "last_over_time" => Over::Last,
        "quantile_over_time" => Over::Quantile,
        "stddev_over_time" => Over::Stddev,
        "present_over_time" => Over::Present,
        "absent_over_time" => Over::Absent,
        _ => return None,
    })
}
