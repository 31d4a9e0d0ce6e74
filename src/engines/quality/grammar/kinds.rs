//! Polyvore's categories in FlashFit's words: the committed table `polyvore.csv`.
use super::GrammarError;
use crate::base::garment::Category;
use serde::Deserialize;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("polyvore.csv");

/// What a numbered category is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Polyvore's number.
    pub id: u32,
    /// Polyvore's name.
    pub name: String,
    /// What it competes with: a slot of ours, or `beauty`, `undress`, `clothing`, `other`.
    pub group: String,
    /// What it may be in our vocabulary; empty where we have no word for it.
    pub ours: Vec<Category>,
}

/// All of them, by number.
#[derive(Debug, Clone)]
pub struct Kinds(BTreeMap<u32, Kind>);

#[derive(Debug, Deserialize)]
struct Line {
    id: u32,
    name: String,
    group: String,
    ours: String,
}

impl Kinds {
    /// The table in the program.
    ///
    /// # Errors
    /// [`GrammarError`] when it is damaged, which a test rules out.
    pub fn built_in() -> Result<Self, GrammarError> {
        let wrong = |problem: String| GrammarError {
            file: "polyvore.csv",
            problem,
        };
        let mut kinds = BTreeMap::new();
        for line in csv::Reader::from_reader(TABLE.as_bytes()).deserialize() {
            let line: Line = line.map_err(|e| wrong(e.to_string()))?;
            let words = line.ours.split_whitespace();
            let ours = words.map(|word| {
                Category::from_name(word).ok_or_else(|| wrong(format!("no category {word:?}")))
            });
            let kind = Kind {
                id: line.id,
                name: line.name,
                group: line.group,
                ours: ours.collect::<Result<_, _>>()?,
            };
            kinds.insert(kind.id, kind);
        }
        Ok(Self(kinds))
    }

    /// One of them.
    #[must_use]
    pub fn find(&self, id: u32) -> Option<&Kind> {
        self.0.get(&id)
    }

    /// Each, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kind_may_be_fills_its_group() {
        let kinds = Kinds::built_in().unwrap();
        for kind in kinds.iter() {
            for ours in &kind.ours {
                let slot = ours.slot().map_or("undress", |slot| slot.name());
                assert_eq!(slot, kind.group, "{}", kind.name);
            }
        }
        assert_eq!(kinds.find(5).unwrap().ours, [Category::Dress]);
        assert!(kinds.find(4_000_000).is_none());
    }
}
