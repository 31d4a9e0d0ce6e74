//! Photos that are looked at but not kept: what was seen in them, remembered in Redis for a while.
use super::{Error, Wardrobe, intake};
use crate::{
    base::{
        embedding::{Embedding, Space},
        garment::{Category, Season},
    },
    engines::vision::{Photo, Sight, Vision},
    platform::tasks,
};
use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};
use std::{fmt::Write as _, time::Duration};

/// How long what was seen in a photo is remembered.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What the models see in one photo, as far as choosing outfits is concerned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Glance {
    /// Whether the models are sure that it shows no garment.
    pub is_no_garment: bool,
    /// What it most likely is.
    pub category: Option<Category>,
    /// How likely each of the likeliest categories is, 0 to 1.
    pub kinds: Vec<(String, f32)>,
    /// When it is worn.
    pub season: Option<Season>,
    /// A word of the `pattern` head.
    pub pattern: Option<String>,
    /// 1 to 5.
    pub formality: Option<f32>,
    /// 1 to 5.
    pub warmth: Option<f32>,
    /// Name, `OKLab`, and share of each colour.
    pub colours: Vec<(String, [f32; 3], f32)>,
    /// Base64 of little-endian 32-bit floats, in the order of [`Space::ALL`].
    embeddings: [String; Space::ALL.len()],
}

impl Glance {
    /// What matters of a look at a photo.
    #[must_use]
    pub fn of(sight: &Sight) -> Self {
        let said = |name: &str| sight.attributes.iter().find(|a| a.name == name);
        let word = |name: &str| said(name).map(|a| a.value.clone());
        let scale = |name: &str| said(name).and_then(|a| a.expectation);
        let kinds = said("category").map(|a| a.alternatives.clone());
        let colours = sight.colours.iter();
        Self {
            is_no_garment: said("garment").is_some_and(|a| a.is_sure && a.value == "other"),
            category: word("category").and_then(|w| Category::from_name(&w)),
            kinds: kinds.unwrap_or_default(),
            season: word("season").and_then(|w| Season::from_name(&w)),
            pattern: word("pattern"),
            formality: scale("formality"),
            warmth: scale("warmth"),
            colours: colours
                .map(|c| (c.name.to_owned(), c.oklab, c.share))
                .collect(),
            embeddings: sight
                .embeddings
                .each_ref()
                .map(|e| STANDARD_NO_PAD.encode(e.to_bytes())),
        }
    }

    /// Where the photo lies in each space.
    #[must_use]
    pub fn embeddings(&self) -> [Option<Embedding>; Space::ALL.len()] {
        Space::ALL.map(|space| {
            let text = &self.embeddings[space.index()];
            Embedding::from_bytes(space, &STANDARD_NO_PAD.decode(text).ok()?).ok()
        })
    }
}

impl Wardrobe {
    /// What is seen in a photo that is not stored.
    ///
    /// # Errors
    /// [`Error::Photo`] when it cannot be used.
    pub async fn glance(&self, bytes: Vec<u8>) -> Result<Glance, Error> {
        let vision = self.inner.vision.clone();
        let key = key(&bytes, vision.pack_id());
        let known = self.inner.cache.get(&key).await;
        if let Some(glance) = known.and_then(|bytes| read(&bytes, &vision)) {
            return Ok(glance);
        }
        let limits = self.limits();
        let _permit = self
            .inner
            .decoders
            .acquire()
            .await
            .context("shutting down")?;
        let looked = tasks::blocking(move || {
            let photo = Photo::decode(&bytes, &limits)?;
            Ok::<_, Error>(vision.look(&photo).map_err(anyhow::Error::from)?)
        });
        let glance = Glance::of(&looked.await??);
        let bytes = serde_json::to_vec(&glance).map_err(anyhow::Error::from)?;
        self.inner.cache.put(&key, &bytes, KEPT).await;
        Ok(glance)
    }

    /// The embedding of a text in the CLIP space.
    ///
    /// # Errors
    /// When the model fails.
    pub async fn embed_text(&self, text: String) -> Result<Embedding, Error> {
        let vision = self.inner.vision.clone();
        let embedding = tasks::blocking(move || vision.embed_text(&text)).await?;
        Ok(embedding.map_err(anyhow::Error::from)?)
    }
}

/// Photos are the same when their bytes are; what is seen is the same when the pack is.
fn key(bytes: &[u8], pack: &str) -> String {
    let mut key = format!("glance:3:{pack}:");
    for byte in intake::digest(bytes) {
        // Writing to a string cannot fail.
        let _written = write!(key, "{byte:02x}");
    }
    key
}

/// Reads what the cache holds; `None` when it is not what this pack makes.
fn read(bytes: &[u8], vision: &Vision) -> Option<Glance> {
    let glance: Glance = serde_json::from_slice(bytes).ok()?;
    let mut embeddings = glance.embeddings().into_iter().zip(Space::ALL);
    let is_whole = embeddings.all(|(embedding, space)| {
        embedding.is_some_and(|embedding| embedding.dimension() == vision.dimension(space))
    });
    is_whole.then_some(glance)
}
