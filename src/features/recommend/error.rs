//! What can go wrong with outfits and feedback, and how it looks from outside.
use crate::{
    base::id::{EventId, ItemId, OutfitId},
    features::wardrobe,
    platform::{db::Unavailable, http::Problem, tasks},
};
use actix_web::http::StatusCode;

/// Why an ask or a piece of feedback could not be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such outfit, or not this person's.
    #[error("there is no outfit {0} that was suggested to you")]
    NoOutfit(OutfitId),
    /// No such lesson, or not this person's.
    #[error("there is no lesson {0}")]
    NoLesson(EventId),
    /// No such piece to choose.
    #[error("there is no piece {0} to choose")]
    NoPiece(u8),
    /// A garment that one of several days asks for is none of this person's.
    #[error("days[{day}]: there is no garment {id} in this wardrobe")]
    NoGarment {
        /// The position of the day.
        day: usize,
        /// The garment.
        id: ItemId,
    },
    /// The parts of the request do not go together.
    #[error("{0}")]
    Invalid(String),
    /// The upload cannot be read.
    #[error("the upload cannot be read: {0}")]
    Upload(String),
    /// The wardrobe says no.
    #[error(transparent)]
    Wardrobe(#[from] wardrobe::Error),
    /// Not the caller's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("while using the outfits' tables"))
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
            Error::NoOutfit(_) => Self::client(StatusCode::NOT_FOUND, "outfit-not-found", error),
            Error::NoLesson(_) => Self::client(StatusCode::NOT_FOUND, "lesson-not-found", error),
            Error::NoPiece(_) => Self::client(StatusCode::NOT_FOUND, "piece-not-found", error),
            Error::NoGarment { .. } => Self::client(StatusCode::NOT_FOUND, "item-not-found", error),
            Error::Invalid(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", error)
            }
            Error::Upload(_) => Self::client(StatusCode::BAD_REQUEST, "bad-upload", error),
            Error::Wardrobe(cause) => cause.into(),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}
