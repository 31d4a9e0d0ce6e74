//! What an owner may say about a garment.
use super::{error::Error, model::Edit};
use crate::base::garment::{Category, Season};

/// The words an owner may use for each attribute.
pub const VOCABULARY: &[(&str, &[&str])] = &[
    (
        "pattern",
        &[
            "plain",
            "striped",
            "checked",
            "floral",
            "dotted",
            "graphic",
            "lettering",
            "camouflage",
            "animal",
            "colour-block",
            "denim-wash",
            "knit",
            "lace",
            "geometric",
            "paisley",
            "tie-dye",
            "other",
        ],
    ),
    ("sleeve", &["none", "short", "three-quarter", "long", "na"]),
    ("formality", &["1", "2", "3", "4", "5"]),
    ("warmth", &["1", "2", "3", "4", "5"]),
    ("audience", &["women", "men", "unisex", "kids"]),
    ("garment", &["garment", "other"]),
];

fn words_for(name: &str) -> Option<Vec<&'static str>> {
    match name {
        "category" => Some(Category::ALL.iter().map(|c| c.name()).collect()),
        "season" => Some(Season::ALL.iter().map(|s| s.name()).collect()),
        _ => {
            let (_, words) = VOCABULARY.iter().find(|(known, _)| *known == name)?;
            Some(words.to_vec())
        }
    }
}

pub(super) fn check(edit: &Edit) -> Result<(), Error> {
    if let Some(Some(name)) = &edit.name
        && !(1..=120).contains(&name.trim().chars().count())
    {
        return Err(Error::Invalid(
            "name must have 1 to 120 characters".to_owned(),
        ));
    }
    for (name, value) in &edit.attributes {
        let words = words_for(name)
            .ok_or_else(|| Error::Invalid(format!("there is no attribute {name:?}")))?;
        if let Some(value) = value
            && !words.contains(&value.as_str())
        {
            return Err(Error::WrongValue {
                name: name.clone(),
                value: value.clone(),
                expected: words.join(", "),
            });
        }
    }
    Ok(())
}
