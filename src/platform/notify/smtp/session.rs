//! The dialogue with a mail server, each step with a deadline of its own.
use super::{Encryption, Mailer, bounded::Bounded, envelope::Mail};
use crate::{
    base::secret::Secret,
    platform::{
        notify::{Problem, error},
        tls,
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, AsyncTokioStream},
    commands,
    extension::{ClientId, Extension, MailParameter},
};
use std::{error::Error as StdError, io, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Good-bye is said in passing.
const FAREWELL: Duration = Duration::from_millis(500);

/// Who signs in.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) credentials: Credentials,
    pub(super) password: Secret<String>,
}

/// One mail from the first byte to the last.
pub(super) async fn deliver(mailer: &Mailer, mail: &Mail) -> Result<(), Problem> {
    let mut session = Session::open(mailer).await?;
    session.sign_in().await?;
    let told = session.hand_over(mail).await;
    let farewell = session.connection.command(commands::Quit);
    // The mail is taken or refused by now.
    let _late = tokio::time::timeout(FAREWELL, farewell).await;
    told
}

/// Comes in as for a mail, and leaves without one. Says what was agreed on.
pub(super) async fn greet(mailer: &Mailer) -> Result<String, Problem> {
    let mut session = Session::open(mailer).await?;
    let is_encrypted =
        mailer.encryption == Encryption::Implicit || session.connection.is_encrypted();
    let encrypted = match is_encrypted {
        true => "encrypted",
        false => "not encrypted",
    };
    session.sign_in().await?;
    let farewell = session.connection.command(commands::Quit);
    let _late = tokio::time::timeout(FAREWELL, farewell).await;
    Ok(match mailer.login {
        Some(_) => format!("answers, {encrypted}, and lets FlashFit in"),
        None => format!("answers, {encrypted}; nobody signs in"),
    })
}

struct Session<'a> {
    mailer: &'a Mailer,
    connection: AsyncSmtpConnection,
}

impl<'a> Session<'a> {
    /// Connects, encrypts, greets.
    async fn open(mailer: &'a Mailer) -> Result<Self, Problem> {
        let stream = connect(mailer).await?;
        let name = ClientId::default();
        let greet = AsyncSmtpConnection::connect_with_transport(stream, &name);
        let connection = mailer.step("after connecting", greet).await?;
        let mut session = Self { mailer, connection };
        session.encrypt(&name).await?;
        Ok(session)
    }

    async fn encrypt(&mut self, name: &ClientId) -> Result<(), Problem> {
        let is_wanted = match self.mailer.encryption {
            Encryption::Implicit | Encryption::None => return Ok(()),
            Encryption::Starttls => true,
            Encryption::Optional => false,
        };
        let Some(trust) = &self.mailer.trust else {
            return Ok(());
        };
        match (self.connection.can_starttls(), is_wanted) {
            (true, _) => {
                let upgrade = self.connection.starttls(trust.upgrade.clone(), name);
                self.mailer.step("while encrypting", upgrade).await
            }
            (false, true) => Err(Problem::NoEncryption),
            (false, false) if self.mailer.login.is_some() => Err(Problem::ClearPassword),
            (false, false) => Ok(()),
        }
    }

    async fn sign_in(&mut self) -> Result<(), Problem> {
        let Some(login) = &self.mailer.login else {
            return Ok(());
        };
        let signing = self.connection.auth(DEFAULT_MECHANISMS, &login.credentials);
        let signed = self.mailer.step("while signing in", signing).await;
        if let Err(Problem::Refused(said) | Problem::Odd(said)) = signed {
            return Err(Problem::SignIn(said));
        }
        signed.map(drop)
    }

    /// Everybody whom the server takes the mail for gets it; who is left is told of.
    async fn hand_over(&mut self, mail: &Mail) -> Result<(), Problem> {
        let server = self.connection.server_info();
        let mut options = vec![];
        if mail.needs_utf8 {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                let why = "it takes no addresses that are not ASCII";
                return Err(Problem::Refused(why.to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let sender = commands::Mail::new(Some(mail.from.clone()), options);
        self.say("while naming the sender", sender).await?;
        let mut refused = vec![];
        for (i, address) in mail.to.iter().enumerate() {
            let recipient = commands::Rcpt::new(address.clone(), vec![]);
            let answer = self.say("while naming a recipient", recipient).await;
            let is_final = matches!(answer, Err(Problem::Refused(_)));
            if let Err(Problem::Refused(said) | Problem::Busy { said, .. }) = answer {
                let place = i + 1;
                refused.push(Turned {
                    place,
                    said,
                    is_final,
                });
                continue;
            }
            answer?;
        }
        if refused.len() < mail.to.len() {
            self.say("while announcing the mail", commands::Data)
                .await?;
            let content = self.connection.message(&mail.content);
            self.mailer.step("while taking the mail", content).await?;
        }
        verdict(&refused, mail.to.len())
    }

    async fn say(
        &mut self,
        step: &'static str,
        command: impl std::fmt::Display,
    ) -> Result<(), Problem> {
        let answer = self.connection.command(command);
        self.mailer.step(step, answer).await.map(drop)
    }
}

/// A recipient that the server would not take.
struct Turned {
    place: usize,
    said: String,
    is_final: bool,
}

/// What it means that these were not taken, out of so many. One that may be taken later speaks for all.
fn verdict(refused: &[Turned], of: usize) -> Result<(), Problem> {
    let passing = refused.iter().find(|one| !one.is_final);
    let Some(speaker) = passing.or(refused.first()) else {
        return Ok(());
    };
    let (said, is_final) = (speaker.said.clone(), speaker.is_final);
    Err(match (refused.len() < of, is_final) {
        (true, _) => Problem::SomeRefused {
            refused: refused.iter().map(|one| one.place).collect(),
            of,
            said,
            is_final,
        },
        (false, true) => Problem::Refused(said),
        (false, false) => Problem::Busy { said, wait: None },
    })
}

async fn connect(mailer: &Mailer) -> Result<Box<dyn AsyncTokioStream>, Problem> {
    let address = (mailer.host.as_str(), mailer.port);
    let connecting = tokio::time::timeout(mailer.timeout, TcpStream::connect(address));
    let unreachable = |e: io::Error| Problem::Unreachable(e.to_string());
    let stream = match connecting.await {
        Ok(connected) => connected.map_err(unreachable)?,
        Err(_) => return Err(mailer.silent("when asked for a connection")),
    };
    let peer = stream.peer_addr().map_err(unreachable)?;
    let stream = Bounded::new(stream, peer);
    let (Encryption::Implicit, Some(trust)) = (mailer.encryption, &mailer.trust) else {
        return Ok(Box::new(stream));
    };
    let connector = TlsConnector::from(trust.implicit.clone());
    let shaking = connector.connect(trust.name.clone(), stream);
    match tokio::time::timeout(mailer.timeout, shaking).await {
        Ok(Ok(encrypted)) => Ok(Box::new(Bounded::new(encrypted, peer))),
        Ok(Err(e)) => Err(mailer.untold("while encrypting", &e)),
        Err(_) => Err(mailer.silent("while encrypting")),
    }
}

impl Mailer {
    /// Waits for one step, for as long as a step may take.
    async fn step<T>(
        &self,
        step: &'static str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Problem> {
        match tokio::time::timeout(self.timeout, work).await {
            Ok(done) => done.map_err(|e| self.problem(step, &e)),
            Err(_) => Err(self.silent(step)),
        }
    }

    fn silent(&self, step: &'static str) -> Problem {
        Problem::Silent {
            step,
            after: self.timeout,
        }
    }

    fn problem(&self, step: &'static str, error: &Error) -> Problem {
        let Some(code) = error.status() else {
            return match error.is_client() {
                true => Problem::Odd(self.said(&deepest(error))),
                false => self.untold(step, error),
            };
        };
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        let said = self.said(&format!("{code} {words}"));
        match error.is_permanent() {
            true => Problem::Refused(said),
            false => Problem::Busy { said, wait: None },
        }
    }

    /// What went wrong when the server did not say so itself.
    fn untold(&self, step: &'static str, error: &(dyn StdError + 'static)) -> Problem {
        if let Some(doubt) = tls::doubt(error) {
            return Problem::Untrusted(doubt.explain("ca_file"));
        }
        let cause = self.said(&deepest(error));
        let is_odd = error
            .downcast_ref::<Error>()
            .is_some_and(Error::is_response);
        match is_odd && cause != INCOMPLETE {
            true => Problem::Odd(cause),
            false => Problem::Broken { step, cause },
        }
    }

    /// Without the password, in whatever form it was sent, and without anybody's address.
    fn said(&self, text: &str) -> String {
        let mut secrets: Vec<String> = self.to.iter().map(|to| to.email.to_string()).collect();
        if let Some(login) = &self.login {
            let password = login.password.expose();
            secrets.push(password.clone());
            secrets.push(BASE64_STANDARD.encode(password));
        }
        error::said(text, &secrets)
    }
}

/// How lettre calls an answer that ends before it is whole.
const INCOMPLETE: &str = "incomplete response";

fn deepest(error: &(dyn StdError + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
