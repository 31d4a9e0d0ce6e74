//! Photos that are looked at but not kept: their embeddings, remembered in Redis for a while.
use super::{Error, Wardrobe, intake};
use crate::{
    base::embedding::{Embedding, Space},
    engines::vision::{Photo, Vision},
    platform::tasks,
};
use anyhow::Context as _;
use std::{fmt::Write as _, time::Duration};

/// How long the embeddings of a photo are remembered after they were last made.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// A photo's embeddings, in the order of [`Space::ALL`].
pub type Glance = [Embedding; Space::ALL.len()];

impl Wardrobe {
    /// The embeddings of a photo that is not stored.
    ///
    /// # Errors
    /// [`Error::Photo`] when it cannot be used.
    pub async fn glance(&self, bytes: Vec<u8>) -> Result<Glance, Error> {
        let vision = self.inner.vision.clone();
        let key = key(&bytes, vision.pack_id());
        if let Some(glance) = self
            .inner
            .cache
            .get(&key)
            .await
            .and_then(|b| read(&b, &vision))
        {
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
        let glance = looked.await??.embeddings;
        let bytes: Vec<u8> = glance.iter().flat_map(Embedding::to_bytes).collect();
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

/// Photos are the same when their bytes are; embeddings are the same when the pack is.
fn key(bytes: &[u8], pack: &str) -> String {
    let mut key = format!("glance:{pack}:");
    for byte in intake::digest(bytes) {
        // Writing to a string cannot fail.
        let _written = write!(key, "{byte:02x}");
    }
    key
}

/// Reads what the cache holds; `None` when it is not what this pack makes.
fn read(bytes: &[u8], vision: &Vision) -> Option<Glance> {
    let mut rest = bytes;
    let mut next = |space: Space| {
        let (one, others) = rest.split_at_checked(vision.dimension(space) * size_of::<f32>())?;
        rest = others;
        Embedding::from_bytes(space, one).ok()
    };
    let [clip, blip, fashion] = Space::ALL;
    let glance = [next(clip)?, next(blip)?, next(fashion)?];
    rest.is_empty().then_some(glance)
}
