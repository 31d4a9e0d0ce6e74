//! Requests that create, sent twice, done once: `Idempotency-Key`.
//!
//! Only answers that say "done" are kept and repeated. A failed request created nothing, so its key is free
//! again. Answers are kept as they were sent: never use this where the answer holds a secret.
use super::Problem;
use crate::{
    base::{clock::Clock, id::UserId},
    platform::db::{
        Db,
        idempotency::{self as store, Claim, Claimed},
    },
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, body, dev::Payload, http::StatusCode,
    http::header::HeaderName,
};
use anyhow::anyhow;
use bytes::Bytes;
use chrono::{DateTime, SubsecRound as _, Utc};
use std::future::{Ready, ready};

/// The header that carries the key.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that tells a repeated answer from a first one.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const KEY_CHARS: std::ops::RangeInclusive<usize> = 1..=200;

/// A client's own name for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads a key: visible ASCII, bounded.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = KEY_CHARS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        is_key.then(|| Self(text.to_owned()))
    }

    /// The key as the client sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The extractor: the key of a request, if it has one.
#[derive(Debug, Clone)]
pub struct OptionalKey(pub Option<IdempotencyKey>);

impl FromRequest for OptionalKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else {
            return ready(Ok(Self(None)));
        };
        let key = value.to_str().ok().and_then(IdempotencyKey::parse);
        ready(key.map(|key| Self(Some(key))).ok_or_else(|| {
            Problem::client(
                StatusCode::BAD_REQUEST,
                "bad-idempotency-key",
                format!(
                    "Idempotency-Key: expected {} to {} visible ASCII characters",
                    KEY_CHARS.start(),
                    KEY_CHARS.end()
                ),
            )
        }))
    }
}

/// One request that may arrive more than once.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Whose request.
    pub owner: UserId,
    /// The route pattern: the same key may be used at another route.
    pub route: &'static str,
    /// The client's name for it; without one the work is just done.
    pub key: Option<IdempotencyKey>,
    /// SHA-256 of what was asked, to notice a key used for something else.
    pub request_hash: [u8; 32],
}

/// Does the work unless it was done before, in which case the first answer is given again.
///
/// # Cancel safety
/// When the client leaves while the work is done, or the process dies, the key stays claimed until
/// [`store::CLAIM_SECONDS`] have passed; then a repeat does the work again. Work that must never happen
/// twice needs a constraint in its own tables besides.
///
/// # Errors
/// 422 `idempotency-key-reused`, 409 `idempotency-in-progress`, database errors, and those of the work.
pub async fn once(
    db: &Db,
    clock: &Clock,
    attempt: Attempt,
    work: impl Future<Output = Result<HttpResponse, Problem>>,
) -> Result<HttpResponse, Problem> {
    let Some(key) = attempt.key else {
        return work.await;
    };
    let claim = Claim {
        owner: attempt.owner,
        route: attempt.route,
        key: key.0,
        request_hash: attempt.request_hash,
        // What Postgres keeps, so that the claim is recognised again.
        at: clock.now().trunc_subsecs(6),
    };
    let mut conn = db.get().await.map_err(Problem::internal)?;
    let claimed = store::claim(&mut conn, &claim).await;
    let claimed = claimed.map_err(Problem::internal)?;
    drop(conn);
    match claimed {
        Claimed::Mine => finish(db, &claim, work.await).await,
        Claimed::Answered { status, body } => replay(status, body),
        Claimed::Running { since } => Err(in_progress(since, claim.at)),
        Claimed::OtherRequest => Err(Problem::client(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "this Idempotency-Key was used for a different request; take a fresh one",
        )),
    }
}

async fn finish(
    db: &Db,
    claim: &Claim,
    outcome: Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    let response = match outcome {
        Ok(response) if response.status().is_success() => response,
        failed => {
            release(db, claim).await;
            return failed;
        }
    };
    let (head, body) = response.into_parts();
    let body = body::to_bytes(body).await;
    let body = body.map_err(|error| Problem::internal(anyhow!("unreadable answer: {error}")))?;
    // The work is done: failing to note it is no reason to tell the client otherwise.
    if let Err(error) = remember(db, claim, head.status(), &body).await {
        tracing::warn!(
            error = format!("{error:#}"),
            "an answer was not kept for its Idempotency-Key"
        );
    }
    Ok(head.set_body(body).map_into_boxed_body())
}

async fn remember(db: &Db, claim: &Claim, status: StatusCode, body: &Bytes) -> anyhow::Result<()> {
    let mut conn = db.get().await?;
    store::answer(&mut conn, claim, i32::from(status.as_u16()), body).await?;
    Ok(())
}

async fn release(db: &Db, claim: &Claim) {
    let released: anyhow::Result<usize> = async {
        let mut conn = db.get().await?;
        Ok(store::release(&mut conn, claim).await?)
    }
    .await;
    if let Err(error) = released {
        tracing::warn!(
            error = format!("{error:#}"),
            "an Idempotency-Key stays claimed until its time is up"
        );
    }
}

fn replay(status: i32, body: Vec<u8>) -> Result<HttpResponse, Problem> {
    let status = u16::try_from(status).map_err(Problem::internal)?;
    let status = StatusCode::from_u16(status).map_err(Problem::internal)?;
    let mut response = HttpResponse::build(status);
    response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    if body.is_empty() {
        return Ok(response.finish());
    }
    Ok(response.content_type("application/json").body(body))
}

fn in_progress(since: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let passed = (now - since).num_seconds().max(0);
    let left = (store::CLAIM_SECONDS - passed).max(1).unsigned_abs();
    Problem::client(
        StatusCode::CONFLICT,
        "idempotency-in-progress",
        "a request with this Idempotency-Key is being worked on",
    )
    // Most work is done long before the claim runs out.
    .retry_after(left.min(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_key_is_bounded_visible_ascii() {
        let (longest, too_long) = ("k".repeat(200), "k".repeat(201));
        for good in ["a", "0190a0a0-0000-7000-8000-000000000001", "~!", &longest] {
            assert_eq!(IdempotencyKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "a\t", "é", "a\u{7f}", &too_long] {
            assert_eq!(IdempotencyKey::parse(bad), None, "{bad:?}");
        }
    }

    #[actix_web::test]
    async fn a_bad_key_is_refused_and_a_missing_one_is_none() {
        let request = TestRequest::post().to_http_request();
        let none = OptionalKey::extract(&request).await.unwrap();
        assert_eq!(none.0, None);
        let request = TestRequest::post()
            .insert_header((IDEMPOTENCY_KEY, "two words"))
            .to_http_request();
        let problem = OptionalKey::extract(&request).await.unwrap_err();
        assert_eq!(problem.body().kind, "/problems/bad-idempotency-key");
    }

    #[actix_web::test]
    async fn a_replay_says_so() {
        let response = replay(201, b"{}".to_vec()).unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(
            response.headers().get(IDEMPOTENCY_REPLAYED).unwrap(),
            "true"
        );
        assert_eq!(body::to_bytes(response.into_body()).await.unwrap(), "{}");
        assert!(replay(204, vec![]).is_ok());
    }
}
