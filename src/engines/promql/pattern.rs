//! Regular expressions as Prometheus reads them (RE2), with a library that reads some of them otherwise.
//!
//! What means the same in both is taken over, `\d` and its like are written out because RE2 means ASCII by them, and
//! whatever else could mean something different is refused.
use regex::Regex;

use super::error::Refusal;

/// An expression that must match from the beginning to the end.
pub(super) fn anchored(pattern: &str) -> Result<Regex, Refusal> {
    compiled(pattern, |translated| format!("^(?:{translated})$"))
}

/// An expression that must match somewhere, with its groups: what templates ask for.
///
/// # Errors
/// [`Refusal`] says why it cannot be used.
pub fn regular_expression(pattern: &str) -> Result<Regex, Refusal> {
    compiled(pattern, str::to_owned)
}

fn compiled(pattern: &str, whole: impl Fn(&str) -> String) -> Result<Regex, Refusal> {
    let refuse = |reason: String| Refusal::Pattern {
        pattern: pattern.to_owned(),
        reason,
    };
    let translated = translate(pattern).map_err(&refuse)?;
    Regex::new(&whole(&translated)).map_err(|e| refuse(short(&e)))
}

fn short(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or(&text);
    last.trim_start_matches("error: ").to_owned()
}

fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.push_str(&escape(rest.next(), in_class)?),
            '[' if in_class && rest.peek() == Some(&':') => out.push('['),
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if rest.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // Right at the beginning it is an ordinary character.
                if rest.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            ':' if in_class && rest.peek() == Some(&']') => {
                rest.next();
                // `[:alpha:]` ends here, the class does not; a class may also end in a colon.
                let named = out
                    .rfind('[')
                    .is_some_and(|at| out.get(at..).is_some_and(|s| s.starts_with("[:")));
                out.push_str(":]");
                in_class = named;
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' | '-' if in_class && rest.peek() == Some(&c) => {
                return Err(format!("\"{c}{c}\" within a class"));
            }
            '(' if !in_class && rest.peek() == Some(&'?') => {
                out.push_str(&group(&mut rest)?);
            }
            _ => out.push(c),
        }
    }
    Ok(out)
}

/// What stands after a backslash.
fn escape(letter: Option<char>, in_class: bool) -> Result<String, String> {
    let Some(letter) = letter else {
        return Err("it ends in a backslash".to_owned());
    };
    let class = match letter {
        'd' => "0-9",
        'D' => "^0-9",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        's' => "\\t\\n\\f\\r ",
        'S' => "^\\t\\n\\f\\r ",
        'b' if !in_class => return Ok("(?-u:\\b)".to_owned()),
        'n' | 'r' | 't' | 'f' | 'v' | 'a' => return Ok(format!("\\{letter}")),
        _ if letter.is_ascii_punctuation() => return Ok(regex::escape(&letter.to_string())),
        _ => return Err(format!("\"\\{letter}\" is not supported")),
    };
    Ok(format!("[{class}]"))
}

/// A group that begins with a question mark, up to what is inside.
fn group(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut head = String::from("(");
    for c in rest.by_ref() {
        head.push(c);
        if matches!(c, ':' | ')' | '>') {
            break;
        }
    }
    let plain = matches!(head.as_str(), "(?:" | "(?i:" | "(?s:" | "(?i)" | "(?s)");
    let named = head.starts_with("(?P<") && head.ends_with('>');
    if plain || named {
        return Ok(head);
    }
    Err(format!("\"{head}\" is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(pattern: &str, text: &str) -> bool {
        anchored(pattern).unwrap().is_match(text)
    }

    #[test]
    fn both_ends_are_anchored() {
        assert!(matches("a|b.*", "a"));
        assert!(!matches("a|b", "ab"));
        assert!(!matches(".", "\n"));
        assert!(matches("", ""));
    }

    #[test]
    fn classes_are_ascii() {
        assert!(matches(r"\d+", "42"));
        assert!(!matches(r"\d", "٣"));
        assert!(!matches(r"\w", "é"));
        assert!(matches(r"\W", "é"));
        assert!(matches(r"[^\d]", "é"));
        assert!(matches(r"[\s\w]+", "a b"));
        assert!(matches(r"a\b.*", "a-b"));
    }

    #[test]
    fn brackets_within_a_class_are_characters() {
        assert!(matches("[[a]+", "[a"));
        assert!(matches("[]a]+", "]a"));
        assert!(matches("[^]a]", "b"));
        assert!(matches("[[:alpha:]_]+", "ab_"));
        assert!(matches("[a:]+", "a:"));
    }

    #[test]
    fn what_would_mean_something_else_is_refused() {
        for pattern in [
            r"\pL", r"[a&&b]", r"[a--b]", "(?x)a", r"\z", "(?u:a)", "(", "a{2,1}", "\\",
        ] {
            assert!(anchored(pattern).is_err(), "{pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_is_too_odd(pattern in "[\\[\\]()?:a-c^$&~|*+{}0-2,.\\\\dwsbP<>-]{0,12}") {
            let _ = anchored(&pattern);
        }
    }
}
