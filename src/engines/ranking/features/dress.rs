//! Formality: of the pieces among themselves, and for the occasion.
use super::on_scale;
use crate::base::garment::{Category, Occasion, Slot};
use crate::engines::ranking::model::Garment;

/// What is assumed of a garment nobody rated.
const USUAL: f32 = 2.5;
/// Pieces this many steps apart are neither good nor bad together.
const INDIFFERENT_STEPS: f32 = 1.5;
/// So many steps from the occasion's formality a piece is neither right nor wrong.
const OCCASION_STEPS: f32 = 1.2;

/// 1 (home, sport) to 5 (evening).
pub(in crate::engines::ranking) fn formality(garment: &Garment) -> f32 {
    on_scale(garment.formality, USUAL)
}

/// 1 when all are equally formal, 0 at a spread of 1.5 steps, −1 from 3 on. Extras do not count: a cap is
/// never formal. 0 for fewer than two pieces.
pub(in crate::engines::ranking) fn agreement(pieces: impl Iterator<Item = (Slot, f32)>) -> f32 {
    let (mut least, mut most, mut count) = (f32::MAX, f32::MIN, 0);
    for (slot, formality) in pieces {
        if matches!(slot, Slot::Headwear | Slot::Bag | Slot::Accessory) {
            continue;
        }
        least = least.min(formality);
        most = most.max(formality);
        count += 1;
    }
    if count < 2 {
        return 0.0;
    }
    (1.0 - (most - least) / INDIFFERENT_STEPS).max(-1.0)
}

/// Fit of one garment to the occasion, −1 to 1; 0 without one. `shift` is how much more formal than usual
/// this person dresses, in steps.
pub(in crate::engines::ranking) fn occasion_fit(
    garment: &Garment,
    occasion: Option<Occasion>,
    shift: f32,
) -> f32 {
    let Some(occasion) = occasion else {
        return 0.0;
    };
    let wanted = (occasion.formality() + shift).clamp(1.0, 5.0);
    let by_formality = 1.0 - (formality(garment) - wanted).abs() / OCCASION_STEPS;
    (by_formality + custom(garment.category, occasion)).clamp(-1.0, 1.0)
}

/// What is customary whatever the formality says.
fn custom(category: Category, occasion: Occasion) -> f32 {
    use Category as C;
    let sporty = matches!(
        category,
        C::Joggers | C::Leggings | C::Sneakers | C::Hoodie | C::Sweatshirt | C::TankTop | C::Shorts
    );
    let dressy = matches!(
        category,
        C::Heels | C::DressShoes | C::Blazer | C::Tie | C::Dress | C::Jewellery
    );
    let lazy = matches!(
        category,
        C::Slippers | C::Pyjamas | C::Swimwear | C::Underwear
    );
    let is = |wanted: &[C]| wanted.contains(&category);
    let rules: &[(bool, f32)] = match occasion {
        Occasion::Sport => &[
            (sporty, 0.5),
            (dressy || is(&[C::Jeans, C::Boots, C::Skirt]), -1.0),
            (lazy, -1.0),
        ],
        Occasion::Home => &[(lazy, 0.5), (dressy, -0.5)],
        Occasion::Formal => &[(sporty, -1.0), (dressy, 0.4), (lazy, -1.5)],
        Occasion::Party => &[(dressy, 0.4), (lazy, -1.5)],
        Occasion::Work => &[
            (is(&[C::Shorts, C::TankTop, C::Sandals]), -0.6),
            (lazy, -1.5),
        ],
        Occasion::Travel => &[
            (is(&[C::Sneakers, C::Jeans]), 0.3),
            (is(&[C::Heels, C::Tie]), -0.6),
            (lazy, -1.0),
        ],
        Occasion::Casual => &[(lazy, -1.0), (is(&[C::Heels, C::DressShoes]), -0.6)],
    };
    let first = rules.iter().find(|(applies, _)| *applies);
    first.map_or(0.0, |(_, value)| *value)
}
