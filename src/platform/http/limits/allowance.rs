//! What a caller is told of a limit: the fields of the IETF's draft, draft-ietf-httpapi-ratelimit-headers.
use crate::platform::{
    cache::{Bucket, Taken},
    http::Problem,
};
use actix_web::http::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
const SECOND_US: i64 = 1_000_000;

/// How much somebody may still do.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    limit: &'static str,
    per_minute: u32,
    bucket: Bucket,
    taken: Taken,
    in_stock: u32,
}

impl Allowance {
    pub(super) fn new(
        limit: &'static str,
        per_minute: u32,
        bucket: Bucket,
        taken: Taken,
        in_stock: u32,
    ) -> Self {
        Self {
            limit,
            per_minute,
            bucket,
            taken,
            in_stock,
        }
    }

    /// Calls that would be answered now.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.bucket.left(&self.taken) + i64::from(self.in_stock)
    }

    /// Says in the answer what the limit is, what is left, and in how many seconds all of it will be there again: beside
    /// other limits that the answer speaks of.
    pub fn tell(&self, headers: &mut HeaderMap) {
        for (name, value) in self.fields() {
            headers.append(name, value);
        }
    }

    /// 429, and when to come back.
    pub(super) fn refusal(&self) -> Problem {
        let wait = seconds(self.bucket.wait_us(&self.taken)).max(1);
        let per_minute = self.per_minute;
        let problem = Problem::client(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            format!("more than {per_minute} requests in a minute; try again in {wait} s"),
        );
        let problem = problem.retry_after(wait.unsigned_abs());
        self.fields()
            .into_iter()
            .fold(problem, |problem, (name, value)| {
                problem.header(name, value)
            })
    }

    fn fields(&self) -> Vec<(HeaderName, HeaderValue)> {
        let Self {
            limit, per_minute, ..
        } = self;
        let until_full = seconds(self.taken.full_at_us - self.taken.now_us);
        let policy = format!("\"{limit}\";q={per_minute};w=60");
        let state = format!("\"{limit}\";r={};t={until_full}", self.left());
        [(POLICY, policy), (STATE, state)]
            .into_iter()
            .filter_map(|(name, text)| Some((name, HeaderValue::try_from(text).ok()?)))
            .collect()
    }
}

/// Whole seconds, rounded up.
fn seconds(us: i64) -> i64 {
    (us + SECOND_US - 1).div_euclid(SECOND_US)
}
