//! `[alerts]`.
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// Which rules are evaluated, how often, and how what they find is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Rules in Prometheus's format; empty means those in this program.
    pub rules_file: PathBuf,
    /// How often rules are evaluated.
    #[serde(with = "humantime_serde")]
    pub interval: Duration,
    /// The labels on which the alerts of one message agree; `...` means all, so that each alert is told by itself.
    pub group_by: Vec<String>,
    /// How long a new group waits for more alerts before it is told.
    #[serde(with = "humantime_serde")]
    pub group_wait: Duration,
    /// How long what is new in a group that was told waits.
    #[serde(with = "humantime_serde")]
    pub group_interval: Duration,
    /// How long until what still fires is told again; twice as long each time.
    #[serde(with = "humantime_serde")]
    pub repeat_interval: Duration,
    /// How long the history of alerts is kept.
    #[serde(with = "humantime_serde")]
    pub history_keep: Duration,
    /// Who is told of what: the first that matches counts; what none matches is told to all.
    pub routes: Vec<RouteSettings>,
    /// Which alerts are not told while others fire.
    pub inhibitions: Vec<InhibitionSettings>,
}

/// Whom some alerts are told to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// Which alerts, as in `severity="critical"` or `alertname=~"Redis.*"`; all must hold.
    pub matchers: Vec<String>,
    /// The names of the receivers; none means that nobody is told.
    pub receivers: Vec<String>,
}

/// While an alert of `source` fires, those of `target` are not told that agree with it on the labels of `equal`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InhibitionSettings {
    /// Which alerts keep others quiet.
    pub source: Vec<String>,
    /// Which alerts are kept quiet.
    pub target: Vec<String>,
    /// On which labels the two agree; one that both lack is agreed on.
    #[serde(default)]
    pub equal: Vec<String>,
}
