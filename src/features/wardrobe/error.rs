//! What can go wrong with a wardrobe, and how it looks from outside.
use crate::{
    base::id::ItemId,
    engines::vision::PhotoError,
    platform::{db::Unavailable, http::Problem, tasks},
};
use actix_web::http::StatusCode;

/// Why the wardrobe could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such garment, or not this person's.
    #[error("there is no garment {0} in this wardrobe")]
    NotFound(ItemId),
    /// No such photo, or not this person's.
    #[error("there is no such picture in this wardrobe")]
    NoPicture,
    /// The photo cannot be used.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// A correction that means nothing.
    #[error("{name} cannot be {value:?}; expected one of: {expected}")]
    WrongValue {
        /// The attribute.
        name: String,
        /// What was sent.
        value: String,
        /// What would do.
        expected: String,
    },
    /// A field that cannot be as it is.
    #[error("{0}")]
    Invalid(String),
    /// The multipart body is not what it should be.
    #[error("the upload cannot be read: {0}")]
    Upload(String),
    /// Too many photos at once.
    #[error("more than {limit} photos in one request; send them in several")]
    TooMany {
        /// Photos allowed.
        limit: usize,
    },
    /// Not the caller's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("while using the wardrobe's tables"))
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
            Error::NotFound(_) => Self::client(StatusCode::NOT_FOUND, "item-not-found", error),
            Error::NoPicture => Self::client(StatusCode::NOT_FOUND, "picture-not-found", error),
            Error::Photo(cause) => photo_problem(&cause),
            Error::WrongValue { .. } | Error::Invalid(_) => {
                Self::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", error)
            }
            Error::Upload(_) => Self::client(StatusCode::BAD_REQUEST, "bad-upload", error),
            Error::TooMany { .. } => {
                Self::client(StatusCode::PAYLOAD_TOO_LARGE, "too-many-photos", error)
            }
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

/// The problem of a photo that cannot be used.
#[must_use]
pub fn photo_problem(error: &PhotoError) -> Problem {
    let (status, slug) = match error {
        PhotoError::Empty => (StatusCode::UNPROCESSABLE_ENTITY, "photo-empty"),
        PhotoError::TooManyBytes { .. } | PhotoError::TooManyPixels { .. } => {
            (StatusCode::PAYLOAD_TOO_LARGE, "photo-too-large")
        }
        PhotoError::NotAnImage => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-photo"),
        PhotoError::Unsupported(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "photo-unsupported"),
        PhotoError::Truncated | PhotoError::Broken(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "photo-broken")
        }
    };
    Problem::client(status, slug, error)
}
