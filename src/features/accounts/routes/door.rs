//! Coming in and leaving.
use super::cookie::{farewell, session_cookie};
use crate::{
    base::secret::Secret,
    features::accounts::{
        Accounts, CurrentUser, Error, Origin, Session, SignedIn, User,
        input::{DisplayName, Email, NewPassword},
        throttle::Gate,
    },
    platform::http::{Problem, Settings, extract::Body},
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};

/// What a page needs to know before anyone signs in.
#[derive(Serialize, utoipa::ToSchema)]
struct AuthConfig {
    /// Whether one may register now.
    registration_open: bool,
    /// Whether anyone has an account yet; the first becomes administrator.
    has_users: bool,
    /// Whether somebody who forgot their password is sent a way to another one.
    password_reset: bool,
}

/// A wish for an account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Register {
    #[schema(max_length = 254, example = "ann@example.org")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    password: Secret<String>,
    /// The part of the address before the `@` if absent.
    #[schema(min_length = 1, max_length = 80)]
    display_name: Option<String>,
}

/// Who wants in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    #[schema(example = "ann@example.org")]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
}

/// Says whether new people may register.
#[utoipa::path(tag = "accounts", security(()), responses((status = 200, body = AuthConfig)))]
#[get("/auth/config")]
pub(super) async fn auth_config(accounts: Data<Accounts>) -> Result<Json<AuthConfig>, Problem> {
    let has_users = accounts.has_users().await?;
    Ok(Json(AuthConfig {
        registration_open: accounts.is_open || !has_users,
        has_users,
        password_reset: accounts.offers_reset(),
    }))
}

/// Creates an account and signs in.
///
/// The first account of an installation is its administrator's.
#[utoipa::path(tag = "accounts", security(()), request_body = Register, responses((status = 201, body = Session)))]
#[post("/auth/register")]
pub(super) async fn register(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    origin: Origin,
    Body(wish): Body<Register>,
) -> Result<HttpResponse, Problem> {
    let email = Email::parse(&wish.email).map_err(Error::from)?;
    let password = NewPassword::parse(wish.password).map_err(Error::from)?;
    let name = match wish.display_name {
        Some(name) => DisplayName::parse("display_name", &name).map_err(Error::from)?,
        None => email.default_name(),
    };
    let session = accounts.register(&email, password, &name, &origin).await?;
    let cookie = session_cookie(&accounts, &session, &settings);
    Ok(HttpResponse::Created().cookie(cookie).json(session))
}

/// Signs in.
///
/// An address without an account and a wrong password are answered alike.
#[utoipa::path(tag = "accounts", security(()), request_body = Login, responses((status = 200, body = Session)))]
#[post("/auth/login")]
pub(super) async fn login(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    origin: Origin,
    Body(who): Body<Login>,
) -> Result<HttpResponse, Problem> {
    let session = accounts.login(&who.email, who.password, &origin).await;
    let session = session.map_err(Error::counted)?;
    let cookie = session_cookie(&accounts, &session, &settings);
    Ok(HttpResponse::Ok().cookie(cookie).json(session))
}

/// Signs out: this session ends, others stay.
#[utoipa::path(tag = "accounts", responses((status = 204)))]
#[post("/auth/logout")]
pub(super) async fn logout(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    person: SignedIn,
    origin: Origin,
) -> Result<HttpResponse, Problem> {
    let (owner, session) = (person.user.id, person.session);
    accounts.logout(owner, session, &origin).await?;
    Ok(farewell(&settings))
}

/// Says who is signed in.
#[utoipa::path(tag = "accounts", responses((status = 200, body = User)))]
#[get("/auth/me")]
pub(super) async fn me(user: CurrentUser) -> Json<User> {
    Json(User::clone(&user))
}
