//! Rotation and novelty: what has been worn, and when.
use crate::base::garment::Slot;
use crate::engines::ranking::model::Garment;
use chrono::{DateTime, Utc};

/// After so many days a garment may be worn again without anyone noticing.
const INDIFFERENT_DAYS: f32 = 7.0;
/// So many wears in 30 days are many.
const OFTEN: f32 = 5.0;

/// −1 (worn today) through 0 (a week ago) towards 1; 0 if never worn. Shoes, coats and bags are worn day after
/// day by everyone and count a third.
pub(in crate::engines::ranking) fn rotation(garment: &Garment, now: DateTime<Utc>) -> f32 {
    let Some(days) = days_since_worn(garment, now) else {
        return 0.0;
    };
    let value = 1.0 - 2.0 * (-days / INDIFFERENT_DAYS).exp2();
    match garment.slot {
        Slot::Top | Slot::Bottom | Slot::OnePiece => value,
        Slot::Outer | Slot::Shoes | Slot::Headwear | Slot::Bag | Slot::Accessory => value / 3.0,
    }
}

/// Days since the garment was worn, at least 0.
pub(in crate::engines::ranking) fn days_since_worn(
    garment: &Garment,
    now: DateTime<Utc>,
) -> Option<f32> {
    let seconds = (now - garment.last_worn?).num_seconds().max(0);
    Some(seconds as f32 / 86_400.0)
}

/// 1 for a garment never worn; else 0.6 down to −1 by its wears in the last 30 days.
pub(in crate::engines::ranking) fn novelty(garment: &Garment) -> f32 {
    if garment.last_worn.is_none() && garment.wears_30d == 0 {
        return 1.0;
    }
    (0.6 - garment.wears_30d.min(30) as f32 / OFTEN).max(-1.0)
}
