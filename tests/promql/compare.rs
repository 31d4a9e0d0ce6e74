//! Answers of both, and whether they are the same.
use flashfit::engines::promql::{EvalError, Labels, Sample, Series, Value};

/// What an expression is worth, or that it failed.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Scalar(f64),
    Vector(Vec<(Labels, f64)>),
    Matrix(Vec<Series>),
    /// What it said, for messages.
    #[expect(dead_code, reason = "it is printed")]
    Error(String),
}

impl Answer {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Vector(vector) => vector.is_empty(),
            Self::Matrix(matrix) => matrix.is_empty(),
            Self::Error(_) => false,
        }
    }
}

impl From<Result<Value, EvalError>> for Answer {
    fn from(result: Result<Value, EvalError>) -> Self {
        match result {
            Ok(Value::Scalar(value)) => Self::Scalar(value),
            Ok(Value::Vector(vector)) => Self::Vector(vector),
            Ok(Value::Matrix(matrix)) => Self::Matrix(matrix),
            Err(error) => Self::Error(error.to_string()),
        }
    }
}

impl From<Result<Vec<Series>, EvalError>> for Answer {
    fn from(result: Result<Vec<Series>, EvalError>) -> Self {
        match result {
            Ok(matrix) => Self::Matrix(matrix),
            Err(error) => Self::Error(error.to_string()),
        }
    }
}

/// How two answers differ. Prometheus orders series of a span by their labels, and those of an instant only if the
/// expression says so.
pub(crate) fn differences(ours: &Answer, theirs: &Answer, ordered: bool) -> Option<String> {
    let differ = match (ours, theirs) {
        (Answer::Scalar(a), Answer::Scalar(b)) => !close(*a, *b),
        (Answer::Error(_), Answer::Error(_)) => false,
        (Answer::Matrix(a), Answer::Matrix(b)) => {
            let (mut a, mut b) = (a.clone(), b.clone());
            a.sort_by(|x, y| x.labels.cmp(&y.labels));
            b.sort_by(|x, y| x.labels.cmp(&y.labels));
            a.len() != b.len() || a.iter().zip(&b).any(|(a, b)| !same_series(a, b))
        }
        (Answer::Vector(a), Answer::Vector(b)) => {
            let (mut a, mut b) = (a.clone(), b.clone());
            if !ordered {
                a.sort_by(|x, y| x.0.cmp(&y.0));
                b.sort_by(|x, y| x.0.cmp(&y.0));
            }
            a.len() != b.len()
                || a.iter()
                    .zip(&b)
                    .any(|(a, b)| a.0 != b.0 || !close(a.1, b.1))
        }
        _ => true,
    };
    differ.then(|| format!("\n    ours   {}\n    theirs {}", short(ours), short(theirs)))
}

fn same_series(a: &Series, b: &Series) -> bool {
    let same = |(a, b): (&Sample, &Sample)| a.at_ms == b.at_ms && close(a.value, b.value);
    a.labels == b.labels
        && a.samples.len() == b.samples.len()
        && a.samples.iter().zip(&b.samples).all(same)
}

fn close(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn short(answer: &Answer) -> String {
    let text = match answer {
        Answer::Matrix(matrix) => {
            let one = |s: &Series| {
                let samples: Vec<String> = s
                    .samples
                    .iter()
                    .map(|s| format!("{}@{}", s.value, s.at_ms))
                    .collect();
                format!("{} {} [{}]", s.labels, samples.len(), samples.join(" "))
            };
            format!("{:#?}", matrix.iter().map(one).collect::<Vec<_>>())
        }
        Answer::Scalar(_) | Answer::Vector(_) | Answer::Error(_) => format!("{answer:?}"),
    };
    text.chars().take(900).collect()
}
