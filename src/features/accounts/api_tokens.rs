//! Personal API tokens.
use super::{
    Accounts, CreatedToken, Error, Scope, Token,
    input::DisplayName,
    store,
    token::{self, Kind},
};
use crate::base::id::{TokenId, UserId};
use anyhow::Context as _;

/// A token someone wants to have.
pub(super) struct TokenWish {
    pub(super) name: DisplayName,
    pub(super) scopes: Vec<Scope>,
    pub(super) lifetime: Option<chrono::Duration>,
}

impl Accounts {
    pub(super) async fn list_tokens(&self, owner: UserId) -> Result<Vec<Token>, Error> {
        let mut conn = self.conn().await?;
        let tokens = store::list_tokens(&mut conn, owner).await;
        Ok(tokens.context("while listing API tokens")?)
    }

    pub(super) async fn create_token(
        &self,
        owner: UserId,
        wish: TokenWish,
    ) -> Result<CreatedToken, Error> {
        let (token, hash) = token::generate(Kind::Api)?;
        let now = self.clock.now();
        let details = Token {
            id: TokenId::new(),
            name: wish.name.as_str().to_owned(),
            scopes: wish.scopes,
            created_at: now,
            last_used_at: None,
            expires_at: wish.lifetime.map(|lifetime| now + lifetime),
        };
        let mut conn = self.conn().await?;
        let stored = store::insert_token(&mut conn, owner, &details, hash).await;
        let details = stored.context("while storing an API token")?;
        let details = details.ok_or(Error::TokenNameTaken)?;
        Ok(CreatedToken { details, token })
    }

    pub(super) async fn delete_token(&self, owner: UserId, id: TokenId) -> Result<(), Error> {
        let mut conn = self.conn().await?;
        let deleted = store::delete_token(&mut conn, owner, id).await;
        match deleted.context("while deleting an API token")? {
            0 => Err(Error::TokenNotFound(id)),
            _ => Ok(()),
        }
    }
}
