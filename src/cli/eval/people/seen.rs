//! What the models saw in photos, and the garments that makes.
use crate::{
    base::id::ItemId,
    engines::ranking::Garment,
    features::{recommend::example, wardrobe::Glance},
};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, path::Path};
use uuid::Uuid;

/// By image.
pub(super) type Sights = BTreeMap<String, Glance>;

/// As the server would put it into a wardrobe; `None` when it is no part of an outfit.
pub(super) fn garment(seen: &Glance, image: &str) -> Option<Garment> {
    example(seen, id(image)?)
}

/// The id of the garment that an image shows.
pub(super) fn id(image: &str) -> Option<ItemId> {
    let digest = Sha256::digest(image.as_bytes());
    let id = digest.first_chunk::<16>()?;
    Some(ItemId(Uuid::from_bytes(*id)))
}

/// What the file holds; nothing when it is missing or damaged.
pub(super) fn read(file: &Path) -> Sights {
    let text = fs_err::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}
