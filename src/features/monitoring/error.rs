//! What can go wrong, and how it looks from outside.
use crate::{
    engines::promql::EvalError,
    platform::{db::Unavailable, http::Problem, tasks},
};
use actix_web::http::StatusCode;
use std::time::Duration;

/// Why history or health cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No dashboard has such a panel.
    #[error("there is no panel {panel} on a dashboard {dashboard}")]
    NoPanel {
        /// The dashboard that was named.
        dashboard: String,
        /// The panel that was named.
        panel: String,
    },
    /// A parameter makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// Not the client's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Why an expression has no value.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The samples do not allow it, or it would need too many.
    #[error(transparent)]
    Failed(#[from] EvalError),
    /// It was given up.
    #[error("the expression was not evaluated within {0:?}")]
    TooLong(Duration),
    /// The process ends, or a bug.
    #[error(transparent)]
    Unfinished(#[from] tasks::Unfinished),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("while using the tables of monitoring"))
    }
}

impl From<Unavailable> for Error {
    fn from(error: Unavailable) -> Self {
        Self::Internal(error.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NoPanel { .. } => Self::client(StatusCode::NOT_FOUND, "panel-not-found", error),
            Error::Invalid(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", error)
            }
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}
