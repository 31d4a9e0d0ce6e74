//! Errors as RFC 9457 problem documents.
//!
//! A [`Problem`] has two audiences: `detail` is for the client, `cause` is for the log and never leaves
//! the process.
use super::observe::current_request_id;
use crate::platform::db::Unavailable;
use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use serde::Serialize;
use std::{borrow::Cow, fmt};

/// What a handler returns when it cannot answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    slug: &'static str,
    detail: String,
    retry_after_s: Option<u64>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<anyhow::Error>,
}

/// The document on the wire.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// A stable name for the kind of problem, as a relative URI.
    #[serde(rename = "type")]
    #[schema(example = "/problems/item-not-found")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with this request, for people.
    pub detail: String,
    /// The request, as the server's log knows it.
    pub request_id: String,
}

impl Problem {
    /// The client can do something about it. `slug` names the kind of problem and never changes.
    #[must_use]
    pub fn client(status: StatusCode, slug: &'static str, detail: impl fmt::Display) -> Self {
        Self {
            status,
            slug,
            detail: detail.to_string(),
            retry_after_s: None,
            headers: vec![],
            cause: None,
        }
    }

    /// The client should come back in `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The answer carries this, too.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Only the operator can do something about it. An unreachable database is told apart, because
    /// trying again may help.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let cause = cause.into();
        let mut problem = if cause.chain().any(|c| c.is::<Unavailable>()) {
            Self::client(
                StatusCode::SERVICE_UNAVAILABLE,
                "database-unavailable",
                "the database is not available at the moment; try again shortly",
            )
            .retry_after(2)
        } else {
            Self::client(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "something went wrong on our side; the request id helps to find out what",
            )
        };
        problem.cause = Some(cause);
        problem
    }

    /// The document that tells the client.
    #[must_use]
    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            kind: format!("/problems/{}", self.slug),
            title: Cow::Borrowed(self.status.canonical_reason().unwrap_or("Error")),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            request_id: current_request_id(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.slug, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(cause) = &self.cause {
            tracing::error!(
                error = format!("{cause:#}"),
                problem = self.slug,
                "request failed"
            );
        }
        let mut response = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        for header in &self.headers {
            response.insert_header(header.clone());
        }
        response
            .content_type("application/problem+json")
            .json(self.body())
    }
}
