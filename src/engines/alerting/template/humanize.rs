//! Numbers for people, as Prometheus writes them.
use super::floats::general;
use chrono::DateTime;

const LARGER: [&str; 8] = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const SMALLER: [&str; 8] = ["m", "u", "n", "p", "f", "a", "z", "y"];
const BINARY: [&str; 8] = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

/// Four significant digits.
fn four(value: f64) -> String {
    general(value, Some(4))
}

fn divided(mut value: f64, by: f64, prefixes: &[&'static str]) -> (f64, &'static str) {
    let mut prefix = "";
    for larger in prefixes {
        if value.abs() < by {
            break;
        }
        prefix = larger;
        value /= by;
    }
    (value, prefix)
}

fn multiplied(mut value: f64) -> (f64, &'static str) {
    let mut prefix = "";
    for smaller in SMALLER {
        if value.abs() >= 1.0 {
            break;
        }
        prefix = smaller;
        value *= 1000.0;
    }
    (value, prefix)
}

/// `humanize`
pub(super) fn metric(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return four(value);
    }
    let (value, prefix) = match value.abs() >= 1.0 {
        true => divided(value, 1000.0, &LARGER),
        false => multiplied(value),
    };
    format!("{}{prefix}", four(value))
}

/// `humanize1024`
pub(super) fn binary(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() {
        return four(value);
    }
    let (value, prefix) = divided(value, 1024.0, &BINARY);
    format!("{}{prefix}", four(value))
}

/// `humanizePercentage`
pub(super) fn percentage(value: f64) -> String {
    format!("{}%", four(value * 100.0))
}

/// `humanizeDuration`
pub(super) fn duration(value: f64) -> String {
    if !value.is_finite() {
        return four(value);
    }
    if value == 0.0 {
        return format!("{}s", four(value));
    }
    if value.abs() < 1.0 {
        let (value, prefix) = multiplied(value);
        return format!("{}{prefix}s", four(value));
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let value = value.abs();
    // What Prometheus gives beyond that is its processor's word, and this.
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    let whole = match value < 9.2e18 {
        true => value as i64,
        false => i64::MIN,
    };
    let (seconds, minutes) = (whole % 60, whole / 60 % 60);
    let (hours, days) = (whole / 3600 % 24, whole / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", four(value)),
        (0, 0, _) => format!("{sign}{minutes}m {seconds}s"),
        (0, _, _) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    }
}

/// `humanizeTimestamp`: nothing for what no calendar holds.
pub(super) fn timestamp(value: f64) -> Option<String> {
    if !value.is_finite() {
        return Some(four(value));
    }
    let nanoseconds = value * 1e9;
    if nanoseconds.abs() > 9.22e18 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    let milliseconds = (nanoseconds as i64).div_euclid(1_000_000);
    let time = DateTime::from_timestamp_millis(milliseconds)?;
    let part = time.timestamp_subsec_millis();
    let part = match part {
        0 => String::new(),
        _ => format!(".{part:03}").trim_end_matches('0').to_owned(),
    };
    Some(format!(
        "{}{part} +0000 UTC",
        time.format("%Y-%m-%d %H:%M:%S")
    ))
}
