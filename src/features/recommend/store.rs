//! SQL of suggested outfits. Every query is bound to an owner.
use super::{
    model::{StoredPart, StoredPick, Suggestion},
    store_choices::{self, ChoiceRow},
};
use crate::{
    base::{
        cursor::Cursor,
        garment::Slot,
        id::{ItemId, OutfitId, UserId},
    },
    platform::db::schema::{feedback_events, outfit_items, outfits},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outfits, check_for_backend(diesel::pg::Pg))]
struct OutfitRow {
    id: Uuid,
    score: f32,
    probability: f32,
    sentence: String,
    changes: serde_json::Value,
    parts: serde_json::Value,
    features: Vec<f32>,
    pack: String,
    created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outfit_items, check_for_backend(diesel::pg::Pg))]
struct PickRow {
    outfit_id: Uuid,
    item_id: Uuid,
    slot: String,
    score: f32,
    parts: serde_json::Value,
}

/// Which suggested outfits to list.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// Only those their owner saved, or did not.
    pub(super) saved: Option<bool>,
    /// Only those their owner wore, or did not.
    pub(super) worn: Option<bool>,
}

/// Stores suggestions, each with what was asked, and how the first was chosen, in one transaction.
pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    seed: u64,
    suggestions: &[(serde_json::Value, Suggestion)],
    choice: Option<&ChoiceRow>,
) -> QueryResult<()> {
    let rows: Vec<_> = suggestions
        .iter()
        .map(|(request, outfit)| {
            (
                outfits::id.eq(outfit.id.0),
                outfits::owner.eq(owner.0),
                outfits::request.eq(request),
                outfits::score.eq(outfit.score),
                outfits::probability.eq(outfit.probability.clamp(0.0, 1.0)),
                outfits::sentence.eq(&outfit.sentence),
                outfits::changes.eq(serde_json::json!(outfit.changes)),
                outfits::parts.eq(json(&outfit.parts)),
                outfits::features.eq(&outfit.features),
                outfits::pack.eq(&outfit.pack),
                outfits::fusion_version.eq(super::FUSION_VERSION),
                outfits::seed.eq(seed.cast_signed()),
                outfits::created_at.eq(outfit.created_at),
            )
        })
        .collect();
    let picks: Vec<_> = suggestions
        .iter()
        .flat_map(|(_, outfit)| {
            outfit.picks.iter().zip(0_i32..).map(|(pick, rank)| {
                (
                    outfit_items::outfit_id.eq(outfit.id.0),
                    outfit_items::item_id.eq(pick.item.0),
                    outfit_items::slot.eq(pick.slot.name()),
                    outfit_items::rank.eq(rank),
                    outfit_items::score.eq(pick.score),
                    outfit_items::parts.eq(json(&pick.parts)),
                )
            })
        })
        .collect();
    conn.transaction(async |conn| {
        diesel::insert_into(outfits::table)
            .values(rows)
            .execute(conn)
            .await?;
        diesel::insert_into(outfit_items::table)
            .values(picks)
            .execute(conn)
            .await?;
        if let Some(row) = choice {
            store_choices::insert(conn, row).await?;
        }
        Ok(())
    })
    .await
}

fn json(parts: &[StoredPart]) -> serde_json::Value {
    serde_json::json!(parts)
}

/// One suggestion.
pub(super) async fn find(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: OutfitId,
) -> QueryResult<Option<Suggestion>> {
    let row = outfits::table
        .filter(outfits::owner.eq(owner.0))
        .filter(outfits::id.eq(id.0))
        .select(OutfitRow::as_select())
        .first(conn)
        .await
        .optional()?;
    let rows = row.into_iter().collect();
    Ok(complete(conn, owner, rows).await?.into_iter().next())
}

/// Those of the suggestions that are this person's, in any order.
pub(super) async fn find_all(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    ids: &[OutfitId],
) -> QueryResult<Vec<Suggestion>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = outfits::table
        .filter(outfits::owner.eq(owner.0))
        .filter(outfits::id.eq_any(ids))
        .select(OutfitRow::as_select())
        .load(conn)
        .await?;
    complete(conn, owner, rows).await
}

/// A page of suggestions, newest first.
pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    wanted: Wanted,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<Suggestion>> {
    let said = |kinds: &'static [&'static str]| {
        outfits::id.nullable().eq_any(
            feedback_events::table
                .filter(feedback_events::owner.eq(owner.0))
                .filter(feedback_events::kind.eq_any(kinds))
                .select(feedback_events::outfit_id),
        )
    };
    let mut query = outfits::table
        .filter(outfits::owner.eq(owner.0))
        .order((outfits::created_at.desc(), outfits::id.desc()))
        .limit(limit)
        .select(OutfitRow::as_select())
        .into_boxed();
    // `x in (…)` is null, not false, where the list holds a null: compare with true.
    query = match wanted.saved {
        Some(true) => query.filter(said(&["save"])),
        Some(false) => query.filter(diesel::dsl::not(said(&["save"]))),
        None => query,
    };
    query = match wanted.worn {
        Some(true) => query.filter(said(&["wear"])),
        Some(false) => query.filter(diesel::dsl::not(said(&["wear"]))),
        None => query,
    };
    if let Some(Cursor { at, id }) = after {
        query = query.filter(
            outfits::created_at
                .lt(at)
                .or(outfits::created_at.eq(at).and(outfits::id.lt(id))),
        );
    }
    let rows = query.load(conn).await?;
    complete(conn, owner, rows).await
}

async fn complete(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    rows: Vec<OutfitRow>,
) -> QueryResult<Vec<Suggestion>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let picks: Vec<PickRow> = outfit_items::table
        .filter(outfit_items::outfit_id.eq_any(&ids))
        .order((outfit_items::outfit_id, outfit_items::rank))
        .select(PickRow::as_select())
        .load(conn)
        .await?;
    let saved: HashSet<Option<Uuid>> = feedback_events::table
        .filter(feedback_events::owner.eq(owner.0))
        .filter(feedback_events::kind.eq("save"))
        .filter(feedback_events::outfit_id.eq_any(&ids))
        .select(feedback_events::outfit_id)
        .load::<Option<Uuid>>(conn)
        .await?
        .into_iter()
        .collect();
    let mut by_outfit: HashMap<Uuid, Vec<StoredPick>> = HashMap::new();
    for row in picks {
        by_outfit
            .entry(row.outfit_id)
            .or_default()
            .push(StoredPick {
                item: ItemId(row.item_id),
                slot: Slot::from_name(&row.slot).unwrap_or(Slot::Accessory),
                score: row.score,
                parts: parts(row.parts),
            });
    }
    Ok(rows
        .into_iter()
        .map(|row| Suggestion {
            id: OutfitId(row.id),
            score: row.score,
            probability: row.probability,
            sentence: row.sentence,
            changes: serde_json::from_value(row.changes).unwrap_or_default(),
            parts: parts(row.parts),
            features: row.features,
            pack: row.pack,
            created_at: row.created_at,
            is_saved: saved.contains(&Some(row.id)),
            picks: by_outfit.remove(&row.id).unwrap_or_default(),
        })
        .collect())
}

fn parts(json: serde_json::Value) -> Vec<StoredPart> {
    serde_json::from_value(json).unwrap_or_default()
}

#[derive(QueryableByName)]
struct AvoidedRow {
    #[diesel(sql_type = Array<SqlUuid>)]
    items: Vec<Uuid>,
}

/// The garments of outfits that were disliked or skipped, most recent first.
pub(super) async fn avoided(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    limit: i64,
) -> QueryResult<Vec<Vec<ItemId>>> {
    let rows: Vec<AvoidedRow> = diesel::sql_query(
        "select array_agg(i.item_id order by i.item_id) as items
           from feedback_events e
           join feedback_items i on i.event_id = e.id and i.role = 'shown'
          where e.owner = $1 and e.kind in ('dislike', 'skip')
          group by e.id, e.seq order by e.seq desc limit $2",
    )
    .bind::<SqlUuid, _>(owner.0)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| row.items.into_iter().map(ItemId).collect())
        .collect())
}
