//! An Alertmanager, told through its API (v2).
use super::{
    Problem, Site,
    http::{Endpoint, Target},
    settings::{Wrong, nothing, patience, secret},
    wire,
};
use crate::{base::secret::Secret, engines::alerting::Notification};
use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// A receiver of kind `alertmanager`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its address, without `/api/v2`; part of it may be secret.
    #[serde(deserialize_with = "secret")]
    pub url: Secret<String>,
    /// Sent as `Authorization`; empty means that nothing is.
    #[serde(default = "nothing", deserialize_with = "secret")]
    pub authorization: Secret<String>,
    /// A file that holds it instead.
    #[serde(default)]
    pub authorization_file: PathBuf,
    /// Certificates in PEM form that are believed beside the system's.
    #[serde(default)]
    pub ca_file: PathBuf,
    /// How long it may take to answer.
    #[serde(default = "patience", with = "humantime_serde")]
    pub timeout: Duration,
    /// How long it goes on believing that an alert fires when it hears no more of it.
    #[serde(default = "hold", with = "humantime_serde")]
    pub hold: Duration,
}

fn hold() -> Duration {
    Duration::from_secs(600)
}

/// Tells one Alertmanager.
#[derive(Debug)]
pub(super) struct Alertmanager {
    endpoint: Endpoint,
    hold: Duration,
}

impl Alertmanager {
    pub(super) fn new(settings: &Settings) -> Result<Self, Wrong> {
        let target = Target {
            url: &settings.url,
            authorization: &settings.authorization,
            authorization_file: &settings.authorization_file,
            ca_file: &settings.ca_file,
            timeout: settings.timeout,
        };
        Ok(Self {
            endpoint: Endpoint::new(&target, "/api/v2/alerts")?,
            hold: settings.hold,
        })
    }

    pub(super) fn place(&self) -> String {
        self.endpoint.place()
    }

    pub(super) fn hold(&self) -> Duration {
        self.hold
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
        let body = wire::alerts(message, site, now.timestamp_millis(), self.hold);
        let body = body.to_string().into_bytes();
        self.endpoint.post(body, HeaderMap::new()).await
    }
}
