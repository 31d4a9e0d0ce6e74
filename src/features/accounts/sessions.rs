//! Where people are signed in.
use super::{
    Accounts, Action, Error, Origin, OwnSession, Session, SignedIn, User, store_sessions,
    store_sessions::NewSession,
    token::{self, Hash, Kind},
};
use crate::base::id::{SessionId, UserId};
use anyhow::Context as _;

impl Accounts {
    /// Signs somebody in who has shown that they may.
    pub(super) async fn start_session(
        &self,
        user: User,
        origin: &Origin,
    ) -> Result<Session, Error> {
        let (token, hash) = token::generate(Kind::Session)?;
        let created_at = self.clock.now();
        let expires_at = created_at + self.lifetime;
        let session = NewSession {
            id: SessionId::new(),
            hash,
            origin,
            created_at,
            expires_at,
        };
        let entry = self.entry(Action::SignIn, user.id).by_owner(origin);
        let mut conn = self.conn().await?;
        let stored = store_sessions::insert(&mut conn, user.id, &session, &entry).await;
        stored.context("while starting a session")?;
        Ok(Session {
            user,
            token,
            expires_at,
        })
    }

    pub(super) async fn logout(
        &self,
        owner: UserId,
        session: Hash,
        origin: &Origin,
    ) -> Result<(), Error> {
        let entry = self.entry(Action::SignOut, owner).by_owner(origin);
        let mut conn = self.conn().await?;
        let ended = store_sessions::delete(&mut conn, owner, session, &entry).await;
        ended.context("while ending a session")?;
        Ok(())
    }

    /// Where somebody is signed in, the session that asks first, then the last used.
    pub(super) async fn list_sessions(&self, person: &SignedIn) -> Result<Vec<OwnSession>, Error> {
        let now = self.clock.now();
        let mut conn = self.conn().await?;
        let listed = store_sessions::list(&mut conn, person.user.id, person.session, now).await;
        Ok(listed.context("while listing sessions")?)
    }

    /// Ends one session of somebody, the one that asks or another.
    pub(super) async fn end_session(
        &self,
        owner: UserId,
        id: SessionId,
        origin: &Origin,
    ) -> Result<(), Error> {
        let entry = self.entry(Action::SessionEnded, owner).by_owner(origin);
        let entry = entry.with("session", id.to_string());
        let mut conn = self.conn().await?;
        let ended = store_sessions::delete_by_id(&mut conn, owner, id, &entry).await;
        match ended.context("while ending a session")? {
            0 => Err(Error::SessionNotFound(id)),
            _ => Ok(()),
        }
    }

    /// Ends every session of somebody but the one that asks; returns how many.
    pub(super) async fn end_other_sessions(
        &self,
        person: &SignedIn,
        origin: &Origin,
    ) -> Result<usize, Error> {
        let (owner, keep) = (person.user.id, person.session);
        let entry = self.entry(Action::OtherSessionsEnded, owner);
        let entry = entry.by_owner(origin);
        let mut conn = self.conn().await?;
        let ended = store_sessions::delete_others(&mut conn, owner, keep, entry).await;
        Ok(ended.context("while ending sessions")?)
    }
}
