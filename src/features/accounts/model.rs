//! People and their API tokens, as the rest of the program and the clients see them.
use crate::base::id::{SessionId, TokenId, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address the person signs in with, in lower case.
    pub email: String,
    /// What the person is called.
    pub display_name: String,
    /// What the person may do.
    pub role: Role,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// What a person may do beyond their own wardrobe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the installation.
    Admin,
    /// Uses it.
    Member,
}

impl Role {
    /// The word for it, as it is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "admin" => Ok(Self::Admin),
            "member" => Ok(Self::Member),
            other => Err(format!("expected admin or member, got {other:?}")),
        }
    }
}

/// What an API token may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look: GET and HEAD.
    Read,
    /// Change: every other method.
    Write,
}

impl Scope {
    /// The word for it, as it is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// A personal API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What the person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it stops working; never if absent.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A sign-in that lasts, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwnSession {
    /// Its id.
    pub id: SessionId,
    /// Whether the request that asks came with it.
    pub is_current: bool,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Where somebody signed in from: an IPv4 address or an IPv6 network; null where that is not known.
    #[schema(required = true)]
    pub address: Option<String>,
    /// The program in few words; null where it said nothing.
    #[schema(required = true, example = "Firefox on Linux")]
    pub agent: Option<String>,
}

/// A fresh sign-in. No `Debug`: it carries the secret.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Session {
    /// Who signed in.
    pub user: User,
    /// The secret: for `Authorization: Bearer`. Browsers have it in their cookie as well.
    pub token: String,
    /// When to sign in again.
    pub expires_at: DateTime<Utc>,
}

/// A fresh API token. No `Debug`: it carries the secret.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CreatedToken {
    /// What was made.
    #[serde(flatten)]
    pub details: Token,
    /// The secret, shown this once.
    pub token: String,
}
