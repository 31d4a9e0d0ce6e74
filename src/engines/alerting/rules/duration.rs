//! Durations as Prometheus writes them: `1h30m`.
const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];
/// What Prometheus can count in nanoseconds.
const LONGEST_MS: i64 = i64::MAX / 1_000_000;

/// Milliseconds; each unit once, the larger ones first.
pub(in crate::engines::alerting) fn parse(text: &str) -> Result<i64, String> {
    match text {
        "" => return Err("a duration is wanted here".to_owned()),
        "0" => return Ok(0),
        _ if text.starts_with('-') => {
            return Err(format!("a duration cannot be negative: {text:?}"));
        }
        _ => (),
    }
    let wrong = || format!("{text:?} is no duration like \"5m\" or \"1h30m\"");
    let too_long = || format!("the duration {text:?} is too long");
    let (mut rest, mut units) = (text, UNITS.iter());
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let (_, ms) = units.find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        if number.is_empty() {
            return Err(wrong());
        }
        let number: i64 = number.parse().ok().ok_or_else(too_long)?;
        let part = number.checked_mul(*ms).ok_or_else(too_long)?;
        sum = sum.checked_add(part).ok_or_else(too_long)?;
        rest = after;
    }
    match sum <= LONGEST_MS {
        true => Ok(sum),
        false => Err(too_long()),
    }
}

/// As short as Prometheus writes it.
pub(in crate::engines::alerting) fn text(ms: i64) -> String {
    let mut rest = ms;
    let mut text = String::new();
    // Years and weeks only where nothing is left over, as there.
    for (unit, length) in UNITS {
        let is_exact = !matches!(unit, "y" | "w") || rest % length == 0;
        if is_exact && rest >= length {
            text.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_prometheus() {
        for (text, ms) in [
            ("0", 0),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("1y2w3d4h5m6s7ms", 33_019_506_007),
            ("90s", 90_000),
            ("100ms", 100),
        ] {
            assert_eq!(parse(text), Ok(ms), "{text}");
        }
        for text in [
            "",
            "5",
            "-5m",
            "5m1h",
            "1.5h",
            "5 m",
            "m",
            "5mm",
            "1s1s",
            "300y",
            "99999999999999999999s",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
