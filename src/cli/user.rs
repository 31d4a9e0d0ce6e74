//! `flashfit user`: accounts from the operator's side.
//!
//! Passwords come from standard input or are made up here; never from the command line, where every
//! process of the machine can read them.
use super::{audit, say};
use crate::{
    base::secret::Secret,
    features::accounts::{Accounts, Role, User, generate_password},
};
use anyhow::Context as _;

/// What can be done with accounts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum UserCommand {
    /// Add an account.
    #[command(after_help = "Examples:
  flashfit user create ann@example.org --admin
  flashfit user create bob@example.org --name Bob --password-stdin < password.txt")]
    Create {
        /// The address to sign in with.
        email: String,
        /// Make the person an administrator.
        #[arg(long)]
        admin: bool,
        /// What the person is called; the part before the @ if absent.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from the first line of standard input; one is made up and printed if absent.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List every account.
    #[command(after_help = "Examples:
  flashfit user list
  flashfit user list --json | jq -r '.[].email'")]
    List {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Replace a forgotten password; the person is signed out everywhere.
    #[command(after_help = "Examples:
  flashfit user set-password ann@example.org
  flashfit user set-password ann@example.org --password-stdin < password.txt")]
    SetPassword {
        /// Whose password.
        email: String,
        /// Read the password from the first line of standard input; one is made up and printed if absent.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Print what was done with accounts: sign-ins, new passwords, tokens and the like.
    #[command(after_help = "Examples:
  flashfit user audit ann@example.org
  flashfit user audit --action sign-in-failed --json")]
    Audit(audit::Args),
    /// Make someone an administrator, or a member again.
    #[command(after_help = "Examples:
  flashfit user set-role bob@example.org admin
  flashfit user set-role bob@example.org member")]
    SetRole {
        /// Whose role.
        email: String,
        /// admin or member.
        role: Role,
    },
}

/// Does what was asked and says so.
///
/// # Errors
/// When the account, the database or standard input does not play along.
pub(super) async fn run(command: UserCommand, accounts: &Accounts) -> anyhow::Result<()> {
    match command {
        UserCommand::Create {
            email,
            admin,
            name,
            password_stdin,
        } => {
            let role = if admin { Role::Admin } else { Role::Member };
            let password = Password::choose(password_stdin)?;
            let name = name.as_deref();
            let user = accounts
                .create_user(&email, password.secret.clone(), name, role)
                .await?;
            say(format_args!("created {} ({})", user.email, user.role));
            password.tell();
        }
        UserCommand::List { json } => {
            let users = accounts.list_users().await?;
            say(if json {
                serde_json::to_string_pretty(&users)?
            } else {
                table(&users)
            });
        }
        UserCommand::SetPassword {
            email,
            password_stdin,
        } => {
            let password = Password::choose(password_stdin)?;
            accounts
                .set_password(&email, password.secret.clone())
                .await?;
            say(format_args!("set the password of {email}"));
            password.tell();
        }
        UserCommand::Audit(args) => audit::run(args, accounts).await?,
        UserCommand::SetRole { email, role } => {
            accounts.set_role(&email, role).await?;
            say(format_args!("{email} is {role} now"));
        }
    }
    Ok(())
}

/// A password, and whether it was made up here.
struct Password {
    secret: Secret<String>,
    is_made_up: bool,
}

impl Password {
    fn choose(from_stdin: bool) -> anyhow::Result<Self> {
        let text = if from_stdin {
            first_line(std::io::stdin().lock())?
        } else {
            generate_password()?
        };
        Ok(Self {
            secret: Secret::new(text),
            is_made_up: !from_stdin,
        })
    }

    fn tell(&self) {
        if self.is_made_up {
            say(format_args!("password: {}", self.secret.expose()));
        }
    }
}

fn first_line(mut input: impl std::io::BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input
        .read_line(&mut line)
        .context("standard input: expected a password on the first line")?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(line)
}

fn table(users: &[User]) -> String {
    let widest = |of: fn(&User) -> &str| users.iter().map(|u| of(u).chars().count()).max();
    let email = widest(|u| &u.email).unwrap_or(0).max("email".len());
    let name = widest(|u| &u.display_name).unwrap_or(0).max("name".len());
    let mut lines = vec![format!(
        "{:email$}  {:name$}  {:6}  since",
        "email", "name", "role"
    )];
    for user in users {
        lines.push(format!(
            "{:email$}  {:name$}  {:6}  {}",
            user.email,
            user.display_name,
            user.role.as_str(),
            user.created_at.format("%Y-%m-%d")
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::UserId;
    use chrono::DateTime;

    #[test]
    fn a_password_is_the_first_line_without_its_end() {
        for (input, password) in [
            ("correct horse\n", "correct horse"),
            ("correct horse\r\nmore\n", "correct horse"),
            (" spaces count ", " spaces count "),
            ("", ""),
        ] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password);
        }
    }

    #[test]
    fn the_table_is_aligned() {
        let user = |email: &str, role| User {
            id: UserId::new(),
            email: email.to_owned(),
            display_name: "é".to_owned(),
            role,
            created_at: DateTime::from_timestamp(0, 0).unwrap(),
        };
        let text = table(&[
            user("a@example.org", Role::Admin),
            user("bob@example.org", Role::Member),
        ]);
        assert_eq!(
            text,
            "email            name  role    since\n\
             a@example.org    é     admin   1970-01-01\n\
             bob@example.org  é     member  1970-01-01"
        );
    }
}
