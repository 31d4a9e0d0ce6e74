//! Where people open FlashFit, for links.
use super::SettingsError;
use crate::engines::{alerting::Notification, promql::Labels};
use reqwest::Url;

/// The annotation that links to what to do.
const RUNBOOK: &str = "runbook_url";

/// An address that people can open, or none.
#[derive(Debug, Clone, Default)]
pub struct Site(Option<Url>);

impl Site {
    /// Reads an address; empty means that there is none.
    ///
    /// # Errors
    /// When it is not one of HTTP.
    pub fn new(base_url: &str) -> Result<Self, SettingsError> {
        if base_url.is_empty() {
            return Ok(Self(None));
        }
        match Url::parse(&format!("{}/", base_url.trim_end_matches('/'))) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Self(Some(url))),
            Ok(_) | Err(_) => Err(SettingsError {
                key: "base_url".to_owned(),
                problem: format!("{base_url:?} is not an http:// or https:// address"),
            }),
        }
    }

    /// The address itself, without a slash at its end.
    #[must_use]
    pub fn home(&self) -> Option<String> {
        let url = self.0.as_ref()?;
        Some(url.as_str().trim_end_matches('/').to_owned())
    }

    /// The page with the alerts.
    #[must_use]
    pub fn alerts(&self) -> Option<String> {
        self.below("app/alerts")
    }

    /// The page where somebody who brings this secret chooses a new password. It stands behind the `#`: what does is
    /// sent to no server, and is in no log.
    #[must_use]
    pub fn reset(&self, secret: &str) -> Option<String> {
        self.below(&format!("app/reset#token={secret}"))
    }

    /// The page where one asks for a new password.
    #[must_use]
    pub fn forgot(&self) -> Option<String> {
        self.below("app/forgot")
    }

    /// The message with runbooks that can be opened: rules write what is in FlashFit itself as `/runbook#name`, which
    /// is below the address. Without an address such a link leads nowhere, and is left out.
    #[must_use]
    pub(super) fn with_runbooks(&self, message: &Notification) -> Notification {
        let mut message = message.clone();
        for alert in &mut message.alerts {
            let Some(path) = alert.annotations.get(RUNBOOK).strip_prefix('/') else {
                continue;
            };
            let link = self.below(path);
            let others = alert
                .annotations
                .iter()
                .filter(|(name, _)| *name != RUNBOOK);
            let link = link.as_deref().map(|link| (RUNBOOK, link));
            alert.annotations = Labels::new(others.chain(link));
        }
        message
    }

    /// A path that does not begin with a slash, below the address.
    fn below(&self, path: &str) -> Option<String> {
        let url = self.0.as_ref()?.join(path).ok()?;
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::alerting::{ALERT_NAME, Alert, State};

    #[test]
    fn runbooks_of_our_own_are_below_the_address_and_others_stay() {
        let runbook = |base: &str, link: &str| {
            let alert = Alert {
                labels: Labels::new([(ALERT_NAME, "RedisDown")]),
                annotations: Labels::new([("summary", "gone"), (RUNBOOK, link)]),
                state: State::Firing,
                value: 0.0,
                active_at_ms: 0,
                fired_at_ms: Some(0),
                resolved_at_ms: None,
                expression: "redis_up == 0".to_owned(),
            };
            let message = Notification {
                receiver: "mail".to_owned(),
                group_key: "all".to_owned(),
                group_labels: Labels::empty(),
                alerts: vec![alert],
                opened_at_ms: 0,
                made_at_ms: 0,
            };
            let site = Site::new(base).unwrap();
            let told = site.with_runbooks(&message).alerts.remove(0).annotations;
            assert_eq!(told.get("summary"), "gone");
            told.get(RUNBOOK).to_owned()
        };
        let own = "/runbook#redisdown";
        assert_eq!(
            runbook("http://host/wear", own),
            "http://host/wear/runbook#redisdown"
        );
        assert_eq!(runbook("", own), "");
        assert_eq!(
            runbook("http://host", "https://wiki/redis"),
            "https://wiki/redis"
        );
        assert_eq!(
            runbook("http://host", "//evil.example/x"),
            "http://host/evil.example/x"
        );
    }

    #[test]
    fn links_lead_below_the_address() {
        for base in ["https://wear.example.org", "https://wear.example.org/"] {
            let site = Site::new(base).unwrap();
            assert_eq!(site.home().unwrap(), "https://wear.example.org");
            assert_eq!(
                site.alerts().unwrap(),
                "https://wear.example.org/app/alerts"
            );
        }
        let site = Site::new("http://host/wear").unwrap();
        assert_eq!(site.alerts().unwrap(), "http://host/wear/app/alerts");
        assert_eq!(
            site.reset("ffr_x-_").unwrap(),
            "http://host/wear/app/reset#token=ffr_x-_"
        );
        assert_eq!(site.forgot().unwrap(), "http://host/wear/app/forgot");
        assert_eq!(Site::new("").unwrap().alerts(), None);
        for wrong in ["wear.example.org", "javascript:alert(1)"] {
            let error = Site::new(wrong).unwrap_err().to_string();
            assert!(error.contains("notifications.base_url"), "{error}");
        }
    }
}
