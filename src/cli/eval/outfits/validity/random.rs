//! Wardrobes and asks drawn at random, odd ones among them.
use crate::{
    base::{
        embedding::{Embedding, Space},
        garment::{Category, ColourFamily, DressCode, Occasion, Season, Slot, Whereabouts},
        id::ItemId,
    },
    engines::ranking::{Ask, Garment, Limits, PerSpace, Tint, Weather},
};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, rngs::StdRng};
use uuid::Uuid;

const LARGEST: usize = 60;
const DIMENSION: usize = 8;
const COLOURS: [&str; 5] = ["black", "white", "navy", "blue", "red"];
const PATTERNS: [&str; 3] = ["plain", "striped", "floral"];
const SEASONS: [Season; 3] = [Season::Summer, Season::Winter, Season::AllYear];

/// Up to some dozens of garments of any kinds, some in the wash.
pub(super) fn wardrobe(chance: &mut StdRng) -> Vec<Garment> {
    let size = chance.random_range(0..=LARGEST);
    (0..size).map(|n| garment(n, chance)).collect()
}

/// An ask with any wishes, sensible or not.
pub(super) fn ask(wardrobe: &[Garment], count: usize, chance: &mut StdRng) -> Ask {
    let mut some = |most: usize| -> Vec<ItemId> {
        let number = chance.random_range(0..=most);
        (0..number)
            .map(|_| item(chance.random_range(0..LARGEST)))
            .collect()
    };
    let (must_include, exclude) = (some(2), some(8));
    let anchor = chance
        .random_bool(0.3)
        .then(|| item(chance.random_range(0..LARGEST)));
    let anchored = wardrobe.iter().find(|garment| Some(garment.id) == anchor);
    let targets = match anchored {
        Some(garment) => garment.embeddings.clone(),
        None if chance.random_bool(0.3) => embeddings(chance),
        None => PerSpace::default(),
    };
    Ask {
        targets,
        anchor,
        must_include: if chance.random_bool(0.3) {
            must_include
        } else {
            vec![]
        },
        exclude: if chance.random_bool(0.5) {
            exclude
        } else {
            vec![]
        },
        occasion: chance
            .random_bool(0.7)
            .then(|| Occasion::ALL[chance.random_range(0..Occasion::ALL.len())]),
        weather: chance.random_bool(0.8).then(|| Weather {
            temperature_c: chance.random_range(-25.0..42.0),
            is_wet: chance.random_bool(0.3),
        }),
        limits: limits(chance),
        include_unclean: chance.random_bool(0.15),
        explores: chance.random_bool(0.2),
        ..Ask::new(count, chance.random(), now())
    }
}

/// Seldom any: most wardrobes are soon empty.
fn limits(chance: &mut StdRng) -> Limits {
    let named = |family: ColourFamily, chance: &mut StdRng, odds: f64| {
        chance.random_bool(odds).then_some(family)
    };
    Limits {
        colours: match chance.random_bool(0.1) {
            true => vec![ColourFamily::Black, ColourFamily::Blue],
            false => vec![],
        },
        without_colours: named(ColourFamily::Red, chance, 0.15).into_iter().collect(),
        dress_code: chance
            .random_bool(0.15)
            .then(|| DressCode::ALL[chance.random_range(0..DressCode::ALL.len())]),
    }
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn item(n: usize) -> ItemId {
    ItemId(Uuid::from_u128(n as u128))
}

fn embeddings(chance: &mut StdRng) -> PerSpace {
    Space::ALL.map(|space| {
        let values = (0..DIMENSION).map(|_| chance.random_range(-1.0..1.0));
        Embedding::new(space, values.collect()).ok()
    })
}

fn garment(n: usize, chance: &mut StdRng) -> Garment {
    let category = loop {
        let category = Category::ALL[chance.random_range(0..Category::ALL.len())];
        if category.slot().is_some() {
            break category;
        }
    };
    let hue = chance.random_range(0.0..std::f32::consts::TAU);
    let chroma = chance.random_range(0.0..0.2_f32);
    let tint = Tint {
        oklab: [chance.random(), chroma * hue.cos(), chroma * hue.sin()],
        share: 1.0,
        name: COLOURS[chance.random_range(0..COLOURS.len())].to_owned(),
    };
    Garment {
        id: item(n),
        category,
        slot: category.slot().unwrap_or(Slot::Accessory),
        certainty: chance.random_range(0.3..=1.0),
        embeddings: embeddings(chance),
        colours: if chance.random_bool(0.9) {
            vec![tint]
        } else {
            vec![]
        },
        pattern: PATTERNS
            .get(chance.random_range(0..=PATTERNS.len()))
            .map(|pattern| (*pattern).to_owned()),
        formality: chance.random_range(1.0..=5.0),
        warmth: chance.random_range(1.0..=5.0),
        season: SEASONS.get(chance.random_range(0..=SEASONS.len())).copied(),
        is_clean: chance.random_bool(0.85),
        whereabouts: match chance.random_range(0..16) {
            0 => Whereabouts::Lent,
            1 => Whereabouts::Packed,
            _ => Whereabouts::AtHand,
        },
        last_worn: chance
            .random_bool(0.5)
            .then(|| now() - TimeDelta::days(chance.random_range(0..60))),
        wears_30d: chance.random_range(0..8),
        label: format!("{category} {n}"),
    }
}
