//! What can go wrong with a search, and how it looks from outside.
use crate::{
    base::embedding::NotAnEmbedding,
    engines::index::IndexError,
    features::wardrobe,
    platform::{db::Unavailable, http::Problem, tasks},
};
use actix_web::http::StatusCode;

/// Why a search could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The parts of the request do not go together.
    #[error("{0}")]
    Invalid(String),
    /// The numbers have no direction.
    #[error("vector is no embedding: {0}")]
    Vector(#[from] NotAnEmbedding),
    /// The vector does not fit the index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The wardrobe says no.
    #[error(transparent)]
    Wardrobe(#[from] wardrobe::Error),
    /// Not the caller's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("while reading the change feed"))
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
            Error::Invalid(_)
            | Error::Vector(_)
            | Error::Index(IndexError::Space { .. } | IndexError::Dimension { .. }) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", error)
            }
            Error::Index(IndexError::NoDimensions | IndexError::Full(_) | IndexError::Graph(_)) => {
                Self::internal(error)
            }
            Error::Wardrobe(cause) => cause.into(),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}
