//! Garments of the wardrobe → garments as ranking sees them.
use crate::{
    base::{
        embedding::{Embedding, Space},
        garment::{Category, Slot},
        id::ItemId,
    },
    engines::ranking::{Garment, PerSpace, Tint},
    features::{
        search::Search,
        wardrobe::{Error, Item, Wardrobe},
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
        last_worn: item.wears.last_at,
        wears_30d: item.wears.last_30_days,
        label: item.label(),
    })
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

/// One value per space, from any number of embeddings.
pub(super) fn per_space(embeddings: impl IntoIterator<Item = Embedding>) -> PerSpace {
    let mut spaces: PerSpace = Space::ALL.map(|_| None);
    for embedding in embeddings {
        place(&mut spaces, embedding);
    }
    spaces
}
