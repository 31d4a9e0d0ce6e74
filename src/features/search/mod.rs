//! Keeps the vector index in step with Postgres, and searches it.
//!
//! The index is derived: it lives in memory, is saved now and then, and is built from the tables when its
//! snapshot is missing, damaged or too old.
mod error;
mod measure;
pub mod routes;
mod settings;
mod spaces;
mod sync;

pub use error::Error;
pub use settings::Settings;

use crate::{
    base::{
        clock::Clock,
        embedding::{Embedding, Space},
        id::{ItemId, UserId},
    },
    engines::{
        index::{Filter, Hit, Stats},
        ranking::PerSpace,
    },
    features::wardrobe::Wardrobe,
    platform::db::Db,
};
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use spaces::Spaces;
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// The index of all wardrobes. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    wardrobe: Wardrobe,
    clock: Clock,
    settings: Settings,
    folder: PathBuf,
    spaces: ArcSwap<Spaces>,
    status: Mutex<Status>,
    measured: Mutex<measure::Measured>,
    made_at: DateTime<Utc>,
    /// Where the snapshot is, once the database has said which one it is.
    place: tokio::sync::OnceCell<PathBuf>,
    /// One catch-up or rebuild at a time.
    turn: tokio::sync::Mutex<()>,
}

/// How the index is doing.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Everything before this transaction is in the index; none until it is built or loaded.
    pub horizon: Option<i64>,
    /// When it was last built from the tables.
    pub built_at: Option<DateTime<Utc>>,
    /// When it was last saved.
    pub saved_at: Option<DateTime<Utc>>,
    /// When what had been removed was last forgotten for good.
    pub forgot_at: Option<DateTime<Utc>>,
}

impl Search {
    /// Makes an empty index that keeps its snapshots below `folder`.
    ///
    /// # Errors
    /// When the pack's dimensions make no index.
    pub fn new(
        db: Db,
        wardrobe: Wardrobe,
        clock: Clock,
        settings: Settings,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let spaces = Spaces::empty(wardrobe.vision())?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                wardrobe,
                made_at: clock.now(),
                clock,
                settings,
                folder,
                spaces: ArcSwap::from_pointee(spaces),
                status: Mutex::default(),
                measured: Mutex::default(),
                place: tokio::sync::OnceCell::new(),
                turn: tokio::sync::Mutex::default(),
            }),
        })
    }

    /// Where garments come from.
    #[must_use]
    pub fn wardrobe(&self) -> &Wardrobe {
        &self.inner.wardrobe
    }

    /// How the index is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.lock().clone()
    }

    /// Size and memory of each space's index.
    #[must_use]
    pub fn stats(&self) -> Vec<(Space, Stats)> {
        let spaces = self.inner.spaces.load();
        let stats = |space| (space, spaces.of(space).stats());
        Space::ALL.into_iter().map(stats).collect()
    }

    /// A garment's embeddings, as far as the index has seen it.
    #[must_use]
    pub fn embeddings(&self, item: ItemId) -> PerSpace {
        let spaces = self.inner.spaces.load();
        Space::ALL.map(|space| spaces.of(space).get(item))
    }

    /// The garments of `owner` nearest to `query`, without those in `except`. CPU work of microseconds
    /// for one wardrobe.
    ///
    /// # Errors
    /// [`Error::Index`] when the query does not fit.
    pub fn nearest(
        &self,
        owner: UserId,
        query: &Embedding,
        k: usize,
        except: Option<ItemId>,
    ) -> Result<Vec<Hit>, Error> {
        let except: HashSet<ItemId> = except.into_iter().collect();
        let filter = Filter {
            owner: Some(owner),
            among: None,
            except: Some(&except),
        };
        let spaces = self.inner.spaces.load();
        let answer = spaces.of(query.space()).search(query, k, &filter)?;
        Ok(answer.hits)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Status> {
        self.inner
            .status
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
