//! Settings that are right one by one and do not go together.
use crate::app::Settings;
use std::net::IpAddr;

/// What does not go together, in lines that begin with the key to change.
pub(super) fn complaints(settings: &Settings) -> Vec<String> {
    let http = &settings.http;
    let (speaks_tls, behind_proxy) = (http.speaks_tls(), http.trust_proxy);
    let base_url = settings.notifications.base_url.as_str();
    let is_open = http.host.parse().is_ok_and(|ip: IpAddr| !ip.is_loopback());
    let rules = [
        (
            http.secure_cookies && !speaks_tls && !behind_proxy,
            "http.secure_cookies: browsers send the cookie over HTTPS alone and nothing here speaks it, so that signing \
             in does not last; set http.tls, or http.trust_proxy where a proxy with TLS is in front",
        ),
        (
            !http.keeps_cookies_secure() && base_url.starts_with("https://"),
            "http.secure_cookies: people come over HTTPS, as notifications.base_url says, but the cookie may travel \
             without; true",
        ),
        (
            http.tls.redirect_port != 0 && !speaks_tls,
            "http.tls.redirect_port: it has no effect without http.tls.certificate",
        ),
        (
            behind_proxy && speaks_tls && is_open,
            "http.trust_proxy: with TLS of its own this server can be reached directly, and whoever comes may write \
             X-Forwarded-For and have limits of their own; false, unless nobody but the proxy reaches it",
        ),
        (
            speaks_tls && base_url.starts_with("http://"),
            "notifications.base_url: it begins with http://, but this server speaks HTTPS",
        ),
        (
            settings.notifications.mail.is_set() && base_url.is_empty(),
            "notifications.base_url: without it a letter has no address to send people to, and nobody gets a new \
             password by mail",
        ),
        (
            is_open && !speaks_tls && !behind_proxy,
            "http.host: whoever reaches this machine reaches FlashFit over plain HTTP, passwords included; 127.0.0.1 \
             and a proxy in front, or http.tls",
        ),
    ];
    let broken = rules.iter().filter(|(is_broken, _)| *is_broken);
    broken.map(|(_, line)| (*line).to_owned()).collect()
}
