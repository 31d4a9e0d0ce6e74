//! `[http]`.
use crate::base::{complaints::Complaints, secret::Secret};
use actix_web::http::Uri;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// Where and how requests are accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes any free one.
    pub port: u16,
    /// Worker threads; 0 means one per core.
    pub workers: usize,
    /// JSON bodies larger than this are refused.
    pub json_limit_bytes: usize,
    /// Whether the session cookie is only sent over HTTPS. Switch on behind a proxy with TLS; with TLS of our own it
    /// always is.
    pub secure_cookies: bool,
    /// Other origins whose pages may call the API with credentials.
    pub cors_origins: Vec<String>,
    /// For how long a server that shall stop goes on serving, while it has a proxy ask others; zero: not at all.
    #[serde(with = "humantime_serde")]
    pub step_aside: Duration,
    /// How long running requests may take to finish when the server stops.
    #[serde(with = "humantime_serde")]
    pub shutdown_timeout: Duration,
    /// Requests per minute and client address at the sign-in routes; 0 switches the limit off.
    pub login_rate_per_minute: u32,
    /// Requests per minute and person everywhere else; 0 switches the limit off.
    pub rate_per_minute: u32,
    /// Whether `X-Forwarded-For` of a proxy in front is believed.
    pub trust_proxy: bool,
    /// How long a client may take for the head of a request.
    #[serde(with = "humantime_serde")]
    pub header_timeout: Duration,
    /// How long a client may send nothing of a body, or take nothing of an answer.
    #[serde(with = "humantime_serde")]
    pub body_timeout: Duration,
    /// How long a connection may be idle between two requests.
    #[serde(with = "humantime_serde")]
    pub keep_alive: Duration,
    /// Heads of requests larger than this are refused.
    pub header_limit_bytes: usize,
    /// Connections at most; others wait.
    pub max_connections: usize,
    /// Address and port of a listener for `/metrics` and `/docs` alone; empty: they are beside the API.
    pub internal_listen: String,
    /// What `/metrics` and `/docs` ask for; empty: nothing.
    pub metrics_token: Secret<String>,
    /// TLS in this process.
    pub tls: TlsSettings,
}

/// TLS in this process, instead of in a proxy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// The server's certificate and the chain behind it, in PEM; empty: no TLS here.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// A port whose plain HTTP is answered with a redirect to HTTPS; 0: nothing listens.
    pub redirect_port: u16,
    /// For how long browsers shall insist on HTTPS once they have been here; zero: they are not told.
    #[serde(with = "humantime_serde")]
    pub hsts_max_age: Duration,
}

impl Settings {
    /// Whether this process speaks TLS itself.
    #[must_use]
    pub fn speaks_tls(&self) -> bool {
        !self.tls.certificate.as_os_str().is_empty()
    }

    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("http");
        found.unless(!self.host.trim().is_empty(), "host", "it is empty");
        found.unless(
            self.json_limit_bytes > 0,
            "json_limit_bytes",
            "0 would refuse every body",
        );
        for origin in &self.cors_origins {
            found.unless(
                is_origin(origin),
                "cors_origins",
                format!(
                    "{origin:?} is no origin: expected scheme, host and, if it is not the usual one, port, as in \
                     \"https://wear.example.org\""
                ),
            );
        }
        let redirect = self.tls.redirect_port;
        found.unless(
            redirect == 0 || redirect != self.port,
            "tls.redirect_port",
            format!("{redirect} is http.port: plain HTTP needs a port of its own"),
        );
        found.into_lines()
    }

    /// How addresses of this process begin.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.speaks_tls() { "https" } else { "http" }
    }

    /// Whether the session cookie is kept to HTTPS.
    #[must_use]
    pub fn keeps_cookies_secure(&self) -> bool {
        self.secure_cookies || self.speaks_tls()
    }
}

/// Whether browsers would say it in `Origin`.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    let is_bare = !authority.as_str().contains('@') && !text.ends_with('/');
    is_bare && uri.query().is_none() && matches!(uri.path(), "" | "/")
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn origins_have_no_path_and_no_star() {
        for right in [
            "https://wear.example.org",
            "http://127.0.0.1:5173",
            "http://[::1]:80",
        ] {
            assert!(is_origin(right), "{right}");
        }
        for wrong in [
            "*",
            "wear.example.org",
            "https://h/",
            "https://h/app",
            "ftp://h",
            "https://a@h",
            "",
        ] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
