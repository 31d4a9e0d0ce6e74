//! The heads that FlashFit knows: their vocabularies, and what a pack may say of them.
use crate::base::garment::Category;
use std::collections::BTreeSet;

/// The heads FlashFit knows, and their labels; `category` has the vocabulary of [`Category`], and where none are
/// named, the pack names them.
const HEADS: &[(&str, &str)] = &[
    ("category", ""),
    ("garment", "garment other"),
    (
        "pattern",
        "plain striped checked floral dotted graphic lettering camouflage animal colour-block denim-wash knit \
         lace geometric paisley tie-dye other",
    ),
    ("sleeve", "none short three-quarter long na"),
    ("formality", "1 2 3 4 5"),
    ("warmth", "1 2 3 4 5"),
    ("audience", "women men unisex kids"),
    ("season", "summer winter all-year"),
    (
        COLOUR,
        "black white grey beige brown navy blue light-blue green olive yellow orange red burgundy pink purple teal \
         cream gold silver multicolour",
    ),
    (
        "kind",
        "t-shirt longsleeve pants shoes shirt dress outwear shorts hat skirt",
    ),
    ("article_type", ""),
    ("base_colour", ""),
];

/// The head that helps to name the measured colours.
pub(super) const COLOUR: &str = "colour";

/// Heads that are no attributes of their own: [`COLOUR`], and those that only measuring asks for.
const NO_ATTRIBUTES: [&str; 4] = [COLOUR, "kind", "article_type", "base_colour"];

/// Whether what a head says is an attribute of the garment.
pub(super) fn is_attribute(head: &str) -> bool {
    !NO_ATTRIBUTES.contains(&head)
}

/// Whether a text is one word of `[a-z0-9-]`.
pub(super) fn is_word(text: &str) -> bool {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_known)
}

/// What heads and zero-shot attributes have in common.
pub(super) struct Measure<'a> {
    pub(super) name: &'a str,
    pub(super) labels: &'a [String],
    pub(super) temperature: f32,
    pub(super) threshold: f32,
}

impl Measure<'_> {
    /// What is wrong with it, in one line.
    pub(super) fn check(&self) -> Result<(), String> {
        let name = self.name;
        let Some((_, known)) = HEADS.iter().find(|(head, _)| *head == name) else {
            return Err(format!("attribute {name:?} is not one that FlashFit knows"));
        };
        let is_known = |label: &str| match name {
            "category" => Category::from_name(label).is_some(),
            _ if known.is_empty() => is_word(label),
            _ => known.split_whitespace().any(|word| word == label),
        };
        if let Some(label) = self.labels.iter().find(|l| !is_known(l)) {
            return Err(format!("{name}: label {label:?} is not in the vocabulary"));
        }
        let distinct: BTreeSet<_> = self.labels.iter().collect();
        if self.labels.len() < 2 || distinct.len() != self.labels.len() {
            return Err(format!("{name}: needs two or more labels, each once"));
        }
        if !self.temperature.is_finite() || self.temperature <= 0.0 {
            return Err(format!(
                "{name}: temperature is {}, expected a number above zero",
                self.temperature
            ));
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return Err(format!(
                "{name}: threshold is {}, expected 0 to 1",
                self.threshold
            ));
        }
        Ok(())
    }
}
