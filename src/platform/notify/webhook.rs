//! A program that is sent what Alertmanager would send it, signed.
use super::{
    Problem, Site,
    http::{Endpoint, Target},
    settings::{Wrong, nothing, patience, secret, told},
    wire,
};
use crate::{base::secret::Secret, engines::alerting::Notification};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{path::PathBuf, time::Duration};

/// When the request was signed, in seconds since 1970.
const TIMESTAMP: HeaderName = HeaderName::from_static("x-flashfit-timestamp");
/// `v1=` and the HMAC-SHA256, in hexadecimal, of that number, a full stop and the body.
const SIGNATURE: HeaderName = HeaderName::from_static("x-flashfit-signature");

/// A receiver of kind `webhook`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to; part of it may be secret.
    #[serde(deserialize_with = "secret")]
    pub url: Secret<String>,
    /// Both sides know it; with it requests are signed. Empty means that they are not.
    #[serde(default = "nothing", deserialize_with = "secret")]
    pub secret: Secret<String>,
    /// A file that holds it instead.
    #[serde(default)]
    pub secret_file: PathBuf,
    /// Sent as `Authorization`; empty means that nothing is.
    #[serde(default = "nothing", deserialize_with = "secret")]
    pub authorization: Secret<String>,
    /// A file that holds it instead.
    #[serde(default)]
    pub authorization_file: PathBuf,
    /// Certificates in PEM form that are believed beside the system's.
    #[serde(default)]
    pub ca_file: PathBuf,
    /// How long the program may take to answer.
    #[serde(default = "patience", with = "humantime_serde")]
    pub timeout: Duration,
    /// The most alerts in one request; 0 means all.
    #[serde(default)]
    pub max_alerts: usize,
}

/// Sends to one program.
#[derive(Debug)]
pub(super) struct Webhook {
    endpoint: Endpoint,
    secret: Option<Secret<String>>,
    max_alerts: usize,
}

impl Webhook {
    pub(super) fn new(settings: &Settings) -> Result<Self, Wrong> {
        let target = Target {
            url: &settings.url,
            authorization: &settings.authorization,
            authorization_file: &settings.authorization_file,
            ca_file: &settings.ca_file,
            timeout: settings.timeout,
        };
        Ok(Self {
            endpoint: Endpoint::new(&target, "")?,
            secret: told("secret", &settings.secret, &settings.secret_file)?,
            max_alerts: settings.max_alerts,
        })
    }

    pub(super) fn place(&self) -> String {
        self.endpoint.place()
    }

    pub(super) async fn reach(&self) -> Result<String, Problem> {
        self.endpoint.reach().await
    }

    pub(super) async fn send(
        &self,
        message: &Notification,
        site: &Site,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let body = wire::message(message, site, self.max_alerts).to_string();
        let headers = self.signed(now.timestamp(), &body);
        self.endpoint.post(body.into_bytes(), headers).await
    }

    fn signed(&self, timestamp: i64, body: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        // A secret of any length is a key.
        let key = self
            .secret
            .as_ref()
            .and_then(|secret| Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok());
        let Some(mut mac) = key else { return headers };
        mac.update(format!("{timestamp}.{body}").as_bytes());
        let code = mac.finalize().into_bytes();
        let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        if let Ok(value) = HeaderValue::from_str(&format!("v1={hex}")) {
            headers.insert(TIMESTAMP, HeaderValue::from(timestamp));
            headers.insert(SIGNATURE, value);
        }
        headers
    }
}
