//! Everything that is a person's, in one file to take along: JSON and photos in a zip archive.
//!
//! It is made while it is sent: rows are read page by page and photos one by one, so that no export is large in memory, and
//! no connection to the database is held while the client is slow. What changes meanwhile may be in it or not.
mod archive;
mod parts;
mod routes;
mod store;

pub use parts::{LEFT_OUT, PARTS};
pub use routes::routes;

use crate::{
    base::{clock::Clock, id::UserId},
    platform::db::Db,
};
use anyhow::Context as _;
use archive::{Archive, Chunk};
use futures_util::{Stream, StreamExt as _, stream};
use parts::Part;
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    future::ready,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_stream::wrappers::ReceiverStream;

/// Rows that are read at a time.
const PAGE: usize = 100;

/// Makes exports. Cheap to clone.
#[derive(Clone)]
pub struct Exports {
    db: Db,
    clock: Clock,
    /// Who takes theirs along now.
    running: Arc<Mutex<HashSet<UserId>>>,
}

/// The place of the one export that a person may have at a time; given back when it is dropped.
struct Turn {
    owner: UserId,
    running: Arc<Mutex<HashSet<UserId>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.owner);
    }
}

impl Exports {
    /// Makes exports out of a database.
    #[must_use]
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            running: Arc::default(),
        }
    }

    /// The turn of a person; `None` while another export of theirs is on its way.
    fn turn(&self, owner: UserId) -> Option<Turn> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(owner).then(|| Turn {
            owner,
            running: self.running.clone(),
        })
    }

    /// The archive, made as it is read. It ends with an error where the database fails: half an archive is none.
    fn stream(self, turn: Turn) -> impl Stream<Item = anyhow::Result<Chunk>> {
        let (archive, chunks) = Archive::new();
        let making = stream::once(self.make(turn, archive));
        let failed = making.filter_map(|made| ready(made.err().map(Err)));
        stream::select(ReceiverStream::new(chunks).map(Ok), failed)
    }

    async fn make(self, turn: Turn, mut archive: Archive) -> anyhow::Result<()> {
        let made = self.write(turn.owner, &mut archive).await;
        match made.context("while exporting an account") {
            Ok(()) => Box::pin(archive.finish()).await,
            Err(error) => {
                let said = format!("{error:#}");
                tracing::error!(error = said, "an export broke off");
                Err(error)
            }
        }
    }

    async fn write(&self, owner: UserId, archive: &mut Archive) -> anyhow::Result<()> {
        let mut files = vec![];
        for part in &PARTS {
            let rows = self.write_part(owner, part, archive).await?;
            files.push(json!({ "name": part.file, "table": part.table, "rows": rows }));
        }
        let photos = self.write_photos(owner, archive).await?;
        let left_out: Vec<Value> = LEFT_OUT
            .iter()
            .map(|(table, why)| json!({ "table": table, "why": why }))
            .collect();
        let manifest = json!({
            "flashfit": env!("CARGO_PKG_VERSION"),
            "made_at": self.clock.now(),
            "account": owner,
            "files": files,
            "photos": photos,
            "left_out": left_out,
        });
        archive.begin("manifest.json")?;
        archive.write(format!("{manifest:#}\n").as_bytes())?;
        archive.send().await
    }

    /// Writes one file of rows; returns how many.
    async fn write_part(
        &self,
        owner: UserId,
        part: &Part,
        archive: &mut Archive,
    ) -> anyhow::Result<usize> {
        archive.begin(part.file)?;
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let page = {
                let mut conn = self.db.get().await?;
                store::page(&mut conn, part, owner, &after, PAGE).await?
            };
            for row in &page {
                archive.write(if count == 0 { b"[\n" } else { b",\n" })?;
                archive.write(row.json.as_bytes())?;
                count += 1;
            }
            archive.send().await?;
            match page.last() {
                Some(last) if page.len() == PAGE => after.clone_from(&last.key),
                Some(_) | None => break,
            }
        }
        archive.write(if count == 0 { b"[]\n" } else { b"\n]\n" })?;
        Ok(count)
    }

    /// Writes every photo as it is stored; returns how many.
    async fn write_photos(&self, owner: UserId, archive: &mut Archive) -> anyhow::Result<usize> {
        let (mut after, mut count) = (None, 0);
        loop {
            let photo = {
                let mut conn = self.db.get().await?;
                store::next_photo(&mut conn, owner, after).await?
            };
            let Some(photo) = photo else {
                return Ok(count);
            };
            archive.begin_photo(&format!("photos/{}.jpg", photo.image_id))?;
            archive.write(&photo.bytes)?;
            archive.send().await?;
            after = Some(photo.image_id);
            count += 1;
        }
    }
}
