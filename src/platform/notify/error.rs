//! What goes wrong between an alert and those who should hear of it, each in one line that says what to do.
use std::time::Duration;

/// Why a receiver was not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("receiver {receiver} ({place}): {problem}")]
pub struct NotifyError {
    /// Its name in the settings.
    pub receiver: String,
    /// The server, without anything secret.
    pub place: String,
    /// What happened.
    pub problem: Problem,
}

impl NotifyError {
    /// Whether the same message would be refused again however often it is sent. A wrong password or certificate is
    /// not: the operator can put it right, and the message is as true then.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self.problem,
            Problem::Refused(_) | Problem::SomeRefused { is_final: true, .. }
        )
    }

    /// How long the server wants to be left alone, where it says so.
    #[must_use]
    pub fn asked_to_wait(&self) -> Option<Duration> {
        if let Problem::Busy { wait, .. } = self.problem {
            return wait;
        }
        None
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No connection.
    #[error("no connection ({0}); check the address, and that the server runs")]
    Unreachable(String),
    /// A server that hangs.
    #[error(
        "the server said nothing for {} {step}; is it overloaded, or does it expect another kind of encryption?",
        humantime_serde::re::humantime::format_duration(*after)
    )]
    Silent {
        /// What was going on.
        step: &'static str,
        /// The setting that was obeyed.
        after: Duration,
    },
    /// A server that hangs up.
    #[error("the connection broke {step} ({cause}); the message will be sent again")]
    Broken {
        /// What was going on.
        step: &'static str,
        /// What the system says.
        cause: String,
    },
    /// The server does not show that it is who it says it is.
    #[error("the server's certificate is not trusted: {0}")]
    Untrusted(String),
    /// Encryption is wanted and not offered.
    #[error(
        "the server offers no STARTTLS; set port and tls as its operator says, or tls = \"none\" to do without"
    )]
    NoEncryption,
    /// A password would be sent in the clear.
    #[error(
        "the server offers no encryption, and a password is not sent without; set tls as its operator says"
    )]
    ClearPassword,
    /// Who sends is not known.
    #[error("the server does not let FlashFit in ({0}); check {SIGN_IN}")]
    SignIn(String),
    /// The address leads elsewhere.
    #[error(
        "the server answers {0}, which leads to another address and is not followed; put the final one in url"
    )]
    Redirected(u16),
    /// The address leads nowhere.
    #[error("there is nothing at this address (the server says {0}); check url")]
    Missing(u16),
    /// The server is in trouble.
    #[error("the server cannot take the message now ({said}); it will be sent again")]
    Busy {
        /// What it said.
        said: String,
        /// When it wants to be asked again.
        wait: Option<Duration>,
    },
    /// The server will not have this message.
    #[error("the server refuses the message ({0}); see its log for why")]
    Refused(String),
    /// Some got the message and some did not.
    #[error(
        "the server refuses recipients {} of the {of} in to, the others got the message ({said})",
        numbers(refused)
    )]
    SomeRefused {
        /// Their places in the list, from 1.
        refused: Vec<usize>,
        /// How many there are.
        of: usize,
        /// What it said of the first of them.
        said: String,
        /// Whether it will always refuse them.
        is_final: bool,
    },
    /// The server speaks another language.
    #[error(
        "the answer is not understood ({0}); check the address, and whether something else listens there"
    )]
    Odd(String),
}

/// The keys that say who sends, for both kinds of protocols.
const SIGN_IN: &str = "username and password, or authorization";

fn numbers(places: &[usize]) -> String {
    let said: Vec<String> = places.iter().map(usize::to_string).collect();
    said.join(", ")
}

/// The first line of what a server said, short, harmless, and without `secrets`.
pub(super) fn said(text: &str, secrets: &[String]) -> String {
    const LONGEST: usize = 200;
    let mut line = text.trim().lines().next().unwrap_or_default().to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        line = line.replace(secret.as_str(), "***");
    }
    let plain = line.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = plain.take(LONGEST).collect();
    if line.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_cut_and_cleaned() {
        let secrets = ["hunter2".to_owned(), String::new()];
        assert_eq!(
            said("  no, hunter2!\u{1b}[1m \nmore", &secrets),
            "no, ***! [1m "
        );
        assert_eq!(said(&"ä".repeat(500), &[]).chars().count(), 201);
        assert_eq!(said("", &[]), "");
    }

    #[test]
    fn a_failure_is_one_line_that_names_the_receiver() {
        let error = NotifyError {
            receiver: "mail".to_owned(),
            place: "mail.example.org:587".to_owned(),
            problem: Problem::Silent {
                step: "while signing in",
                after: Duration::from_secs(10),
            },
        };
        assert_eq!(
            error.to_string(),
            "receiver mail (mail.example.org:587): the server said nothing for 10s while signing in; is it \
             overloaded, or does it expect another kind of encryption?"
        );
        assert!(!error.is_final());
    }
}
