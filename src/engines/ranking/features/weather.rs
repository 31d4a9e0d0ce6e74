//! Warmth: what the layers insulate against what the temperature asks for.
//!
//! Insulation is counted in clo. What garments insulate follows the tables of ISO 9920 (t-shirt 0.1, sweater
//! 0.3, trousers 0.25, coat 0.6 to 0.7), read off each garment's 1 to 5 warmth; what a walking person needs
//! follows the slope of ISO 11079, about 0.055 clo per degree, through 0.4 clo at 25 °C.
use super::on_scale;
use crate::base::garment::{Category, Season, Slot};
use crate::engines::ranking::model::{Ask, Garment, Weather};

const USUAL: f32 = 2.5;
const CLO_PER_DEGREE: f32 = 0.055;
const CLO_AT_25: f32 = 0.4;
const LEAST_CLO: f32 = 0.2;
/// Nobody owns more; below about −10 °C the warmest outfit is the right one.
const MOST_CLO: f32 = 2.2;
/// A garment of the wrong season counts so much less, or more, than its warmth.
const SEASON_CLO: f32 = 0.04;
/// Below this a second layer under the outer one makes sense, °C.
const LAYERS_BELOW: f32 = 15.0;
/// Below this an outer layer is missed, °C.
const OUTER_BELOW: f32 = 12.0;
/// Below this an outer layer is needed, °C.
const OUTER_NEEDED_BELOW: f32 = 8.0;
/// Above this nobody wants an outer layer, °C.
const NO_OUTER_ABOVE: f32 = 20.0;

/// The weather of an ask as far as it is usable.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engines::ranking) struct Conditions {
    /// °C, −60 to 60.
    pub(in crate::engines::ranking) temperature_c: Option<f32>,
    pub(in crate::engines::ranking) is_wet: bool,
    /// clo that feel right.
    need: Option<f32>,
}

impl Conditions {
    /// `comfort` is how much more than others this person wants, in clo.
    pub(in crate::engines::ranking) fn new(ask: &Ask, comfort: f32) -> Self {
        let temperature_c = ask
            .weather
            .map(|Weather { temperature_c, .. }| temperature_c)
            .filter(|temperature| temperature.is_finite())
            .map(|temperature| temperature.clamp(-60.0, 60.0));
        Self {
            temperature_c,
            is_wet: ask.weather.is_some_and(|weather| weather.is_wet),
            need: temperature_c.map(|temperature| {
                (CLO_AT_25 + CLO_PER_DEGREE * (25.0 - temperature) + comfort)
                    .clamp(LEAST_CLO, MOST_CLO)
            }),
        }
    }

    /// clo that feel right, if the temperature is known.
    pub(in crate::engines::ranking) fn need(&self) -> Option<f32> {
        self.need
    }

    pub(in crate::engines::ranking) fn is_cold_enough_for_layers(&self) -> bool {
        self.temperature_c.is_some_and(|t| t < LAYERS_BELOW)
    }

    pub(in crate::engines::ranking) fn asks_for_outer(&self) -> bool {
        self.is_wet || self.temperature_c.is_some_and(|t| t < OUTER_BELOW)
    }

    /// Nobody goes out without an outer layer.
    pub(in crate::engines::ranking) fn needs_outer(&self) -> bool {
        self.temperature_c.is_some_and(|t| t < OUTER_NEEDED_BELOW)
    }

    pub(in crate::engines::ranking) fn allows_outer(&self) -> bool {
        self.is_wet || self.temperature_c.is_none_or(|t| t <= NO_OUTER_ABOVE)
    }

    /// 1 when `clo` is right, 0 when it is off by a quarter of the need and a little, −1 beyond.
    pub(in crate::engines::ranking) fn fit(&self, clo: f32) -> f32 {
        let Some(need) = self.need else {
            return 0.0;
        };
        (1.0 - (clo - need).abs() / (0.2 + 0.25 * need)).clamp(-1.0, 1.0)
    }

    /// How well a garment alone suits: its warmth against what the temperature usually asks of a garment.
    /// Only for choosing candidates.
    pub(in crate::engines::ranking) fn leaning(&self, garment: &Garment) -> f32 {
        let Some(need) = self.need else {
            return 0.0;
        };
        let wanted = 1.0 + 4.0 * (need - LEAST_CLO) / (MOST_CLO - LEAST_CLO);
        1.0 - (warmth(garment) - wanted).abs() / 2.0
    }
}

fn warmth(garment: &Garment) -> f32 {
    on_scale(garment.warmth, USUAL)
}

/// clo of one garment.
pub(in crate::engines::ranking) fn insulation(garment: &Garment) -> f32 {
    let steps = warmth(garment) - 1.0;
    let by_slot = match garment.slot {
        Slot::Top => 0.06 + 0.08 * steps,
        Slot::Bottom => 0.1 + 0.06 * steps,
        Slot::OnePiece => 0.16 + 0.13 * steps,
        Slot::Outer => 0.15 + 0.16 * steps,
        Slot::Shoes => 0.02 + 0.03 * steps,
        Slot::Headwear | Slot::Accessory => 0.01 + 0.02 * steps,
        Slot::Bag => return 0.0,
    };
    let by_season = match garment.season {
        Some(Season::Summer) => -SEASON_CLO,
        Some(Season::Winter) => SEASON_CLO,
        Some(Season::AllYear) | None => 0.0,
    };
    (by_slot + by_season).max(0.0)
}

/// −1 to 1 for one garment in the rain; `None` when it makes no difference.
pub(in crate::engines::ranking) fn rain_proof(category: Category) -> Option<f32> {
    use Category as C;
    let table: [(&[C], f32); 6] = [
        (&[C::Sandals, C::Slippers], -1.0),
        (&[C::Heels, C::Flats], -0.5),
        (&[C::Sneakers, C::DressShoes], 0.2),
        (&[C::Boots], 1.0),
        (&[C::Coat, C::Jacket], 0.8),
        (&[C::Blazer, C::Vest], 0.2),
    ];
    let row = table.iter().find(|(kinds, _)| kinds.contains(&category));
    row.map(|(_, value)| *value)
}

/// Mean of shoes and outer layer in the rain, −1 to 1; without an outer layer that half counts −0.4.
pub(in crate::engines::ranking) fn rain(
    is_wet: bool,
    pieces: impl Iterator<Item = (Slot, Category)>,
) -> f32 {
    if !is_wet {
        return 0.0;
    }
    let (mut shoes, mut outer) = (0.0, -0.4);
    for (slot, category) in pieces {
        match slot {
            Slot::Shoes => shoes = rain_proof(category).unwrap_or(0.0),
            Slot::Outer => outer = rain_proof(category).unwrap_or(0.2),
            Slot::Top | Slot::Bottom | Slot::OnePiece => {}
            Slot::Headwear | Slot::Bag | Slot::Accessory => {}
        }
    }
    0.5 * (shoes + outer)
}
