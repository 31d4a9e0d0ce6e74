//! Who sends a request: the extractors that handlers ask for.
use super::{
    Accounts, Error, Role, Scope, User, store, store_admin, store_sessions,
    token::{Hash, Kind, Presented},
};
use crate::platform::http::Problem;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web::Data,
};
use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use std::ops::Deref;

/// The cookie that browsers carry their session in.
pub(super) const COOKIE: &str = "flashfit_session";
/// How stale `last_used_at` may be: not every request shall write.
const USE_IS_NOTED_EVERY: chrono::Duration = chrono::Duration::seconds(60);

/// The person a request comes from, by session or API token.
#[derive(Debug, Clone)]
pub struct CurrentUser(User);

impl Deref for CurrentUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

/// An administrator a request comes from.
#[derive(Debug, Clone)]
pub struct Admin(pub CurrentUser);

/// The person a request comes from, signed in with the password: an API token will not do.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub user: CurrentUser,
    pub(super) session: Hash,
}

/// Who it is, and by which session if by one.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) user: CurrentUser,
    session: Option<Hash>,
}

/// How a secret came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Header,
    Cookie,
}

impl FromRequest for CurrentUser {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let identity = identify(&request).await.map_err(Error::counted)?;
            Ok(identity.user)
        })
    }
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let identity = identify(&request).await.map_err(Error::counted)?;
            match identity.user.role {
                Role::Admin => Ok(Self(identity.user)),
                Role::Member => Err(Error::AdminOnly.counted().into()),
            }
        })
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let identity = identify(&request).await.map_err(Error::counted)?;
            let session = identity.session;
            let session = session.ok_or_else(|| Error::SessionNeeded.counted())?;
            let user = identity.user;
            Ok(Self { user, session })
        })
    }
}

/// Finds out who sends a request, once per request.
pub(super) async fn identify(request: &HttpRequest) -> Result<Identity, Error> {
    let known = request.extensions().get::<Identity>().cloned();
    if let Some(identity) = known {
        return Ok(identity);
    }
    let accounts = request.app_data::<Data<Accounts>>();
    let accounts = accounts.ok_or_else(|| anyhow!("the server was built without accounts"))?;
    let is_read = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let (secret, carrier) = credential(request).ok_or(Error::NoCredential)?;
    if carrier == Carrier::Cookie && !is_read && !comes_from_our_page(request) {
        return Err(Error::Csrf);
    }
    let identity = accounts.identify(&secret, is_read).await?;
    request.extensions_mut().insert(identity.clone());
    Ok(identity)
}

/// The secret in the request. Another authorisation scheme is none of ours: a proxy in front may use it.
fn credential(request: &HttpRequest) -> Option<(String, Carrier)> {
    let header = request.headers().get(header::AUTHORIZATION);
    let bearer = header.and_then(|value| bearer(value.to_str().ok()?));
    if let Some(secret) = bearer {
        return Some((secret.to_owned(), Carrier::Header));
    }
    let cookie = request.cookie(COOKIE)?;
    Some((cookie.value().to_owned(), Carrier::Cookie))
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, secret) = authorization.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| secret.trim_start())
}

/// Foreign pages cannot set this header without asking us first (CORS).
fn comes_from_our_page(request: &HttpRequest) -> bool {
    let header = request.headers().get("x-requested-with");
    header.is_some_and(|value| value == "flashfit")
}

impl Accounts {
    async fn identify(&self, secret: &str, is_read: bool) -> Result<Identity, Error> {
        let presented = Presented::parse(secret).ok_or(Error::UnknownCredential)?;
        match presented.kind {
            Kind::Session => self.identify_session(presented.hash).await,
            Kind::Api => self.identify_token(presented.hash, is_read).await,
            Kind::Reset => Err(Error::UnknownCredential),
        }
    }

    async fn identify_session(&self, hash: Hash) -> Result<Identity, Error> {
        let now = self.clock.now();
        let mut conn = self.conn().await?;
        let found = store_admin::find_session(&mut conn, hash).await;
        let found = found.context("while looking for a session")?;
        let found = found.ok_or(Error::UnknownCredential)?;
        if found.expires_at <= now {
            return Err(Error::Expired);
        }
        if is_worth_noting(Some(found.last_used_at), now) {
            let noted = store_sessions::touch(&mut conn, found.user.id, hash, now).await;
            noted.context("while noting the use of a session")?;
        }
        Ok(Identity {
            user: CurrentUser(found.user),
            session: Some(hash),
        })
    }

    async fn identify_token(&self, hash: Hash, is_read: bool) -> Result<Identity, Error> {
        let now = self.clock.now();
        let mut conn = self.conn().await?;
        let found = store_admin::find_token(&mut conn, hash).await;
        let found = found.context("while looking for an API token")?;
        let (user, token) = found.ok_or(Error::UnknownCredential)?;
        if token.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::Expired);
        }
        let needed = if is_read { Scope::Read } else { Scope::Write };
        if !token.scopes.contains(&needed) {
            return Err(Error::ScopeMissing(needed.as_str()));
        }
        if is_worth_noting(token.last_used_at, now) {
            let noted = store::touch_token(&mut conn, user.id, token.id, now).await;
            noted.context("while noting the use of an API token")?;
        }
        Ok(Identity {
            user: CurrentUser(user),
            session: None,
        })
    }
}

fn is_worth_noting(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now - last >= USE_IS_NOTED_EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::UserId;
    use actix_web::{ResponseError as _, cookie::Cookie, http::StatusCode, test::TestRequest};

    /// A request of someone who was recognised before.
    fn request_of(role: Role, session: Option<Hash>) -> HttpRequest {
        let request = TestRequest::get().to_http_request();
        let user = CurrentUser(User {
            id: UserId::new(),
            email: "ann@example.org".to_owned(),
            display_name: "Ann".to_owned(),
            role,
            created_at: DateTime::UNIX_EPOCH,
        });
        request.extensions_mut().insert(Identity { user, session });
        request
    }

    #[actix_web::test]
    async fn only_an_administrator_passes_for_one() {
        let admin = Admin::extract(&request_of(Role::Admin, None))
            .await
            .unwrap();
        assert_eq!(admin.0.role, Role::Admin);
        let refused = Admin::extract(&request_of(Role::Member, None)).await;
        let problem = refused.unwrap_err();
        assert_eq!(problem.status_code(), StatusCode::FORBIDDEN);
        assert_eq!(problem.body().kind, "/problems/admin-only");
    }

    #[actix_web::test]
    async fn an_api_token_is_not_a_sign_in() {
        let session = Some(Hash([7; 32]));
        let person = SignedIn::extract(&request_of(Role::Member, session)).await;
        assert_eq!(person.unwrap().session, Hash([7; 32]));
        let refused = SignedIn::extract(&request_of(Role::Admin, None)).await;
        assert_eq!(refused.unwrap_err().body().kind, "/problems/session-needed");
    }

    #[test]
    fn a_bearer_token_is_read_in_any_case_and_nothing_else_is() {
        assert_eq!(bearer("Bearer ffs_x"), Some("ffs_x"));
        assert_eq!(bearer("bearer  ffs_x"), Some("ffs_x"));
        assert_eq!(bearer("Basic YTpi"), None);
        assert_eq!(bearer("Bearer"), None);
        assert_eq!(bearer(""), None);
    }

    #[test]
    fn the_header_beats_the_cookie_and_a_proxys_password_beats_nothing() {
        let cookie = Cookie::new(COOKIE, "ffs_cookie");
        let request = |authorization: &str| {
            TestRequest::get()
                .insert_header((header::AUTHORIZATION, authorization))
                .cookie(cookie.clone())
                .to_http_request()
        };
        let found = credential(&request("Bearer ffs_header"));
        assert!(matches!(found, Some((s, Carrier::Header)) if s == "ffs_header"));
        let found = credential(&request("Basic YTpi"));
        assert!(matches!(found, Some((s, Carrier::Cookie)) if s == "ffs_cookie"));
        assert!(credential(&TestRequest::get().to_http_request()).is_none());
    }

    #[test]
    fn use_is_noted_once_a_minute() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let before = |seconds| Some(now - chrono::Duration::seconds(seconds));
        assert!(is_worth_noting(None, now));
        assert!(!is_worth_noting(before(59), now));
        assert!(is_worth_noting(before(60), now));
    }
}
