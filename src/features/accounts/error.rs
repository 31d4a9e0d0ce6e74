//! What can go wrong with accounts, and how it looks from outside.
use super::input::Invalid;
use crate::{
    base::{
        id::{SessionId, TokenId},
        metrics as names,
    },
    platform::http::Problem,
};
use actix_web::http::StatusCode;

/// Why accounts could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A field does not hold what it should.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Someone has that address already.
    #[error("there is already an account with this e-mail address")]
    EmailTaken,
    /// The operator does not want strangers.
    #[error("registration is closed; ask the administrator for an account")]
    RegistrationClosed,
    /// Unknown address or wrong password: on purpose not said which.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// Someone signed in did not know their own password.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Nothing that lets one in came with the request.
    #[error("sign in first: there is no session cookie and no bearer token")]
    NoCredential,
    /// What came with the request was never valid, or has been ended.
    #[error("the session or token is not known here (any more); sign in again")]
    UnknownCredential,
    /// What came with the request was valid once.
    #[error("the session or token has expired; sign in again")]
    Expired,
    /// An API token tried what it was not made for.
    #[error("this API token lacks the scope {0:?}")]
    ScopeMissing(&'static str),
    /// An API token tried to manage the account itself.
    #[error("an API token may not manage the account; sign in with the password")]
    SessionNeeded,
    /// A cookie alone does not prove that our own page sent the request.
    #[error("a change with the session cookie needs the header X-Requested-With: flashfit")]
    Csrf,
    /// Only administrators may do this.
    #[error("only an administrator may do this")]
    AdminOnly,
    /// Someone must stay in charge.
    #[error("this is the last administrator; make someone else administrator first")]
    LastAdmin,
    /// No such account.
    #[error("there is no account with this e-mail address")]
    UserNotFound,
    /// Nobody can be written to.
    #[error("this server sends no mail; ask whoever runs it for a new password")]
    NoMail,
    /// A way to a new password that is closed, or never was one.
    #[error("token: this link is not valid (any more); ask for another one")]
    ResetUnknown,
    /// No such token, or not this person's.
    #[error("there is no API token {0}")]
    TokenNotFound(TokenId),
    /// No such session, or not this person's.
    #[error("there is no session {0}")]
    SessionNotFound(SessionId),
    /// The person has a token of that name.
    #[error("there is already an API token with this name")]
    TokenNameTaken,
    /// An account was guessed at too often.
    #[error("too many wrong passwords for this account; try again in {0} s")]
    TooManyTries(u64),
    /// More passwords are waiting to be checked than is good.
    #[error("too many sign-ins at the same moment; try again in a second")]
    Busy,
    /// Not the caller's fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// The labels of refused sign-ins and credentials.
pub const AUTH_FAILURES: [&str; 7] = [
    "wrong-credentials",
    "wrong-password",
    "unknown-token",
    "expired",
    "scope",
    "csrf",
    "not-admin",
];

impl Error {
    /// Counts a refusal; called once, where a request is refused.
    pub(super) fn counted(self) -> Self {
        let reason = match &self {
            Self::WrongCredentials => "wrong-credentials",
            Self::WrongPassword => "wrong-password",
            Self::UnknownCredential => "unknown-token",
            Self::Expired => "expired",
            Self::ScopeMissing(_) | Self::SessionNeeded => "scope",
            Self::Csrf => "csrf",
            Self::AdminOnly => "not-admin",
            Self::Invalid(_)
            | Self::EmailTaken
            | Self::RegistrationClosed
            | Self::NoCredential
            | Self::LastAdmin
            | Self::NoMail
            | Self::ResetUnknown
            | Self::UserNotFound
            | Self::TokenNotFound(_)
            | Self::SessionNotFound(_)
            | Self::TokenNameTaken
            | Self::TooManyTries(_)
            | Self::Busy
            | Self::Internal(_) => return self,
        };
        metrics::counter!(names::AUTH_FAILURES, "reason" => reason).increment(1);
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, slug) = match error {
            Error::Internal(cause) => return Self::internal(cause),
            Error::Invalid(ref invalid) => (StatusCode::UNPROCESSABLE_ENTITY, invalid.slug()),
            Error::EmailTaken => (StatusCode::CONFLICT, "email-taken"),
            Error::RegistrationClosed => (StatusCode::FORBIDDEN, "registration-closed"),
            Error::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong-credentials"),
            Error::WrongPassword => (StatusCode::FORBIDDEN, "wrong-password"),
            Error::NoCredential | Error::UnknownCredential | Error::Expired => {
                (StatusCode::UNAUTHORIZED, "not-signed-in")
            }
            Error::ScopeMissing(_) => (StatusCode::FORBIDDEN, "scope-missing"),
            Error::SessionNeeded => (StatusCode::FORBIDDEN, "session-needed"),
            Error::Csrf => (StatusCode::FORBIDDEN, "csrf"),
            Error::AdminOnly => (StatusCode::FORBIDDEN, "admin-only"),
            Error::LastAdmin => (StatusCode::CONFLICT, "last-admin"),
            Error::NoMail => (StatusCode::FORBIDDEN, "no-mail"),
            Error::ResetUnknown => (StatusCode::UNPROCESSABLE_ENTITY, "reset-unknown"),
            Error::UserNotFound => (StatusCode::NOT_FOUND, "user-not-found"),
            Error::TokenNotFound(_) => (StatusCode::NOT_FOUND, "token-not-found"),
            Error::SessionNotFound(_) => (StatusCode::NOT_FOUND, "session-not-found"),
            Error::TokenNameTaken => (StatusCode::CONFLICT, "token-name-taken"),
            Error::TooManyTries(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many-tries"),
            Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        };
        let problem = Self::client(status, slug, &error);
        if let Error::TooManyTries(seconds) = error {
            problem.retry_after(seconds)
        } else if matches!(error, Error::Busy) {
            problem.retry_after(1)
        } else {
            problem
        }
    }
}
