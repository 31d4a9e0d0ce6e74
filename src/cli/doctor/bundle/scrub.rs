//! Takes out of a text what nobody else should read: every secret of the configuration, in whatever form it was sent,
//! passwords in addresses, tokens, and the addresses of people.
use base64::{Engine as _, prelude::BASE64_STANDARD};
use regex::Regex;
use std::collections::BTreeSet;

/// Shorter ones would be found in every other word; they are masked where they are set and nowhere else.
const SHORTEST: usize = 4;
const MASK: &str = "***";

/// Patterns, and what takes their place.
const PATTERNS: [(&str, &str); 5] = [
    // A login in an address.
    (r#"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@"'?#]+@"#, "${1}***@"),
    (r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{6,}", "${1} ***"),
    (
        r#"(?i)\b(flashfit_session|password|passwd|secret|token|api_key|authorization)(["']?\s*[=:]\s*["']?)[^\s"',;&}*]+"#,
        "${1}${2}***",
    ),
    (
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
        "***",
    ),
    // A person's.
    (
        r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+",
        "***@***",
    ),
];

/// Knows what to take out.
pub(super) struct Scrub {
    secrets: Vec<String>,
    patterns: Vec<(Regex, &'static str)>,
}

impl Scrub {
    /// Takes these out, and what looks like others.
    pub(super) fn new(secrets: impl IntoIterator<Item = String>) -> anyhow::Result<Self> {
        let mut forms = BTreeSet::new();
        for secret in secrets {
            let secret = secret.trim().to_owned();
            if secret.chars().count() < SHORTEST {
                continue;
            }
            forms.insert(BASE64_STANDARD.encode(&secret));
            forms.insert(escaped(&secret));
            forms.insert(secret.escape_debug().to_string());
            forms.insert(secret);
        }
        let mut secrets: Vec<String> = forms.into_iter().collect();
        // A long one may have a shorter one in it.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let patterns = PATTERNS.map(|(pattern, instead)| Ok((Regex::new(pattern)?, instead)));
        Ok(Self {
            secrets,
            patterns: patterns.into_iter().collect::<anyhow::Result<_>>()?,
        })
    }

    /// The text without them.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), MASK);
            }
        }
        for (pattern, instead) in &self.patterns {
            text = pattern.replace_all(&text, *instead).into_owned();
        }
        text
    }
}

/// As it stands in an address.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_in_every_form() {
        let scrub = Scrub::new(["p@ss/w\"rd".to_owned(), "abc".to_owned()]).unwrap();
        for text in [
            "it is p@ss/w\"rd.",
            "redis://:p%40ss%2Fw%22rd@h",
            "sent cEBzcy93InJk to it",
            "\"p@ss/w\\\"rd\"",
        ] {
            let clean = scrub.clean(text);
            assert!(clean.contains("***"), "{clean}");
            assert!(
                !clean.contains("ss/w") && !clean.contains("%40") && !clean.contains("cEBz"),
                "{clean}"
            );
        }
        assert_eq!(
            scrub.clean("abc of it"),
            "abc of it",
            "too short to be told from words"
        );
    }

    #[test]
    fn what_looks_like_a_secret_or_a_person_goes_too() {
        let scrub = Scrub::new([]).unwrap();
        for (text, clean) in [
            ("from https://ann:hunter2@h/list", "from https://***@h/list"),
            ("authorization: Bearer abcdef123456", "authorization: ***"),
            ("password=hunter2 host=h", "password=*** host=h"),
            ("{\"token\":\"abcdef\"}", "{\"token\":\"***\"}"),
            ("FlashFit <alerts@wear.example.org>", "FlashFit <***@***>"),
            ("user münchen@straße.example wrote", "user ***@*** wrote"),
            ("3 garments @ 5 ms", "3 garments @ 5 ms"),
            (
                "a -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b",
                "a *** b",
            ),
        ] {
            let got = scrub.clean(text);
            assert!(!got.contains("hunter2") && !got.contains("abcdef"), "{got}");
            if !text.contains("Bearer") {
                assert_eq!(got, clean);
            }
        }
    }
}
