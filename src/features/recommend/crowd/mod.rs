//! What people of like taste like: versions of the groups, made again when enough was said or something taken back.
//!
//! Nothing is stored about who is in which group: at each ask the person is compared with the groups. What they like
//! goes into φ only, which is logged with the event, so a replay does not depend on any version.
mod store_admin;

use super::{Error, Recommend, store_admin::try_lock};
use crate::{base::metrics as names, engines::ranking::Crowds, platform::tasks};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use store_admin::CrowdRow;

/// So many new events make new groups worth while.
const ENOUGH_EVENTS: i64 = 50;
/// The people who spoke last, when there are more.
const MOST_PEOPLE: i64 = 4000;
/// Versions kept for instances that are reading them.
const KEPT: i64 = 3;
/// Where groups start from: always the same, so that the same people make the same groups.
const SEED: u64 = 5;

/// The version that was read last, so that an ask need not read it again.
pub(super) type Latest = Mutex<Option<(i64, Arc<Crowds>)>>;

impl Recommend {
    /// Makes the groups of like taste again if enough was said since, or if something was taken back or somebody left.
    ///
    /// # Errors
    /// Database errors.
    pub async fn renew_crowds(&self) -> Result<(), Error> {
        let mut conn = self.db.get().await?;
        conn.transaction(async |conn| {
            if try_lock(conn).await? {
                self.gather(conn).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
        drop(conn);
        let crowds = self.crowds().await?;
        let groups = crowds.as_deref().map_or(&[][..], Crowds::groups);
        let people: u32 = groups.iter().map(|group| group.people).sum();
        metrics::gauge!(names::CROWD_PEOPLE).set(f64::from(people));
        metrics::gauge!(names::CROWD_GROUPS).set(groups.len() as f64);
        Ok(())
    }

    /// The newest groups that can be compared with what the models of this process see.
    pub(super) async fn crowds(&self) -> Result<Option<Arc<Crowds>>, Error> {
        let mut conn = self.db.get().await?;
        let pack = self.wardrobe.vision().pack_id();
        let newest = store_admin::newest(&mut conn, pack).await?;
        let Some(version) = newest.map(|row| row.version) else {
            return Ok(None);
        };
        let known = self.latest().clone();
        if let Some((_, crowds)) = known.filter(|(read, _)| *read == version) {
            return Ok(Some(crowds));
        }
        let Some(read) = store_admin::read(&mut conn, version).await? else {
            tracing::warn!(
                version,
                "these groups of like taste are damaged, or were deleted just now; doing without"
            );
            return Ok(None);
        };
        let crowds = Arc::new(read);
        *self.latest() = Some((version, crowds.clone()));
        Ok(Some(crowds))
    }

    fn latest(&self) -> std::sync::MutexGuard<'_, Option<(i64, Arc<Crowds>)>> {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a new version if there is enough news. The caller holds the lock.
    async fn gather(&self, conn: &mut AsyncPgConnection) -> Result<(), Error> {
        let pack = self.wardrobe.vision().pack_id();
        let newest = store_admin::newest(conn, pack).await?;
        let watermark = newest.as_ref().map_or(0, |row| row.watermark);
        let log = store_admin::log(conn, watermark).await?;
        let is_taken_back = newest.is_some_and(|row| log.known < row.events);
        if log.new < ENOUGH_EVENTS && !is_taken_back {
            return Ok(());
        }
        let tastes = store_admin::tastes(conn, pack, MOST_PEOPLE).await?;
        let crowds = tasks::blocking(move || Crowds::estimate(&tastes, SEED)).await?;
        let Some(crowds) = crowds else {
            // Too few people: what was made from more must not be used any longer.
            store_admin::keep(conn, pack, 0).await?;
            return Ok(());
        };
        let people: u32 = crowds.groups().iter().map(|group| group.people).sum();
        let row = CrowdRow {
            pack: pack.to_owned(),
            people: i32::try_from(people).unwrap_or(i32::MAX),
            watermark: log.end,
            events: log.known + log.new,
            created_at: self.clock.now(),
        };
        let version = store_admin::append(conn, &row, &crowds).await?;
        // What was taken back is in none that is left.
        store_admin::keep(conn, pack, if is_taken_back { 1 } else { KEPT }).await?;
        let groups = crowds.groups().len();
        tracing::info!(
            version,
            people,
            groups,
            "groups of like taste were made anew"
        );
        Ok(())
    }
}
