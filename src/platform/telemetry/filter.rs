//! What is logged, as directives say it: `info,flashfit::features=debug`.
use tracing_subscriber::EnvFilter;

/// Under this name it is logged who changed what of the server, whatever else is not.
pub const AUDIT: &str = "flashfit::audit";

/// The words for levels.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

/// Why directives make no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part:?} is no part of a log filter: {why}")]
pub struct WrongFilter {
    /// The part that is wrong.
    pub part: String,
    /// What is wrong with it.
    pub why: String,
}

/// Reads a level, or directives with commas between them. What was audited always passes.
///
/// # Errors
/// [`WrongFilter`] names the first part that is wrong. A lone word that is no level is wrong as well: it would be taken
/// for the name of a module, and hide everything else.
pub fn filter(directives: &str) -> Result<EnvFilter, WrongFilter> {
    let wrong = |part: &str, why: &str| WrongFilter {
        part: part.trim().to_owned(),
        why: why.to_owned(),
    };
    if directives.trim().is_empty() {
        return Err(wrong(directives, "it is empty"));
    }
    // Fields of spans may have commas between them; what has such is not taken apart.
    let parts: Vec<&str> = match directives.contains('[') {
        true => vec![directives.trim()],
        false => directives.split(',').map(str::trim).collect(),
    };
    for word in parts.iter().copied() {
        let is_level = LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
        if word.is_empty() || is_level || word.contains(['=', '[']) {
            check(word)?;
            continue;
        }
        return Err(wrong(
            word,
            &format!(
                "it is no level ({}); for a module, say which: {word}=debug",
                LEVELS.join(", ")
            ),
        ));
    }
    EnvFilter::try_new(format!("{},{AUDIT}=info", parts.join(",")))
        .map_err(|error| wrong(directives, &error.to_string()))
}

fn check(word: &str) -> Result<(), WrongFilter> {
    let expected = "expected a level, or module=level as in flashfit::features=debug";
    let read = EnvFilter::try_new(word).map(drop);
    read.map_err(|_unread| WrongFilter {
        part: word.to_owned(),
        why: expected.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_modules_are_read() {
        for right in [
            "info",
            "WARN",
            "off",
            "info,ort=warn,actix_server=warn",
            "info, flashfit::features=debug",
            "flashfit[request{id=7}]=trace",
        ] {
            assert!(filter(right).is_ok(), "{right}");
        }
    }

    #[test]
    fn what_would_hide_everything_is_refused_with_its_part() {
        for (wrong, part) in [
            ("debgu", "debgu"),
            ("info,hyper", "hyper"),
            ("info,ort=lots", "ort=lots"),
            ("", ""),
            (" ", ""),
        ] {
            let error = filter(wrong).unwrap_err();
            assert_eq!(error.part, part, "{error}");
        }
    }
}
