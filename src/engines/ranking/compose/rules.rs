//! What may be worn with what: the rules that outfits are built by, and that every change of one has to keep.
use super::wishes::Wishes;
use crate::base::garment::{Category, Occasion, Slot};
use crate::engines::ranking::model::Garment;

/// Below this people wrap up, °C.
const WRAP_UP_BELOW: f32 = 10.0;
/// Above this the sun is worth mentioning, °C.
const SUNNY_ABOVE: f32 = 15.0;
/// A blazer is clothing, not weather protection, up to here, °C.
const BLAZER_UP_TO: f32 = 26.0;
/// From this formality on a blazer is expected.
const BLAZER_FROM: f32 = 3.0;
/// Below this nobody goes out with bare feet or legs while there is anything else, °C.
const BARE_FROM: f32 = 15.0;
/// From this warmth on, 1 to 5, clothes are thick.
const THICK: f32 = 3.4;
/// They are for days that ask for at least so much insulation, clo: below about 20 °C for most people.
const THICK_FROM: f32 = 0.7;

impl Wishes<'_> {
    pub(super) fn is_at_home(&self) -> bool {
        self.ask.occasion == Some(Occasion::Home)
    }

    /// Nobody goes out without an outer layer.
    pub(super) fn needs_outer(&self) -> bool {
        self.conditions.needs_outer() && !self.is_at_home()
    }

    pub(super) fn allows_outer(&self, category: Category) -> bool {
        let is_dressy = self
            .ask
            .occasion
            .is_some_and(|occasion| occasion.formality() >= BLAZER_FROM);
        let is_mild = self
            .conditions
            .temperature_c
            .is_none_or(|t| t <= BLAZER_UP_TO);
        self.conditions.allows_outer() || (is_dressy && is_mild && category == Category::Blazer)
    }

    /// Whether nobody wears it in this weather while there is anything else, however well the rest makes up for it.
    pub(super) fn is_out_of_season(&self, garment: &Garment) -> bool {
        self.is_too_bare(garment.category) || self.is_too_thick(garment)
    }

    /// A thick sweater at a summer party.
    fn is_too_thick(&self, garment: &Garment) -> bool {
        let is_cloth = matches!(garment.slot, Slot::Top | Slot::Bottom | Slot::OnePiece);
        let is_warm = self.conditions.need().is_some_and(|need| need < THICK_FROM);
        is_cloth && is_warm && garment.warmth > THICK
    }

    /// Whether it leaves feet or legs too bare for the weather.
    fn is_too_bare(&self, category: Category) -> bool {
        let is_bare = category == Category::Sandals
            || (category == Category::Shorts && self.ask.occasion != Some(Occasion::Sport));
        let is_cold = self.conditions.temperature_c.is_some_and(|t| t < BARE_FROM);
        is_bare && is_cold && !self.is_at_home()
    }

    /// Whether a piece may take the place of another of its slot.
    pub(super) fn may_replace(&self, old: &Garment, new: &Garment) -> bool {
        self.is_out_of_season(old) || !self.is_out_of_season(new)
    }

    /// Whether a bag, something for the head or an accessory fits the weather, the occasion and what is worn with it.
    pub(super) fn suits(&self, extra: Category, worn: &[Category]) -> bool {
        let temperature = self.conditions.temperature_c;
        let wears = |wanted: &[Category]| worn.iter().any(|category| wanted.contains(category));
        let is = |wanted: &[Category]| wanted.contains(&extra);
        if is(&[Category::Beanie, Category::Scarf, Category::Gloves]) {
            temperature.is_some_and(|t| t < WRAP_UP_BELOW)
        } else if is(&[Category::Hat, Category::Cap]) {
            temperature.is_none_or(|t| t >= WRAP_UP_BELOW)
        } else if is(&[Category::Sunglasses]) {
            !self.conditions.is_wet && temperature.is_some_and(|t| t > SUNNY_ABOVE)
        } else if is(&[Category::Tie]) {
            let occasion = self.ask.occasion;
            matches!(occasion, Some(Occasion::Formal | Occasion::Work)) && wears(&[Category::Shirt])
        } else if is(&[Category::Tights]) {
            temperature.is_some_and(|t| t < SUNNY_ABOVE)
                && wears(&[Category::Skirt, Category::Dress])
        } else if is(&[Category::Belt]) {
            wears(&[Category::Trousers, Category::Jeans])
        } else {
            !is(&[Category::Socks])
        }
    }

    /// Whether one may leave out what fills a slot; what the base needs, `is_outfit` says.
    pub(super) fn may_do_without(&self, slot: Slot) -> bool {
        match slot {
            Slot::Outer => !self.needs_outer(),
            Slot::Shoes => self.is_at_home(),
            Slot::Top | Slot::Bottom | Slot::OnePiece => true,
            Slot::Headwear | Slot::Bag | Slot::Accessory => true,
        }
    }

    /// Whether what was an outfit is still one after a piece of it was taken off or exchanged for one of its slot.
    /// What was asked for may be worn against the rules.
    pub(super) fn is_outfit(&self, pieces: &[&Garment]) -> bool {
        let of = |slot: Slot| pieces.iter().filter(move |piece| piece.slot == slot);
        let kinds: Vec<Category> = pieces.iter().map(|piece| piece.category).collect();
        let tops: Vec<Category> = of(Slot::Top).map(|piece| piece.category).collect();
        let is_dressed = match (tops.as_slice(), of(Slot::OnePiece).count()) {
            ([_], 0) => of(Slot::Bottom).count() == 1,
            ([first, second], 0) => {
                of(Slot::Bottom).count() == 1 && layered(*first, *second).is_some()
            }
            (_, pieces) => tops.is_empty() && pieces == 1,
        };
        is_dressed
            && pieces.iter().all(|piece| {
                self.is_forced(piece)
                    || match piece.slot {
                        Slot::Outer => self.allows_outer(piece.category),
                        Slot::Headwear | Slot::Bag | Slot::Accessory => {
                            self.suits(piece.category, &kinds)
                        }
                        Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Shoes => true,
                    }
            })
    }
}

/// Worn over something thin.
pub(super) const fn is_over(category: Category) -> bool {
    matches!(category, Category::Cardigan | Category::Sweater)
}

/// Thin enough to be worn under a cardigan or sweater.
pub(super) const fn is_under(category: Category) -> bool {
    matches!(
        category,
        Category::TShirt
            | Category::Shirt
            | Category::Polo
            | Category::Blouse
            | Category::TankTop
            | Category::Bodysuit
    )
}

/// Whether the second of two tops goes over the first (`true`) or under it; `None` if neither works.
pub(super) const fn layered(first: Category, second: Category) -> Option<bool> {
    if is_under(first) && is_over(second) {
        Some(true)
    } else if is_over(first) && is_under(second) {
        Some(false)
    } else {
        None
    }
}
