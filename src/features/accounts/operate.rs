//! What the operator, the background and the other features do with accounts.
use super::{
    Accounts, Action, Error, Role, User,
    input::{DisplayName, Email, NewPassword},
    store, store_admin,
    store_admin::{Departure, Terms},
    strength::About,
};
use crate::{base::secret::Secret, platform::db::idempotency};
use anyhow::Context as _;

impl Accounts {
    /// Looks for the account with this e-mail address.
    ///
    /// # Errors
    /// Database errors.
    pub async fn find_user(&self, email: &str) -> Result<Option<User>, Error> {
        Ok(self.find_credentials(email).await?.map(|(user, _)| user))
    }

    /// Adds an account in a role. Without a display name the part before the `@` serves.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::EmailTaken`], or database errors.
    pub async fn create_user(
        &self,
        email: &str,
        password: Secret<String>,
        display_name: Option<&str>,
        role: Role,
    ) -> Result<User, Error> {
        let email = Email::parse(email)?;
        let password = NewPassword::parse(password)?;
        let name = match display_name {
            Some(name) => DisplayName::parse("display_name", name)?,
            None => email.default_name(),
        };
        let terms = Terms::Appointment(role);
        self.admit(&email, password, &name, (terms, None)).await
    }

    /// Adds a member for show, whose password everybody may know.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::EmailTaken`], or database errors.
    pub async fn create_showpiece(
        &self,
        email: &str,
        password: Secret<String>,
        display_name: &str,
    ) -> Result<User, Error> {
        let email = Email::parse(email)?;
        let password = NewPassword::parse(password)?;
        let name = DisplayName::parse("display_name", display_name)?;
        let terms = (Terms::Showpiece, None);
        self.admit(&email, password, &name, terms).await
    }

    /// Replaces a forgotten password and ends every session.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::UserNotFound`], or database errors.
    pub async fn set_password(&self, email: &str, password: Secret<String>) -> Result<(), Error> {
        let password = NewPassword::parse(password)?;
        let user = self.get_user(email).await?;
        let about = About::words(&user.email, &user.display_name);
        let hash = self.passwords.accept(password, about).await?;
        let entry = self.entry(Action::PasswordSet, user.id);
        let mut conn = self.conn().await?;
        let replaced = store::replace_password(&mut conn, user.id, &hash, None, &entry).await;
        replaced.context("while replacing a password")?;
        self.tell_of_new_password(user, None);
        Ok(())
    }

    /// Gives someone another role.
    ///
    /// # Errors
    /// [`Error::UserNotFound`], [`Error::LastAdmin`], or database errors.
    pub async fn set_role(&self, email: &str, role: Role) -> Result<(), Error> {
        let user = self.get_user(email).await?;
        let entry = self.entry(Action::RoleChanged, user.id);
        let entry = entry
            .with("before", user.role.as_str())
            .with("role", role.as_str());
        let mut conn = self.conn().await?;
        let changed = store_admin::set_role(&mut conn, user.id, role, &entry).await;
        match changed.context("while changing a role")? {
            Departure::Done => Ok(()),
            Departure::LastAdmin => Err(Error::LastAdmin),
        }
    }

    /// Everyone with an account, oldest account first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn list_users(&self) -> Result<Vec<User>, Error> {
        let mut conn = self.conn().await?;
        let users = store_admin::list_users(&mut conn).await;
        Ok(users.context("while listing accounts")?)
    }

    /// Deletes expired sessions, ways to new passwords, old entries of the audit log and outlived
    /// idempotency keys; returns how many rows went.
    ///
    /// # Errors
    /// Database errors.
    pub async fn purge_expired(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let mut conn = self.conn().await?;
        let sessions = store_admin::delete_expired_sessions(&mut conn, now).await;
        let sessions = sessions.context("while deleting expired sessions")?;
        let resets = store_admin::delete_expired_resets(&mut conn, now).await;
        let resets = resets.context("while deleting expired ways to new passwords")?;
        let until = now - self.audit_retention;
        let audit = store_admin::delete_old_audit(&mut conn, until).await;
        let audit = audit.context("while deleting old entries of the audit log")?;
        let keys = idempotency::purge(&mut conn, now).await;
        let keys = keys.context("while deleting old idempotency keys")?;
        Ok(sessions + resets + audit + keys)
    }

    async fn get_user(&self, email: &str) -> Result<User, Error> {
        self.find_user(email).await?.ok_or(Error::UserNotFound)
    }
}
