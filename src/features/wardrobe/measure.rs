//! What the wardrobe tells the metrics.
use super::{Error, VOCABULARY, Wardrobe, model::Edit, store_admin};
use crate::{base::metrics as names, engines::vision::Sight};

/// The label of what people call a garment and the models describe it with.
const CAPTION: &str = "caption";

/// The labels of attributes: those that people may correct, the caption, and one for what only a pack knows.
pub fn attribute_labels() -> impl Iterator<Item = &'static str> {
    let corrected = VOCABULARY.iter().map(|(name, _)| *name);
    corrected.chain(["category", "season", CAPTION, "other"])
}

impl Wardrobe {
    /// Measures the queue of photos.
    ///
    /// # Errors
    /// Database errors.
    pub async fn measure(&self) -> Result<(), Error> {
        let (waiting, oldest) = store_admin::queue(&mut *self.conn().await?).await?;
        let age = oldest.map_or(0.0, |at| (self.inner.clock.now() - at).as_seconds_f64());
        metrics::gauge!(names::RECOGNITION_QUEUE).set(waiting as f64);
        metrics::gauge!(names::RECOGNITION_AGE).set(age.max(0.0));
        Ok(())
    }

    /// Garments that the running pack has recognised: as many should be in the index.
    ///
    /// # Errors
    /// Database errors.
    pub async fn count_recognised(&self) -> Result<i64, Error> {
        let pack = self.inner.vision.pack_id();
        Ok(store_admin::count_recognised(&mut *self.conn().await?, pack).await?)
    }
}

/// Counts what the models said of a garment.
pub(super) fn count_sight(sight: &Sight) {
    let said = sight.attributes.iter().map(|said| said.name.as_str());
    for name in said.chain([CAPTION]) {
        metrics::counter!(names::ATTRIBUTES, "attribute" => label(name)).increment(1);
    }
}

/// Counts what a person said of a garment.
pub(super) fn count_edit(edit: &Edit) {
    let said = edit.attributes.iter().filter(|(_, value)| value.is_some());
    let named = edit.name.iter().flatten().map(|_| CAPTION);
    for name in said.map(|(name, _)| name.as_str()).chain(named) {
        metrics::counter!(names::CORRECTIONS, "attribute" => label(name)).increment(1);
    }
}

fn label(name: &str) -> &'static str {
    attribute_labels()
        .find(|known| *known == name)
        .unwrap_or("other")
}
