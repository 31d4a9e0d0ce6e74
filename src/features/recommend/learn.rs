//! What is derived from the feedback log: a fold, kept up to its watermark, thrown away at will.
use super::{
    Error, FUSION_VERSION, Recommend, evidence,
    store_events::{self, StateRow},
};
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::UserId,
    },
    engines::ranking::{Event, Learned},
};
use chrono::{DateTime, Utc};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

impl Recommend {
    /// What was learned about a person so far.
    ///
    /// # Errors
    /// Database errors.
    pub async fn learned(&self, owner: UserId) -> Result<Learned, Error> {
        let mut conn = self.db.get().await?;
        let row = store_events::state(&mut conn, owner).await?;
        if let Some(learned) = row.as_ref().and_then(|row| self.read(row)) {
            return Ok(learned);
        }
        // Never learned, or by another version: the log tells it again.
        let events = store_events::events_after(&mut conn, owner, 0).await?;
        let pack = self.wardrobe.vision().pack_id();
        let events: Vec<Event> = events
            .into_iter()
            .filter_map(|row| evidence::event(row, pack))
            .collect();
        Ok(Learned::replay(&events))
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
            self.relearn_locked(conn, owner, now).await?;
            let after = store_events::lock(conn, owner, now).await?;
            Ok::<_, Error>(before.state == after.state || before.version != after.version)
        })
        .await
    }

    pub(super) async fn relearn_locked(
        &self,
        conn: &mut AsyncPgConnection,
        owner: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let nothing = StateRow {
            watermark: 0,
            events: 0,
            version: "none".to_owned(),
            state: serde_json::json!({}),
        };
        self.catch_up(conn, owner, nothing, now).await
    }

    /// Folds what the log holds beyond the watermark, and stores the result. The caller holds the lock.
    pub(super) async fn catch_up(
        &self,
        conn: &mut AsyncPgConnection,
        owner: UserId,
        state: StateRow,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let (mut learned, mut watermark, mut count) = match self.read(&state) {
            Some(learned) => (learned, state.watermark, state.events),
            None => (Learned::default(), 0, 0),
        };
        let pack = self.wardrobe.vision().pack_id();
        for row in store_events::events_after(conn, owner, watermark).await? {
            watermark = row.seq;
            count += 1;
            if let Some(event) = evidence::event(row, pack) {
                learned.learn(&event);
            }
        }
        let state = StateRow {
            watermark,
            events: count,
            version: self.version(),
            state: learned.to_json(),
        };
        let taste: Vec<(f32, Embedding)> = Space::ALL
            .into_iter()
            .flat_map(|space| learned.taste(space))
            .map(|interest| (interest.weight, interest.centre.clone()))
            .collect();
        Ok(store_events::save(conn, owner, &state, (pack, &taste), now).await?)
    }

    /// State of another fusion version or pack is no state: its numbers mean something else.
    fn read(&self, row: &StateRow) -> Option<Learned> {
        if row.version != self.version() {
            return None;
        }
        Learned::from_json(&row.state)
            .inspect_err(|error| tracing::warn!(%error, "learned state is unreadable; replaying"))
            .ok()
    }

    fn version(&self) -> String {
        format!("{FUSION_VERSION}/{}", self.wardrobe.vision().pack_id())
    }
}
