//! What the recommender puts together in real wardrobes, as JSON, for sheets to look at.
use super::world::World;
use crate::{
    base::{
        garment::{Occasion, Slot},
        id::ItemId,
    },
    engines::{
        ranking::{Ask, Garment, Learned, Outfit, Together, Weather, compose},
        simulate::Wardrobe,
    },
};
use chrono::DateTime;
use serde_json::{Value, json};
use std::sync::Arc;

/// Outfits per ask.
const COUNT: usize = 3;
/// What is asked in every wardrobe: °C, whether it rains, and what for.
const ASKS: [(f32, bool, Occasion); 4] = [
    (5.0, true, Occasion::Work),
    (12.0, false, Occasion::Casual),
    (20.0, false, Occasion::Party),
    (28.0, false, Occasion::Casual),
];

/// Answers to the same asks by every wardrobe that is reported on, for a person of whom nothing is known.
pub(super) fn dressed(world: &World, together: &Arc<Together>) -> Value {
    let wardrobes = world.unseen.iter();
    json!(
        wardrobes
            .map(|wardrobe| of_wardrobe(world, wardrobe, together))
            .collect::<Vec<_>>()
    )
}

fn of_wardrobe(world: &World, wardrobe: &Wardrobe, together: &Arc<Together>) -> Value {
    let pieces: Vec<Garment> = wardrobe.pieces.iter().map(|p| p.garment.clone()).collect();
    let plain = Ask {
        together: together.clone(),
        ..Ask::new(COUNT, 0, DateTime::UNIX_EPOCH)
    };
    let by_weather = ASKS.map(|(temperature_c, is_wet, occasion)| {
        let rain = if is_wet { ", rain" } else { "" };
        let ask = Ask {
            occasion: Some(occasion),
            weather: Some(Weather {
                temperature_c,
                is_wet,
            }),
            ..plain.clone()
        };
        (
            format!("{temperature_c} °C{rain}, {}", occasion.name()),
            ask,
        )
    });
    // What the models are surest of stands for a person's favourite.
    let surest = pieces.iter().filter(|piece| piece.slot == Slot::Bottom);
    let surest = surest.max_by(|a, b| a.certainty.total_cmp(&b.certainty));
    let around = surest.map(|piece| {
        let ask = Ask {
            anchor: Some(piece.id),
            targets: piece.embeddings.clone(),
            ..plain.clone()
        };
        (format!("around one piece: {}", piece.label), ask)
    });
    let answers = by_weather.into_iter().chain(around).map(|(title, ask)| {
        let answer = compose(&ask, &pieces, &Learned::default());
        let outfits = answer.outfits.iter();
        json!({
            "ask": title,
            "notes": answer.notes,
            "outfits": outfits.map(|outfit| shown(world, wardrobe, outfit)).collect::<Vec<_>>(),
        })
    });
    json!({
        "wardrobe": wardrobe.name,
        "garments": pieces.len(),
        "answers": answers.collect::<Vec<_>>(),
    })
}

fn shown(world: &World, wardrobe: &Wardrobe, outfit: &Outfit) -> Value {
    let piece = |id: ItemId| {
        let owned = wardrobe.pieces.iter().find(|piece| piece.garment.id == id);
        json!({
            "image": world.images.get(&id),
            "seen": owned.map(|owned| owned.garment.category.name()),
            "is": owned.map(|owned| owned.truth.category.name()),
        })
    };
    let changes = outfit.changes.iter().map(|change| &change.sentence);
    json!({
        "probability": outfit.probability,
        "sentence": outfit.sentence,
        "changes": changes.collect::<Vec<_>>(),
        "pieces": outfit.picks.iter().map(|pick| piece(pick.item)).collect::<Vec<_>>(),
    })
}
