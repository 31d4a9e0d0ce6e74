//! A new password for whoever forgot theirs.
use crate::{
    base::secret::Secret,
    features::accounts::{Accounts, Error, Origin, input::NewPassword, throttle::Gate},
    platform::http::{Problem, extract::Body},
};
use actix_web::{HttpResponse, post, web::Data};
use serde::Deserialize;

/// Who forgot their password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ForgotPassword {
    #[schema(max_length = 254, example = "ann@example.org")]
    email: String,
}

/// A new password, proved by what was sent by mail.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    /// What stands behind `#token=` in the link.
    #[schema(value_type = String)]
    token: Secret<String>,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    password: Secret<String>,
}

/// Sends the way to a new password to an address, if there is an account with it.
///
/// The answer is the same whether there is one or not. A newer link closes an older one; at most three an hour are sent.
#[utoipa::path(tag = "accounts", security(()), request_body = ForgotPassword, responses((status = 202)))]
#[post("/auth/forgot")]
pub(super) async fn forgot_password(
    accounts: Data<Accounts>,
    _: Gate,
    origin: Origin,
    Body(who): Body<ForgotPassword>,
) -> Result<HttpResponse, Problem> {
    accounts.forgot(&who.email, origin)?;
    Ok(HttpResponse::Accepted().finish())
}

/// Replaces a forgotten password; every session ends, API tokens stay.
///
/// The link works once, for 30 minutes. A password that is refused does not use it up.
#[utoipa::path(tag = "accounts", security(()), request_body = ResetPassword, responses((status = 204)))]
#[post("/auth/reset")]
pub(super) async fn reset_password(
    accounts: Data<Accounts>,
    _: Gate,
    origin: Origin,
    Body(wish): Body<ResetPassword>,
) -> Result<HttpResponse, Problem> {
    let new = NewPassword::parse(wish.password).map_err(Error::from)?;
    accounts.reset(wish.token.expose(), new, &origin).await?;
    Ok(HttpResponse::NoContent().finish())
}
