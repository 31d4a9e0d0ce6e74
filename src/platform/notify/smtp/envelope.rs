//! A message as a mail: headers, both bodies, and whom it is for.
use super::{html, story::Story, text};
use crate::{engines::alerting::Notification, platform::notify::Site};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use sha2::{Digest as _, Sha256};

/// Ready to be handed over.
pub(super) struct Mail {
    pub(super) from: Address,
    pub(super) to: Vec<Address>,
    pub(super) content: Vec<u8>,
    /// Whether an address is not ASCII.
    pub(super) needs_utf8: bool,
}

/// Writes the mail. The same message gives the same `Message-ID` at every attempt, so that a mail which was taken twice
/// is known as one; the first mail about a group has the one that all later ones refer to.
pub(super) fn seal(
    from: &Mailbox,
    to: &[Mailbox],
    message: &Notification,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Mail, lettre::error::Error> {
    let story = Story::of(message, site, now);
    let id = |at_ms: i64| id(message, at_ms, from.email.domain());
    let (first, own) = (id(message.opened_at_ms), id(message.made_at_ms));
    let mut mail = Message::builder()
        .from(from.clone())
        .subject(&story.subject)
        .date(now.into())
        .raw_header(automatic())
        .message_id(Some(own.clone()));
    if own != first {
        mail = mail.in_reply_to(first.clone()).references(first);
    }
    for one in to {
        mail = mail.to(one.clone());
    }
    let bodies = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        // Not at random: the same mail is the same bytes.
        .boundary(boundary(&own))
        .singlepart(SinglePart::plain(text::of(&story)))
        .singlepart(SinglePart::html(html::of(&story)));
    let mail = mail.multipart(bodies)?;
    let to = to.iter().map(|one| one.email.clone()).collect();
    Ok(Mail::new(from, to, mail.formatted()))
}

impl Mail {
    pub(super) fn new(from: &Mailbox, to: Vec<Address>, content: Vec<u8>) -> Self {
        let is_ascii = |one: &Address| AsRef::<str>::as_ref(one).is_ascii();
        Self {
            needs_utf8: !is_ascii(&from.email) || !to.iter().all(is_ascii),
            from: from.email.clone(),
            to,
            content,
        }
    }
}

/// Nobody's absence note is to answer (RFC 3834).
pub(super) fn automatic() -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(name, "auto-generated".to_owned())
}

/// The name of the mail to this receiver about this group at this time.
fn id(message: &Notification, at_ms: i64, domain: &str) -> String {
    let mut hash = Sha256::new();
    for part in [&message.receiver, &message.group_key] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(message.opened_at_ms.to_be_bytes());
    hash.update(at_ms.to_be_bytes());
    format!("<flashfit.{}@{domain}>", hex(&hash.finalize(), 16))
}

fn boundary(id: &str) -> String {
    hex(&Sha256::digest(id), 16)
}

fn hex(bytes: &[u8], most: usize) -> String {
    let kept = bytes.iter().take(most);
    kept.map(|byte| format!("{byte:02x}")).collect()
}
