//! Snapshot, catch-up and rebuild: how the index follows the tables.
use super::{Error, Search, spaces::Spaces};
use crate::{
    base::{embedding::Space, id::ItemId},
    engines::index::SnapshotError,
    features::wardrobe::Step,
    platform::{
        db::changes::{self, CHANNEL, Change},
        tasks,
    },
};
use anyhow::Context as _;
use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A snapshot older than this may lie behind the oldest change that is still kept.
const OLDEST_SNAPSHOT: Duration = Duration::from_secs(6 * 24 * 3600);

/// How long a removed vector may stay in a graph, and in its snapshot: others are reached through it.
const FORGOTTEN_WITHIN: chrono::Duration = chrono::Duration::hours(23);

impl Search {
    /// Loads the snapshot if there is a good one, then follows the tables until told to stop.
    ///
    /// # Errors
    /// Database errors; the caller runs it again, and it goes on where it was.
    pub async fn follow(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut listener = self.inner.db.listen(CHANNEL).await?;
        self.start().await?;
        let mut saved = Instant::now();
        loop {
            self.catch_up().await?;
            if saved.elapsed() >= self.inner.settings.snapshot_interval {
                self.save().await?;
                saved = Instant::now();
            }
            tokio::select! {
                () = stop.cancelled() => return self.save().await,
                heard = listener.wait() => heard?,
                () = tokio::time::sleep(self.inner.settings.poll_interval) => {}
            }
        }
    }

    /// Makes the index usable: from its snapshot, or else from the tables.
    ///
    /// # Errors
    /// Database errors.
    pub async fn start(&self) -> anyhow::Result<()> {
        if self.status().horizon.is_some() {
            return Ok(());
        }
        match self.load().await {
            Ok(horizon) => {
                self.lock().horizon = Some(horizon);
                tracing::info!(horizon, "the index was loaded from its snapshot");
                Ok(())
            }
            Err(reason) => {
                tracing::info!(
                    reason = format!("{reason:#}"),
                    "the index is built from the tables"
                );
                self.rebuild().await?;
                Ok(())
            }
        }
    }

    async fn load(&self) -> anyhow::Result<i64> {
        let folder = self.folder().await?.to_owned();
        let written = fs_err::metadata(super::spaces::file(&folder, Space::Clip))
            .and_then(|file| file.modified())
            .context("there is no snapshot")?;
        let age = written.elapsed().unwrap_or_default();
        anyhow::ensure!(age < OLDEST_SNAPSHOT, "the snapshot is too old");
        let vision = self.inner.wardrobe.vision().clone();
        let place = folder.clone();
        let loaded = tasks::blocking(move || Spaces::load(&place, &vision)).await?;
        let is_damaged = loaded.as_ref().err().is_some_and(SnapshotError::is_damage);
        self.note_snapshot(&folder, is_damaged);
        let (spaces, horizon) = loaded?;
        self.lock().saved_at = Some(written.into());
        let now = changes::horizon(&mut *self.inner.db.get().await?).await?;
        anyhow::ensure!(horizon <= now, "the snapshot is from the database's future");
        self.inner.spaces.store(Arc::new(spaces));
        Ok(horizon)
    }

    /// Builds the index from the tables and puts it in place; returns the number of vectors.
    ///
    /// # Errors
    /// Database errors; the index in use stays.
    pub async fn rebuild(&self) -> Result<usize, Error> {
        let _turn = self.inner.turn.lock().await;
        // Read before the tables: what commits meanwhile is seen again, never missed.
        let horizon = changes::horizon(&mut *self.inner.db.get().await?).await?;
        let spaces = Spaces::empty(self.inner.wardrobe.vision())?;
        let count = self
            .inner
            .wardrobe
            .each_embedding(|item, owner, embedding| Ok(spaces.upsert(item, owner, &embedding)?))
            .await?;
        self.inner.spaces.store(Arc::new(spaces));
        let mut status = self.lock();
        status.horizon = Some(horizon);
        status.built_at = Some(self.inner.clock.now());
        Ok(count)
    }

    /// Applies what changed since the horizon, then tells who watches.
    ///
    /// # Errors
    /// Database errors; nothing is lost.
    pub async fn catch_up(&self) -> Result<(), Error> {
        let turn = self.inner.turn.lock().await;
        let Some(horizon) = self.status().horizon else {
            return Ok(());
        };
        let (changed, next) = {
            let mut conn = self.inner.db.get().await?;
            changes::since(&mut conn, horizon).await?
        };
        if !changed.is_empty() {
            self.apply(&changed).await?;
        }
        self.lock().horizon = Some(next);
        drop(turn);
        for change in changed {
            self.inner.wardrobe.progress().tell(Step {
                owner: change.owner,
                item: change.item,
                state: None,
            });
        }
        Ok(())
    }

    async fn apply(&self, changed: &BTreeSet<Change>) -> Result<(), Error> {
        let ids: Vec<ItemId> = changed.iter().map(|change| change.item).collect();
        let spaces = self.inner.spaces.load_full();
        let mut present = HashSet::new();
        for (item, owner, embedding) in self.inner.wardrobe.embeddings_of(&ids).await? {
            spaces.upsert(item, owner, &embedding)?;
            present.insert(item);
        }
        for id in ids.iter().filter(|id| !present.contains(id)) {
            spaces.remove(*id);
        }
        Ok(())
    }

    /// Saves the index, if there is something to save.
    ///
    /// # Errors
    /// When the data directory cannot be written.
    pub async fn save(&self) -> anyhow::Result<()> {
        let Some(horizon) = self.status().horizon else {
            return Ok(());
        };
        let folder = self.folder().await?.to_owned();
        let spaces = self.inner.spaces.load_full();
        let pack = self.inner.wardrobe.vision().pack_id().to_owned();
        let this = self.clone();
        tasks::blocking(move || {
            fs_err::create_dir_all(&folder)?;
            spaces.save(&folder, &pack, horizon)?;
            this.note_snapshot(&folder, false);
            anyhow::Ok(())
        })
        .await??;
        self.lock().saved_at = Some(self.inner.clock.now());
        Ok(())
    }

    /// Forgets for good what was removed, in memory and in the snapshot; once a day, since it costs a new graph.
    ///
    /// # Errors
    /// When the data directory cannot be written.
    pub async fn forget_removed(&self) -> anyhow::Result<()> {
        let now = self.inner.clock.now();
        let status = self.status();
        let is_soon = |last| now - last < FORGOTTEN_WITHIN;
        if status.horizon.is_none() || status.forgot_at.is_some_and(is_soon) {
            return Ok(());
        }
        let spaces = self.inner.spaces.load_full();
        let forget = move || {
            let mut forgot = false;
            for space in Space::ALL {
                forgot |= spaces.of(space).forget_removed();
            }
            forgot
        };
        if tasks::blocking(forget).await? {
            self.save().await?;
        }
        self.lock().forgot_at = Some(now);
        Ok(())
    }

    /// Compares the index with the tables; returns how many garments differ.
    ///
    /// # Errors
    /// Database errors.
    pub async fn verify(&self) -> Result<usize, Error> {
        self.catch_up().await?;
        let spaces = self.inner.spaces.load_full();
        let (mut differ, mut seen) = (HashSet::new(), HashSet::new());
        self.inner
            .wardrobe
            .each_embedding(|item, _, embedding| {
                seen.insert(item);
                if spaces.of(embedding.space()).get(item).as_ref() != Some(&embedding) {
                    differ.insert(item);
                }
                Ok(())
            })
            .await?;
        for space in Space::ALL {
            spaces.of(space).for_each(|row| {
                if !seen.contains(&row.key) {
                    differ.insert(row.key);
                }
            });
        }
        Ok(differ.len())
    }

    pub(super) async fn folder(&self) -> anyhow::Result<&Path> {
        let find = async || {
            let id = changes::installation(&mut *self.inner.db.get().await?).await?;
            anyhow::Ok(self.inner.folder.join(id.to_string()))
        };
        Ok(self.inner.place.get_or_try_init(find).await?)
    }
}
