//! Where everybody starts: versions of the shared prior, estimated again when enough was said.
//!
//! A person's state is pinned to the version it was folded from, so that a replay gives the same bits; moving
//! on to a newer version is a replay too. Versions are appended, never changed. Several instances may run
//! this: one estimates at a time, and moving a person takes the lock of that person's log.
use super::{
    Error, FUSION_VERSION, Recommend,
    store_admin::{self, PriorRow},
    store_events,
};
use crate::{
    base::{id::UserId, metrics as names},
    engines::ranking::SharedPrior,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use std::sync::Arc;

/// So many new events make a new estimate worth while.
const ENOUGH_EVENTS: i64 = 50;
/// States read at a time.
const PAGE: i64 = 100;

impl Recommend {
    /// Estimates the shared prior again if enough was said since, and moves everybody to the newest version.
    /// Returns the version that is newest then, 0 for the table set by hand.
    ///
    /// # Errors
    /// Database errors.
    pub async fn renew_prior(&self) -> Result<i64, Error> {
        let mut conn = self.db.get().await?;
        conn.transaction(async |conn| {
            if store_admin::try_lock(conn).await? {
                self.estimate(conn).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
        let newest = self.newest_prior(&mut conn).await?;
        metrics::gauge!(names::PRIOR_VERSION).set(newest.version as f64);
        metrics::gauge!(names::PRIOR_PEOPLE).set(f64::from(newest.people));
        if newest.version > 0 {
            for owner in store_admin::behind(&mut conn, newest.version).await? {
                self.move_on(&mut conn, owner).await?;
            }
        }
        Ok(newest.version)
    }

    /// Appends a new version when there is enough to learn it from. The caller holds the lock.
    async fn estimate(&self, conn: &mut AsyncPgConnection) -> Result<(), Error> {
        let known = store_admin::newest(conn, FUSION_VERSION).await?;
        let watermark = known.map_or(0, |row| row.watermark);
        let (new, end) = store_admin::events_after(conn, watermark).await?;
        if new < ENOUGH_EVENTS {
            return Ok(());
        }
        let (mut people, mut after) = (vec![], None);
        loop {
            let page = store_admin::states(conn, &self.version(), after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                break;
            };
            after = Some(UserId(*last));
            for (_, row) in &page {
                people.extend(self.read(conn, row).await?.map(|l| l.posterior()));
            }
        }
        let version = store_admin::latest_version(conn).await? + 1;
        let prior = SharedPrior::estimate(version, &people);
        if prior.people == 0 {
            return Ok(());
        }
        let (mean, covariance) = prior.numbers();
        let row = PriorRow {
            version,
            fusion_version: FUSION_VERSION.to_owned(),
            people: i32::try_from(prior.people).unwrap_or(i32::MAX),
            mean: mean.to_vec(),
            covariance: covariance.to_vec(),
            watermark: end,
            created_at: self.clock.now(),
        };
        store_admin::append(conn, &row).await?;
        tracing::info!(
            version,
            people = row.people,
            "the shared prior was estimated anew"
        );
        Ok(())
    }

    /// Folds a person's log from the newest prior.
    async fn move_on(&self, conn: &mut AsyncPgConnection, owner: UserId) -> Result<(), Error> {
        let now = self.clock.now();
        conn.transaction(async |conn| {
            store_events::lock(conn, owner, now).await?;
            let newest = self.newest_prior(conn).await?;
            self.relearn_locked(conn, owner, (&newest, now)).await
        })
        .await
    }

    /// What new people start from.
    pub(super) async fn newest_prior(
        &self,
        conn: &mut AsyncPgConnection,
    ) -> Result<Arc<SharedPrior>, Error> {
        let row = store_admin::newest(conn, FUSION_VERSION).await?;
        Ok(Arc::new(row.as_ref().and_then(read).unwrap_or_default()))
    }

    /// The version a state was folded from; `None` when it cannot be used any more.
    pub(super) async fn pinned_prior(
        &self,
        conn: &mut AsyncPgConnection,
        version: Option<i64>,
    ) -> Result<Option<Arc<SharedPrior>>, Error> {
        let Some(version) = version else {
            return Ok(Some(Arc::default()));
        };
        let row = store_admin::prior(conn, version).await?;
        let usable = row.filter(|row| row.fusion_version == FUSION_VERSION);
        Ok(usable.as_ref().and_then(read).map(Arc::new))
    }
}

/// A damaged row is no prior.
fn read(row: &PriorRow) -> Option<SharedPrior> {
    let people = u32::try_from(row.people).ok()?;
    let prior = SharedPrior::from_numbers((row.version, people), &row.mean, &row.covariance);
    if prior.is_none() {
        tracing::error!(
            version = row.version,
            "this version of the shared prior is damaged"
        );
    }
    prior
}
