//! What people do with their own account: another password, leaving for good.
use super::{
    Accounts, Action, Error, Origin, SignedIn, User, input::NewPassword, store, store_admin,
    store_admin::Departure, strength::About,
};
use crate::base::{id::UserId, secret::Secret};
use anyhow::Context as _;

impl Accounts {
    /// Replaces a password; every other session ends.
    pub(super) async fn change_password(
        &self,
        person: &SignedIn,
        current: Secret<String>,
        new: NewPassword,
        origin: Origin,
    ) -> Result<(), Error> {
        let owner = person.user.id;
        self.confirm(owner, current).await?;
        let about = About::words(&person.user.email, &person.user.display_name);
        let hash = self.passwords.accept(new, about).await?;
        let entry = self.entry(Action::PasswordChanged, owner);
        let entry = entry.by_owner(&origin);
        let mut conn = self.conn().await?;
        let keep = Some(person.session);
        let replaced = store::replace_password(&mut conn, owner, &hash, keep, &entry).await;
        replaced.context("while replacing a password")?;
        self.tell_of_new_password(User::clone(&person.user), Some(origin));
        Ok(())
    }

    /// Deletes a person and everything of theirs.
    pub(super) async fn delete_account(
        &self,
        owner: UserId,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<(), Error> {
        self.confirm(owner, password).await?;
        let entry = self.entry(Action::AccountDeleted, owner).by_owner(origin);
        let mut conn = self.conn().await?;
        let gone = store_admin::delete_user(&mut conn, owner, &entry).await;
        match gone.context("while deleting an account")? {
            Departure::Done => Ok(()),
            Departure::LastAdmin => Err(Error::LastAdmin),
        }
    }

    /// Makes sure that whoever is signed in knows the password.
    async fn confirm(&self, owner: UserId, password: Secret<String>) -> Result<(), Error> {
        let door = Self::inner_door(owner);
        self.tries.check(&door).await?;
        let mut conn = self.conn().await?;
        let hash = store::password_hash(&mut conn, owner).await;
        let hash = hash.context("while looking for a password")?;
        // Other requests may use the connection while argon2 works.
        drop(conn);
        if self.passwords.verify(password, hash).await? {
            Ok(())
        } else {
            self.tries.count(&door).await;
            Err(Error::WrongPassword.counted())
        }
    }
}
