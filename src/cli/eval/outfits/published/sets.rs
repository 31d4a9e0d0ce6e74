//! Reads the published sets: which one it is, its questions, and where its pictures are.
use anyhow::{Context as _, bail};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

const BLANKS: &str = "fill_in_blank_test.json";
const MARYLAND: &str = "fashion_compatibility_prediction.txt";
const OUTFITS: &str = "compatibility_test.txt";
const ITEMS: &str = "test.json";

/// Which published set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// Han et al. 2017.
    Maryland,
    /// Vasileva et al. 2018: test pieces may be in training outfits.
    Nondisjoint,
    /// Vasileva et al. 2018: no test piece is in a training outfit.
    Disjoint,
    /// Vasileva et al. 2018, in a folder that does not say which split.
    Unnamed,
}

/// An outfit with a blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blank {
    pub(super) others: Vec<String>,
    /// The right one first.
    pub(super) choices: Vec<String>,
}

/// A published set. Pieces are called by `SET_INDEX`.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) set: Set,
    pub(super) name: &'static str,
    pub(super) blanks: Vec<Blank>,
    /// Whether it is real, and its pieces.
    pub(super) outfits: Vec<(bool, Vec<String>)>,
    images: PathBuf,
    /// The name of each piece's picture, where the set has items of its own.
    items: Option<HashMap<String, String>>,
}

#[derive(Debug, Deserialize)]
struct StoredBlank {
    question: Vec<String>,
    answers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct StoredOutfit {
    set_id: String,
    items: Vec<StoredItem>,
}

#[derive(Debug, Deserialize)]
struct StoredItem {
    item_id: String,
    index: u32,
}

impl Published {
    /// Recognises the set by its files and reads it.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let has = |file: &str| folder.join(file).is_file();
        let (set, name, pairs) = if has(MARYLAND) {
            (
                Set::Maryland,
                "Maryland Polyvore (Han et al. 2017)",
                MARYLAND,
            )
        } else if has(OUTFITS) {
            let (set, name) = split_of(folder);
            (set, name, OUTFITS)
        } else {
            bail!(
                "{} is neither Maryland Polyvore (no {MARYLAND}) nor Polyvore Outfits (no {OUTFITS})",
                folder.display()
            );
        };
        let items = match set {
            Set::Maryland => None,
            Set::Nondisjoint | Set::Disjoint | Set::Unnamed => Some(items(&folder.join(ITEMS))?),
        };
        let stored: Vec<StoredBlank> = json(&folder.join(BLANKS))?;
        let blanks = stored.into_iter().enumerate();
        let blanks = blanks.map(|(number, blank)| {
            sorted(blank).with_context(|| {
                format!(
                    "{}: question {} is odd",
                    folder.join(BLANKS).display(),
                    number + 1
                )
            })
        });
        Ok(Self {
            set,
            name,
            blanks: blanks.collect::<anyhow::Result<_>>()?,
            outfits: outfits(&folder.join(pairs))?,
            images: images(folder)?,
            items,
        })
    }

    /// Every piece that a question mentions, some more than once.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        let blanks = self.blanks.iter();
        let asked = blanks.flat_map(|blank| blank.others.iter().chain(&blank.choices));
        let judged = self.outfits.iter().flat_map(|(_, pieces)| pieces);
        asked.chain(judged).map(String::as_str)
    }

    /// Where the picture of a piece is.
    pub(super) fn picture(&self, piece: &str) -> anyhow::Result<PathBuf> {
        let path = match &self.items {
            Some(items) => {
                let item = items.get(piece);
                let item = item.with_context(|| format!("{ITEMS} has no piece {piece}"))?;
                self.images.join(format!("{item}.jpg"))
            }
            None => {
                let parts = piece.rsplit_once('_');
                let (set, index) = parts.with_context(|| format!("{piece} is not SET_INDEX"))?;
                self.images.join(set).join(format!("{index}.jpg"))
            }
        };
        if !path.is_file() {
            bail!("the picture {} of {piece} is missing", path.display());
        }
        Ok(path)
    }
}

fn split_of(folder: &Path) -> (Set, &'static str) {
    let full = fs_err::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    match full.file_name().and_then(|name| name.to_str()) {
        Some("nondisjoint") => (
            Set::Nondisjoint,
            "Polyvore Outfits, nondisjoint (Vasileva et al. 2018)",
        ),
        Some("disjoint") => (
            Set::Disjoint,
            "Polyvore Outfits, disjoint (Vasileva et al. 2018)",
        ),
        _ => (Set::Unnamed, "Polyvore Outfits (Vasileva et al. 2018)"),
    }
}

/// Beside the questions, or one folder up, where both splits share it.
fn images(folder: &Path) -> anyhow::Result<PathBuf> {
    let near = [folder.join("images"), folder.join("../images")];
    let found = near.into_iter().find(|path| path.is_dir());
    found.with_context(|| format!("no folder images in or beside {}", folder.display()))
}

fn json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = fs_err::read(path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("while reading {}", path.display()))
}

fn items(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let outfits: Vec<StoredOutfit> = json(path)?;
    let pieces = outfits.into_iter().flat_map(|outfit| {
        let set = outfit.set_id;
        let items = outfit.items.into_iter();
        items.map(move |item| (format!("{set}_{}", item.index), item.item_id))
    });
    Ok(pieces.collect())
}

/// Puts the right answer first: the one of the same outfit as the question, or the first where none is told apart.
fn sorted(blank: StoredBlank) -> anyhow::Result<Blank> {
    let set_of = |piece: &str| piece.rsplit_once('_').map(|(set, _)| set.to_owned());
    let first = blank.question.first().context("it asks nothing")?;
    let set = set_of(first).with_context(|| format!("{first} is not SET_INDEX"))?;
    if blank.answers.len() < 2 {
        bail!("it has fewer than two answers");
    }
    let mut choices = blank.answers;
    let right = choices
        .iter()
        .position(|choice| set_of(choice).as_ref() == Some(&set));
    choices.swap(0, right.unwrap_or(0));
    Ok(Blank {
        others: blank.question,
        choices,
    })
}

/// Lines of `1 PIECE PIECE …` (real) and `0 PIECE PIECE …` (made up).
fn outfits(path: &Path) -> anyhow::Result<Vec<(bool, Vec<String>)>> {
    let text = fs_err::read_to_string(path)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let mut words = line.split_whitespace().map(str::to_owned);
            let is_real = match words.next().as_deref() {
                Some("1") => true,
                Some("0") => false,
                _ => bail!(
                    "{} line {}: expected 0 or 1 first",
                    path.display(),
                    number + 1
                ),
            };
            let pieces: Vec<String> = words.collect();
            if pieces.is_empty() {
                bail!(
                    "{} line {}: an outfit without pieces",
                    path.display(),
                    number + 1
                );
            }
            Ok((is_real, pieces))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_the_same_outfit_is_right() {
        let blank = |answers: [&str; 3]| {
            let answers = answers.map(String::from).to_vec();
            sorted(StoredBlank {
                question: vec!["7_1".into(), "7_2".into()],
                answers,
            })
        };
        assert_eq!(
            blank(["8_1", "7_3", "9_2"]).unwrap().choices,
            ["7_3", "8_1", "9_2"]
        );
        assert_eq!(blank(["8_1", "6_3", "9_2"]).unwrap().choices[0], "8_1");
        let none = StoredBlank {
            question: vec![],
            answers: vec!["7_1".into(), "7_2".into()],
        };
        assert!(sorted(none).is_err());
    }
}
