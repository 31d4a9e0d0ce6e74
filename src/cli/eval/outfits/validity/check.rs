//! What makes an outfit wearable, written down once more and without the rules it was composed by.
use crate::{
    base::{
        garment::{Category, ColourFamily, Occasion, Slot, Whereabouts},
        id::ItemId,
    },
    engines::ranking::{Ask, Garment},
};
use std::collections::BTreeSet;

/// At this temperature and above nobody wears a sweater over a shirt, °C.
const TOO_WARM_FOR_LAYERS: f32 = 15.0;
/// Below this nobody leaves the house without a jacket, °C.
const FREEZING: f32 = 8.0;
/// Below this nobody wears sandals or, but for sport, shorts, °C.
const BARE_FROM: f32 = 15.0;
/// From here on nobody wears thick clothes, °C and warmth on the 1 to 5 scale.
const WARM: f32 = 20.0;
const THICK: f32 = 3.4;
/// Above this nobody wears a jacket in the dry, °C.
const HOT: f32 = 20.0;

/// Why nobody can wear these garments together as the ask wants it; `None` when one can.
pub(super) fn fault(items: &[ItemId], wardrobe: &[Garment], ask: &Ask) -> Option<&'static str> {
    let distinct: BTreeSet<&ItemId> = items.iter().collect();
    let find = |id: &&ItemId| wardrobe.iter().find(|garment| garment.id == **id);
    let worn: Vec<&Garment> = distinct.iter().filter_map(find).collect();
    let temperature = ask.weather.map(|weather| weather.temperature_c);
    let dressed = Dressed {
        wanted: ask.must_include.iter().chain(&ask.anchor).collect(),
        usable: wardrobe
            .iter()
            .filter(|g| may_use(g, ask))
            .filter(|g| is_wanted(g, ask))
            .collect(),
        temperature: temperature.filter(|t| t.is_finite()),
        worn,
        ask,
    };
    let rules = [
        (
            dressed.worn.len() != items.len(),
            "a garment twice, or one that is not owned",
        ),
        (
            dressed.worn.iter().any(|g| !may_use(g, ask)),
            "dirty, away or excluded",
        ),
        (
            dressed.breaks_limits(),
            "a colour or a dress code that was not wanted",
        ),
        (!dressed.has_base(), "no base, or more than one"),
        (dressed.is_badly_layered(), "wrong layering"),
        (dressed.has_too_many(), "two of a kind that is worn once"),
        (dressed.is_barefoot(), "no shoes although there are some"),
        (
            dressed.is_freezing(),
            "no outer layer in the cold although there is one",
        ),
        (
            dressed.is_bare(),
            "bare feet or legs in the cold although there is something else",
        ),
        (dressed.is_boiling(), "an outer layer in the heat"),
        (
            dressed.is_stuffy(),
            "thick clothes in the warmth although there is something else",
        ),
    ];
    rules
        .into_iter()
        .find(|(is_broken, _)| *is_broken)
        .map(|(_, rule)| rule)
}

fn may_use(garment: &Garment, ask: &Ask) -> bool {
    (garment.is_clean || ask.include_unclean)
        && garment.whereabouts == Whereabouts::AtHand
        && !ask.exclude.contains(&garment.id)
}

/// Whether it has the colour and the formality that were asked for.
fn is_wanted(garment: &Garment, ask: &Ask) -> bool {
    let limits = &ask.limits;
    let is_extra = matches!(garment.slot, Slot::Headwear | Slot::Bag | Slot::Accessory);
    let family = garment.colours.first();
    let family = family.and_then(|tint| ColourFamily::of(&tint.name));
    let has = |colours: &[ColourFamily]| family.is_some_and(|own| colours.contains(&own));
    if has(&limits.without_colours) {
        return false;
    }
    let minds_colour = !is_extra && garment.slot != Slot::Shoes && !limits.colours.is_empty();
    if minds_colour && !has(&limits.colours) {
        return false;
    }
    match limits.dress_code.filter(|_| !is_extra) {
        Some(code) => {
            let (least, most) = code.formality();
            least <= garment.formality && garment.formality <= most
        }
        None => true,
    }
}

struct Dressed<'a> {
    ask: &'a Ask,
    worn: Vec<&'a Garment>,
    usable: Vec<&'a Garment>,
    wanted: BTreeSet<&'a ItemId>,
    temperature: Option<f32>,
}

impl Dressed<'_> {
    fn of(&self, slot: Slot) -> impl Iterator<Item = &Garment> {
        let worn = self.worn.iter().copied();
        worn.filter(move |garment| garment.slot == slot)
    }

    fn breaks_limits(&self) -> bool {
        let mut worn = self.worn.iter();
        worn.any(|g| !self.wanted.contains(&g.id) && !is_wanted(g, self.ask))
    }

    fn has_base(&self) -> bool {
        let count = |slot| self.of(slot).count();
        matches!(
            (count(Slot::Top), count(Slot::Bottom), count(Slot::OnePiece)),
            (1 | 2, 1, 0) | (0, 0, 1)
        )
    }

    fn is_badly_layered(&self) -> bool {
        let tops: Vec<&Garment> = self.of(Slot::Top).collect();
        let [a, b] = tops.as_slice() else {
            return false;
        };
        let is_over = |g: &Garment| matches!(g.category, Category::Cardigan | Category::Sweater);
        let was_wanted = self.wanted.contains(&a.id) && self.wanted.contains(&b.id);
        let is_cold = match self.temperature {
            Some(t) => t < TOO_WARM_FOR_LAYERS,
            None => was_wanted,
        };
        !is_cold || is_over(a) == is_over(b)
    }

    fn has_too_many(&self) -> bool {
        let single = [Slot::Outer, Slot::Shoes, Slot::Headwear, Slot::Bag];
        let kinds = self.of(Slot::Accessory).map(|g| g.category as usize);
        let kinds: Vec<usize> = kinds.collect();
        single.into_iter().any(|slot| self.of(slot).count() > 1)
            || kinds.len() > 3
            || kinds.iter().collect::<BTreeSet<_>>().len() != kinds.len()
    }

    fn is_at_home(&self) -> bool {
        self.ask.occasion == Some(Occasion::Home)
    }

    fn lacks(&self, slot: Slot) -> bool {
        self.of(slot).next().is_none() && self.usable.iter().any(|g| g.slot == slot)
    }

    fn is_barefoot(&self) -> bool {
        !self.is_at_home() && self.lacks(Slot::Shoes)
    }

    fn is_freezing(&self) -> bool {
        let is_cold = self.temperature.is_some_and(|t| t < FREEZING);
        is_cold && !self.is_at_home() && self.lacks(Slot::Outer)
    }

    fn is_bare(&self) -> bool {
        let is_cold = self.temperature.is_some_and(|t| t < BARE_FROM);
        let is_sport = self.ask.occasion == Some(Occasion::Sport);
        let bare = |g: &Garment| {
            g.category == Category::Sandals || (g.category == Category::Shorts && !is_sport)
        };
        let others = |slot: Slot| {
            let mut usable = self.usable.iter();
            usable.any(|g| g.slot == slot && !bare(g))
        };
        let mut worn = self.worn.iter();
        is_cold
            && !self.is_at_home()
            && worn.any(|g| bare(g) && !self.wanted.contains(&g.id) && others(g.slot))
    }

    fn is_stuffy(&self) -> bool {
        let is_warm = self.temperature.is_some_and(|t| t >= WARM);
        let is_cloth = |g: &Garment| matches!(g.slot, Slot::Top | Slot::Bottom | Slot::OnePiece);
        let is_thick = |g: &Garment| is_cloth(g) && g.warmth > THICK;
        let others = |slot: Slot| {
            let mut usable = self.usable.iter();
            usable.any(|g| g.slot == slot && !is_thick(g))
        };
        let mut worn = self.worn.iter();
        is_warm && worn.any(|g| is_thick(g) && !self.wanted.contains(&g.id) && others(g.slot))
    }

    fn is_boiling(&self) -> bool {
        let is_dry = !self.ask.weather.is_some_and(|weather| weather.is_wet);
        let is_hot = self.temperature.is_some_and(|t| t > HOT);
        let mut outer = self.of(Slot::Outer);
        let wrong = |g: &Garment| g.category != Category::Blazer && !self.wanted.contains(&g.id);
        is_dry && is_hot && outer.any(wrong)
    }
}
