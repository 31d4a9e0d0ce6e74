//! A mail to one person, in plain text.
use super::envelope::{Mail, automatic};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{Mailbox, header::ContentType},
};
use std::fmt;
use uuid::Uuid;

/// A mail to one person. It does not print: what it says is nobody else's business.
#[derive(Clone)]
pub struct Letter {
    /// The same at every attempt, so that a mail which was taken twice is known as one.
    pub id: Uuid,
    /// The address of the person.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Letter").field(&self.id).finish()
    }
}

/// What keeps a letter from being written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("the recipient is no mail address")]
    Recipient,
    #[error(transparent)]
    Mail(#[from] lettre::error::Error),
}

pub(super) fn seal(
    from: &Mailbox,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<Mail, Unwritable> {
    let Ok(to) = letter.to.parse::<Address>() else {
        return Err(Unwritable::Recipient);
    };
    let mail = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(&letter.subject)
        .date(now.into())
        .raw_header(automatic())
        .message_id(Some(format!(
            "<flashfit.{}@{}>",
            letter.id.simple(),
            from.email.domain()
        )))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())?;
    Ok(Mail::new(from, vec![to], mail.formatted()))
}
