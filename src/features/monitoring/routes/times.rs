//! Times and durations as Prometheus's HTTP API takes them.
use chrono::DateTime;

/// Milliseconds of more than ten thousand years: what lies beyond is a mistake.
const MAX_MS: f64 = 4e14;

/// Seconds since 1970, or RFC 3339; in milliseconds.
pub(super) fn time_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return millis(seconds);
    }
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.timestamp_millis())
}

/// Seconds, or a duration like `1h30m`; in milliseconds.
pub(super) fn duration_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return millis(seconds);
    }
    let mut rest = text;
    let mut sum = 0_i64;
    let mut last = usize::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(digits)?;
        let units = UNITS.iter().enumerate();
        let fitting = units.filter(|(_, (name, _))| after.starts_with(name));
        // `ms` begins like `m`, and is longer.
        let (rank, (name, ms)) = fitting.max_by_key(|(_, (name, _))| name.len())?;
        if rank >= last {
            return None;
        }
        let part = number.parse::<i64>().ok()?.checked_mul(*ms)?;
        sum = sum.checked_add(part)?;
        (rest, last) = (after.strip_prefix(name)?, rank);
    }
    (!text.is_empty()).then_some(sum)
}

/// Smallest first; in a duration each comes once, the largest first.
const UNITS: [(&str, i64); 7] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 7 * 86_400_000),
    ("y", 365 * 86_400_000),
];

fn millis(seconds: f64) -> Option<i64> {
    let ms = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "it was compared")]
    (ms.abs() <= MAX_MS).then_some(ms as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        assert_eq!(time_ms("1700000000"), Some(1_700_000_000_000));
        assert_eq!(time_ms("1700000000.7812"), Some(1_700_000_000_781));
        assert_eq!(time_ms("2023-11-14T22:13:20Z"), Some(1_700_000_000_000));
        assert_eq!(
            time_ms("2023-11-14T23:13:20.5+01:00"),
            Some(1_700_000_000_500)
        );
        for bad in ["", "now", "NaN", "inf", "1e300", "2023-11-14"] {
            assert_eq!(time_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_are_seconds_or_units() {
        for (text, ms) in [
            ("15", 15_000),
            ("0.5", 500),
            ("15s", 15_000),
            ("1h30m", 5_400_000),
            ("1m5ms", 60_005),
            ("1y1w1d", 373 * 86_400_000),
        ] {
            assert_eq!(duration_ms(text), Some(ms), "{text}");
        }
        for bad in [
            "",
            "s",
            "1",
            "5x",
            "1m1h",
            "1m1m",
            "-5s",
            "1.5h",
            "99999999999999999999s",
        ] {
            assert_eq!(duration_ms(bad).is_none(), bad != "1", "{bad}");
        }
    }
}
