//! What is secret in a value: all of it, and the parts of an address that may turn up alone.
use std::path::Path;

/// A file that holds a secret is short.
const LONGEST: usize = 4096;

/// An address with a password in it: all of it, and the password plain and as it stands there. Nothing where there is
/// none: such an address tells where something is, which whoever helps wants to know.
pub(super) fn of_address(text: &str) -> Vec<String> {
    if !has_password(text) {
        return vec![];
    }
    let mut found = vec![text.to_owned()];
    let url = reqwest::Url::parse(text).ok();
    if let Some(password) = url.as_ref().and_then(|url| url.password()) {
        found.push(password.to_owned());
        found.push(unescaped(password));
    }
    found.extend(pair(text, "password"));
    found
}

/// What is said to a receiver, or where it is: all of it, and the parts that may turn up alone.
pub(super) fn of_receiver(text: &str) -> Vec<String> {
    let mut found = vec![text.to_owned()];
    found.extend(text.split_whitespace().last().map(str::to_owned));
    if let Ok(url) = reqwest::Url::parse(text) {
        found.extend(url.query().map(str::to_owned));
        found.extend(Some(url.path().to_owned()).filter(|path| path.len() > 1));
    }
    found
}

/// What a file says that holds a secret: all of it, and its first line.
pub(super) fn in_file(path: &Path) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(path) else {
        return vec![];
    };
    if text.len() > LONGEST || text.contains("-----BEGIN CERTIFICATE") {
        return vec![];
    }
    let lines = text.lines().map(str::to_owned);
    lines.chain([text.trim().to_owned()]).collect()
}

/// Whether an address is one with a password in it.
pub(super) fn has_password(text: &str) -> bool {
    let login = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'));
    login.is_some_and(|(login, _)| login.contains(':')) || pair(text, "password").is_some()
}

/// The value of a name in `name='value' other=…`, as Postgres reads such addresses.
fn pair(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let (quoted, mut chars) = match rest.strip_prefix('\'') {
        Some(inner) => (true, inner.chars()),
        None => (false, rest.chars()),
    };
    let mut value = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.extend(chars.next()),
            '\'' if quoted => break,
            c if !quoted && c.is_whitespace() => break,
            c => value.push(c),
        }
    }
    Some(value)
}

fn unescaped(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let code = match (byte, ahead.next(), ahead.next()) {
            (b'%', Some(a), Some(b)) => hex(a).zip(hex(b)).map(|(a, b)| a << 4 | b),
            _ => None,
        };
        match code {
            Some(code) => {
                bytes.push(code);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_found_in_addresses_of_both_kinds() {
        let of = |text: &str| of_address(text);
        assert!(of("postgres://u:p%40ss@h/d").contains(&"p@ss".to_owned()));
        assert!(of("redis://:p%40ss@h").contains(&"p%40ss".to_owned()));
        assert!(
            of("host=h password='it\\'s \\\\ mine' user=u").contains(&"it's \\ mine".to_owned())
        );
        assert!(of("host=h password = plain").contains(&"plain".to_owned()));
        assert_eq!(of("host=h dbname=flashfit"), Vec::<String>::new());
        let hook = of_receiver("https://hooks.example/T0/B1?key=x");
        assert!(hook.contains(&"/T0/B1".to_owned()) && hook.contains(&"key=x".to_owned()));
        assert!(of_receiver("Bearer abcdef").contains(&"abcdef".to_owned()));
    }

    #[test]
    fn addresses_without_a_password_are_told_from_others() {
        assert!(has_password("postgres://u:p@h/d") && has_password("host=h password=x"));
        assert!(!has_password("postgres://u@h/d") && !has_password("host=/run user=u"));
    }
}
