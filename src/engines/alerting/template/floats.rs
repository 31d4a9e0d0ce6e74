//! Numbers as Go writes them.

/// `%g`: as many digits as it takes, or so many significant ones at most.
pub(super) fn general(value: f64, precision: Option<usize>) -> String {
    if let Some(text) = odd(value) {
        return text;
    }
    let (negative, digits, exponent) = match precision {
        None => decimal(&format!("{value:e}")),
        Some(precision) => decimal(&format!("{value:.*e}", precision.max(1) - 1)),
    };
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let wanted = precision.map(|p| i32::try_from(p.max(1)).unwrap_or(i32::MAX));
    // Whole numbers with fewer digits than the precision keep their zeros.
    let bound = match wanted {
        None => 6,
        Some(wanted) if wanted > count && count > exponent => count,
        Some(wanted) => wanted,
    };
    let sign = if negative { "-" } else { "" };
    if exponent < -4 || exponent >= bound {
        return format!("{sign}{}", scientific(digits, exponent));
    }
    format!("{sign}{}", positional(digits, exponent))
}

/// `%f`
pub(super) fn fixed(value: f64, precision: usize) -> String {
    odd(value).unwrap_or_else(|| format!("{value:.precision$}"))
}

/// `%e`
pub(super) fn exponential(value: f64, precision: usize) -> String {
    if let Some(text) = odd(value) {
        return text;
    }
    let (negative, digits, exponent) = decimal(&format!("{value:.precision$e}"));
    let sign = if negative { "-" } else { "" };
    format!("{sign}{}", scientific(&digits, exponent))
}

fn odd(value: f64) -> Option<String> {
    match value {
        _ if value.is_nan() => Some("NaN".to_owned()),
        f64::INFINITY => Some("+Inf".to_owned()),
        f64::NEG_INFINITY => Some("-Inf".to_owned()),
        _ => None,
    }
}

/// Sign, digits and exponent of Rust's notation `-1.25e7`.
fn decimal(text: &str) -> (bool, String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent = exponent.parse().unwrap_or(0);
    (mantissa.starts_with('-'), digits, exponent)
}

fn scientific(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn positional(digits: &str, exponent: i32) -> String {
    let Ok(before) = usize::try_from(exponent + 1) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    match digits.len() > before {
        true if before == 0 => format!("0.{digits}"),
        true => {
            let (whole, part) = digits.split_at(before);
            format!("{whole}.{part}")
        }
        false => format!("{digits}{}", "0".repeat(before - digits.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_go() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-0.5, "-0.5"),
            (123_456_789.0, "1.23456789e+08"),
            (1_000_000.0, "1e+06"),
            (100_000.0, "100000"),
            (0.000_1, "0.0001"),
            (0.000_01, "1e-05"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(general(value, None), text);
        }
        for (value, text) in [
            (1234.5678, "1235"),
            (12345.678, "1.235e+04"),
            (0.1, "0.1"),
            (1000.0, "1000"),
            (99.994, "99.99"),
            (99.996, "100"),
            (1e-7, "1e-07"),
            (5.0, "5"),
        ] {
            assert_eq!(general(value, Some(4)), text);
        }
        assert_eq!(exponential(1234.5, 2), "1.23e+03");
        assert_eq!(fixed(2.5, 0), "2");
    }
}
