//! One POST to a server that is not trusted to be well: bounded in time and size, never led elsewhere.
use super::{
    error::{Problem, said},
    settings::{Wrong, given, told},
};
use crate::{base::secret::Secret, platform::tls};
use reqwest::{
    Certificate, Client, Response, Url,
    header::{self, HeaderMap, HeaderValue},
    redirect,
};
use std::{error::Error as _, path::Path, time::Duration};
use tokio::net::TcpStream;

/// So much of an answer is read, for its first line.
const MOST_READ_BYTES: usize = 4096;
/// No server is left alone for longer because it says so.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// What receivers over HTTP have in common in their settings.
pub(super) struct Target<'a> {
    pub(super) url: &'a Secret<String>,
    pub(super) authorization: &'a Secret<String>,
    pub(super) authorization_file: &'a Path,
    pub(super) ca_file: &'a Path,
    pub(super) timeout: Duration,
}

/// Where messages go.
#[derive(Debug)]
pub(super) struct Endpoint {
    client: Client,
    url: Url,
    authorization: Option<HeaderValue>,
    timeout: Duration,
    secrets: Vec<String>,
}

impl Endpoint {
    /// Reads the settings; `path` is appended to the address.
    pub(super) fn new(target: &Target<'_>, path: &str) -> Result<Self, Wrong> {
        let url = address(target.url.expose(), path)?;
        let key = "authorization";
        let shown = told(key, target.authorization, target.authorization_file)?;
        let mut secrets: Vec<String> = url.password().map(str::to_owned).into_iter().collect();
        // Some addresses are as good as a password, and servers like to repeat what they were asked for.
        secrets.extend((url.path().len() > 1).then(|| url.path().to_owned()));
        let mut authorization = None;
        if let Some(shown) = shown {
            let value = HeaderValue::from_str(shown.expose());
            let mut value = value.map_err(|e| Wrong(key, e.to_string()))?;
            value.set_sensitive(true);
            authorization = Some(value);
            let last = shown.expose().split_whitespace().next_back();
            secrets.extend(last.map(str::to_owned));
        }
        Ok(Self {
            client: client(target)?,
            url,
            authorization,
            timeout: target.timeout,
            secrets,
        })
    }

    /// The server, without anything secret.
    pub(super) fn place(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Whether anybody listens there; nothing is asked.
    pub(super) async fn reach(&self) -> Result<String, Problem> {
        let host = self.url.host_str().unwrap_or_default();
        let host = host.trim_matches(['[', ']']);
        let port = self.url.port_or_known_default().unwrap_or(80);
        let connecting = tokio::time::timeout(self.timeout, TcpStream::connect((host, port)));
        match connecting.await {
            Ok(Ok(_)) => Ok("takes connections".to_owned()),
            Ok(Err(error)) => Err(Problem::Unreachable(error.to_string())),
            Err(_late) => Err(Problem::Silent {
                step: "when asked for a connection",
                after: self.timeout,
            }),
        }
    }

    /// Sends `body` once.
    pub(super) async fn post(&self, body: Vec<u8>, more: HeaderMap) -> Result<(), Problem> {
        let mut request = self
            .client
            .post(self.url.clone())
            .headers(more)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(shown) = &self.authorization {
            request = request.header(header::AUTHORIZATION, shown.clone());
        }
        let answer = request.send().await;
        let answer = answer.map_err(|error| self.broken(&error))?;
        // What follows a yes is of no interest, and may never end.
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(self.refusal(answer).await),
        }
    }

    async fn refusal(&self, answer: Response) -> Problem {
        let (status, wait) = (answer.status(), wait_of(&answer));
        let code = status.as_u16();
        match code {
            300..=399 => return Problem::Redirected(code),
            404 | 410 => return Problem::Missing(code),
            _ => (),
        }
        let words = said(&start_of(answer).await, &self.secrets);
        let said = match words.is_empty() {
            true => status.to_string(),
            false => format!("{status}: {words}"),
        };
        match code {
            401 | 403 | 407 => Problem::SignIn(said),
            408 | 421 | 425 | 429 | 500..=599 => Problem::Busy { said, wait },
            400..=499 => Problem::Refused(said),
            _ => Problem::Odd(said),
        }
    }

    fn broken(&self, error: &reqwest::Error) -> Problem {
        if let Some(doubt) = tls::doubt(error) {
            return Problem::Untrusted(doubt.explain("ca_file"));
        }
        let mut deepest: &dyn std::error::Error = error;
        while let Some(next) = deepest.source() {
            deepest = next;
        }
        // The outermost one names the address, which may be secret.
        let cause = match error.source() {
            Some(_) => deepest.to_string(),
            None => "no more is known".to_owned(),
        };
        let cause = said(&cause, &self.secrets);
        match error {
            e if e.is_timeout() => Problem::Silent {
                step: "to the request",
                after: self.timeout,
            },
            e if e.is_connect() => Problem::Unreachable(cause),
            _ => Problem::Broken {
                step: "during the request",
                cause,
            },
        }
    }
}

fn address(text: &str, path: &str) -> Result<Url, Wrong> {
    // The text itself is not repeated: it may hold a password.
    let wrong = |why: &str| Wrong("url", why.to_owned());
    let url = match path {
        "" => Url::parse(text),
        path => Url::parse(&format!("{}{path}", text.trim_end_matches('/'))),
    };
    let url = url.map_err(|e| wrong(&e.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(wrong("this is not an http:// or https:// address")),
    }
}

fn client(target: &Target<'_>) -> Result<Client, Wrong> {
    tls::use_ring();
    let wrong = |e: String| Wrong("ca_file", e);
    let own = given(target.ca_file).map(tls::certificates).transpose();
    let own = own.map_err(wrong)?.unwrap_or_default();
    let own: reqwest::Result<Vec<Certificate>> =
        own.iter().map(|one| Certificate::from_der(one)).collect();
    Client::builder()
        .user_agent(concat!("flashfit/", env!("CARGO_PKG_VERSION")))
        .timeout(target.timeout)
        .redirect(redirect::Policy::none())
        .tls_certs_merge(own.map_err(|e| wrong(e.to_string()))?)
        .build()
        .map_err(|e| wrong(format!("TLS cannot be spoken: {e}")))
}

/// The beginning of what a server says; whatever goes wrong then does not matter any more.
async fn start_of(mut answer: Response) -> String {
    let mut read = vec![];
    while read.len() < MOST_READ_BYTES {
        let Ok(Some(piece)) = answer.chunk().await else {
            break;
        };
        read.extend(piece.into_iter().take(MOST_READ_BYTES - read.len()));
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// When the server wants to be asked again; dates are not read.
fn wait_of(answer: &Response) -> Option<Duration> {
    let wait = answer.headers().get(header::RETRY_AFTER)?;
    let wait = wait.to_str().ok()?.parse().ok().map(Duration::from_secs)?;
    Some(wait.min(LONGEST_WAIT))
}
