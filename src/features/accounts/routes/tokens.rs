//! Personal API tokens.
use crate::{
    base::id::TokenId,
    features::accounts::{
        Accounts, CreatedToken, Error, Origin, Scope, SignedIn, Token, TokenWish,
        input::{self, DisplayName},
    },
    platform::http::{Problem, extract::Body},
};
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// Lists personal API tokens.
#[utoipa::path(tag = "accounts", responses((status = 200, body = TokenList)))]
#[get("/auth/tokens")]
pub(super) async fn list_tokens(
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
#[utoipa::path(tag = "accounts", request_body = NewToken, responses((status = 201, body = CreatedToken)))]
#[post("/auth/tokens")]
pub(super) async fn create_token(
    accounts: Data<Accounts>,
    person: SignedIn,
    origin: Origin,
    Body(wish): Body<NewToken>,
) -> Result<HttpResponse, Problem> {
    let lifetime = wish.expires_in_days.map(input::token_lifetime).transpose();
    let wish = TokenWish {
        name: DisplayName::parse("name", &wish.name).map_err(Error::from)?,
        scopes: input::scopes(wish.scopes).map_err(Error::from)?,
        lifetime: lifetime.map_err(Error::from)?,
    };
    let created = accounts.create_token(person.user.id, wish, &origin).await?;
    Ok(HttpResponse::Created().json(created))
}

/// Deletes a personal API token: it stops working at once.
#[utoipa::path(tag = "accounts", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/auth/tokens/{id}")]
pub(super) async fn delete_token(
    accounts: Data<Accounts>,
    person: SignedIn,
    origin: Origin,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = TokenId(id.into_inner());
    accounts.delete_token(person.user.id, id, &origin).await?;
    Ok(HttpResponse::NoContent().finish())
}
