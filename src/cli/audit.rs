//! `flashfit user audit`: what was done with accounts.
use super::say;
use crate::{
    base::id::UserId,
    features::accounts::{Accounts, Action, AuditEntry, AuditFilter, Error},
};
use std::collections::HashMap;

/// Entries that are read at a time.
const PAGE: usize = 200;

/// Which entries, and how many.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only about the account with this address.
    email: Option<String>,
    /// Only of this kind, such as sign-in-failed.
    #[arg(long)]
    action: Option<Action>,
    /// So many, the newest.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Prints the entries, newest first.
///
/// # Errors
/// When there is no such account, or the database does not play along.
pub(super) async fn run(args: Args, accounts: &Accounts) -> anyhow::Result<()> {
    let subject = match &args.email {
        Some(email) => {
            let found = accounts.find_user(email).await?;
            Some(found.ok_or(Error::UserNotFound)?.id)
        }
        None => None,
    };
    let filter = AuditFilter {
        subject,
        action: args.action,
        ..AuditFilter::default()
    };
    let (mut entries, mut after) = (vec![], None);
    while entries.len() < args.limit {
        let wanted = PAGE.min(args.limit - entries.len());
        let (page, next) = accounts
            .list_everybodys_audit(&filter, after, wanted)
            .await?;
        entries.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    if args.json {
        say(serde_json::to_string_pretty(&entries)?);
        return Ok(());
    }
    let users = accounts.list_users().await?;
    let names = users.into_iter().map(|user| (user.id, user.email));
    say(table(&entries, &names.collect()));
    Ok(())
}

/// A line for each; whoever is gone is an id.
fn table(entries: &[AuditEntry], names: &HashMap<UserId, String>) -> String {
    let name = |id: UserId| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let width = entries
        .iter()
        .map(|e| name(e.subject).chars().count())
        .max();
    let width = width.unwrap_or(0).max("account".len());
    let mut lines = vec![format!(
        "{:20}  {:width$}  {:20}  by",
        "at (UTC)", "account", "action"
    )];
    for entry in entries {
        let by = match entry.actor {
            Some(actor) if actor == entry.subject => "its owner".to_owned(),
            Some(actor) => name(actor),
            None if entry.address.is_some() => "somebody".to_owned(),
            None => "-".to_owned(),
        };
        let from = entry.address.as_ref().map(|it| format!(", from {it}"));
        let with = entry.agent.as_ref().map(|it| format!(" with {it}"));
        let mut line = format!(
            "{:20}  {:width$}  {:20}  {by}{}{}",
            entry.at.format("%Y-%m-%d %H:%M:%S"),
            name(entry.subject),
            entry.action.as_str(),
            from.unwrap_or_default(),
            with.unwrap_or_default(),
        );
        if entry.details.as_object().is_some_and(|it| !it.is_empty()) {
            line = format!("{line} {}", entry.details);
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::AuditId;
    use chrono::DateTime;
    use serde_json::{Value, json};
    use uuid::Uuid;

    fn entry(action: Action, actor: Option<UserId>, details: Value) -> AuditEntry {
        AuditEntry {
            id: AuditId(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
            action,
            actor,
            subject: UserId(Uuid::nil()),
            address: actor.map(|_| "192.0.2.7".to_owned()),
            agent: None,
            details,
            request_id: None,
        }
    }

    #[test]
    fn each_entry_is_a_line_that_says_who_did_it() {
        let ann = UserId(Uuid::nil());
        let entries = [
            entry(Action::TokenMade, Some(ann), json!({ "name": "robot" })),
            entry(Action::PasswordSet, None, json!({})),
        ];
        let names = HashMap::from([(ann, "ann@example.org".to_owned())]);
        assert_eq!(
            table(&entries, &names),
            "at (UTC)              account          action                by\n\
             1970-01-01 00:00:00   ann@example.org  token-made            its owner, from 192.0.2.7 {\"name\":\"robot\"}\n\
             1970-01-01 00:00:00   ann@example.org  password-set          -"
        );
        let gone = table(&entries, &HashMap::new());
        assert!(gone.contains(&ann.to_string()), "{gone}");
    }
}
