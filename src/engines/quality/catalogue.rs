//! What a catalogue's names mean in the vocabulary of the packs.
use crate::base::colours::is_near;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The table of meanings: `models/train/products.json`.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    categories: BTreeMap<String, Vec<String>>,
    named: Vec<Named>,
    strange: Strange,
    garments_of_no_category: Vec<String>,
    colours: BTreeMap<String, Vec<String>>,
}

/// A word in a product's name that says more than its type.
#[derive(Debug, Deserialize)]
struct Named {
    r#type: String,
    word: String,
    unless: Option<String>,
    category: String,
}

#[derive(Debug, Deserialize)]
struct Strange {
    masters: Vec<String>,
    types: Vec<String>,
}

/// What a catalogue says of a product.
#[derive(Debug, Clone, Deserialize)]
pub struct Product {
    /// The coarsest kind: `Apparel`, `Personal Care`, …
    #[serde(rename = "masterCategory")]
    pub master: String,
    /// The finest kind: `Tshirts`, …
    #[serde(rename = "articleType")]
    pub kind: String,
    /// The main colour.
    #[serde(rename = "baseColour")]
    pub colour: String,
    /// What it is sold as.
    #[serde(rename = "productDisplayName")]
    pub name: String,
}

const OTHER: &str = "other";

impl Catalogue {
    /// The table in the program.
    ///
    /// # Errors
    /// When the file in the binary is not as it should be.
    pub fn of_training() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../../models/train/products.json"))
    }

    /// The categories that would be right for a product; none where its type says nothing.
    #[must_use]
    pub fn categories(&self, product: &Product) -> Vec<&str> {
        let name = product.name.to_lowercase();
        let says = |n: &&Named| {
            let is_meant = n.r#type == product.kind && name.contains(&n.word);
            is_meant && !n.unless.as_ref().is_some_and(|other| name.contains(other))
        };
        if self.is_strange(product) || self.garments_of_no_category.contains(&product.kind) {
            vec![OTHER]
        } else if let Some(named) = self.named.iter().find(says) {
            vec![&named.category]
        } else {
            let known = self.categories.get(&product.kind);
            known.into_iter().flatten().map(String::as_str).collect()
        }
    }

    /// Whether a product is a garment; `None` where that is a matter of taste, as with wallets.
    #[must_use]
    pub fn is_garment(&self, product: &Product) -> Option<bool> {
        if self.is_strange(product) {
            return Some(false);
        }
        let categories = self.categories(product);
        let is_known = categories.first().is_some_and(|first| *first != OTHER);
        (is_known || self.garments_of_no_category.contains(&product.kind)).then_some(true)
    }

    /// Whether two of its colours are the same or neighbours: what each means first is near, or they share a meaning.
    #[must_use]
    pub fn are_near(&self, one: &str, other: &str) -> bool {
        let meaning = |name: &str| {
            let mut all = self.colours.iter();
            let found = all.find(|(known, _)| word(known) == name);
            found.map_or(&[][..], |(_, meaning)| meaning.as_slice())
        };
        let (a, b) = (meaning(one), meaning(other));
        let first = a.first().zip(b.first());
        one == other || first.is_some_and(|(a, b)| is_near(a, b)) || a.iter().any(|m| b.contains(m))
    }

    fn is_strange(&self, product: &Product) -> bool {
        let Strange { masters, types } = &self.strange;
        masters.contains(&product.master) || types.contains(&product.kind)
    }
}

/// A name of the catalogue as a label of a pack: `Night suits` → `night-suits`.
#[must_use]
pub fn word(name: &str) -> String {
    name.to_lowercase().replace('&', "and").replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(master: &str, kind: &str, name: &str) -> Product {
        Product {
            master: master.into(),
            kind: kind.into(),
            colour: "Black".into(),
            name: name.into(),
        }
    }

    #[test]
    fn names_say_more_than_types() {
        let table = Catalogue::of_training().unwrap();
        let tee = product("Apparel", "Tshirts", "Wrangler Men Tshirt");
        assert_eq!(table.categories(&tee), ["t-shirt", "polo"]);
        let polo = product("Apparel", "Tshirts", "Basics Men Polo Tshirt");
        assert_eq!(table.categories(&polo), ["polo"]);
        let brand = product("Apparel", "Tshirts", "U.S. Polo Assn. Men Tshirt");
        assert_eq!(table.categories(&brand), ["t-shirt", "polo"]);
    }

    #[test]
    fn what_nobody_wears_is_no_garment_and_some_things_are_undecided() {
        let table = Catalogue::of_training().unwrap();
        let is = |p: &Product| table.is_garment(p);
        let lipstick = product("Personal Care", "Lipstick", "Lakme Lipstick");
        assert_eq!(
            (is(&lipstick), table.categories(&lipstick)),
            (Some(false), vec!["other"])
        );
        assert_eq!(is(&product("Apparel", "Sarees", "FNF Saree")), Some(true));
        assert_eq!(is(&product("Accessories", "Wallets", "A wallet")), None);
        assert_eq!(is(&product("Home", "Cushion Covers", "A cover")), None);
    }

    #[test]
    fn colours_are_near_by_what_they_mean() {
        let table = Catalogue::of_training().unwrap();
        assert!(table.are_near("maroon", "burgundy") && table.are_near("navy-blue", "black"));
        assert!(table.are_near("peach", "orange") && table.are_near("skin", "nude"));
        assert!(!table.are_near("red", "green") && !table.are_near("blue", "green"));
        assert!(table.are_near("unheard", "unheard") && !table.are_near("unheard", "red"));
    }

    #[test]
    fn every_category_of_the_table_is_one() {
        let table = Catalogue::of_training().unwrap();
        let named = table.named.iter().map(|n| &n.category);
        for name in table.categories.values().flatten().chain(named) {
            assert!(
                crate::base::garment::Category::from_name(name).is_some(),
                "{name}"
            );
        }
        assert_eq!(word("Night suits"), "night-suits");
    }
}
