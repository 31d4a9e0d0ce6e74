//! What the models saw in photos, and the garments that makes.
use crate::{
    base::{
        embedding::{Embedding, Space},
        garment::{Category, Season},
        id::ItemId,
    },
    engines::ranking::{Garment, PerSpace, Tint},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, path::Path};
use uuid::Uuid;

/// Middle of the 1-to-5 scales, where the pack has no head for them.
const USUAL: f32 = 2.5;

/// What the models see in one photo, as far as choosing outfits is concerned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) category: Option<Category>,
    pub(super) season: Option<Season>,
    pub(super) pattern: Option<String>,
    pub(super) formality: Option<f32>,
    pub(super) warmth: Option<f32>,
    pub(super) colours: Vec<(String, [f32; 3], f32)>,
    /// Base64 of little-endian 32-bit floats, in the order of [`Space::ALL`].
    pub(super) embeddings: [String; 3],
}

/// By image.
pub(super) type Sights = BTreeMap<String, Seen>;

impl Seen {
    /// Where the photo lies in each space.
    pub(super) fn embeddings(&self) -> PerSpace {
        Space::ALL.map(|space| {
            let bytes = STANDARD_NO_PAD
                .decode(&self.embeddings[space.index()])
                .ok()?;
            Embedding::from_bytes(space, &bytes).ok()
        })
    }

    /// As the server would put it into a wardrobe; `None` when it is no part of an outfit.
    pub(super) fn garment(&self, image: &str) -> Option<Garment> {
        let category = self.category?;
        let digest = Sha256::digest(image.as_bytes());
        let id = digest.first_chunk::<16>()?;
        Some(Garment {
            id: ItemId(Uuid::from_bytes(*id)),
            category,
            slot: category.slot()?,
            embeddings: self.embeddings(),
            colours: self
                .colours
                .iter()
                .map(|(name, oklab, share)| Tint {
                    oklab: *oklab,
                    share: *share,
                    name: name.clone(),
                })
                .collect(),
            pattern: self.pattern.clone(),
            formality: self.formality.unwrap_or(USUAL),
            warmth: self.warmth.unwrap_or(USUAL),
            season: self.season,
            is_clean: true,
            last_worn: None,
            wears_30d: 0,
            label: category.name().to_owned(),
        })
    }
}

/// What the file holds; nothing when it is missing or damaged.
pub(super) fn read(file: &Path) -> Sights {
    let text = fs_err::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}
