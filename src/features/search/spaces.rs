//! One index per embedding space, saved and loaded together.
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::{ItemId, UserId},
    },
    engines::{
        index::{
            Expected, IndexError, Settings, SnapshotError, SpaceIndex, read_snapshot,
            write_snapshot,
        },
        vision::Vision,
    },
};
use std::path::Path;

/// The three indexes.
pub(super) struct Spaces {
    indexes: [SpaceIndex; Space::ALL.len()],
}

impl Spaces {
    pub(super) fn empty(vision: &Vision) -> Result<Self, IndexError> {
        let make = |space| SpaceIndex::new(space, vision.dimension(space), &Settings::default());
        let [clip, blip, fashion] = Space::ALL;
        Ok(Self {
            indexes: [make(clip)?, make(blip)?, make(fashion)?],
        })
    }

    pub(super) fn of(&self, space: Space) -> &SpaceIndex {
        &self.indexes[space.index()]
    }

    pub(super) fn upsert(
        &self,
        item: ItemId,
        owner: UserId,
        embedding: &Embedding,
    ) -> Result<(), IndexError> {
        self.of(embedding.space()).upsert(item, owner, embedding)
    }

    pub(super) fn remove(&self, item: ItemId) {
        for index in &self.indexes {
            index.remove(item);
        }
    }

    /// Loads what [`Spaces::save`] wrote, and the horizon that all three have reached.
    pub(super) fn load(folder: &Path, vision: &Vision) -> Result<(Self, i64), SnapshotError> {
        let load = |space: Space| {
            let expected = Expected {
                space,
                dimension: vision.dimension(space),
                pack: vision.pack_id(),
            };
            read_snapshot(&file(folder, space), &expected, &Settings::default())
        };
        let [clip, blip, fashion] = Space::ALL;
        let loaded = [load(clip)?, load(blip)?, load(fashion)?];
        let reached = loaded.iter().map(|one| one.watermark).min();
        let horizon = reached.and_then(|w| i64::try_from(w).ok()).unwrap_or(0);
        Ok((
            Self {
                indexes: loaded.map(|one| one.index),
            },
            horizon,
        ))
    }

    pub(super) fn save(
        &self,
        folder: &Path,
        pack: &str,
        horizon: i64,
    ) -> Result<(), SnapshotError> {
        for space in Space::ALL {
            let index = self.of(space);
            write_snapshot(&file(folder, space), index, pack, horizon.unsigned_abs())?;
        }
        Ok(())
    }
}

pub(super) fn file(folder: &Path, space: Space) -> std::path::PathBuf {
    folder.join(format!("{space}.snapshot"))
}
