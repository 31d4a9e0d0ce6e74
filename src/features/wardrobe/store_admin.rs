//! The wardrobe's SQL that serves every owner: the recognition queue, the index, the broom.
use super::model::Variant;
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::{ItemId, UserId},
    },
    engines::vision::Sight,
    platform::db::schema::{
        embeddings, image_variants, images, item_attributes, item_colours, items,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Integer, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A photo that waits for the models.
#[derive(QueryableByName)]
pub(super) struct Claim {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) owner: Uuid,
    #[diesel(sql_type = Integer)]
    pub(super) attempts: i32,
}

/// Takes the oldest waiting photo that no other worker holds, and counts the attempt. Photos nobody has looked at
/// yet come before those that are looked at again.
///
/// The count is committed before the work begins, so that a photo that kills the process is given up
/// after a few attempts instead of killing it for ever.
pub(super) async fn claim(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> QueryResult<Option<Claim>> {
    diesel::sql_query(
        "update items set attempts = attempts + 1, updated_at = $1
          where id = (select id from items where state = 'pending' and deleted_at is null
                       order by attempts, pack is not null, created_at limit 1 for update skip locked)
         returning id, owner, attempts",
    )
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()
}

/// Locks a claimed photo until the transaction ends; `None` when it is gone, done, or in other hands.
///
/// The lock goes with the process: a photo whose worker was killed waits again by itself.
pub(super) async fn lock_photo(
    conn: &mut AsyncPgConnection,
    id: ItemId,
    attempts: i32,
) -> QueryResult<Option<Vec<u8>>> {
    let image = items::table
        .filter(items::id.eq(id.0))
        // Claimed again by another instance meanwhile: it is theirs.
        .filter(items::attempts.eq(attempts))
        .filter(items::state.eq("pending"))
        .select(items::image_id)
        .for_no_key_update()
        .skip_locked()
        .first::<Uuid>(conn)
        .await
        .optional()?;
    let Some(image) = image else { return Ok(None) };
    image_variants::table
        .filter(image_variants::image_id.eq(image))
        .filter(image_variants::kind.eq(Variant::Photo.name()))
        .select(image_variants::bytes)
        .first(conn)
        .await
        .optional()
}

/// Stores what the models saw. Corrections by the person stay untouched.
pub(super) async fn write_sight(
    conn: &mut AsyncPgConnection,
    (id, owner): (ItemId, UserId),
    pack: &str,
    sight: &Sight,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    write_attributes(conn, id, sight).await?;
    write_colours(conn, id, sight).await?;
    diesel::delete(embeddings::table.filter(embeddings::item_id.eq(id.0)))
        .execute(conn)
        .await?;
    let vectors: Vec<_> = sight
        .embeddings
        .iter()
        .map(|embedding| {
            (
                embeddings::item_id.eq(id.0),
                embeddings::owner.eq(owner.0),
                embeddings::space.eq(embedding.space().name()),
                embeddings::pack.eq(pack),
                embeddings::vector.eq(embedding.to_bytes()),
            )
        })
        .collect();
    diesel::insert_into(embeddings::table)
        .values(vectors)
        .execute(conn)
        .await?;
    diesel::update(items::table.find(id.0))
        .set((
            items::state.eq("ready"),
            items::failure.eq(None::<String>),
            items::pack.eq(pack),
            items::caption.eq(&sight.caption),
            items::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_attributes(
    conn: &mut AsyncPgConnection,
    id: ItemId,
    sight: &Sight,
) -> QueryResult<()> {
    diesel::delete(
        item_attributes::table
            .filter(item_attributes::item_id.eq(id.0))
            .filter(item_attributes::source.eq("model")),
    )
    .execute(conn)
    .await?;
    let rows: Vec<_> = sight
        .attributes
        .iter()
        .map(|attribute| {
            let alternatives: Vec<_> = attribute
                .alternatives
                .iter()
                .map(|(value, p)| serde_json::json!({ "value": value, "probability": p }))
                .collect();
            (
                item_attributes::item_id.eq(id.0),
                item_attributes::name.eq(&attribute.name),
                item_attributes::source.eq("model"),
                item_attributes::value.eq(&attribute.value),
                item_attributes::probability.eq(attribute.probability.clamp(0.0, 1.0)),
                item_attributes::is_sure.eq(attribute.is_sure),
                item_attributes::expectation.eq(attribute.expectation),
                item_attributes::alternatives.eq(serde_json::Value::from(alternatives)),
            )
        })
        .collect();
    diesel::insert_into(item_attributes::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_colours(conn: &mut AsyncPgConnection, id: ItemId, sight: &Sight) -> QueryResult<()> {
    diesel::delete(item_colours::table.filter(item_colours::item_id.eq(id.0)))
        .execute(conn)
        .await?;
    let rows: Vec<_> = sight
        .colours
        .iter()
        .zip(0_i32..)
        .map(|(colour, rank)| {
            (
                item_colours::item_id.eq(id.0),
                item_colours::rank.eq(rank),
                item_colours::name.eq(colour.name),
                item_colours::hex.eq(&colour.hex),
                item_colours::l.eq(colour.oklab[0]),
                item_colours::a.eq(colour.oklab[1]),
                item_colours::b.eq(colour.oklab[2]),
                item_colours::share.eq(colour.share),
            )
        })
        .collect();
    diesel::insert_into(item_colours::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a photo up, with the reason the owner sees.
pub(super) async fn write_failure(
    conn: &mut AsyncPgConnection,
    id: ItemId,
    failure: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::update(items::table.find(id.0))
        .set((
            items::state.eq("failed"),
            items::failure.eq(failure),
            items::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Photos that wait for the models, and since when the oldest that they have never seen.
pub(super) async fn queue(
    conn: &mut AsyncPgConnection,
) -> QueryResult<(i64, Option<DateTime<Utc>>)> {
    let waiting = || {
        items::table
            .filter(items::state.eq("pending"))
            .filter(items::deleted_at.is_null())
    };
    let count = waiting().count().get_result(conn).await?;
    let oldest = waiting()
        .filter(items::pack.is_null())
        .select(diesel::dsl::min(items::created_at))
        .first(conn)
        .await?;
    Ok((count, oldest))
}

/// Garments in some wardrobe that `pack` has recognised.
pub(super) async fn count_recognised(conn: &mut AsyncPgConnection, pack: &str) -> QueryResult<i64> {
    items::table
        .filter(items::deleted_at.is_null())
        .filter(items::pack.eq(pack))
        .count()
        .get_result(conn)
        .await
}

/// Garments whose embeddings are of another pack.
pub(super) async fn count_other_packs(
    conn: &mut AsyncPgConnection,
    pack: &str,
) -> QueryResult<i64> {
    items::table
        .filter(items::pack.ne(pack))
        .filter(items::state.ne("failed"))
        .filter(items::deleted_at.is_null())
        .count()
        .get_result(conn)
        .await
}

/// Sends every garment whose embeddings are of another pack through the models again.
pub(super) async fn requeue_other_packs(
    conn: &mut AsyncPgConnection,
    pack: &str,
) -> QueryResult<usize> {
    diesel::update(
        items::table
            .filter(items::state.eq("ready"))
            .filter(items::pack.ne(pack)),
    )
    .set((items::state.eq("pending"), items::attempts.eq(0)))
    .execute(conn)
    .await
}

/// Removes garments deleted before `before`, with their photos.
pub(super) async fn purge_deleted(
    conn: &mut AsyncPgConnection,
    before: DateTime<Utc>,
) -> QueryResult<usize> {
    let gone = items::table
        .filter(items::deleted_at.lt(before))
        .select(items::image_id);
    diesel::delete(images::table.filter(images::id.eq_any(gone)))
        .execute(conn)
        .await
}

/// Embeddings of garments in some wardrobe, recognised by `pack`, after `(item, space)` in order.
pub(super) async fn embeddings_after(
    conn: &mut AsyncPgConnection,
    pack: &str,
    after: (Uuid, &str),
    limit: i64,
) -> QueryResult<Vec<(Uuid, Uuid, String, Vec<u8>)>> {
    embeddings::table
        .inner_join(items::table.on(items::id.eq(embeddings::item_id)))
        .filter(items::deleted_at.is_null())
        .filter(embeddings::pack.eq(pack))
        .filter(
            embeddings::item_id.gt(after.0).or(embeddings::item_id
                .eq(after.0)
                .and(embeddings::space.gt(after.1))),
        )
        .order((embeddings::item_id, embeddings::space))
        .limit(limit)
        .select((
            embeddings::item_id,
            embeddings::owner,
            embeddings::space,
            embeddings::vector,
        ))
        .load(conn)
        .await
}

/// Embeddings of the given garments as far as they are in a wardrobe and recognised by `pack`.
pub(super) async fn embeddings_of(
    conn: &mut AsyncPgConnection,
    pack: &str,
    ids: &[ItemId],
) -> QueryResult<Vec<(ItemId, UserId, Embedding)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Uuid, String, Vec<u8>)> = embeddings::table
        .inner_join(items::table.on(items::id.eq(embeddings::item_id)))
        .filter(items::deleted_at.is_null())
        .filter(embeddings::pack.eq(pack))
        .filter(embeddings::item_id.eq_any(ids))
        .select((
            embeddings::item_id,
            embeddings::owner,
            embeddings::space,
            embeddings::vector,
        ))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(read_embedding).collect())
}

/// Reads a row; `None` when the bytes are no embedding, which the constraints should prevent.
pub(super) fn read_embedding(
    (item, owner, space, vector): (Uuid, Uuid, String, Vec<u8>),
) -> Option<(ItemId, UserId, Embedding)> {
    let space = Space::from_name(&space)?;
    match Embedding::from_bytes(space, &vector) {
        Ok(embedding) => Some((ItemId(item), UserId(owner), embedding)),
        Err(error) => {
            tracing::error!(item.id = %item, %space, %error, "a stored embedding is damaged");
            None
        }
    }
}
