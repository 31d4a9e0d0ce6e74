//! How close captions come to those of annotators.
use std::collections::HashMap;

const LONGEST: usize = 4;

type Grams<'a> = HashMap<Vec<&'a str>, f64>;

fn grams(text: &str, length: usize) -> Grams<'_> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut counts = Grams::new();
    for gram in words.windows(length) {
        *counts.entry(gram.to_vec()).or_default() += 1.0;
    }
    counts
}

/// BLEU-4 of a corpus, each caption against one reference (Papineni et al. 2002): 0 to 1.
#[must_use]
pub fn bleu4(pairs: &[(&str, &str)]) -> f64 {
    let words = |text: &str| text.split_whitespace().count() as f64;
    let mut log_precision = 0.0;
    for length in 1..=LONGEST {
        let (mut matched, mut total) = (0.0, 0.0);
        for (said, reference) in pairs {
            let expected = grams(reference, length);
            for (gram, count) in grams(said, length) {
                matched += count.min(expected.get(&gram).copied().unwrap_or(0.0));
                total += count;
            }
        }
        log_precision += (matched / f64::max(total, 1.0)).ln() / LONGEST as f64;
    }
    let said: f64 = pairs.iter().map(|(said, _)| words(said)).sum();
    let expected: f64 = pairs.iter().map(|(_, reference)| words(reference)).sum();
    let brevity = (1.0 - expected / said.max(1.0)).min(0.0);
    (log_precision + brevity).exp()
}

/// CIDEr of a corpus, each caption against one reference (Vedantam et al. 2015): 0 to 10.
#[must_use]
pub fn cider(pairs: &[(&str, &str)]) -> f64 {
    let mut sum = 0.0;
    for length in 1..=LONGEST {
        let mut seen = Grams::new();
        for (_, reference) in pairs {
            for gram in grams(reference, length).into_keys() {
                *seen.entry(gram).or_default() += 1.0;
            }
        }
        let rarity = |gram: &Vec<&str>| {
            let documents = seen.get(gram).copied().unwrap_or(0.0).max(1.0);
            (pairs.len() as f64 / documents).ln()
        };
        for (said, reference) in pairs {
            let weigh = |text| -> Grams<'_> {
                let counts = grams(text, length).into_iter();
                counts
                    .map(|(gram, n)| (gram.clone(), n * rarity(&gram)))
                    .collect()
            };
            let (said, reference) = (weigh(said), weigh(reference));
            let norm = |grams: &Grams<'_>| grams.values().map(|v| v * v).sum::<f64>().sqrt();
            let dot: f64 = said
                .iter()
                .filter_map(|(g, v)| Some(v * reference.get(g)?))
                .sum();
            sum += dot / (norm(&said) * norm(&reference)).max(1e-12);
        }
    }
    10.0 * sum / (LONGEST * pairs.len().max(1)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_score_highest_and_others_nothing() {
        let same = [
            ("a red wool scarf", "a red wool scarf"),
            ("blue jeans with holes", "blue jeans with holes"),
        ];
        assert!((bleu4(&same) - 1.0).abs() < 1e-9);
        assert!((cider(&same) - 10.0).abs() < 1e-9);
        let other = [
            ("a red wool scarf", "blue jeans with holes"),
            ("b c d e", "f g h i"),
        ];
        assert!(bleu4(&other) < 1e-9 && cider(&other) < 1e-9);
        let short = [("a red wool scarf", "a red wool scarf with long fringes")];
        assert!(bleu4(&short) < 0.5, "brevity is no merit");
    }
}
