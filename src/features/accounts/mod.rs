//! People: who they are, how they come in, and what lets their programs in.
//!
//! Secrets leave this folder once, when they are made; what stays behind is hashes.
mod error;
mod extract;
mod input;
mod model;
mod operate;
mod password;
pub mod routes;
mod settings;
mod store;
mod store_admin;
mod throttle;
mod token;

pub use error::{AUTH_FAILURES, Error};
pub use extract::{Admin, CurrentUser, SignedIn};
pub use input::Invalid;
pub use model::{CreatedToken, Role, Scope, Session, Token, User};
pub use settings::Settings;
pub use throttle::{LIMITS, throttle};
pub use token::generate_password;

use crate::{
    base::{
        clock::Clock,
        id::{TokenId, UserId},
        secret::Secret,
    },
    platform::db::{Conn, Db},
};
use anyhow::Context as _;
use input::{DisplayName, Email, NewPassword};
use password::Passwords;
use store_admin::{Admission, Departure, NewUser, Terms};
use token::{Hash, Kind};

/// The accounts: the only door to people. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    db: Db,
    clock: Clock,
    passwords: Passwords,
    is_open: bool,
    lifetime: chrono::Duration,
}

/// A token someone wants to have.
struct TokenWish {
    name: DisplayName,
    scopes: Vec<Scope>,
    lifetime: Option<chrono::Duration>,
}

impl Accounts {
    /// Puts accounts on a database.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn new(db: Db, settings: &Settings, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            db,
            clock,
            passwords: Passwords::new(settings)?,
            is_open: settings.registration_open,
            lifetime: settings.lifetime()?,
        })
    }

    /// Whether anyone has an account yet.
    ///
    /// # Errors
    /// Database errors.
    pub async fn has_users(&self) -> Result<bool, Error> {
        let mut conn = self.conn().await?;
        let found = store_admin::has_users(&mut conn).await;
        Ok(found.context("while looking whether anyone has an account")?)
    }

    /// Makes an account for someone who asks for one, and signs them in.
    async fn register(
        &self,
        email: &Email,
        password: NewPassword,
        name: &DisplayName,
    ) -> Result<Session, Error> {
        // Asked again when it counts, under the lock; here it saves the hash.
        if !self.is_open && self.has_users().await? {
            return Err(Error::RegistrationClosed);
        }
        let is_open = self.is_open;
        let terms = Terms::Registration { is_open };
        let user = self.admit(email, password, name, terms).await?;
        self.start_session(user).await
    }

    async fn admit(
        &self,
        email: &Email,
        password: NewPassword,
        name: &DisplayName,
        terms: Terms,
    ) -> Result<User, Error> {
        let password_hash = self.passwords.hash(password.into_secret()).await?;
        let new = NewUser {
            id: UserId::new(),
            email: email.as_str(),
            display_name: name.as_str(),
            password_hash: &password_hash,
            created_at: self.clock.now(),
        };
        let mut conn = self.conn().await?;
        let admission = store_admin::admit(&mut conn, &new, terms).await;
        match admission.context("while adding an account")? {
            Admission::Admitted(user) => Ok(user),
            Admission::Closed => Err(Error::RegistrationClosed),
            Admission::EmailTaken => Err(Error::EmailTaken),
        }
    }

    /// Signs someone in. An unknown address takes as long as a wrong password.
    async fn login(&self, email: &str, password: Secret<String>) -> Result<Session, Error> {
        let found = self.find_credentials(email).await?;
        let (user, hash) = found.unzip();
        let is_right = self.passwords.verify(password, hash).await?;
        match user {
            Some(user) if is_right => self.start_session(user).await,
            Some(_) | None => Err(Error::WrongCredentials),
        }
    }

    async fn find_credentials(&self, email: &str) -> Result<Option<(User, String)>, Error> {
        let Ok(email) = Email::parse(email) else {
            return Ok(None);
        };
        let mut conn = self.conn().await?;
        let found = store_admin::find_credentials(&mut conn, email.as_str()).await;
        Ok(found.context("while looking for an account")?)
    }

    async fn start_session(&self, user: User) -> Result<Session, Error> {
        let (token, hash) = token::generate(Kind::Session)?;
        let created_at = self.clock.now();
        let expires_at = created_at + self.lifetime;
        let session = store::NewSession {
            hash,
            created_at,
            expires_at,
        };
        let mut conn = self.conn().await?;
        let stored = store::insert_session(&mut conn, user.id, &session).await;
        stored.context("while starting a session")?;
        Ok(Session {
            user,
            token,
            expires_at,
        })
    }

    async fn logout(&self, owner: UserId, session: Hash) -> Result<(), Error> {
        let mut conn = self.conn().await?;
        let ended = store::delete_session(&mut conn, owner, session).await;
        ended.context("while ending a session")?;
        Ok(())
    }

    /// Replaces a password; every other session ends.
    async fn change_password(
        &self,
        person: &SignedIn,
        current: Secret<String>,
        new: NewPassword,
    ) -> Result<(), Error> {
        let owner = person.user.id;
        self.confirm(owner, current).await?;
        let hash = self.passwords.hash(new.into_secret()).await?;
        let mut conn = self.conn().await?;
        let keep = Some(person.session);
        let replaced = store::replace_password(&mut conn, owner, &hash, keep).await;
        Ok(replaced.context("while replacing a password")?)
    }

    /// Deletes a person and everything of theirs.
    async fn delete_account(&self, owner: UserId, password: Secret<String>) -> Result<(), Error> {
        self.confirm(owner, password).await?;
        let mut conn = self.conn().await?;
        let gone = store_admin::delete_user(&mut conn, owner).await;
        match gone.context("while deleting an account")? {
            Departure::Done => Ok(()),
            Departure::LastAdmin => Err(Error::LastAdmin),
        }
    }

    /// Makes sure that whoever is signed in knows the password.
    async fn confirm(&self, owner: UserId, password: Secret<String>) -> Result<(), Error> {
        let mut conn = self.conn().await?;
        let hash = store::password_hash(&mut conn, owner).await;
        let hash = hash.context("while looking for a password")?;
        // Other requests may use the connection while argon2 works.
        drop(conn);
        if self.passwords.verify(password, hash).await? {
            Ok(())
        } else {
            Err(Error::WrongPassword.counted())
        }
    }

    async fn list_tokens(&self, owner: UserId) -> Result<Vec<Token>, Error> {
        let mut conn = self.conn().await?;
        let tokens = store::list_tokens(&mut conn, owner).await;
        Ok(tokens.context("while listing API tokens")?)
    }

    async fn create_token(&self, owner: UserId, wish: TokenWish) -> Result<CreatedToken, Error> {
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

    async fn delete_token(&self, owner: UserId, id: TokenId) -> Result<(), Error> {
        let mut conn = self.conn().await?;
        let deleted = store::delete_token(&mut conn, owner, id).await;
        match deleted.context("while deleting an API token")? {
            0 => Err(Error::TokenNotFound(id)),
            _ => Ok(()),
        }
    }

    async fn conn(&self) -> Result<Conn, Error> {
        Ok(self.db.get().await.map_err(anyhow::Error::from)?)
    }
}
