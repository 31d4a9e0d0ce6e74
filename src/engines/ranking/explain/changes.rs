//! What a change of an outfit would make of it, in a sentence.
use crate::engines::ranking::{compose::name, model::Garment};

/// One piece taken off, for another or for none: the chance of being liked now and then.
pub(in crate::engines::ranking) fn change(
    without: &Garment,
    with: Option<&Garment>,
    (now, then): (f32, f32),
) -> String {
    let chances = chances(now, then);
    let old = name(without);
    match with {
        None => format!("Without the {old} it would be {chances}."),
        Some(new) if then > now => {
            format!(
                "{} instead of the {old} would make it {chances}.",
                other(new, old, "The")
            )
        }
        Some(new) => format!(
            "Most depends on the {old}: with {} instead it would be {chances}.",
            other(new, old, "the")
        ),
    }
}

/// A piece that is in the wash, if it were clean.
pub(in crate::engines::ranking) fn washed(
    without: &Garment,
    with: &Garment,
    (now, then): (f32, f32),
) -> String {
    let old = name(without);
    let new = other(with, old, "the");
    let chances = chances(now, then);
    format!("Once clean, {new} instead of the {old} would make it {chances}.")
}

/// Two pieces may have one name.
fn other(garment: &Garment, than: &str, article: &str) -> String {
    let name = name(garment);
    if name == than {
        format!("{article} other {name}")
    } else {
        format!("{article} {name}")
    }
}

fn chances(now: f32, then: f32) -> String {
    format!("{} rather than {}", percent(then), percent(now))
}

/// Rounded as wherever a chance is shown, and never quite sure.
fn percent(chance: f32) -> String {
    let percent = (100.0 * chance).round();
    if percent >= 100.0 {
        "over 99\u{a0}%".to_owned()
    } else if percent <= 0.0 {
        "under 1\u{a0}%".to_owned()
    } else {
        format!("{percent}\u{a0}%")
    }
}
