//! Brings a caption into line with what was recognised: it must not call a hoodie what the attributes beside it call a
//! coat.
//!
//! The captioner is one network that writes; type and colour are what three networks and the pixels agree on, and are
//! right more often. Only words for types and colours are exchanged, and only where the right one is not there already.
use super::{Attribute, Colour};
use crate::base::words::Words;

/// Words that go with the colour behind them and make no sense with another.
const SHADES: [&str; 9] = [
    "light", "dark", "pale", "bright", "deep", "dusty", "soft", "pastel", "faded",
];
/// Openings that stand before the colour.
const OPENINGS: [&str; 2] = ["plain", "solid"];

/// The caption with the type as recognised, if that is sure, and the main colour as measured.
pub(super) fn agreed(caption: String, attributes: &[Attribute], colours: &[Colour]) -> String {
    let category = attributes.iter().find(|a| a.name == "category");
    let caption = match category {
        Some(category) if category.is_sure && category.value != "other" => {
            with_type(caption, &category.value)
        }
        Some(_) | None => caption,
    };
    match colours.first() {
        Some(main) if main.name != "multicolour" => with_colour(caption, main.name),
        Some(_) | None => caption,
    }
}

/// Exchanges the noun of the first phrase that names a type: "sweater dress" ends in it.
fn with_type(caption: String, label: &str) -> String {
    let words = Words::for_types();
    if words.is_named(label, &caption) {
        return caption;
    }
    let mentions = words.mentions(&caption);
    let Some(mut noun) = mentions.first() else {
        return caption;
    };
    for next in &mentions[1..] {
        if caption.get(noun.end..next.start) == Some(" ") {
            noun = next;
        }
    }
    let (before, after) = noun.around(&caption);
    format!("{before}{}{after}", words.usual(label))
}

/// Exchanges the first colour, or puts one at the front where there is none.
fn with_colour(caption: String, label: &str) -> String {
    let words = Words::for_colours();
    if words.is_named(label, &caption) {
        return caption;
    }
    let colour = words.usual(label);
    if let Some(first) = words.mentions(&caption).first() {
        let (before, after) = first.around(&caption);
        let before = without_shades(before);
        let space = if before.is_empty() { "" } else { " " };
        return format!("{before}{space}{colour}{after}");
    }
    match caption.split_once(' ') {
        Some((opening, rest)) if OPENINGS.contains(&opening) => {
            format!("{opening} {colour} {rest}")
        }
        Some(_) | None if caption.is_empty() => caption,
        Some(_) | None => format!("{colour} {caption}"),
    }
}

/// A text that ends before a colour, without the shade of that colour.
fn without_shades(text: &str) -> &str {
    let text = text.trim_end();
    let last = text.split(' ').next_back().unwrap_or_default();
    match SHADES.contains(&last) {
        true => without_shades(text.strip_suffix(last).unwrap_or_default()),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_wrong_word_is_exchanged_and_the_rest_stays() {
        let typed = |caption: &str, label| with_type(caption.to_owned(), label);
        assert_eq!(
            typed("grey zip-up sweatshirt", "hoodie"),
            "grey zip-up hoodie"
        );
        assert_eq!(
            typed("blue sweater dress with belt", "skirt"),
            "blue sweater skirt with belt"
        );
        assert_eq!(typed("white tee", "t-shirt"), "white tee");
        assert_eq!(typed("something soft", "scarf"), "something soft");
        let tinted = |caption: &str, label| with_colour(caption.to_owned(), label);
        assert_eq!(
            tinted("light grey shirt with white dots", "navy"),
            "navy shirt with white dots"
        );
        assert_eq!(
            tinted("plain cotton shirt", "red"),
            "plain red cotton shirt"
        );
        assert_eq!(
            tinted("cotton shirt", "light-blue"),
            "light blue cotton shirt"
        );
        assert_eq!(
            tinted("black and white shirt", "white"),
            "black and white shirt"
        );
        assert_eq!(tinted("", "white"), "");
    }

    proptest! {
        #[test]
        fn no_caption_is_too_odd(caption in "(light |dark |blue |shirt |polo |é|-| |dress |off-white |plain ){0,8}") {
            let once = with_colour(with_type(caption, "coat"), "teal");
            prop_assert_eq!(with_colour(with_type(once.clone(), "coat"), "teal"), once);
        }
    }
}
