//! The audit log: what was done with accounts, by whom and from where.
use super::{Accounts, Error, Origin, store_admin, store_audit};
use crate::{
    base::{
        cursor::Cursor,
        id::{AuditId, UserId},
    },
    platform::http::observe::current_request_id,
};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// What can be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Somebody made an account for themselves.
    SignUp,
    /// Somebody came in with their password.
    SignIn,
    /// Somebody tried a wrong password on an account that is there.
    SignInFailed,
    /// Somebody left.
    SignOut,
    /// A session was ended from another one.
    SessionEnded,
    /// Every session but one was ended.
    OtherSessionsEnded,
    /// A password was replaced by whoever knew the old one.
    PasswordChanged,
    /// A way to a new password was sent by mail.
    PasswordResetAsked,
    /// A password was replaced by whoever brought what was sent.
    PasswordReset,
    /// A password was replaced by whoever runs the server.
    PasswordSet,
    /// An API token was made.
    TokenMade,
    /// An API token was revoked.
    TokenRevoked,
    /// An account was made by whoever runs the server.
    AccountMade,
    /// Everything in an account was taken along.
    AccountExported,
    /// An account was deleted.
    AccountDeleted,
    /// Somebody was given another role.
    RoleChanged,
}

impl Action {
    /// Each of them.
    pub const ALL: [Self; 16] = [
        Self::SignUp,
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::PasswordChanged,
        Self::PasswordResetAsked,
        Self::PasswordReset,
        Self::PasswordSet,
        Self::TokenMade,
        Self::TokenRevoked,
        Self::AccountMade,
        Self::AccountExported,
        Self::AccountDeleted,
        Self::RoleChanged,
    ];

    /// The word for it, as it is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::SignIn => "sign-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignOut => "sign-out",
            Self::SessionEnded => "session-ended",
            Self::OtherSessionsEnded => "other-sessions-ended",
            Self::PasswordChanged => "password-changed",
            Self::PasswordResetAsked => "password-reset-asked",
            Self::PasswordReset => "password-reset",
            Self::PasswordSet => "password-set",
            Self::TokenMade => "token-made",
            Self::TokenRevoked => "token-revoked",
            Self::AccountMade => "account-made",
            Self::AccountExported => "account-exported",
            Self::AccountDeleted => "account-deleted",
            Self::RoleChanged => "role-changed",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|action| action.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("expected one of {known}; got {text:?}")
        })
    }
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// Who did it; null where it was whoever runs the server, or nobody knows.
    #[schema(required = true, value_type = Option<Uuid>)]
    pub actor: Option<UserId>,
    /// With whose account.
    #[schema(value_type = Uuid)]
    pub subject: UserId,
    /// From where: an IPv4 address or an IPv6 network.
    #[schema(required = true)]
    pub address: Option<String>,
    /// With which program, in few words.
    #[schema(required = true)]
    pub agent: Option<String>,
    /// What else there is to say, such as the name of a token.
    pub details: Value,
    /// The request, as the server's log knows it.
    #[schema(required = true)]
    pub request_id: Option<Uuid>,
}

/// Which entries of everybody's are wanted.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// About this account.
    pub subject: Option<UserId>,
    /// Done by this person.
    pub actor: Option<UserId>,
    /// Of this kind.
    pub action: Option<Action>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// An entry to be written.
#[derive(Debug, Clone)]
pub(super) struct NewEntry {
    pub(super) id: AuditId,
    pub(super) at: DateTime<Utc>,
    pub(super) action: Action,
    pub(super) actor: Option<UserId>,
    pub(super) subject: UserId,
    pub(super) origin: Origin,
    pub(super) details: Map<String, Value>,
    pub(super) request_id: Option<Uuid>,
}

impl NewEntry {
    /// Done by somebody to their own account, from here.
    pub(super) fn by_owner(mut self, origin: &Origin) -> Self {
        self.actor = Some(self.subject);
        self.origin = origin.clone();
        self
    }

    /// Done by nobody knows whom, from here.
    pub(super) fn by_stranger(mut self, origin: &Origin) -> Self {
        self.origin = origin.clone();
        self
    }

    /// With something else to say. Texts are names that people chose: short, and shown as they are.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.details.insert(key.to_owned(), value.into());
        self
    }
}

impl Accounts {
    /// An entry about something done just now, by whoever runs the server unless it says otherwise.
    pub(super) fn entry(&self, action: Action, subject: UserId) -> NewEntry {
        NewEntry {
            id: AuditId::new(),
            at: self.clock.now(),
            action,
            actor: None,
            subject,
            origin: Origin::default(),
            details: Map::new(),
            request_id: current_request_id().parse().ok(),
        }
    }

    /// Writes an entry that goes with no other change.
    pub(super) async fn note(&self, entry: &NewEntry) -> Result<(), Error> {
        let mut conn = self.conn().await?;
        let written = store_audit::insert(&mut conn, entry).await;
        Ok(written.context("while writing the audit log")?)
    }

    /// Notes that everything in somebody's account was taken along.
    ///
    /// # Errors
    /// Database errors.
    pub async fn note_export(&self, owner: UserId, origin: &Origin) -> Result<(), Error> {
        let entry = self.entry(Action::AccountExported, owner).by_owner(origin);
        self.note(&entry).await
    }

    /// What was done with somebody's account, newest first, and where the next page starts.
    pub(super) async fn list_audit(
        &self,
        subject: UserId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<AuditEntry>, Option<Cursor>), Error> {
        let mut conn = self.conn().await?;
        let rows = store_audit::list(&mut conn, subject, after, limit as i64 + 1).await;
        Ok(page(rows.context("while reading the audit log")?, limit))
    }

    /// What was done with everybody's accounts, newest first, and where the next page starts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn list_everybodys_audit(
        &self,
        filter: &AuditFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<AuditEntry>, Option<Cursor>), Error> {
        let mut conn = self.conn().await?;
        let rows = store_admin::list_audit(&mut conn, filter, after, limit as i64 + 1).await;
        Ok(page(rows.context("while reading the audit log")?, limit))
    }
}

/// Cuts off the row that only says that there is more.
fn page(mut rows: Vec<AuditEntry>, limit: usize) -> (Vec<AuditEntry>, Option<Cursor>) {
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| Cursor {
        at: row.at,
        id: row.id.0,
    });
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_word_everywhere() {
        let migration = include_str!("../../../migrations/2026-12-01-000420_audit_log/up.sql");
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
            assert!(migration.contains(&format!("'{action}'")), "{action}");
        }
        assert!(
            "sign-off"
                .parse::<Action>()
                .unwrap_err()
                .contains("sign-out")
        );
    }
}
