//! What a server says to one request, read with suspicion.
use super::{Error, Url, error::Trouble};
use crate::platform::tls;
use bytes::Bytes;
use reqwest::{Response, StatusCode, header};
use std::{error::Error as _, time::Duration};

/// How pages for people begin; no file of a pack does.
const PAGES: [&[u8]; 2] = [b"<!doctype html", b"<html"];

/// An answer that holds the file, or the rest of it.
pub(super) struct Answer {
    url: String,
    response: Response,
    read: u64,
}

impl Answer {
    /// Sorts what came: an answer, trouble that may pass, trouble that stays.
    pub(super) fn of(
        url: &Url,
        from: u64,
        sent: reqwest::Result<Response>,
    ) -> Result<Self, Trouble> {
        let url = super::shown(url);
        let response = match sent {
            Ok(response) => response,
            Err(error) => return Err(broken(&url, &error)),
        };
        let status = response.status();
        let is_whole = status == StatusCode::OK || status == StatusCode::PARTIAL_CONTENT;
        let is_past_the_end = status == StatusCode::RANGE_NOT_SATISFIABLE && from > 0;
        if !is_whole && !is_past_the_end {
            return Err(refused(url, status, wait_of(&response)));
        }
        let answer = Self {
            url,
            response,
            read: 0,
        };
        match is_whole && answer.is_page() {
            true => Err(Error::Html { url: answer.url }.into()),
            false => Ok(answer),
        }
    }

    /// Bytes of this answer's body, where the server says.
    pub(super) fn length(&self) -> Option<u64> {
        let length = self.response.headers().get(header::CONTENT_LENGTH)?;
        length.to_str().ok()?.parse().ok()
    }

    /// The place in the file of the first byte that comes: where it was asked for, or the start when the
    /// server knows no ranges; `None` when nothing useful comes.
    pub(super) fn starts_at(&self, asked: u64) -> Option<u64> {
        let status = self.response.status();
        if status == StatusCode::OK {
            return Some(0);
        }
        let range = self.response.headers().get(header::CONTENT_RANGE)?;
        let range = range.to_str().ok()?.strip_prefix("bytes ")?;
        let first = range.split('-').next()?.trim().parse::<u64>().ok()?;
        (status == StatusCode::PARTIAL_CONTENT && first == asked).then_some(first)
    }

    /// The next bytes; `have` came before, `limit` are the most there may be.
    pub(super) async fn piece(&mut self, have: u64, limit: u64) -> Result<Option<Bytes>, Trouble> {
        let piece = self.response.chunk().await;
        let Some(piece) = piece.map_err(|e| broken(&self.url, &e))? else {
            return Ok(None);
        };
        if self.read == 0 && have == 0 && begins_as_page(&piece) {
            return Err(Error::Html {
                url: self.url.clone(),
            }
            .into());
        }
        self.read += piece.len() as u64;
        match have + piece.len() as u64 > limit {
            true => Err(self.too_large(limit).into()),
            false => Ok(Some(piece)),
        }
    }

    pub(super) fn too_large(&self, limit: u64) -> Error {
        Error::TooLarge {
            url: self.url.clone(),
            limit,
        }
    }

    fn is_page(&self) -> bool {
        let kind = self.response.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok());
        kind.is_some_and(|kind| kind.trim_start().starts_with("text/html"))
    }
}

fn begins_as_page(piece: &[u8]) -> bool {
    let text = piece.trim_ascii_start();
    PAGES.iter().any(|page| {
        let start = text.get(..page.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(page))
    })
}

fn refused(url: String, status: StatusCode, wait: Option<Duration>) -> Trouble {
    let code = status.as_u16();
    match code {
        404 | 410 => Trouble::Final(Error::Missing { url, status: code }),
        408 | 425 | 429 | 500 | 502..=504 | 507..=599 => {
            Trouble::Passing(Error::Server { url, status: code }, wait)
        }
        _ => Trouble::Final(Error::Refused { url, status: code }),
    }
}

/// When the server wants to be asked again; dates are not read.
fn wait_of(response: &Response) -> Option<Duration> {
    let wait = response.headers().get(header::RETRY_AFTER)?;
    wait.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

fn broken(url: &str, error: &reqwest::Error) -> Trouble {
    if let Some(doubt) = tls::doubt(error) {
        let (url, problem) = (url.to_owned(), doubt.explain("models.ca_file"));
        return Error::Untrusted { url, problem }.into();
    }
    let error_of = Error::Interrupted {
        url: url.to_owned(),
        problem: causes(error),
    };
    match error.is_redirect() || error.is_builder() {
        true => Trouble::Final(error_of),
        false => Trouble::Passing(error_of, None),
    }
}

/// What happened, without the address, which is named already.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut said = match error {
        e if e.is_timeout() => "the server says nothing any more".to_owned(),
        e if e.is_builder() => "the client cannot be made".to_owned(),
        e if e.is_connect() => "no connection".to_owned(),
        _ => "the connection broke".to_owned(),
    };
    let mut deepest = error.source();
    while let Some(next) = deepest.and_then(|e| e.source()) {
        deepest = Some(next);
    }
    if let Some(cause) = deepest {
        said += &format!(" ({cause})");
    }
    said
}
