//! `/api/auth`: HTTP in, HTTP out, nothing decided here.
use super::{
    Accounts, CreatedToken, Error, Scope, Session, SignedIn, Token, TokenWish, User,
    extract::{COOKIE, CurrentUser},
    input::{self, DisplayName, Email, NewPassword},
    throttle::Gate,
};
use crate::{
    base::{id::TokenId, secret::Secret},
    platform::http::{Problem, ProblemBody, Settings, extract::Body},
};
use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time},
    delete, get, post,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(auth_config)
        .service(register)
        .service(login)
        .service(logout)
        .service(me)
        .service(change_password)
        .service(delete_account)
        .service(list_tokens)
        .service(create_token)
        .service(delete_token);
}

/// What a page needs to know before anyone signs in.
#[derive(Serialize, utoipa::ToSchema)]
struct AuthConfig {
    /// Whether one may register now.
    registration_open: bool,
    /// Whether anyone has an account yet; the first becomes administrator.
    has_users: bool,
}

/// A wish for an account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Register {
    #[schema(max_length = 254, example = "ann@example.org")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 200)]
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

/// A new password, confirmed by the old one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    #[schema(value_type = String, format = Password)]
    current_password: Secret<String>,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 200)]
    new_password: Secret<String>,
}

/// A farewell, confirmed by the password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteAccount {
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
}

/// A wish for an API token.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    #[schema(min_length = 1, max_length = 80, example = "closet robot")]
    name: String,
    /// Each at most once.
    #[schema(min_items = 1, max_items = 2)]
    scopes: Vec<Scope>,
    /// Never, if absent.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<u32>,
}

/// Every API token of a person, newest first.
#[derive(Serialize, utoipa::ToSchema)]
struct TokenList {
    tokens: Vec<Token>,
}

/// Says whether new people may register.
#[utoipa::path(tag = "accounts", responses((status = 200, body = AuthConfig), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/auth/config")]
async fn auth_config(accounts: Data<Accounts>) -> Result<Json<AuthConfig>, Problem> {
    let has_users = accounts.has_users().await?;
    Ok(Json(AuthConfig {
        registration_open: accounts.is_open || !has_users,
        has_users,
    }))
}

/// Creates an account and signs in.
///
/// The first account of an installation is its administrator's.
#[utoipa::path(tag = "accounts", request_body = Register, responses((status = 201, body = Session), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/auth/register")]
async fn register(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    Body(wish): Body<Register>,
) -> Result<HttpResponse, Problem> {
    let email = Email::parse(&wish.email).map_err(Error::from)?;
    let password = NewPassword::parse(wish.password).map_err(Error::from)?;
    let name = match wish.display_name {
        Some(name) => DisplayName::parse("display_name", &name).map_err(Error::from)?,
        None => email.default_name(),
    };
    let session = accounts.register(&email, password, &name).await?;
    let cookie = session_cookie(&accounts, &session, &settings);
    Ok(HttpResponse::Created().cookie(cookie).json(session))
}

/// Signs in.
///
/// An address without an account and a wrong password are answered alike.
#[utoipa::path(tag = "accounts", request_body = Login, responses((status = 200, body = Session), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/auth/login")]
async fn login(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    Body(who): Body<Login>,
) -> Result<HttpResponse, Problem> {
    let session = accounts.login(&who.email, who.password).await;
    let session = session.map_err(Error::counted)?;
    let cookie = session_cookie(&accounts, &session, &settings);
    Ok(HttpResponse::Ok().cookie(cookie).json(session))
}

/// Signs out: this session ends, others stay.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/auth/logout")]
async fn logout(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    person: SignedIn,
) -> Result<HttpResponse, Problem> {
    accounts.logout(person.user.id, person.session).await?;
    Ok(farewell(&settings))
}

/// Says who is signed in.
#[utoipa::path(tag = "accounts", responses((status = 200, body = User), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/auth/me")]
async fn me(user: CurrentUser) -> Json<User> {
    Json(User::clone(&user))
}

/// Changes the password.
///
/// Every other session ends; API tokens stay.
#[utoipa::path(tag = "accounts", request_body = ChangePassword, responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/auth/password")]
async fn change_password(
    accounts: Data<Accounts>,
    _: Gate,
    person: SignedIn,
    Body(change): Body<ChangePassword>,
) -> Result<HttpResponse, Problem> {
    let new = NewPassword::parse(change.new_password).map_err(Error::from)?;
    accounts
        .change_password(&person, change.current_password, new)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Deletes the account with everything in it, at once and for good.
///
/// The last administrator stays while there are others.
#[utoipa::path(tag = "accounts", request_body = DeleteAccount, responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[delete("/auth/account")]
async fn delete_account(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    person: SignedIn,
    Body(proof): Body<DeleteAccount>,
) -> Result<HttpResponse, Problem> {
    let password = proof.password;
    accounts.delete_account(person.user.id, password).await?;
    Ok(farewell(&settings))
}

/// Lists personal API tokens.
#[utoipa::path(tag = "accounts", responses((status = 200, body = TokenList), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/auth/tokens")]
async fn list_tokens(
    accounts: Data<Accounts>,
    person: SignedIn,
) -> Result<Json<TokenList>, Problem> {
    let tokens = accounts.list_tokens(person.user.id).await?;
    Ok(Json(TokenList { tokens }))
}

/// Creates a personal API token, shown once.
///
/// A name belongs to one token only, so a request that is sent twice makes one token. The answer is not
/// kept for an `Idempotency-Key`: it holds the secret.
#[utoipa::path(tag = "accounts", request_body = NewToken, responses((status = 201, body = CreatedToken), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/auth/tokens")]
async fn create_token(
    accounts: Data<Accounts>,
    person: SignedIn,
    Body(wish): Body<NewToken>,
) -> Result<HttpResponse, Problem> {
    let lifetime = wish.expires_in_days.map(input::token_lifetime).transpose();
    let wish = TokenWish {
        name: DisplayName::parse("name", &wish.name).map_err(Error::from)?,
        scopes: input::scopes(wish.scopes).map_err(Error::from)?,
        lifetime: lifetime.map_err(Error::from)?,
    };
    let created = accounts.create_token(person.user.id, wish).await?;
    Ok(HttpResponse::Created().json(created))
}

/// Deletes a personal API token: it stops working at once.
#[utoipa::path(tag = "accounts", params(("id" = Uuid, Path)), responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
#[delete("/auth/tokens/{id}")]
async fn delete_token(
    accounts: Data<Accounts>,
    person: SignedIn,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = TokenId(id.into_inner());
    accounts.delete_token(person.user.id, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends with the session by `Max-Age`: the browser's clock may be wrong.
fn session_cookie(accounts: &Accounts, session: &Session, settings: &Settings) -> Cookie<'static> {
    let mut cookie = bare_cookie(session.token.clone(), settings);
    cookie.set_max_age(time::Duration::seconds(accounts.lifetime.num_seconds()));
    cookie
}

/// The answer to someone who leaves: the browser forgets the session.
fn farewell(settings: &Settings) -> HttpResponse {
    let mut cookie = bare_cookie(String::new(), settings);
    cookie.make_removal();
    HttpResponse::NoContent().cookie(cookie).finish()
}

fn bare_cookie(value: String, settings: &Settings) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.keeps_cookies_secure())
        .finish()
}
