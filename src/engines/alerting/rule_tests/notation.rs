//! The notation for the values of a series: `1 2 _ 4+1x3 stale`.
use crate::engines::promql::{Sample, stale_marker};

/// Nobody tests more of them.
const MAX_VALUES: usize = 1_000_000;

/// The values of a series that has one in each interval, from time 0 on.
pub(super) fn samples(text: &str, interval_ms: i64) -> Result<Vec<Sample>, String> {
    let mut values: Vec<Option<f64>> = vec![];
    for word in text.split_whitespace() {
        expand(word, &mut values).ok_or_else(|| format!("{word:?} are no values of a series"))?;
        if values.len() > MAX_VALUES {
            return Err("these are too many values".to_owned());
        }
    }
    let times = (0..).map(|at: i64| at.saturating_mul(interval_ms));
    let all = times.zip(values);
    Ok(all
        .filter_map(|(at_ms, value)| value.map(|value| Sample { at_ms, value }))
        .collect())
}

fn expand(word: &str, values: &mut Vec<Option<f64>>) -> Option<()> {
    if word == "stale" {
        values.push(Some(stale_marker()));
        return Some(());
    }
    let (value, times) = match word.rsplit_once('x') {
        Some((value, times)) => (value, Some(times.parse::<usize>().ok()?)),
        None => (word, None),
    };
    if times.is_some_and(|times| times > MAX_VALUES) {
        return None;
    }
    if value == "_" {
        values.extend(std::iter::repeat_n(None, times.unwrap_or(1)));
        return Some(());
    }
    let (start, step) = match times {
        None => (number(value)?, 0.0),
        Some(_) => split(value)?,
    };
    let mut now = start;
    for _ in 0..=times.unwrap_or(0) {
        values.push(Some(now));
        now += step;
    }
    Some(())
}

/// `1`, or `1+2` and `1-2`.
fn split(text: &str) -> Option<(f64, f64)> {
    if let Some(start) = number(text) {
        return Some((start, 0.0));
    }
    let signs = text
        .char_indices()
        .skip(1)
        .filter(|(_, c)| matches!(c, '+' | '-'));
    let mut places = signs.map(|(at, _)| text.split_at(at));
    places.find_map(|(start, step)| Some((number(start)?, number(step)?)))
}

fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let is_word = matches!(digits.to_ascii_lowercase().as_str(), "inf" | "nan");
    if is_number || is_word {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn values(text: &str) -> Vec<(i64, f64)> {
        let samples = samples(text, 10).unwrap();
        samples.iter().map(|s| (s.at_ms / 10, s.value)).collect()
    }

    #[test]
    fn values_are_expanded() {
        assert_eq!(
            values("1 -2 .5 1e3"),
            [(0, 1.0), (1, -2.0), (2, 0.5), (3, 1e3)]
        );
        assert_eq!(
            values("1+2x2 _ 7"),
            [(0, 1.0), (1, 3.0), (2, 5.0), (4, 7.0)]
        );
        assert_eq!(
            values("-2-4x1 3x1"),
            [(0, -2.0), (1, -6.0), (2, 3.0), (3, 3.0)]
        );
        assert_eq!(values("_x3 1"), [(3, 1.0)]);
        assert_eq!(values("1e+2-1e1x1"), [(0, 100.0), (1, 90.0)]);
        assert_eq!(values("Inf -Inf")[1].1, f64::NEG_INFINITY);
        assert_eq!(values(""), []);
        for text in [
            "a",
            "1x",
            "x3",
            "1+x3",
            "1++2x3",
            "_x",
            "1x-3",
            "1x9999999999",
            "1_0",
        ] {
            assert!(samples(text, 10).is_err(), "{text}");
        }
    }
}
