//! SQL of the feedback log and of what is derived from it. Every query is bound to an owner.
use super::model::Lesson;
use crate::{
    base::{
        cursor::Cursor,
        embedding::Embedding,
        id::{EventId, ItemId, OutfitId, UserId},
    },
    engines::ranking::{Kind, Reason},
    platform::db::schema::{feedback_events, feedback_items, taste_embeddings, user_states},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// An event about to be written.
pub(super) struct NewEvent<'a> {
    pub(super) lesson: &'a Lesson,
    pub(super) evidence: serde_json::Value,
    pub(super) shown: Vec<ItemId>,
    pub(super) worn: Vec<ItemId>,
    /// The piece shown by itself that it is about, if it is about one.
    pub(super) piece: Option<u8>,
}

/// An event as it was written.
#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_events, check_for_backend(diesel::pg::Pg))]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) id: Uuid,
    outfit_id: Option<Uuid>,
    pub(super) kind: String,
    pub(super) rating: Option<i16>,
    pub(super) reason: Option<String>,
    pub(super) evidence: serde_json::Value,
    sentence: String,
    pub(super) created_at: DateTime<Utc>,
}

impl EventRow {
    /// As its owner sees it; `None` of a kind this version does not know.
    pub(super) fn lesson(&self) -> Option<Lesson> {
        Some(Lesson {
            id: EventId(self.id),
            kind: Kind::from_name(&self.kind)?,
            sentence: self.sentence.clone(),
            rating: self.rating.and_then(|r| u8::try_from(r).ok()),
            reason: self.reason.as_deref().and_then(Reason::from_name),
            outfit_id: self.outfit_id.map(OutfitId),
            created_at: self.created_at,
        })
    }
}

/// What is derived from the log.
#[derive(Queryable, Selectable)]
#[diesel(table_name = user_states, check_for_backend(diesel::pg::Pg))]
pub(super) struct StateRow {
    pub(super) watermark: i64,
    pub(super) events: i32,
    pub(super) version: String,
    pub(super) state: serde_json::Value,
    /// The shared prior it was folded from; none is the table set by hand.
    pub(super) prior: Option<i64>,
}

/// Holds back every other event of this person until the transaction ends.
pub(super) async fn lock(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    now: DateTime<Utc>,
) -> QueryResult<StateRow> {
    diesel::insert_into(user_states::table)
        .values((
            user_states::owner.eq(owner.0),
            user_states::watermark.eq(0),
            user_states::events.eq(0),
            user_states::version.eq("none"),
            user_states::state.eq(serde_json::json!({})),
            user_states::updated_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    user_states::table
        .find(owner.0)
        .select(StateRow::as_select())
        .for_update()
        .first(conn)
        .await
}

/// What was derived so far, if anything.
pub(super) async fn state(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<Option<StateRow>> {
    user_states::table
        .find(owner.0)
        .select(StateRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// Appends an event; returns its place in the log.
pub(super) async fn append(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    event: &NewEvent<'_>,
) -> QueryResult<i64> {
    let lesson = event.lesson;
    let seq = diesel::insert_into(feedback_events::table)
        .values((
            feedback_events::id.eq(lesson.id.0),
            feedback_events::owner.eq(owner.0),
            feedback_events::outfit_id.eq(lesson.outfit_id.map(|id| id.0)),
            feedback_events::kind.eq(lesson.kind.name()),
            feedback_events::rating.eq(lesson.rating.map(i16::from)),
            feedback_events::reason.eq(lesson.reason.map(Reason::name)),
            feedback_events::evidence.eq(&event.evidence),
            feedback_events::sentence.eq(&lesson.sentence),
            feedback_events::created_at.eq(lesson.created_at),
            feedback_events::piece.eq(event.piece.map(i16::from)),
        ))
        .returning(feedback_events::seq)
        .get_result(conn)
        .await?;
    let row = |item: &ItemId, role: &'static str, worn_at: Option<DateTime<Utc>>| {
        (
            feedback_items::event_id.eq(lesson.id.0),
            feedback_items::item_id.eq(item.0),
            feedback_items::role.eq(role),
            feedback_items::worn_at.eq(worn_at),
        )
    };
    let worn = event.worn.iter();
    let rows: Vec<_> = event
        .shown
        .iter()
        .map(|item| row(item, "shown", None))
        .chain(worn.map(|item| row(item, "worn", Some(lesson.created_at))))
        .collect();
    diesel::insert_into(feedback_items::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(seq)
}

/// The latest event of a kind about an outfit.
pub(super) async fn latest(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    outfit: OutfitId,
    kind: Kind,
) -> QueryResult<Option<EventRow>> {
    feedback_events::table
        .filter(feedback_events::owner.eq(owner.0))
        .filter(feedback_events::outfit_id.eq(outfit.0))
        .filter(feedback_events::kind.eq(kind.name()))
        .order(feedback_events::seq.desc())
        .select(EventRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// What was said of pieces shown by themselves: at most one answer each.
pub(super) async fn answers(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<HashMap<u8, (EventId, Kind)>> {
    let rows: Vec<(Option<i16>, Uuid, String)> = feedback_events::table
        .filter(feedback_events::owner.eq(owner.0))
        .filter(feedback_events::piece.is_not_null())
        .select((
            feedback_events::piece,
            feedback_events::id,
            feedback_events::kind,
        ))
        .load(conn)
        .await?;
    let read = |(piece, id, kind): (Option<i16>, Uuid, String)| {
        let piece = u8::try_from(piece?).ok()?;
        Some((piece, (EventId(id), Kind::from_name(&kind)?)))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Deletes an event; false when there is none.
pub(super) async fn delete(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: EventId,
) -> QueryResult<bool> {
    let deleted = diesel::delete(
        feedback_events::table
            .filter(feedback_events::owner.eq(owner.0))
            .filter(feedback_events::id.eq(id.0)),
    )
    .execute(conn)
    .await?;
    Ok(deleted > 0)
}

/// The log after `watermark`, oldest first.
pub(super) async fn events_after(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    watermark: i64,
) -> QueryResult<Vec<EventRow>> {
    feedback_events::table
        .filter(feedback_events::owner.eq(owner.0))
        .filter(feedback_events::seq.gt(watermark))
        .order(feedback_events::seq)
        .select(EventRow::as_select())
        .load(conn)
        .await
}

/// A page of the log, newest first.
pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<EventRow>> {
    let mut query = feedback_events::table
        .filter(feedback_events::owner.eq(owner.0))
        .order((
            feedback_events::created_at.desc(),
            feedback_events::id.desc(),
        ))
        .limit(limit)
        .select(EventRow::as_select())
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        query = query.filter(
            feedback_events::created_at
                .lt(at)
                .or(feedback_events::created_at
                    .eq(at)
                    .and(feedback_events::id.lt(id))),
        );
    }
    query.load(conn).await
}

/// Replaces what is derived: the state, and its taste part in the form the index wants.
pub(super) async fn save(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    state: &StateRow,
    (pack, taste): (&str, &[(f32, Embedding)]),
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::update(user_states::table.find(owner.0))
        .set((
            user_states::watermark.eq(state.watermark),
            user_states::events.eq(state.events),
            user_states::version.eq(&state.version),
            user_states::state.eq(&state.state),
            user_states::prior.eq(state.prior),
            user_states::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    diesel::delete(taste_embeddings::table.filter(taste_embeddings::owner.eq(owner.0)))
        .execute(conn)
        .await?;
    let rows: Vec<_> = taste
        .iter()
        .zip(0_i32..)
        .map(|((weight, embedding), rank)| {
            (
                taste_embeddings::owner.eq(owner.0),
                taste_embeddings::space.eq(embedding.space().name()),
                taste_embeddings::pack.eq(pack),
                taste_embeddings::rank.eq(rank),
                taste_embeddings::weight.eq(weight),
                taste_embeddings::vector.eq(embedding.to_bytes()),
            )
        })
        .collect();
    diesel::insert_into(taste_embeddings::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(())
}
