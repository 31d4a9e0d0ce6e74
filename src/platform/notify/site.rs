//! Where people open FlashFit, for links.
use super::SettingsError;
use reqwest::Url;

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
        let url = self.0.as_ref()?.join("app/alerts").ok()?;
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(Site::new("").unwrap().alerts(), None);
        for wrong in ["wear.example.org", "javascript:alert(1)"] {
            let error = Site::new(wrong).unwrap_err().to_string();
            assert!(error.contains("notifications.base_url"), "{error}");
        }
    }
}
