//! What people are told by mail of their account.
use super::{Origin, User};
use crate::platform::notify::{Letter, Site};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The way to a new password. `None` where nobody knows where FlashFit is opened.
pub(super) fn reset(id: Uuid, user: &User, secret: &str, site: &Site) -> Option<Letter> {
    let link = site.reset(secret)?;
    let text = format!(
        "Somebody, most likely you, wants a new password for the account {email}.\n\
         \n\
         Choose one here within 30 minutes; the link works once:\n\
         {link}\n\
         \n\
         If it was not you, there is nothing to do: the password stays as it is.\n{end}",
        email = user.email,
        end = end(site),
    );
    Some(Letter {
        id,
        to: user.email.clone(),
        subject: "A new password for FlashFit".to_owned(),
        text,
    })
}

/// That there is a new password, and what to do for whoever did not choose it.
pub(super) fn changed(
    id: Uuid,
    user: &User,
    at: DateTime<Utc>,
    origin: Option<&Origin>,
    site: &Site,
) -> Letter {
    let by = match origin {
        Some(origin) => from(origin),
        None => " by whoever runs this server".to_owned(),
    };
    let help = match site.forgot() {
        Some(link) => format!("choose another one at once:\n{link}\n"),
        None => "tell whoever runs this server.\n".to_owned(),
    };
    let text = format!(
        "The password of the account {email} was changed on {at}{by}.\n\
         All other devices are signed out. API tokens go on working: have a look at them on the Account page.\n\
         \n\
         If it was not you, {help}{end}",
        email = user.email,
        at = at.format("%-d %B %Y at %H:%M UTC"),
        end = end(site),
    );
    Letter {
        id,
        to: user.email.clone(),
        subject: "Your FlashFit password was changed".to_owned(),
        text,
    }
}

fn from(origin: &Origin) -> String {
    let address = origin.address.as_ref().map(|it| format!(" from {it}"));
    let agent = origin.agent.as_ref().map(|it| format!(" with {it}"));
    format!(
        "{}{}",
        address.unwrap_or_default(),
        agent.unwrap_or_default()
    )
}

fn end(site: &Site) -> String {
    let home = site.home().map(|home| format!("FlashFit at {home}\n"));
    format!("\n-- \n{}", home.unwrap_or_else(|| "FlashFit\n".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::id::UserId, features::accounts::Role};

    fn ann() -> User {
        User {
            id: UserId::new(),
            email: "ann@example.org".to_owned(),
            display_name: "Ann".to_owned(),
            role: Role::Member,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_way_to_a_new_password_needs_to_know_where_that_is() {
        let id = Uuid::nil();
        assert!(reset(id, &ann(), "ffr_x", &Site::new("").unwrap()).is_none());
        let site = Site::new("https://wear.example.org").unwrap();
        let letter = reset(id, &ann(), "ffr_x", &site).unwrap();
        assert_eq!(letter.to, "ann@example.org");
        let link = "\nhttps://wear.example.org/app/reset#token=ffr_x\n";
        assert!(letter.text.contains(link), "{}", letter.text);
    }

    #[test]
    fn whoever_did_not_choose_a_password_is_told_what_to_do() {
        let site = Site::new("https://wear.example.org").unwrap();
        let origin = Origin {
            address: Some("192.0.2.7".to_owned()),
            agent: Some("Firefox on Linux".to_owned()),
        };
        let at = DateTime::UNIX_EPOCH;
        let told = changed(Uuid::nil(), &ann(), at, Some(&origin), &site).text;
        for said in [
            "on 1 January 1970 at 00:00 UTC from 192.0.2.7 with Firefox on Linux.",
            "https://wear.example.org/app/forgot",
        ] {
            assert!(told.contains(said), "{told}");
        }
        let told = changed(Uuid::nil(), &ann(), at, None, &Site::default()).text;
        assert!(told.contains("by whoever runs this server."), "{told}");
        assert!(told.contains("tell whoever runs this server"), "{told}");
    }
}
