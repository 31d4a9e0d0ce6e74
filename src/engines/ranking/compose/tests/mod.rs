//! What must hold for every answer, whatever the wardrobe and the ask.
mod cases;
mod changes;
mod comfort;
mod crowd;
mod explore;
mod limits;
mod plan;
mod properties;
mod together;

use crate::base::{
    embedding::{Embedding, Space},
    garment::{Category, ColourFamily, DressCode, Occasion, Season, Slot, Whereabouts},
    id::{EventId, ItemId},
};
use crate::engines::ranking::{
    Answer, Ask, Event, EventItem, FEATURES, Garment, Kind, Learned, Limits, Outfit, Reason, Tint,
    Weather, compose, judge, taste_of,
};
use chrono::{DateTime, Duration, Utc};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

const COLOURS: [&str; 6] = ["blue", "navy", "black", "red", "white", "olive"];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

fn item(n: u128) -> ItemId {
    ItemId(Uuid::from_u128(n))
}

fn embedding(random: &mut StdRng, space: Space) -> Option<Embedding> {
    let values = (0..8).map(|_| random.random_range(-1.0..1.0)).collect();
    Embedding::new(space, values).ok()
}

fn garment(n: u128, category: Category, random: &mut StdRng) -> Garment {
    let patterns = [None, Some("plain"), Some("striped"), Some("floral")];
    let seasons = [None, Some(Season::Summer), Some(Season::Winter)];
    let hue = random.random_range(0.0..std::f32::consts::TAU);
    let chroma = random.random_range(0.0..0.2_f32);
    let worn = random.random_bool(0.5);
    Garment {
        id: item(n),
        category,
        slot: category.slot().unwrap_or(Slot::Accessory),
        certainty: random.random_range(0.5..1.0),
        embeddings: Space::ALL.map(|space| embedding(random, space)),
        colours: vec![Tint {
            oklab: [random.random(), chroma * hue.cos(), chroma * hue.sin()],
            share: 1.0,
            name: COLOURS[n as usize % COLOURS.len()].to_owned(),
        }],
        pattern: patterns[random.random_range(0..4)].map(str::to_owned),
        formality: random.random_range(1.0..5.0),
        warmth: random.random_range(1.0..5.0),
        season: seasons[random.random_range(0..3)],
        is_clean: random.random_bool(0.85),
        // Nobody draws for it, so that adding it changed no wardrobe.
        whereabouts: match n % 23 {
            11 => Whereabouts::Lent,
            17 => Whereabouts::Packed,
            _ => Whereabouts::AtHand,
        },
        last_worn: worn.then(|| now() - Duration::days(random.random_range(0..60))),
        wears_30d: random.random_range(0..8),
        label: format!("{category} {n}"),
    }
}

/// `size` garments of any kind.
fn wardrobe(size: usize, seed: u64) -> Vec<Garment> {
    let mut random = StdRng::seed_from_u64(seed);
    let kinds: Vec<Category> = Category::ALL
        .iter()
        .copied()
        .filter(|category| category.slot().is_some())
        .collect();
    (0..size)
        .map(|n| {
            let category = kinds[random.random_range(0..kinds.len())];
            garment(n as u128, category, &mut random)
        })
        .collect()
}

/// Three tops, three bottoms and two pairs of shoes, all clean and alike.
fn plain_wardrobe() -> Vec<Garment> {
    let mut random = StdRng::seed_from_u64(1);
    let kinds = [
        Category::TShirt,
        Category::Shirt,
        Category::Polo,
        Category::Jeans,
        Category::Trousers,
        Category::Skirt,
        Category::Sneakers,
        Category::Boots,
    ];
    let numbered = (0..).zip(kinds);
    numbered
        .map(|(n, category)| Garment {
            is_clean: true,
            whereabouts: Whereabouts::AtHand,
            formality: 2.5,
            warmth: 2.5,
            last_worn: None,
            wears_30d: 0,
            pattern: None,
            ..garment(n, category, &mut random)
        })
        .map(|mut garment| {
            garment.colours[0].name = "blue".to_owned();
            garment
        })
        .collect()
}

fn ask(count: usize) -> Ask {
    Ask::new(count, 7, now())
}

fn find(wardrobe: &[Garment], id: ItemId) -> &Garment {
    wardrobe.iter().find(|garment| garment.id == id).unwrap()
}

fn items(outfit: &Outfit) -> Vec<ItemId> {
    outfit.picks.iter().map(|pick| pick.item).collect()
}

fn core(outfit: &Outfit) -> BTreeSet<ItemId> {
    let extra = |slot| matches!(slot, Slot::Headwear | Slot::Bag | Slot::Accessory);
    let picks = outfit.picks.iter().filter(|pick| !extra(pick.slot));
    picks.map(|pick| pick.item).collect()
}

/// The limits once more, in other words.
fn is_as_limited(garment: &Garment, limits: &Limits) -> bool {
    let colour = ColourFamily::of(&garment.colours[0].name).unwrap();
    let is_extra = matches!(garment.slot, Slot::Headwear | Slot::Bag | Slot::Accessory);
    let is_cloth = !is_extra && garment.slot != Slot::Shoes;
    if limits.without_colours.contains(&colour) {
        return false;
    }
    if is_cloth && !limits.colours.is_empty() && !limits.colours.contains(&colour) {
        return false;
    }
    match limits.dress_code {
        Some(code) if !is_extra => {
            let (least, most) = code.formality();
            // What nobody rated counts as 2.5.
            let own = if garment.formality.is_finite() {
                garment.formality
            } else {
                2.5
            };
            least <= own && own <= most
        }
        _ => true,
    }
}

fn check_valid(outfit: &Outfit, wardrobe: &[Garment], ask: &Ask) {
    let count = |slot| outfit.picks.iter().filter(|pick| pick.slot == slot).count();
    let (tops, bottoms, pieces) = (count(Slot::Top), count(Slot::Bottom), count(Slot::OnePiece));
    assert!(
        (tops >= 1 && bottoms == 1 && pieces == 0) || (tops == 0 && bottoms == 0 && pieces == 1),
        "{tops} tops, {bottoms} bottoms, {pieces} one-pieces"
    );
    if tops > 1 {
        assert_eq!(tops, 2);
        let over = outfit.picks.iter().any(|pick| {
            let category = find(wardrobe, pick.item).category;
            matches!(category, Category::Cardigan | Category::Sweater)
        });
        let is_warm = ask.weather.is_some_and(|w| w.temperature_c >= 15.0);
        assert!(over && !is_warm);
    }
    for slot in [Slot::Outer, Slot::Shoes, Slot::Headwear, Slot::Bag] {
        assert!(count(slot) <= 1, "{slot}");
    }
    assert!(count(Slot::Accessory) <= 3);
    let distinct: HashSet<_> = items(outfit).into_iter().collect();
    assert_eq!(distinct.len(), outfit.picks.len());
    for id in distinct {
        let garment = find(wardrobe, id);
        assert!(garment.is_clean || ask.include_unclean, "dirty");
        assert_eq!(garment.whereabouts, Whereabouts::AtHand, "away");
        let is_named = ask.anchor == Some(id) || ask.must_include.contains(&id);
        assert!(
            is_named || is_as_limited(garment, &ask.limits),
            "wrong colour or dress"
        );
        assert!(!ask.exclude.contains(&id), "excluded");
    }
    let usable = |garment: &&Garment| {
        garment.slot == Slot::Shoes
            && (garment.is_clean || ask.include_unclean)
            && garment.whereabouts == Whereabouts::AtHand
            && is_as_limited(garment, &ask.limits)
            && !ask.exclude.contains(&garment.id)
    };
    if ask.occasion != Some(Occasion::Home) && wardrobe.iter().any(|g| usable(&g)) {
        assert_eq!(count(Slot::Shoes), 1, "barefoot");
    }
}

fn check_sums(outfit: &Outfit) {
    let sum: f32 = outfit.parts.iter().map(|part| part.contribution).sum();
    assert!((sum - outfit.score).abs() < 1e-5);
    assert!(outfit.score.is_finite() && (0.0..=1.0).contains(&outfit.probability));
    for (part, value) in outfit.parts.iter().zip(&outfit.features) {
        assert_eq!(part.value, *value);
        assert!((-1.0..=1.0).contains(value), "{}", part.feature);
        assert!((part.contribution - part.value * part.weight).abs() < 1e-5);
    }
    for pick in &outfit.picks {
        let sum: f32 = pick.parts.iter().map(|part| part.contribution).sum();
        assert!((sum - pick.score).abs() < 1e-5);
        for part in &pick.parts {
            let same = |pick: &crate::engines::ranking::Pick| {
                let part = pick.parts.iter().find(|p| p.feature == part.feature);
                part.map_or(0.0, |part| part.contribution)
            };
            let over_picks: f32 = outfit.picks.iter().map(same).sum();
            let whole = outfit.parts.iter().find(|p| p.feature == part.feature);
            assert!((over_picks - whole.unwrap().contribution).abs() < 1e-4);
        }
    }
}

fn check(answer: &Answer, wardrobe: &[Garment], ask: &Ask) {
    assert!(answer.outfits.len() <= ask.count.clamp(1, 10));
    for (n, outfit) in answer.outfits.iter().enumerate() {
        check_valid(outfit, wardrobe, ask);
        check_sums(outfit);
        assert!(outfit.sentence.ends_with('.') && outfit.sentence.len() > 10);
        for other in &answer.outfits[..n] {
            assert_ne!(core(outfit), core(other), "the same idea twice");
        }
    }
    if answer.outfits.is_empty() {
        assert!(!answer.notes.is_empty(), "nothing, without a word");
    }
}

fn event(n: u128, kind: Kind, outfit: &Outfit, wardrobe: &[Garment]) -> Event {
    let picks = outfit.picks.iter();
    Event {
        id: EventId(Uuid::from_u128(n)),
        at: now() + Duration::minutes(n as i64),
        kind,
        rating: None,
        reason: None,
        features: outfit.features.clone(),
        other_features: None,
        items: picks
            .map(|pick| EventItem {
                item: pick.item,
                slot: pick.slot,
                embeddings: find(wardrobe, pick.item).embeddings.clone(),
            })
            .collect(),
        other_items: vec![],
    }
}
