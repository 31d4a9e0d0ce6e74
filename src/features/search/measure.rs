//! How the index is doing, in numbers: asked now and then, never by a request.
use super::Search;
use crate::{
    base::{embedding::Space, metrics as names},
    engines::index::{Health, SnapshotError, Stats, check_snapshot},
    platform::{
        db::changes::{self, Lag},
        tasks,
    },
};
use std::{
    path::Path,
    sync::{MutexGuard, PoisonError},
    time::SystemTime,
};

/// Neighbours that recall is measured on.
const NEIGHBOURS: usize = 10;
/// Multiplications that one measurement of recall may cost, and vectors it is measured on at most.
const RECALL_BUDGET: usize = 200_000_000;
const MOST_SAMPLED: usize = 32;

/// By which a change of a file is noticed.
type Stamp = Option<(u64, SystemTime)>;

/// What was found out last.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// Of the files of the snapshot as this process last wrote, read or checked them.
    stamps: [Stamp; Space::ALL.len()],
    is_damaged: bool,
    /// Garments that the tables say should be there, once they were asked.
    expected: Option<usize>,
    recall: Option<[f64; Space::ALL.len()]>,
    lag: Option<Lag>,
}

impl Search {
    /// Measures what is cheap to ask: sizes, the lag, whether the snapshot is still the one that was written.
    ///
    /// # Errors
    /// When the tables or the disk cannot be asked; what could be measured is.
    pub async fn measure(&self) -> anyhow::Result<()> {
        let snapshot = self.watch_snapshot().await;
        let lag = self.measure_lag().await;
        self.show();
        snapshot.and(lag)
    }

    /// Measures what takes a while: recall.
    ///
    /// # Errors
    /// When the process is ending.
    pub async fn measure_thoroughly(&self) -> anyhow::Result<()> {
        let spaces = self.inner.spaces.load_full();
        let recall = tasks::blocking(move || {
            Space::ALL.map(|space| {
                let index = spaces.of(space);
                let scan = index.stats().vectors.max(1) * index.dimension();
                let sample = (RECALL_BUDGET / scan).clamp(1, MOST_SAMPLED);
                index.recall(NEIGHBOURS, sample)
            })
        });
        let recall = recall.await?;
        self.measured().recall = Some(recall);
        Ok(())
    }

    /// Shows how old the snapshot is; before there is one, how long this process has done without.
    pub fn show_age(&self) {
        let since = self.status().saved_at.unwrap_or(self.inner.made_at);
        let age = (self.inner.clock.now() - since).as_seconds_f64();
        metrics::gauge!(names::INDEX_SNAPSHOT_AGE).set(age.max(0.0));
    }

    /// Whether the snapshot on disk failed its check when it was last looked at.
    #[must_use]
    pub fn is_snapshot_damaged(&self) -> bool {
        self.measured().is_damaged
    }

    /// Remembers the snapshot that was just written or read, and whether it is sound.
    pub(super) fn note_snapshot(&self, folder: &Path, is_damaged: bool) {
        let stamps = stamps(folder);
        let mut measured = self.measured();
        measured.stamps = stamps;
        measured.is_damaged = is_damaged;
    }

    /// Checks the files that are not those that were written.
    async fn watch_snapshot(&self) -> anyhow::Result<()> {
        let folder = self.folder().await?.to_owned();
        let known = self.measured().stamps;
        let look = move || {
            let now = stamps(&folder);
            let changed = Space::ALL
                .into_iter()
                .filter(|space| now[space.index()] != known[space.index()]);
            let checked: Result<Vec<()>, SnapshotError> = changed
                .map(|space| check_snapshot(&super::spaces::file(&folder, space)))
                .collect();
            (now, checked)
        };
        let (now, checked) = tasks::blocking(look).await?;
        let bytes: u64 = now.iter().flatten().map(|(size, _)| size).sum();
        metrics::gauge!(names::INDEX_SNAPSHOT_BYTES).set(bytes as f64);
        if now == known {
            return Ok(());
        }
        if let Err(error) = &checked {
            let error: &dyn std::error::Error = error;
            tracing::warn!(error, "the snapshot of the index was damaged on disk");
        }
        let mut measured = self.measured();
        measured.stamps = now;
        measured.is_damaged = checked.is_err();
        Ok(())
    }

    async fn measure_lag(&self) -> anyhow::Result<()> {
        let Some(horizon) = self.status().horizon else {
            return Ok(());
        };
        let expected = self.inner.wardrobe.count_recognised().await?;
        metrics::gauge!(names::INDEX_ITEMS).set(expected as f64);
        let lag = changes::lag(&mut *self.inner.db.get().await?, horizon).await?;
        let mut measured = self.measured();
        measured.expected = usize::try_from(expected).ok();
        measured.lag = Some(lag);
        metrics::gauge!(names::INDEX_LAG).set(lag.changes as f64);
        metrics::gauge!(names::INDEX_LAG_SECONDS).set(lag.seconds);
        Ok(())
    }

    fn show(&self) {
        let stats = self.stats();
        for (space, stats) in &stats {
            let space = space.name();
            metrics::gauge!(names::INDEX_VECTORS, "space" => space).set(stats.vectors as f64);
            metrics::gauge!(names::INDEX_BYTES, "space" => space).set(stats.memory_bytes as f64);
            metrics::gauge!(names::INDEX_DELETED, "space" => space).set(deleted(stats));
        }
        let is_usable = self.status().horizon.is_some();
        let measured = self.measured();
        let recall = measured.recall.unwrap_or([1.0; Space::ALL.len()]);
        let underway = measured.lag.map_or(0, |lag| lag.changes);
        let underway = usize::try_from(underway).unwrap_or(0);
        for space in Space::ALL {
            metrics::gauge!(names::INDEX_RECALL, "space" => space.name())
                .set(recall[space.index()]);
        }
        metrics::gauge!(names::INDEX_SNAPSHOT_DAMAGED)
            .set(f64::from(u8::from(measured.is_damaged)));
        let health = stats.iter().map(|(space, stats)| {
            let health = Health {
                is_usable,
                vectors: stats.vectors,
                // Until the tables were asked, what is there is what should be there.
                expected: measured.expected.unwrap_or(stats.vectors),
                underway,
                recall: recall[space.index()],
                lag_seconds: measured.lag.map_or(0.0, |lag| lag.seconds),
                deleted: deleted(stats),
                has_snapshot: !measured.is_damaged,
            };
            health.score()
        });
        // The index is as well as its worst space.
        metrics::gauge!(names::INDEX_HEALTH).set(health.fold(100.0, f64::min));
    }

    fn measured(&self) -> MutexGuard<'_, Measured> {
        let measured = self.inner.measured.lock();
        measured.unwrap_or_else(PoisonError::into_inner)
    }
}

fn deleted(stats: &Stats) -> f64 {
    let entries = stats.removed + stats.graph_vectors;
    stats.removed as f64 / entries.max(1) as f64
}

fn stamps(folder: &Path) -> [Stamp; Space::ALL.len()] {
    Space::ALL.map(|space| {
        let file = fs_err::metadata(super::spaces::file(folder, space)).ok()?;
        Some((file.len(), file.modified().ok()?))
    })
}
