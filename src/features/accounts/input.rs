//! What people type, parsed into types that cannot be wrong.
use super::model::Scope;
use crate::base::secret::Secret;

const EMAIL_CHARS: usize = 254;
const LOCAL_PART_CHARS: usize = 64;
const NAME_CHARS: usize = 80;
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 12..=200;
const TOKEN_DAYS: std::ops::RangeInclusive<u32> = 1..=3650;

/// A field that does not hold what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// No address a message could be sent to.
    #[error("email: {0}")]
    Email(&'static str),
    /// A new password outside the bounds.
    #[error("password: expected {low} to {high} characters, got {0}", low = PASSWORD_CHARS.start(), high = PASSWORD_CHARS.end())]
    Password(usize),
    /// A new password that would be guessed soon.
    #[error("password: too easy to guess: {0}; a few words that do not belong together are best")]
    Guessable(&'static str),
    /// A name that cannot be shown.
    #[error("{field}: expected 1 to {NAME_CHARS} characters without control characters")]
    Name {
        /// The field it was in.
        field: &'static str,
    },
    /// A token that could do nothing, or one thing twice.
    #[error("scopes: expected read, write or both, each once")]
    Scopes,
    /// A token that would live too short or too long.
    #[error("expires_in_days: expected {low} to {high}, got {0}", low = TOKEN_DAYS.start(), high = TOKEN_DAYS.end())]
    Expiry(u32),
    /// A page that is too short or too long.
    #[error("limit: expected 1 to 200, got {0}")]
    Limit(usize),
    /// A place in a list that no page named.
    #[error("cursor: expected the next_cursor of another page")]
    Cursor,
}

impl Invalid {
    /// The stable name of the problem.
    pub(super) fn slug(&self) -> &'static str {
        match self {
            Self::Email(_) => "invalid-email",
            Self::Password(_) => "invalid-password",
            Self::Guessable(_) => "guessable-password",
            Self::Name { .. } => "invalid-name",
            Self::Scopes => "invalid-scopes",
            Self::Expiry(_) => "invalid-expiry",
            Self::Limit(_) | Self::Cursor => "invalid-page",
        }
    }
}

/// An e-mail address that looks deliverable, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Email(String);

impl Email {
    /// Reads an address; case and surrounding blanks do not matter.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let email = text.trim().to_lowercase();
        let wrong = |why| Err(Invalid::Email(why));
        let Some((local, domain)) = email.rsplit_once('@') else {
            return wrong("expected name@domain");
        };
        if email.chars().count() > EMAIL_CHARS || local.chars().count() > LOCAL_PART_CHARS {
            return wrong("the address is too long");
        }
        if local.is_empty() || local.contains('@') {
            return wrong("expected name@domain");
        }
        if email.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return wrong("an address has no blanks or control characters");
        }
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if !domain.split('.').all(is_label) {
            return wrong("what follows the @ is no domain");
        }
        Ok(Self(email))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What to call someone who gave no name: the part before the `@`.
    pub(super) fn default_name(&self) -> DisplayName {
        let local = self.0.split('@').next().unwrap_or_default();
        DisplayName(local.to_owned())
    }
}

/// A password long enough to be judged, and stored (hashed) if it withstands.
#[derive(Debug, Clone)]
pub(super) struct NewPassword(Secret<String>);

impl NewPassword {
    /// Measures a password that someone wants to have.
    pub(super) fn parse(text: Secret<String>) -> Result<Self, Invalid> {
        let chars = text.expose().chars().count();
        if PASSWORD_CHARS.contains(&chars) {
            Ok(Self(text))
        } else {
            Err(Invalid::Password(chars))
        }
    }

    pub(super) fn into_secret(self) -> Secret<String> {
        self.0
    }
}

/// A name of a person or token, fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DisplayName(String);

impl DisplayName {
    /// Reads the name in `field`; surrounding blanks do not matter.
    pub(super) fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let name = text.trim();
        let is_short = (1..=NAME_CHARS).contains(&name.chars().count());
        if is_short && !name.chars().any(char::is_control) {
            Ok(Self(name.to_owned()))
        } else {
            Err(Invalid::Name { field })
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks the scopes of a new token: at least one, none twice.
pub(super) fn scopes(mut scopes: Vec<Scope>) -> Result<Vec<Scope>, Invalid> {
    let asked = scopes.len();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() || scopes.len() != asked {
        return Err(Invalid::Scopes);
    }
    Ok(scopes)
}

/// Checks the lifetime of a new token.
pub(super) fn token_lifetime(days: u32) -> Result<chrono::Duration, Invalid> {
    if TOKEN_DAYS.contains(&days) {
        Ok(chrono::Duration::days(i64::from(days)))
    } else {
        Err(Invalid::Expiry(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_lower_cased_and_trimmed() {
        for (typed, kept) in [
            ("  Ann@Example.ORG ", "ann@example.org"),
            ("a@localhost", "a@localhost"),
            ("first.last+tag@mail.example", "first.last+tag@mail.example"),
            ("ÉVA@Bücher.example", "éva@bücher.example"),
        ] {
            assert_eq!(Email::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long_local = format!("{}@example.org", "a".repeat(65));
        let long = format!("a@{}.org", "b".repeat(260));
        for wrong in [
            "",
            "@",
            "ann",
            "@example.org",
            "ann@",
            "ann@@example.org",
            "a nn@example.org",
            "ann\0@example.org",
            "ann@exa\nmple.org",
            "ann@example..org",
            "ann@.org",
            "ann@-a.org",
            "ann@example.org>",
            &long_local,
            &long,
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_default_name_is_what_precedes_the_at() {
        let email = Email::parse("Ann.Lee@example.org").unwrap();
        assert_eq!(email.default_name().as_str(), "ann.lee");
    }

    #[test]
    fn a_password_is_measured_in_characters_not_bytes() {
        let parse = |text: &str| NewPassword::parse(Secret::new(text.to_owned())).map(drop);
        assert_eq!(parse("eleven char"), Err(Invalid::Password(11)));
        assert_eq!(parse(&"é".repeat(11)), Err(Invalid::Password(11)));
        assert_eq!(parse("twelve chars"), Ok(()));
        assert_eq!(parse(&"é".repeat(200)), Ok(()));
        assert_eq!(parse(&"x".repeat(201)), Err(Invalid::Password(201)));
    }

    #[test]
    fn scopes_are_given_once_each() {
        use Scope::{Read, Write};
        assert_eq!(scopes(vec![Write, Read]), Ok(vec![Read, Write]));
        assert_eq!(scopes(vec![]), Err(Invalid::Scopes));
        assert_eq!(scopes(vec![Read, Read]), Err(Invalid::Scopes));
    }

    proptest! {
        /// The database checks the same and would answer with an error instead of a sentence.
        #[test]
        fn whatever_is_accepted_fits_the_table(text in "\\PC{0,20}@?\\PC{0,300}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().chars().count() <= EMAIL_CHARS);
                prop_assert!(email.as_str().find('@').unwrap() > 0);
                prop_assert!(DisplayName::parse("name", email.default_name().as_str()).is_ok());
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }
    }
}
