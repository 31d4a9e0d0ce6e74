//! Answers and errors in the shape of Prometheus's HTTP API.
use crate::{
    engines::promql::{Labels, Series, Value},
    features::monitoring::QueryError,
};
use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, fmt};

/// A line of a matrix, for the document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents what is made by hand")]
pub(super) struct Line {
    /// The labels.
    metric: BTreeMap<String, String>,
    /// Seconds since 1970, and the value as text.
    values: Vec<(f64, String)>,
}

/// What a request is answered with when all is well.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Success {
    /// Always `success`.
    #[schema(example = "success")]
    pub(super) status: &'static str,
    /// What was asked for.
    #[schema(value_type = Value)]
    pub(super) data: Json,
}

/// What is wrong, as Prometheus says it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Refusal {
    /// Always `error`.
    #[schema(example = "error")]
    status: &'static str,
    /// `bad_data`, `execution`, `timeout` or `internal`.
    #[serde(rename = "errorType")]
    kind: &'static str,
    /// In words.
    error: String,
}

impl Refusal {
    /// The request makes no sense.
    pub(super) fn bad_data(error: impl fmt::Display) -> Self {
        Self::new("bad_data", error)
    }

    /// A parameter makes no sense.
    pub(super) fn parameter(name: &str, why: impl fmt::Display) -> Self {
        Self::bad_data(format!("invalid parameter \"{name}\": {why}"))
    }

    /// It could be evaluated, but not so.
    pub(super) fn execution(error: impl fmt::Display) -> Self {
        Self::new("execution", error)
    }

    fn new(kind: &'static str, error: impl fmt::Display) -> Self {
        Self {
            status: "error",
            kind,
            error: error.to_string(),
        }
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        match &error {
            QueryError::Failed(_) => Self::new("execution", error),
            QueryError::TooLong(_) => Self::new("timeout", error),
            QueryError::Unfinished(cause) => {
                let cause = cause.to_string();
                tracing::error!(cause, "an expression was not evaluated");
                Self::new("internal", "the expression was not evaluated")
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.error)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self.kind {
            "bad_data" => StatusCode::BAD_REQUEST,
            "execution" => StatusCode::UNPROCESSABLE_ENTITY,
            "timeout" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(self)
    }
}

/// What an expression is worth at a time.
pub(super) fn value(value: &Value, at_ms: i64) -> Json {
    match value {
        Value::Scalar(number) => json!({
            "resultType": "scalar",
            "result": point(at_ms, *number),
        }),
        Value::Vector(values) => {
            let one = |(labels, value): &(Labels, f64)| json!({ "metric": metric(labels), "value": point(at_ms, *value) });
            json!({ "resultType": "vector", "result": values.iter().map(one).collect::<Vec<_>>() })
        }
        Value::Matrix(series) => matrix(series),
    }
}

/// What an expression is worth through a time.
pub(super) fn matrix(series: &[Series]) -> Json {
    json!({ "resultType": "matrix", "result": series.iter().map(line).collect::<Vec<_>>() })
}

/// One series of a matrix.
pub(super) fn line(series: &Series) -> Json {
    let values = series.samples.iter().map(|s| point(s.at_ms, s.value));
    json!({ "metric": metric(&series.labels), "values": values.collect::<Vec<_>>() })
}

/// Labels as an object.
pub(super) fn metric(labels: &Labels) -> Json {
    labels
        .iter()
        .map(|(n, v)| (n.to_owned(), Json::from(v)))
        .collect()
}

fn point(at_ms: i64, value: f64) -> Json {
    let at = if at_ms % 1000 == 0 {
        Json::from(at_ms / 1000)
    } else {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of centuries are exact"
        )]
        Json::from(at_ms as f64 / 1000.0)
    };
    json!([at, number(value)])
}

/// A number as Go prints it.
fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_text_as_go_prints_them() {
        for (value, text) in [
            (1.0, "1"),
            (-0.25, "-0.25"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn times_are_seconds() {
        assert_eq!(
            point(1_700_000_000_000, 1.0).to_string(),
            r#"[1700000000,"1"]"#
        );
        assert_eq!(
            point(1_700_000_000_781, 1.0).to_string(),
            r#"[1700000000.781,"1"]"#
        );
    }
}
