//! The certificate of a server that speaks TLS itself: sound, long enough, for the right names.
use super::finding::Finding;
use crate::{app::Settings, base::clock::Clock, platform::tls::ServerCertificate};
use reqwest::Url;

const CHECK: &str = "certificate";
/// Somebody should see to the renewal when less is left.
const SOON_DAYS: i64 = 21;

/// Nothing where another program speaks TLS.
pub(super) fn look(settings: &Settings) -> Option<Finding> {
    let tls = &settings.http.tls;
    if !settings.http.speaks_tls() && tls.key.as_os_str().is_empty() {
        return None;
    }
    let now = Clock::system().now();
    let loaded = ServerCertificate::load(&tls.certificate, &tls.key, now);
    let certificate = match loaded {
        Ok(certificate) => certificate,
        Err(error) => {
            let advice =
                "a server that starts now would refuse it, and one that runs keeps the one before";
            return Some(Finding::fail(CHECK, error).advise(advice));
        }
    };
    let until = certificate.not_after();
    let days = (until - now).num_days();
    if let Some(host) = public_host(settings).filter(|host| !certificate.is_for(host)) {
        let what =
            format!("it does not name {host}, where people open FlashFit (notifications.base_url)");
        return Some(Finding::warn(CHECK, what).advise("get one for that name"));
    }
    let what = format!("it fits its key and is valid until {until}, for {days} days");
    Some(match days < SOON_DAYS {
        true => Finding::warn(CHECK, what).advise("renew it"),
        false => Finding::ok(CHECK, what),
    })
}

/// The name by which people open FlashFit, if it is known.
fn public_host(settings: &Settings) -> Option<String> {
    let url = Url::parse(&settings.notifications.base_url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    Some(host.to_owned())
}
