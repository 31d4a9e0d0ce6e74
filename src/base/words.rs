//! What people call garment types and colours: `models/train/words.json`, which the captioner was trained with as well.
use std::{collections::BTreeMap, sync::LazyLock};

/// The words for the labels of one kind: garment types, or colours.
#[derive(Debug)]
pub struct Words(BTreeMap<String, Vec<String>>);

/// A place in a text that names a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The label.
    pub label: &'a str,
    /// Where its words begin, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

impl Mention<'_> {
    /// What the text says before it and behind it.
    #[must_use]
    pub fn around<'t>(&self, text: &'t str) -> (&'t str, &'t str) {
        let [before, behind] = [text.get(..self.start), text.get(self.end..)];
        (before.unwrap_or_default(), behind.unwrap_or_default())
    }
}

#[derive(serde::Deserialize)]
struct File {
    category: BTreeMap<String, Vec<String>>,
    colour: BTreeMap<String, Vec<String>>,
}

static FILE: LazyLock<(Words, Words)> = LazyLock::new(|| {
    let text = include_str!("../../models/train/words.json");
    let file: File = serde_json::from_str(text).unwrap_or_else(|_| File {
        category: BTreeMap::new(),
        colour: BTreeMap::new(),
    });
    (Words(file.category), Words(file.colour))
});

impl Words {
    /// For garment types, by the name of the category.
    #[must_use]
    pub fn for_types() -> &'static Self {
        &FILE.0
    }

    /// For colours.
    #[must_use]
    pub fn for_colours() -> &'static Self {
        &FILE.1
    }

    /// The usual word for a label.
    #[must_use]
    pub fn usual(&self, label: &str) -> String {
        let known = self.0.get(label).and_then(|words| words.first());
        known.cloned().unwrap_or_else(|| label.replace('-', " "))
    }

    /// Whether the text names the label by one of its words, whole.
    #[must_use]
    pub fn is_named(&self, label: &str, text: &str) -> bool {
        let is_there = |word: &str| places(text, word).next().is_some();
        match self.0.get(label) {
            Some(words) => words.iter().any(|word| is_there(word)),
            None => is_there(label) || is_there(&label.replace('-', " ")),
        }
    }

    /// Every label that the text names, in the order of the text; of words that overlap, the longest.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        let mut found: Vec<Mention<'_>> = self
            .0
            .iter()
            .flat_map(|(label, words)| words.iter().map(move |word| (label, word)))
            .flat_map(|(label, word)| {
                places(text, word).map(move |start| Mention {
                    label,
                    start,
                    end: start + word.len(),
                })
            })
            .collect();
        found.sort_by_key(|mention| {
            (
                std::cmp::Reverse(mention.end - mention.start),
                mention.start,
            )
        });
        let mut kept: Vec<Mention<'_>> = vec![];
        for mention in found {
            let overlaps =
                |other: &Mention<'_>| mention.start < other.end && other.start < mention.end;
            if !kept.iter().any(overlaps) {
                kept.push(mention);
            }
        }
        kept.sort_by_key(|mention| mention.start);
        kept
    }
}

/// Where `word` stands in the text as a whole word.
fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    text.match_indices(word)
        .filter(move |(at, _)| {
            let before = text.get(..*at).and_then(|t| t.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
            !is_letter(before) && !is_letter(after)
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_whole_and_the_longest_wins() {
        let types = Words::for_types();
        assert!(types.is_named("t-shirt", "a white tee with a print"));
        assert!(!types.is_named("shirt", "a white t-shirt"));
        assert!(!types.is_named("t-shirt", "a teepee"));
        let labels = |text| -> Vec<_> { types.mentions(text).iter().map(|m| m.label).collect() };
        assert_eq!(labels("striped polo shirt over a skirt"), ["polo", "skirt"]);
        let colours: Vec<_> = Words::for_colours().mentions("dark blue and off-white");
        assert_eq!(colours[0].label, "navy");
        assert_eq!((colours[1].label, colours[1].start), ("cream", 14));
        assert_eq!(Words::for_colours().usual("light-blue"), "light blue");
    }
}
