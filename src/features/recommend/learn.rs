//! What is derived from the feedback log: a fold, kept up to its watermark, thrown away at will.
use super::{
    Error, FUSION_VERSION, Recommend, evidence, quality,
    store_events::{self, StateRow},
};
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::UserId,
    },
    engines::ranking::{Event, Learned, SharedPrior},
};
use chrono::{DateTime, Utc};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use std::sync::Arc;

impl Recommend {
    /// What was learned about a person so far.
    ///
    /// # Errors
    /// Database errors.
    pub async fn learned(&self, owner: UserId) -> Result<Learned, Error> {
        let mut conn = self.db.get().await?;
        let row = store_events::state(&mut conn, owner).await?;
        if let Some(row) = &row
            && let Some(learned) = self.read(&mut conn, row).await?
        {
            return Ok(learned);
        }
        // Never learned, or by another version: the log tells it again.
        let events = store_events::events_after(&mut conn, owner, 0).await?;
        let pack = self.wardrobe.vision().pack_id();
        let events: Vec<Event> = events
            .into_iter()
            .filter_map(|row| evidence::event(row, pack))
            .collect();
        let prior = self.newest_prior(&mut conn).await?;
        Ok(Learned::replay_from(&prior, &events))
    }

    /// How many events were learned from.
    ///
    /// # Errors
    /// Database errors.
    pub async fn events(&self, owner: UserId) -> Result<i32, Error> {
        let row = store_events::state(&mut *self.db.get().await?, owner).await?;
        Ok(row.map_or(0, |row| row.events))
    }

    /// Forgets what was derived and folds the whole log again; true when the result is the same.
    ///
    /// # Errors
    /// Database errors.
    pub async fn relearn(&self, owner: UserId) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut conn = self.db.get().await?;
        conn.transaction(async |conn| {
            let before = store_events::lock(conn, owner, now).await?;
            let prior = self.prior_of(conn, &before).await?;
            self.relearn_locked(conn, owner, (&prior, now)).await?;
            let after = store_events::lock(conn, owner, now).await?;
            Ok::<_, Error>(before.state == after.state || before.version != after.version)
        })
        .await
    }

    pub(super) async fn relearn_locked(
        &self,
        conn: &mut AsyncPgConnection,
        owner: UserId,
        (prior, now): (&Arc<SharedPrior>, DateTime<Utc>),
    ) -> Result<(), Error> {
        let start = Fold {
            learned: Learned::starting_from(prior.clone()),
            watermark: 0,
            events: 0,
        };
        self.fold(conn, owner, start, now).await?;
        Ok(())
    }

    /// What a person's log is folded from: the prior it was folded from before, or the newest.
    pub(super) async fn prior_of(
        &self,
        conn: &mut AsyncPgConnection,
        state: &StateRow,
    ) -> Result<Arc<SharedPrior>, Error> {
        let pinned = if state.version == self.version() {
            self.pinned_prior(conn, state.prior).await?
        } else {
            None
        };
        match pinned {
            Some(prior) => Ok(prior),
            None => self.newest_prior(conn).await,
        }
    }

    /// Folds what the log holds beyond the watermark, and stores the result. The caller holds the lock.
    pub(super) async fn catch_up(
        &self,
        conn: &mut AsyncPgConnection,
        owner: UserId,
        state: StateRow,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let start = match self.read(conn, &state).await? {
            Some(learned) => Fold {
                learned,
                watermark: state.watermark,
                events: state.events,
            },
            None => Fold {
                learned: Learned::starting_from(self.prior_of(conn, &state).await?),
                watermark: 0,
                events: 0,
            },
        };
        let before = quality::directions(&start.learned);
        let learned = self.fold(conn, owner, start, now).await?;
        quality::record_shift(&before, &quality::directions(&learned));
        Ok(())
    }

    async fn fold(
        &self,
        conn: &mut AsyncPgConnection,
        owner: UserId,
        mut fold: Fold,
        now: DateTime<Utc>,
    ) -> Result<Learned, Error> {
        let pack = self.wardrobe.vision().pack_id();
        for row in store_events::events_after(conn, owner, fold.watermark).await? {
            fold.watermark = row.seq;
            fold.events += 1;
            if let Some(event) = evidence::event(row, pack) {
                fold.learned.learn(&event);
            }
        }
        let learned = fold.learned;
        let state = StateRow {
            watermark: fold.watermark,
            events: fold.events,
            version: self.version(),
            state: learned.to_json(),
            prior: Some(learned.prior().version).filter(|version| *version > 0),
        };
        let taste: Vec<(f32, Embedding)> = Space::ALL
            .into_iter()
            .flat_map(|space| learned.taste(space))
            .map(|interest| (interest.weight, interest.centre.clone()))
            .collect();
        store_events::save(conn, owner, &state, (pack, &taste), now).await?;
        Ok(learned)
    }

    /// State of another fusion version or pack is no state: its numbers mean something else.
    pub(super) async fn read(
        &self,
        conn: &mut AsyncPgConnection,
        row: &StateRow,
    ) -> Result<Option<Learned>, Error> {
        if row.version != self.version() {
            return Ok(None);
        }
        let Some(prior) = self.pinned_prior(conn, row.prior).await? else {
            return Ok(None);
        };
        let learned = Learned::from_json(&row.state, &prior)
            .inspect_err(|error| tracing::warn!(%error, "learned state is unreadable; replaying"));
        Ok(learned.ok())
    }

    pub(super) fn version(&self) -> String {
        format!("{FUSION_VERSION}/{}", self.wardrobe.vision().pack_id())
    }
}

/// How far a log has been folded.
struct Fold {
    learned: Learned,
    watermark: i64,
    events: i32,
}
