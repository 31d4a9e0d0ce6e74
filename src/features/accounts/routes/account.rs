//! What people do with their own account.
use super::cookie::farewell;
use crate::{
    base::secret::Secret,
    features::accounts::{Accounts, Error, Origin, SignedIn, input::NewPassword, throttle::Gate},
    platform::http::{Problem, Settings, extract::Body},
};
use actix_web::{HttpResponse, delete, post, web::Data};
use serde::Deserialize;

/// A new password, confirmed by the old one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    #[schema(value_type = String, format = Password)]
    current_password: Secret<String>,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    new_password: Secret<String>,
}

/// A farewell, confirmed by the password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteAccount {
    #[schema(value_type = String, format = Password)]
    password: Secret<String>,
}

/// Changes the password.
///
/// Every other session ends; API tokens stay.
#[utoipa::path(tag = "accounts", request_body = ChangePassword, responses((status = 204)))]
#[post("/auth/password")]
pub(super) async fn change_password(
    accounts: Data<Accounts>,
    _: Gate,
    person: SignedIn,
    origin: Origin,
    Body(change): Body<ChangePassword>,
) -> Result<HttpResponse, Problem> {
    let new = NewPassword::parse(change.new_password).map_err(Error::from)?;
    accounts
        .change_password(&person, change.current_password, new, origin)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Deletes the account with everything in it, at once and for good.
///
/// The last administrator stays while there are others.
#[utoipa::path(tag = "accounts", request_body = DeleteAccount, responses((status = 204)))]
#[delete("/auth/account")]
pub(super) async fn delete_account(
    accounts: Data<Accounts>,
    settings: Data<Settings>,
    _: Gate,
    (person, origin): (SignedIn, Origin),
    Body(proof): Body<DeleteAccount>,
) -> Result<HttpResponse, Problem> {
    let password = proof.password;
    accounts
        .delete_account(person.user.id, password, &origin)
        .await?;
    Ok(farewell(&settings))
}
