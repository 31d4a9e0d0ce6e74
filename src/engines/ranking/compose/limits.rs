//! What an ask allows of colours and dress, and of garments that are somewhere else.
use crate::base::garment::{ColourFamily, Slot, Whereabouts};
use crate::engines::ranking::{
    features::dress::formality,
    model::{Ask, Garment, Limits},
};

impl Limits {
    /// Whether a garment is as it has to be. One whose colour nobody knows is of no colour that was named.
    pub(super) fn allow(&self, garment: &Garment) -> bool {
        let family = garment.colours.first();
        let family = family.and_then(|tint| ColourFamily::of(&tint.name));
        let is_one_of = |wanted: &[ColourFamily]| family.is_some_and(|own| wanted.contains(&own));
        let (has_colour, is_dress) = match garment.slot {
            Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Outer => (true, true),
            Slot::Shoes => (false, true),
            Slot::Headwear | Slot::Bag | Slot::Accessory => (false, false),
        };
        let suits = |(least, most): (f32, f32)| (least..=most).contains(&formality(garment));
        !is_one_of(&self.without_colours)
            && (!has_colour || self.colours.is_empty() || is_one_of(&self.colours))
            && (!is_dress || self.dress_code.is_none_or(|code| suits(code.formality())))
    }
}

/// Why a garment cannot be worn now; the wash comes last, because that can be changed soonest.
pub(super) fn hindrance(garment: &Garment, ask: &Ask) -> Option<&'static str> {
    match garment.whereabouts {
        Whereabouts::Lent => Some("lent"),
        Whereabouts::Packed => Some("packed"),
        Whereabouts::AtHand if garment.is_clean || ask.include_unclean => None,
        Whereabouts::AtHand => Some("not clean"),
    }
}
