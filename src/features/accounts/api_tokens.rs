//! Personal API tokens.
use super::{
    Accounts, Action, CreatedToken, Error, Origin, Scope, Token,
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
        origin: &Origin,
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
        let entry = self.entry(Action::TokenMade, owner).by_owner(origin);
        let entry = entry.with("name", details.name.as_str());
        let mut conn = self.conn().await?;
        let stored = store::insert_token(&mut conn, owner, &details, hash, &entry).await;
        let details = stored.context("while storing an API token")?;
        let details = details.ok_or(Error::TokenNameTaken)?;
        Ok(CreatedToken { details, token })
    }

    pub(super) async fn delete_token(
        &self,
        owner: UserId,
        id: TokenId,
        origin: &Origin,
    ) -> Result<(), Error> {
        let entry = self.entry(Action::TokenRevoked, owner).by_owner(origin);
        let mut conn = self.conn().await?;
        let deleted = store::delete_token(&mut conn, owner, id, entry).await;
        match deleted.context("while deleting an API token")? {
            true => Ok(()),
            false => Err(Error::TokenNotFound(id)),
        }
    }
}
