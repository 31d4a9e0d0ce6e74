//! What can go wrong with rules, silences and receivers, and how it looks from outside.
use crate::platform::{db::Unavailable, http::Problem, notify::NotifyError, tasks};
use actix_web::http::StatusCode;
use uuid::Uuid;

/// Why something about alerts could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such rule.
    #[error("there is no alert rule {0:?}")]
    NoRule(String),
    /// No such silence.
    #[error("there is no silence {0}")]
    NoSilence(Uuid),
    /// No such receiver.
    #[error("there is no receiver {0:?} below [notifications.receivers]")]
    NoReceiver(String),
    /// A rule of the file that nobody changed cannot be taken away.
    #[error(
        "the rule {0} comes from the rule file and was not changed here; set is_enabled to false to switch it off"
    )]
    FromFile(String),
    /// Two rules of one name would be told apart by nobody.
    #[error("there is a rule called {0:?} in this group already")]
    NameTaken(String),
    /// A parameter that makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A rule that cannot be.
    #[error("{0}")]
    Rule(String),
    /// An expression that is not evaluated.
    #[error("expression, line {line}, column {column}: {message}")]
    Expression {
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is refused.
        message: String,
    },
    /// A silence that cannot be.
    #[error("{0}")]
    Silence(String),
    /// A silence that is over stays as it was.
    #[error("the silence {0} is over and cannot be changed; make a new one")]
    SilenceOver(Uuid),
    /// More time than is kept.
    #[error("hours: expected 1 to {most}, which is how long samples are kept, got {got}")]
    Span {
        /// What was asked.
        got: u32,
        /// What there is.
        most: u32,
    },
    /// The expression has no result.
    #[error("the rule cannot be evaluated over this time: {0}")]
    NoResult(String),
    /// The rule file cannot be used; the rules before it stay.
    #[error("the rule file cannot be used, and the rules before it stay in force: {0}")]
    File(String),
    /// The receiver did not take the test message.
    #[error(transparent)]
    NotTaken(#[from] NotifyError),
    /// Not the caller's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("while using the tables of alerts"))
    }
}

impl From<tasks::Unfinished> for Error {
    fn from(error: tasks::Unfinished) -> Self {
        Self::Internal(error.into())
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
            Error::NoRule(_) => Self::client(StatusCode::NOT_FOUND, "rule-not-found", error),
            Error::NoSilence(_) => Self::client(StatusCode::NOT_FOUND, "silence-not-found", error),
            Error::NoReceiver(_) => {
                Self::client(StatusCode::NOT_FOUND, "receiver-not-found", error)
            }
            Error::FromFile(_) => Self::client(StatusCode::CONFLICT, "rule-from-file", error),
            Error::NameTaken(_) => Self::client(StatusCode::CONFLICT, "rule-name-taken", error),
            Error::Invalid(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", error)
            }
            Error::Rule(_) => Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-rule", error),
            Error::Expression { .. } => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-expression", error)
            }
            Error::Silence(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-silence", error)
            }
            Error::SilenceOver(_) => Self::client(StatusCode::CONFLICT, "silence-over", error),
            Error::Span { .. } => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "span-too-long", error)
            }
            Error::NoResult(_) => Self::client(
                StatusCode::UNPROCESSABLE_ENTITY,
                "rule-without-result",
                error,
            ),
            Error::File(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-rule-file", error)
            }
            Error::NotTaken(_) => Self::client(StatusCode::BAD_GATEWAY, "receiver-failed", error),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}
