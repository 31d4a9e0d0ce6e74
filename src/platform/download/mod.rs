//! Files from an HTTP server onto the disk: resumed where they stopped, bounded, checked, never half there.
mod answer;
mod error;

pub use error::Error;
pub use reqwest::Url;

use super::{disk, tasks, tls};
use answer::Answer;
use error::Trouble;
use fs_err::tokio as fs;
use reqwest::{Certificate, Method, header, redirect};
use sha2::{Digest as _, Sha256};
use std::{
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::io::AsyncWriteExt as _;

/// A file that keeps coming in pieces is given up after so many of them.
const MOST_PIECES: u32 = 200;
/// No server is waited for longer than this before it is asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 5;

/// How much is put up with.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection, and between two pieces of an answer.
    pub silence: Duration,
    /// Times in a row that nothing comes.
    pub attempts: u32,
    /// Before the second attempt; it doubles with each.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(30),
            attempts: 4,
            pause: Duration::from_secs(1),
        }
    }
}

/// A file to fetch.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it is.
    pub url: Url,
    /// Where it goes; until it is whole it is beside, with `.part` added.
    pub path: PathBuf,
    /// What it must be, in hexadecimal.
    pub sha256: String,
    /// The most bytes it may have.
    pub limit: u64,
}

/// How far a file is: bytes there, and bytes in all where the server says.
pub type Heard<'a> = dyn FnMut(u64, Option<u64>) + Send + 'a;

/// Fetches files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Downloader {
    client: reqwest::Client,
    patience: Patience,
}

/// Reads an address.
///
/// # Errors
/// [`Error::Address`] when it is not one of HTTP.
pub fn address(text: &str) -> Result<Url, Error> {
    let wrong = || Error::Address(text.to_owned());
    let url = Url::parse(text).map_err(|_not_one| wrong())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(wrong()),
    }
}

impl Downloader {
    /// Makes a client that believes whom the system believes, and the authorities in `ca_file`.
    ///
    /// # Errors
    /// [`Error::Authority`], [`Error::Client`].
    pub fn new(patience: Patience, ca_file: Option<&Path>) -> Result<Self, Error> {
        tls::use_ring();
        let own = ca_file.map(authorities).transpose()?;
        let client = reqwest::Client::builder()
            .user_agent(concat!("flashfit/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.silence)
            .read_timeout(patience.silence)
            .redirect(redirect::Policy::custom(follow))
            .tls_certs_merge(own.unwrap_or_default())
            .build()
            .map_err(|e| Error::Client(answer::causes(&e)))?;
        Ok(Self { client, patience })
    }

    /// How many bytes a file has, where the server says so without handing it out.
    ///
    /// # Errors
    /// When the file is not there or the server cannot be reached.
    pub async fn size(&self, url: &Url) -> Result<Option<u64>, Error> {
        let ask = async || {
            let answer = self.ask(Method::HEAD, url, 0).await?;
            Ok(answer.length())
        };
        match self.insist(ask).await {
            // Some servers hand files out and know no HEAD.
            Err(Error::Refused { .. }) => Ok(None),
            told => told,
        }
    }

    /// A small file, into memory.
    ///
    /// # Errors
    /// As [`Downloader::file`].
    pub async fn bytes(&self, url: &Url, limit: u64) -> Result<Vec<u8>, Error> {
        self.insist(async || {
            let mut answer = self.ask(Method::GET, url, 0).await?;
            let mut bytes = vec![];
            while let Some(piece) = answer.piece(bytes.len() as u64, limit).await? {
                bytes.extend_from_slice(&piece);
            }
            Ok(bytes)
        })
        .await
    }

    /// A file onto the disk, from where the last attempt stopped. `heard` is told how far it is.
    ///
    /// # Errors
    /// [`Error`] names the address; what came until then stays for the next attempt, unless it was wrong.
    pub async fn file(&self, wanted: &Wanted, heard: &mut Heard<'_>) -> Result<(), Error> {
        let part = part_of(&wanted.path);
        let (mut failures, mut is_fresh) = (0, length(&part).await == 0);
        for _ in 0..MOST_PIECES {
            let before = length(&part).await;
            match self.go_on(wanted, &part, heard).await {
                Ok(()) => {
                    let got = sha256(&part).await?;
                    if got.eq_ignore_ascii_case(&wanted.sha256) {
                        return fs::rename(&part, &wanted.path)
                            .await
                            .map_err(|e| disk_error(&part, e));
                    }
                    forget(&part).await?;
                    // What an earlier attempt left may be of another file: once more from the start.
                    if is_fresh {
                        return Err(Error::Checksum {
                            url: shown(&wanted.url),
                            got,
                            expected: wanted.sha256.clone(),
                        });
                    }
                    is_fresh = true;
                }
                Err(Trouble::Final(error)) => {
                    if matches!(error, Error::TooLarge { .. }) {
                        forget(&part).await?;
                    }
                    return Err(error);
                }
                Err(Trouble::Passing(error, wait)) => {
                    let has_grown = length(&part).await > before;
                    failures = if has_grown { 1 } else { failures + 1 };
                    if failures >= self.patience.attempts {
                        return Err(error);
                    }
                    self.rest(failures, wait).await;
                }
            }
        }
        Err(Error::Interrupted {
            url: shown(&wanted.url),
            problem: "the connection broke too often".to_owned(),
        })
    }

    /// One request for what is missing, and its bytes behind those that are there.
    async fn go_on(
        &self,
        wanted: &Wanted,
        part: &Path,
        heard: &mut Heard<'_>,
    ) -> Result<(), Trouble> {
        let have = length(part).await;
        let mut answer = self.ask(Method::GET, &wanted.url, have).await?;
        let Some(mut have) = answer.starts_at(have) else {
            // Nothing is left to come (the checksum will tell), or another place was sent than asked for.
            return Ok(());
        };
        let total = answer.length().map(|rest| have + rest);
        if total.is_some_and(|total| total > wanted.limit) {
            return Err(answer.too_large(wanted.limit).into());
        }
        if let (Some(rest), Some(dir)) = (answer.length(), part.parent()) {
            room_for(rest, dir)?;
        }
        let wrong = |e| Trouble::from(disk_error(part, e));
        let mut file = fs::OpenOptions::new()
            .create(true)
            .write(true)
            .append(have > 0)
            .truncate(have == 0)
            .open(part)
            .await
            .map_err(wrong)?;
        heard(have, total);
        loop {
            let piece = answer.piece(have, wanted.limit).await;
            if !matches!(piece, Ok(Some(_))) {
                // What came is kept, whatever happened then.
                file.flush().await.map_err(wrong)?;
                file.sync_all().await.map_err(wrong)?;
            }
            let Some(piece) = piece? else { return Ok(()) };
            file.write_all(&piece).await.map_err(wrong)?;
            have += piece.len() as u64;
            heard(have, total);
        }
    }

    async fn ask(&self, method: Method, url: &Url, from: u64) -> Result<Answer, Trouble> {
        let mut request = self.client.request(method, url.clone());
        // Bytes are counted and resumed as they are stored.
        request = request.header(header::ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        Answer::of(url, from, request.send().await)
    }

    /// Tries again while trouble may pass.
    async fn insist<T>(&self, ask: impl AsyncFn() -> Result<T, Trouble>) -> Result<T, Error> {
        let mut failures = 0;
        loop {
            match ask().await {
                Ok(told) => return Ok(told),
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Passing(error, wait)) => {
                    failures += 1;
                    if failures >= self.patience.attempts {
                        return Err(error);
                    }
                    self.rest(failures, wait).await;
                }
            }
        }
    }

    async fn rest(&self, failures: u32, asked: Option<Duration>) {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let own = self.patience.pause.saturating_mul(doubled);
        tokio::time::sleep(asked.unwrap_or(own).min(LONGEST_PAUSE)).await;
    }
}

/// Whether `needed` bytes fit where `dir` lies.
///
/// # Errors
/// [`Error::Space`] when they do not.
pub fn room_for(needed: u64, dir: &Path) -> Result<(), Error> {
    let free = disk::free_bytes(dir).map_err(|e| disk_error(dir, e))?;
    if needed <= free {
        return Ok(());
    }
    Err(Error::Space {
        dir: dir.to_owned(),
        needed,
        free,
    })
}

/// An address without what may be secret in it.
#[must_use]
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails for addresses that have no place for it, and so no password.
    let _masked = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

/// Where a file is until it is whole.
#[must_use]
pub fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// [`Error::Disk`].
pub async fn sha256(path: &Path) -> Result<String, Error> {
    let from = path.to_owned();
    let hashed = tasks::blocking(move || {
        let (mut file, mut hash) = (fs_err::File::open(from)?, Sha256::new());
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                read => hash.update(buffer.get(..read).unwrap_or_default()),
            }
        }
        let hex = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(hex)
    })
    .await;
    hashed
        .unwrap_or_else(|e| Err(std::io::Error::other(e)))
        .map_err(|e| disk_error(path, e))
}

/// The operator's own authorities.
fn authorities(path: &Path) -> Result<Vec<Certificate>, Error> {
    let sound = tls::certificates(path).map_err(Error::Authority)?;
    let read = sound.iter().map(|one| Certificate::from_der(one));
    read.collect::<reqwest::Result<_>>()
        .map_err(|e| Error::Authority(format!("{}: {e}", path.display())))
}

/// Whoever began with encryption does not end without.
fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let was_secret = attempt.previous().iter().any(|url| url.scheme() == "https");
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("it leads from one address to another too often")
    } else if was_secret && attempt.url().scheme() != "https" {
        attempt.error("it leads from https to an address without encryption")
    } else {
        attempt.follow()
    }
}

async fn length(path: &Path) -> u64 {
    fs::metadata(path).await.map_or(0, |file| file.len())
}

async fn forget(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(disk_error(path, e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn disk_error(path: &Path, cause: std::io::Error) -> Error {
    Error::Disk {
        path: path.to_owned(),
        cause,
    }
}
