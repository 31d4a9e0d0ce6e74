//! The garments a person owns: photos in, garments out.
mod edit;
mod error;
mod filter;
mod glance;
mod intake;
mod measure;
mod model;
mod progress;
mod recognise;
pub mod routes;
mod self_test;
mod settings;
mod store;
mod store_admin;
mod store_write;

pub use edit::VOCABULARY;
pub use error::{Error, photo_problem};
pub use glance::Glance;
pub use measure::attribute_labels;
pub use model::{
    Added, Alternative, Attribute, Colour, Edit, Filter, Item, Picture, Source, State, Variant,
    Wears,
};
pub use progress::{Progress, Step};
pub use self_test::Tried;
pub use settings::Settings;

use crate::{
    base::{
        clock::Clock,
        cursor::Cursor,
        embedding::Embedding,
        id::{ItemId, UserId},
    },
    engines::vision::{Limits, Vision},
    platform::{
        cache::Cache,
        db::{Conn, Db},
        tasks,
    },
};
use anyhow::Context as _;
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

/// Decoded photos are large: this many at a time.
const DECODERS: usize = 2;

/// The wardrobe: the only door to garments for every other module. Cheap to clone.
#[derive(Clone)]
pub struct Wardrobe {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    cache: Cache,
    vision: Vision,
    clock: Clock,
    settings: Settings,
    progress: Progress,
    waiting: Notify,
    decoders: Semaphore,
    /// Held from the claim of a photo to its lock, so that no other worker counts an attempt between.
    claims: Semaphore,
}

/// What a wardrobe looks like from far away.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Garments in the wardrobe.
    pub total: i64,
    /// Of these, not recognised yet.
    pub processing: i64,
    /// Deleted, but can be restored.
    pub deleted: i64,
    /// Garments by kind, most first.
    pub categories: Vec<(String, i64)>,
    /// Garments by colour, most first.
    pub colours: Vec<(String, i64)>,
}

impl Wardrobe {
    /// Puts the wardrobe on its foundations.
    #[must_use]
    pub fn new(db: Db, cache: Cache, vision: Vision, clock: Clock, settings: Settings) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                cache,
                vision,
                clock,
                settings,
                progress: Progress::default(),
                waiting: Notify::new(),
                decoders: Semaphore::new(DECODERS),
                claims: Semaphore::new(1),
            }),
        }
    }

    /// What happens to garments, as it happens.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.inner.progress
    }

    /// The models that look at photos.
    #[must_use]
    pub fn vision(&self) -> &Vision {
        &self.inner.vision
    }

    /// What uploads are measured against.
    #[must_use]
    pub fn limits(&self) -> Limits {
        intake::limits(&self.inner.settings)
    }

    /// Photos that one request may carry.
    #[must_use]
    pub fn max_photos(&self) -> usize {
        self.inner.settings.max_photos_per_request
    }

    /// Adds a photo to the wardrobe; recognition follows in the background.
    ///
    /// A photo of a deleted garment brings the garment back.
    ///
    /// # Errors
    /// [`Error::Photo`] when it cannot be used.
    pub async fn add(&self, owner: UserId, bytes: Vec<u8>) -> Result<Added, Error> {
        let source = intake::digest(&bytes);
        let known = store::find_by_source(&mut *self.conn().await?, owner, &source).await?;
        if let Some(id) = known {
            return self.bring_back(owner, id).await.map(Added::Duplicate);
        }
        let prepared = {
            let _permit = self
                .inner
                .decoders
                .acquire()
                .await
                .context("shutting down")?;
            let settings = self.inner.settings.clone();
            tasks::blocking(move || intake::prepare(&bytes, &settings)).await??
        };
        let mut conn = self.conn().await?;
        let now = self.inner.clock.now();
        if let Some(id) = store_write::insert(&mut conn, owner, &prepared, now).await? {
            self.inner.waiting.notify_one();
            drop(conn);
            return self.item(owner, id).await.map(Added::Created);
        }
        // The same photo came in twice at the same time: the other one won.
        let known = store::find_by_source(&mut conn, owner, &source).await?;
        drop(conn);
        let id = known.context("a photo is there, but its garment is not")?;
        self.bring_back(owner, id).await.map(Added::Duplicate)
    }

    async fn bring_back(&self, owner: UserId, id: ItemId) -> Result<Item, Error> {
        let now = self.inner.clock.now();
        store_write::restore(&mut *self.conn().await?, owner, id, now).await?;
        self.item(owner, id).await
    }

    /// One garment, deleted or not.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for someone else's.
    pub async fn item(&self, owner: UserId, id: ItemId) -> Result<Item, Error> {
        let now = self.inner.clock.now();
        store::find(&mut *self.conn().await?, owner, id, now)
            .await?
            .ok_or(Error::NotFound(id))
    }

    /// Those of `ids` that are this owner's, in the order asked for.
    ///
    /// # Errors
    /// Database errors.
    pub async fn items(&self, owner: UserId, ids: &[ItemId]) -> Result<Vec<Item>, Error> {
        let now = self.inner.clock.now();
        let mut found = store::find_many(&mut *self.conn().await?, owner, ids, now).await?;
        found.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
        Ok(found)
    }

    /// A page of the wardrobe, newest first, and where the next one starts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn list(
        &self,
        owner: UserId,
        filter: &Filter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Item>, Option<Cursor>), Error> {
        let now = self.inner.clock.now();
        let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut conn = self.conn().await?;
        let mut items = store::list(&mut conn, owner, filter, (after, wanted), now).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|item| Cursor {
            at: item.created_at,
            id: item.id.0,
        });
        Ok((items, next))
    }

    /// Counts by kind and colour.
    ///
    /// # Errors
    /// Database errors.
    pub async fn summary(&self, owner: UserId) -> Result<Summary, Error> {
        let mut summary = Summary::default();
        for row in store::counts(&mut *self.conn().await?, owner).await? {
            match row.kind.as_str() {
                "total" => summary.total = row.number,
                "processing" => summary.processing = row.number,
                "deleted" => summary.deleted = row.number,
                "category" => summary.categories.push((row.name, row.number)),
                _ => summary.colours.push((row.name, row.number)),
            }
        }
        Ok(summary)
    }

    /// One stored form of a garment's photo.
    ///
    /// # Errors
    /// [`Error::NoPicture`], also for someone else's.
    pub async fn picture(
        &self,
        owner: UserId,
        id: ItemId,
        variant: Variant,
    ) -> Result<Picture, Error> {
        store::picture(&mut *self.conn().await?, owner, id, variant)
            .await?
            .ok_or(Error::NoPicture)
    }

    /// Applies what the owner says about a garment. It beats the models, now and after re-processing.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::WrongValue`].
    pub async fn edit(&self, owner: UserId, id: ItemId, edit: &Edit) -> Result<Item, Error> {
        edit::check(edit)?;
        let now = self.inner.clock.now();
        if !store_write::edit(&mut *self.conn().await?, owner, id, edit, now).await? {
            return Err(Error::NotFound(id));
        }
        measure::count_edit(edit);
        self.item(owner, id).await
    }

    /// Deletes a garment; it can be restored for a while.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, owner: UserId, id: ItemId) -> Result<(), Error> {
        let now = self.inner.clock.now();
        match store_write::delete(&mut *self.conn().await?, owner, id, now).await? {
            true => Ok(()),
            false => Err(Error::NotFound(id)),
        }
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn restore(&self, owner: UserId, id: ItemId) -> Result<Item, Error> {
        self.bring_back(owner, id).await
    }

    /// Sends a garment through the models again.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reprocess(&self, owner: UserId, id: ItemId) -> Result<Item, Error> {
        let now = self.inner.clock.now();
        if !store_write::requeue(&mut *self.conn().await?, owner, id, now).await? {
            return Err(Error::NotFound(id));
        }
        self.inner.waiting.notify_one();
        self.item(owner, id).await
    }

    /// Sends every garment recognised by another pack through the models again; returns how many.
    ///
    /// # Errors
    /// Database errors.
    pub async fn reembed(&self) -> Result<usize, Error> {
        let pack = self.inner.vision.pack_id();
        let count = store_admin::requeue_other_packs(&mut *self.conn().await?, pack).await?;
        self.inner.waiting.notify_one();
        Ok(count)
    }

    /// Garments that another pack recognised: no search finds them.
    ///
    /// # Errors
    /// Database errors.
    pub async fn of_other_packs(&self) -> Result<i64, Error> {
        let pack = self.inner.vision.pack_id();
        Ok(store_admin::count_other_packs(&mut *self.conn().await?, pack).await?)
    }

    /// Has every instance read one person's garments again; returns how many.
    ///
    /// # Errors
    /// Database errors.
    pub async fn announce_all(&self, owner: UserId) -> Result<usize, Error> {
        Ok(store_write::announce_all(&mut *self.conn().await?, owner).await?)
    }

    /// Embeddings of the given garments, whoever owns them, as far as they are in a wardrobe.
    ///
    /// # Errors
    /// Database errors.
    pub async fn embeddings_of(
        &self,
        ids: &[ItemId],
    ) -> Result<Vec<(ItemId, UserId, Embedding)>, Error> {
        let pack = self.inner.vision.pack_id();
        Ok(store_admin::embeddings_of(&mut *self.conn().await?, pack, ids).await?)
    }

    /// Hands every embedding of the running pack to `each`, in batches; returns how many.
    ///
    /// # Errors
    /// Database errors, and those of `each`.
    pub async fn each_embedding(
        &self,
        mut each: impl FnMut(ItemId, UserId, Embedding) -> anyhow::Result<()>,
    ) -> Result<usize, Error> {
        const BATCH: i64 = 3000;
        let pack = self.inner.vision.pack_id();
        let mut conn = self.conn().await?;
        let (mut after, mut count) = ((Uuid::nil(), String::new()), 0);
        loop {
            let position = (after.0, after.1.as_str());
            let rows = store_admin::embeddings_after(&mut conn, pack, position, BATCH).await?;
            let Some((item, _, space, _)) = rows.last() else {
                return Ok(count);
            };
            after = (*item, space.clone());
            for (item, owner, embedding) in rows.into_iter().filter_map(store_admin::read_embedding)
            {
                each(item, owner, embedding)?;
                count += 1;
            }
        }
    }

    /// Removes what was deleted longer ago than the restore window; returns how many garments.
    ///
    /// # Errors
    /// Database errors.
    pub async fn purge(&self) -> Result<usize, Error> {
        let window = chrono::Duration::from_std(self.inner.settings.restore_window)
            .context("wardrobe.restore_window is too long")?;
        let before = self.inner.clock.now() - window;
        Ok(store_admin::purge_deleted(&mut *self.conn().await?, before).await?)
    }

    async fn conn(&self) -> Result<Conn, Error> {
        Ok(self.inner.db.get().await?)
    }
}
