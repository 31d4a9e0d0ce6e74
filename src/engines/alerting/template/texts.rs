//! What functions make of texts alone.

/// Each word with a capital at its beginning.
pub(super) fn title(text: &str) -> String {
    let mut out = String::new();
    let mut is_begin = true;
    for c in text.chars() {
        match is_begin {
            true => out.extend(c.to_uppercase()),
            false => out.push(c),
        }
        let is_odd = !c.is_ascii() && !c.is_whitespace();
        let is_within = c.is_alphanumeric() || c == '_' || is_odd;
        is_begin = !is_within;
    }
    out
}

pub(super) fn without_port(text: &str) -> &str {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => match text.rsplit_once(':') {
            Some((host, _)) if !host.contains(':') => host,
            _ => text,
        },
    }
}

pub(super) fn without_domain(text: &str) -> String {
    let host = without_port(text);
    if host.parse::<std::net::IpAddr>().is_ok() {
        return text.to_owned();
    }
    let port = text.strip_prefix(host).unwrap_or_default();
    let name = host.split('.').next().unwrap_or(host);
    format!("{name}{port}")
}
