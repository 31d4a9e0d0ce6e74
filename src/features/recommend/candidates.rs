//! Garments of the wardrobe → garments as ranking sees them.
use crate::{
    base::{
        embedding::Embedding,
        garment::{Category, Slot, Whereabouts},
        id::ItemId,
    },
    engines::ranking::{Garment, PerSpace, Tint},
    features::{
        search::Search,
        wardrobe::{Error, Glance, Item, Source, Wardrobe},
    },
};
use std::collections::HashMap;

/// Embeddings by garment.
pub(super) type Embeddings = HashMap<ItemId, PerSpace>;

/// The garments that can be part of an outfit: recognised, in the wardrobe, with a slot.
pub(super) fn garments(items: &[Item], embeddings: &Embeddings) -> Vec<Garment> {
    items
        .iter()
        .filter(|item| item.is_recognised() && item.deleted_at.is_none())
        .filter_map(|item| garment(item, embeddings))
        .collect()
}

fn garment(item: &Item, embeddings: &Embeddings) -> Option<Garment> {
    if item.is_no_garment() {
        return None;
    }
    let category = item.category()?;
    let slot = category.slot()?;
    Some(Garment {
        id: item.id,
        category,
        slot,
        certainty: certainty(item, slot),
        embeddings: embeddings.get(&item.id).cloned().unwrap_or_default(),
        colours: item
            .colours
            .iter()
            .map(|colour| Tint {
                oklab: colour.oklab,
                share: colour.share,
                name: colour.name.clone(),
            })
            .collect(),
        pattern: item.attribute("pattern").map(|p| p.value.clone()),
        formality: item
            .scale("formality")
            .unwrap_or_else(|| formality(category)),
        warmth: item.scale("warmth").unwrap_or_else(|| warmth(category)),
        season: item.season(),
        is_clean: item.is_clean,
        whereabouts: item.whereabouts,
        last_worn: item.wears.last_at,
        wears_30d: item.wears.last_30_days,
        label: item.label(),
    })
}

/// A thing in a photo as a garment; `None` when it is no part of an outfit.
#[must_use]
pub fn example(seen: &Glance, id: ItemId) -> Option<Garment> {
    let category = seen.category.filter(|_| !seen.is_no_garment)?;
    let slot = category.slot()?;
    let kinds = seen.kinds.iter();
    let colours = seen.colours.iter();
    Some(Garment {
        id,
        category,
        slot,
        certainty: slot.certainty(kinds.map(|(name, p)| (name.as_str(), *p))),
        embeddings: seen.embeddings(),
        colours: colours
            .map(|(name, oklab, share)| Tint {
                oklab: *oklab,
                share: *share,
                name: name.clone(),
            })
            .collect(),
        pattern: seen.pattern.clone(),
        formality: seen.formality.unwrap_or_else(|| formality(category)),
        warmth: seen.warmth.unwrap_or_else(|| warmth(category)),
        season: seen.season,
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        last_worn: None,
        wears_30d: 0,
        label: category.name().to_owned(),
    })
}

/// How surely the garment takes this slot: certainly, if the owner says so.
fn certainty(item: &Item, slot: Slot) -> f32 {
    let Some(said) = item
        .attribute("category")
        .filter(|said| said.source == Source::Model)
    else {
        return 1.0;
    };
    let kinds = said.alternatives.iter();
    let kinds = kinds.map(|kind| (kind.value.as_str(), kind.probability));
    match said.alternatives.is_empty() {
        true => said.probability.unwrap_or(1.0),
        false => slot.certainty(kinds),
    }
}

/// What a kind of garment usually is, where the pack has no head for it.
fn formality(category: Category) -> f32 {
    match category.slot() {
        Some(Slot::Outer | Slot::OnePiece | Slot::Bag) => 2.8,
        Some(Slot::Top | Slot::Bottom | Slot::Shoes | Slot::Headwear | Slot::Accessory) | None => {
            2.2
        }
    }
}

fn warmth(category: Category) -> f32 {
    match category.slot() {
        Some(Slot::Outer) => 4.0,
        Some(Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Shoes) => 2.5,
        Some(Slot::Headwear | Slot::Bag | Slot::Accessory) | None => 2.0,
    }
}

/// Embeddings of the garments: from the index, and from the tables for what the index has not seen yet.
pub(super) async fn embeddings(
    search: &Search,
    wardrobe: &Wardrobe,
    ids: &[ItemId],
) -> Result<Embeddings, Error> {
    let mut found: Embeddings = ids.iter().map(|id| (*id, search.embeddings(*id))).collect();
    let unseen: Vec<ItemId> = found
        .iter()
        .filter(|(_, spaces)| spaces.iter().any(Option::is_none))
        .map(|(id, _)| *id)
        .collect();
    if !unseen.is_empty() {
        for (id, _, embedding) in wardrobe.embeddings_of(&unseen).await? {
            let space = embedding.space().index();
            found.entry(id).or_default()[space] = Some(embedding);
        }
    }
    Ok(found)
}

/// The mean direction of what is known; `None` of nothing, or of opposites.
pub(super) fn blend(parts: &[&Embedding]) -> Option<Embedding> {
    let first = parts.first()?;
    let mut sum = vec![0.0; first.dimension()];
    for part in parts.iter().filter(|p| p.dimension() == first.dimension()) {
        for (total, value) in sum.iter_mut().zip(part.values()) {
            *total += value;
        }
    }
    Embedding::new(first.space(), sum).ok()
}

/// Puts an embedding into the place of its space.
pub(super) fn place(into: &mut PerSpace, embedding: Embedding) {
    let at = embedding.space().index();
    into[at] = match into[at].take() {
        None => Some(embedding),
        Some(known) => blend(&[&known, &embedding]),
    };
}
