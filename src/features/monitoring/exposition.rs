//! Reads metrics as a scrape does: the Prometheus text format.
use crate::engines::promql::{Labels, METRIC_NAME};
use std::collections::HashMap;

/// Reads the text of one process again and again, and remembers what its series are called.
#[derive(Debug, Default)]
pub(super) struct Reader {
    known: HashMap<String, Labels>,
}

impl Reader {
    /// Every sample of the text. A line that is none is left out.
    pub(super) fn read(&mut self, text: &str) -> Vec<(Labels, f64)> {
        let before = self.known.len();
        let mut samples = Vec::with_capacity(before);
        for line in text.lines() {
            samples.extend(self.sample(line.trim()));
        }
        // Series that are gone would stay here for ever.
        if self.known.len() > 2 * samples.len() + 100 {
            self.known.clear();
        }
        samples
    }

    fn sample(&mut self, line: &str) -> Option<(Labels, f64)> {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let end = match line.rfind('}') {
            Some(brace) => brace + 1,
            None => line.find(char::is_whitespace)?,
        };
        let (series, rest) = line.split_at_checked(end)?;
        // A time may follow, but all that is read is of now.
        let value = rest.split_whitespace().next()?.parse().ok()?;
        if let Some(labels) = self.known.get(series) {
            return Some((labels.clone(), value));
        }
        let labels = labels(series)?;
        self.known.insert(series.to_owned(), labels.clone());
        Some((labels, value))
    }
}

fn labels(series: &str) -> Option<Labels> {
    let (name, list) = series.split_once('{').unwrap_or((series, "}"));
    let mut pairs = vec![(METRIC_NAME.to_owned(), name.trim().to_owned())];
    let mut rest = list.strip_suffix('}')?.trim_start();
    while !rest.is_empty() {
        let (label, quoted) = rest.split_once('=')?;
        let (value, after) = unquote(quoted.trim_start().strip_prefix('"')?)?;
        pairs.push((label.trim().to_owned(), value));
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    Some(Labels::new(pairs))
}

/// Up to the closing quote, and what comes after it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        let mut reader = Reader::default();
        let first = reader.read(text);
        let again = reader.read(text);
        let show = |samples: Vec<(Labels, f64)>| {
            let show = |(labels, value): (Labels, f64)| format!("{labels} {value}");
            samples.into_iter().map(show).collect::<Vec<_>>()
        };
        let shown = show(first);
        assert_eq!(shown, show(again), "what is remembered is the same");
        shown
    }

    #[test]
    fn samples_are_read_and_everything_else_is_not() {
        let text = "# HELP up Whether.\n# TYPE up gauge\nup 1\n\nx_total{route=\"/api/{id}\",method=\"GET\"} 3.5 1700000000000\n\
                    odd{a=\"q\\\"\\\\\\n,b=}\"} +Inf\nnan{} NaN\nmin -Inf\nnothing\nbad{a=\"} 1\nworse{a} 1\nword x\n";
        assert_eq!(
            read(text),
            [
                "up{} 1",
                "x_total{method=\"GET\", route=\"/api/{id}\"} 3.5",
                "odd{a=\"q\\\"\\\\\\n,b=}\"} inf",
                "nan{} NaN",
                "min{} -inf",
            ]
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a{}\",=\\\\ \n0-9#é]{0,80}") {
            Reader::default().read(&text);
        }

        #[test]
        fn label_values_come_back(value in "[^\\\\\"\n\r]{1,20}") {
            let text = format!("m{{l=\"{value}\"}} 1");
            let samples = Reader::default().read(&text);
            prop_assert_eq!(samples[0].0.get("l"), value.as_str());
        }
    }
}
