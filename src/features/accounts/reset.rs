//! A new password for whoever forgot theirs, proved by what was sent to their address.
//!
//! Whoever asks learns nothing: the answer is given before anybody looks whether there is such an account.
use super::{
    Accounts, Action, Error, Origin, User,
    audit::NewEntry,
    input::{Email, NewPassword},
    letters, store, store_admin,
    strength::About,
    token::{self, Hash, Kind},
};
use crate::{base::id::UserId, platform::notify::Letter};
use anyhow::Context as _;
use std::time::Duration;
use uuid::Uuid;

/// How long a link works.
const LIFETIME: chrono::Duration = chrono::Duration::minutes(30);
/// Letters per address in a window, for accounts that are there and those that are not.
const LETTERS: u32 = 3;
/// The window.
const WINDOW: Duration = Duration::from_secs(3600);

impl Accounts {
    /// Whether people can be sent the way to a new password.
    pub(super) fn offers_reset(&self) -> bool {
        let outbox = self.outbox.as_ref();
        outbox.is_some_and(|outbox| outbox.site().home().is_some())
    }

    /// Sends the way to a new password to whoever has this address, in the background.
    pub(super) fn forgot(&self, email: &str, origin: Origin) -> Result<(), Error> {
        let email = Email::parse(email)?;
        let Some(outbox) = self.outbox.as_ref().filter(|_| self.offers_reset()) else {
            return Err(Error::NoMail);
        };
        // Before the work leaves the request, whose id it is written down with.
        let asked = self.entry(Action::PasswordResetAsked, UserId(Uuid::nil()));
        let (this, asked) = (self.clone(), asked.by_stranger(&origin));
        let posted = outbox.post(async move { Ok(this.write_reset(&email, asked).await?) });
        posted.map_err(|_full| Error::Busy)
    }

    async fn write_reset(
        &self,
        email: &Email,
        mut asked: NewEntry,
    ) -> Result<Option<Letter>, Error> {
        let written = self.tally.count("reset", email.as_str(), WINDOW).await;
        let Some(outbox) = self.outbox.as_ref().filter(|_| written <= LETTERS) else {
            return Ok(None);
        };
        let Some(user) = self.find_user(email.as_str()).await? else {
            return Ok(None);
        };
        let (secret, hash) = token::generate(Kind::Reset)?;
        let now = self.clock.now();
        let mut conn = self.conn().await?;
        asked.subject = user.id;
        let times = (now, now + LIFETIME);
        let stored = store::put_reset(&mut conn, user.id, hash, times, &asked).await;
        stored.context("while storing the way to a new password")?;
        Ok(letters::reset(letter_id(), &user, &secret, outbox.site()))
    }

    /// Replaces the password of whoever brings the secret that was sent; every session ends.
    pub(super) async fn reset(
        &self,
        secret: &str,
        new: NewPassword,
        origin: &Origin,
    ) -> Result<(), Error> {
        let hash = token::reset_hash(secret).ok_or(Error::ResetUnknown)?;
        let user = self.find_reset(hash).await?.ok_or(Error::ResetUnknown)?;
        let about = About::words(&user.email, &user.display_name);
        let password_hash = self.passwords.accept(new, about).await?;
        let entry = self.entry(Action::PasswordReset, user.id).by_owner(origin);
        let mut conn = self.conn().await?;
        let used = store::use_reset(&mut conn, user.id, hash, &password_hash, &entry).await;
        if !used.context("while replacing a forgotten password")? {
            return Err(Error::ResetUnknown);
        }
        drop(conn);
        self.tell_of_new_password(user, Some(origin.clone()));
        Ok(())
    }

    async fn find_reset(&self, hash: Hash) -> Result<Option<User>, Error> {
        let mut conn = self.conn().await?;
        let found = store_admin::find_reset(&mut conn, hash, self.clock.now()).await;
        Ok(found.context("while looking for the way to a new password")?)
    }

    /// Tells a person by mail, where there is a mail server; `None` for whoever runs this server.
    pub(super) fn tell_of_new_password(&self, user: User, origin: Option<Origin>) {
        let Some(outbox) = &self.outbox else { return };
        let (site, at) = (outbox.site().clone(), self.clock.now());
        let write = async move {
            let letter = letters::changed(letter_id(), &user, at, origin.as_ref(), &site);
            Ok(Some(letter))
        };
        if outbox.post(write).is_err() {
            tracing::error!("somebody was not told of their new password: too many mails wait");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a letter is no thing of ours that lasts"
)]
fn letter_id() -> Uuid {
    Uuid::now_v7()
}
