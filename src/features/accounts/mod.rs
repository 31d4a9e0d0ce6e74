//! People: who they are, how they come in, and what lets their programs in.
//!
//! Secrets leave this folder once, when they are made; what stays behind is hashes.
mod agent;
mod api_tokens;
mod audit;
mod error;
mod extract;
mod input;
mod letters;
mod model;
mod operate;
mod origin;
mod own;
mod password;
mod reset;
pub mod routes;
mod sessions;
mod settings;
mod store;
mod store_admin;
mod store_audit;
mod store_sessions;
mod strength;
mod tally;
mod throttle;
mod token;
mod tries;

pub use audit::{Action, AuditEntry, AuditFilter};
pub use error::{AUTH_FAILURES, Error};
pub use extract::{Admin, CurrentUser, SignedIn};
pub use input::Invalid;
pub use model::{CreatedToken, OwnSession, Role, Scope, Session, Token, User};
pub use origin::Origin;
pub use settings::Settings;
pub use throttle::{LIMITS, throttle};
pub use token::generate_password;

use crate::{
    base::{clock::Clock, id::UserId, secret::Secret},
    platform::{
        cache::Cache,
        db::{Conn, Db},
        notify::Outbox,
        tasks::Tasks,
    },
};
use anyhow::Context as _;
use api_tokens::TokenWish;
use input::{DisplayName, Email, NewPassword};
use password::Passwords;
use store_admin::{Admission, NewUser, Terms};
use strength::About;
use tally::Tally;
use tries::Tries;

/// The accounts: the only door to people. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    db: Db,
    clock: Clock,
    passwords: Passwords,
    tally: Tally,
    tries: Tries,
    tasks: Tasks,
    /// Absent where there is no mail server.
    outbox: Option<Outbox>,
    is_open: bool,
    lifetime: chrono::Duration,
    audit_retention: chrono::Duration,
}

/// What accounts stand on.
pub struct Foundations {
    /// Postgres.
    pub db: Db,
    /// Redis.
    pub cache: Cache,
    /// Where work goes that nobody waits for.
    pub tasks: Tasks,
    /// Where letters to people go; absent where there is no mail server.
    pub outbox: Option<Outbox>,
}

impl Accounts {
    /// Puts accounts on their foundations.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn new(on: Foundations, settings: &Settings, clock: Clock) -> anyhow::Result<Self> {
        let tally = Tally::new(on.cache, clock.clone());
        let (most, window) = (settings.login_tries, settings.login_window);
        Ok(Self {
            db: on.db,
            tasks: on.tasks,
            tries: Tries::new(tally.clone(), most, window)?,
            tally,
            outbox: on.outbox,
            clock,
            passwords: Passwords::new(settings)?,
            is_open: settings.registration_open,
            lifetime: settings.lifetime()?,
            audit_retention: settings.audit_retention()?,
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
        origin: &Origin,
    ) -> Result<Session, Error> {
        // Asked again when it counts, under the lock; here it saves the hash.
        if !self.is_open && self.has_users().await? {
            return Err(Error::RegistrationClosed);
        }
        let is_open = self.is_open;
        let terms = Terms::Registration { is_open };
        let user = self.admit(email, password, name, (terms, Some(origin)));
        let user = user.await?;
        self.start_session(user, origin).await
    }

    async fn admit(
        &self,
        email: &Email,
        password: NewPassword,
        name: &DisplayName,
        (terms, origin): (Terms, Option<&Origin>),
    ) -> Result<User, Error> {
        let password_hash = match terms {
            Terms::Showpiece => self.passwords.hash(password.into_secret()).await?,
            Terms::Registration { .. } | Terms::Appointment(_) => {
                let about = About::person(email, name);
                self.passwords.accept(password, about).await?
            }
        };
        let new = NewUser {
            id: UserId::new(),
            email: email.as_str(),
            display_name: name.as_str(),
            password_hash: &password_hash,
            created_at: self.clock.now(),
        };
        let entry = match origin {
            Some(origin) => self.entry(Action::SignUp, new.id).by_owner(origin),
            None => self.entry(Action::AccountMade, new.id),
        };
        let mut conn = self.conn().await?;
        let admission = store_admin::admit(&mut conn, &new, terms, entry).await;
        match admission.context("while adding an account")? {
            Admission::Admitted(user) => Ok(user),
            Admission::Closed => Err(Error::RegistrationClosed),
            Admission::EmailTaken => Err(Error::EmailTaken),
        }
    }

    /// Signs someone in. An unknown address takes as long as a wrong password.
    async fn login(
        &self,
        email: &str,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<Session, Error> {
        let found = self.find_credentials(email).await?;
        let (user, hash) = found.unzip();
        let door = self.door(email, user.as_ref(), origin).await?;
        self.tries.check(&door).await?;
        let is_right = self.passwords.verify(password, hash).await?;
        match user {
            Some(user) if is_right => self.start_session(user, origin).await,
            user => {
                self.count_failure(&door, user, origin).await;
                Err(Error::WrongCredentials)
            }
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

    async fn conn(&self) -> Result<Conn, Error> {
        Ok(self.db.get().await.map_err(anyhow::Error::from)?)
    }
}
