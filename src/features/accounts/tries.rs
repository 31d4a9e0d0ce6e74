//! How often a password may be guessed wrongly: so often within a sliding window, for one account.
//!
//! Guesses from an address that somebody has come in from of late count by themselves: whoever guesses from elsewhere keeps
//! nobody out of their own account, and a new password by mail makes a new address known. Addresses without an account
//! are counted as well, so that nobody learns which have one.
use super::{
    Accounts, Error, Origin, User,
    audit::Action,
    input::Email,
    store_audit,
    tally::{Seen, Tally},
};
use crate::base::{id::UserId, metrics as names};
use anyhow::{Context as _, ensure};
use std::time::Duration;
use uuid::Uuid;

/// For so long an address stays known that somebody came in from.
const KNOWN_FOR: chrono::Duration = chrono::Duration::days(30);

/// How wrong guesses are counted. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tries {
    tally: Tally,
    most: u32,
    window: Duration,
}

/// The door that somebody tries: an account, seen from known or from unknown addresses.
pub(super) struct Door(String);

impl Tries {
    /// Counts in this tally; at most so many in a window, 0 for any number.
    ///
    /// # Errors
    /// When the window makes no sense.
    pub(super) fn new(tally: Tally, most: u32, window: Duration) -> anyhow::Result<Self> {
        ensure!(
            (Duration::from_secs(60)..=Duration::from_secs(86_400)).contains(&window),
            "accounts.login_window: expected between 1m and 1day, got {window:?}"
        );
        Ok(Self {
            tally,
            most,
            window,
        })
    }

    /// Turns away whoever has guessed wrongly too often.
    pub(super) async fn check(&self, door: &Door) -> Result<(), Error> {
        if self.most == 0 {
            return Ok(());
        }
        let Seen { times, wait_s } = self.tally.see("guess", &door.0, self.window).await;
        if times < self.most {
            return Ok(());
        }
        metrics::counter!(names::RATE_LIMITED, "limit" => "account").increment(1);
        Err(Error::TooManyTries(wait_s))
    }

    /// Counts a wrong guess.
    pub(super) async fn count(&self, door: &Door) {
        if self.most > 0 {
            self.tally.count("guess", &door.0, self.window).await;
        }
    }
}

impl Accounts {
    /// The door that somebody from here tries. It takes the same time whether there is such an account or not.
    pub(super) async fn door(
        &self,
        email: &str,
        user: Option<&User>,
        origin: &Origin,
    ) -> Result<Door, Error> {
        let email =
            Email::parse(email).map_or_else(|_| email.to_owned(), |e| e.as_str().to_owned());
        let Some(address) = &origin.address else {
            return Ok(Door(email));
        };
        let owner = user.map_or(UserId(Uuid::nil()), |user| user.id);
        let since = self.clock.now() - KNOWN_FOR;
        let mut conn = self.conn().await?;
        let is_known = store_audit::has_come_from(&mut conn, owner, address, since).await;
        let is_known = is_known.context("while looking where somebody came in from")?;
        Ok(Door(match is_known {
            true => format!("{email} {address}"),
            false => email,
        }))
    }

    /// Counts a wrong guess, and writes it down where there is such an account: in the background, or the answer would
    /// take longer than for one that is not there.
    pub(super) async fn count_failure(&self, door: &Door, user: Option<User>, origin: &Origin) {
        self.tries.count(door).await;
        let Some(user) = user else { return };
        let entry = self
            .entry(Action::SignInFailed, user.id)
            .by_stranger(origin);
        let this = self.clone();
        self.tasks.spawn("audit", async move {
            if let Err(error) = this.note(&entry).await {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error, "a refused sign-in is not in the audit log");
            }
        });
    }

    /// The door of somebody who is signed in and shows once more that they know their password.
    pub(super) fn inner_door(owner: UserId) -> Door {
        Door(owner.to_string())
    }
}
