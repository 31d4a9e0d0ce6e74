//! The wardrobe's SQL: adding, changing and deleting garments. Every query is bound to an owner.
use super::{intake::Prepared, model::Edit};
use crate::{
    base::id::{ImageId, ItemId, UserId},
    platform::db::schema::{image_variants, images, item_attributes, items},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

/// Stores a photo and the garment it shows, in one transaction. `None` when the same photo is there.
pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    photo: &Prepared,
    now: DateTime<Utc>,
) -> QueryResult<Option<ItemId>> {
    conn.transaction(async |conn| {
        let (image, item) = (ImageId::new(), ItemId::new());
        let inserted = diesel::insert_into(images::table)
            .values((
                images::id.eq(image.0),
                images::owner.eq(owner.0),
                images::source_sha256.eq(photo.source_sha256.as_slice()),
                images::width.eq(i32::try_from(photo.width).unwrap_or(i32::MAX)),
                images::height.eq(i32::try_from(photo.height).unwrap_or(i32::MAX)),
                images::created_at.eq(now),
            ))
            .on_conflict((images::owner, images::source_sha256))
            .do_nothing()
            .execute(conn)
            .await?;
        if inserted == 0 {
            return Ok(None);
        }
        let variants: Vec<_> = photo
            .variants
            .iter()
            .map(|variant| {
                (
                    image_variants::image_id.eq(image.0),
                    image_variants::kind.eq(variant.kind.name()),
                    image_variants::media_type.eq(variant.media_type),
                    image_variants::sha256.eq(variant.sha256.as_slice()),
                    image_variants::bytes.eq(variant.bytes.as_slice()),
                )
            })
            .collect();
        diesel::insert_into(image_variants::table)
            .values(variants)
            .execute(conn)
            .await?;
        diesel::insert_into(items::table)
            .values((
                items::id.eq(item.0),
                items::owner.eq(owner.0),
                items::image_id.eq(image.0),
                items::state.eq("pending"),
                items::created_at.eq(now),
                items::updated_at.eq(now),
            ))
            .execute(conn)
            .await?;
        Ok(Some(item))
    })
    .await
}

/// Applies an owner's edit in one transaction; false when there is no such garment.
pub(super) async fn edit(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    edit: &Edit,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    conn.transaction(async |conn| {
        let mine = items::table
            .filter(items::owner.eq(owner.0))
            .filter(items::id.eq(id.0))
            .filter(items::deleted_at.is_null());
        let whereabouts = edit.whereabouts.map(|whereabouts| whereabouts.name());
        let found = diesel::update(mine)
            .set((
                items::updated_at.eq(now),
                edit.name.as_ref().map(|name| items::name.eq(name)),
                edit.is_clean.map(|is_clean| items::is_clean.eq(is_clean)),
                whereabouts.map(|whereabouts| items::whereabouts.eq(whereabouts)),
            ))
            .execute(conn)
            .await?;
        if found == 0 {
            return Ok(false);
        }
        let names: Vec<&str> = edit.attributes.iter().map(|(n, _)| n.as_str()).collect();
        diesel::delete(
            item_attributes::table
                .filter(item_attributes::item_id.eq(id.0))
                .filter(item_attributes::source.eq("person"))
                .filter(item_attributes::name.eq_any(names)),
        )
        .execute(conn)
        .await?;
        let corrections: Vec<_> = edit
            .attributes
            .iter()
            .filter_map(|(name, value)| {
                Some((
                    item_attributes::item_id.eq(id.0),
                    item_attributes::name.eq(name),
                    item_attributes::source.eq("person"),
                    item_attributes::value.eq(value.as_ref()?),
                    item_attributes::is_sure.eq(true),
                    item_attributes::alternatives.eq(serde_json::json!([])),
                ))
            })
            .collect();
        diesel::insert_into(item_attributes::table)
            .values(corrections)
            .execute(conn)
            .await?;
        Ok(true)
    })
    .await
}

/// Marks a garment as deleted; false when there is none in the wardrobe.
pub(super) async fn delete(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let mine = items::table
        .filter(items::owner.eq(owner.0))
        .filter(items::id.eq(id.0))
        .filter(items::deleted_at.is_null());
    let changed = diesel::update(mine)
        .set((items::deleted_at.eq(now), items::updated_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(changed > 0)
}

/// Takes a deletion back; false when there is nothing to restore.
pub(super) async fn restore(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let mine = items::table
        .filter(items::owner.eq(owner.0))
        .filter(items::id.eq(id.0))
        .filter(items::deleted_at.is_not_null());
    let changed = diesel::update(mine)
        .set((
            items::deleted_at.eq(None::<DateTime<Utc>>),
            items::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(changed > 0)
}

/// Sends a garment through the models again; false when there is none in the wardrobe.
pub(super) async fn requeue(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let mine = items::table
        .filter(items::owner.eq(owner.0))
        .filter(items::id.eq(id.0))
        .filter(items::deleted_at.is_null());
    let changed = diesel::update(mine)
        .set((
            items::state.eq("pending"),
            items::failure.eq(None::<String>),
            items::attempts.eq(0),
            items::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(changed > 0)
}

/// Appends every garment of an owner to the change feed.
pub(super) async fn announce_all(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<usize> {
    diesel::sql_query(
        "insert into changes (owner, item_id) select owner, id from items where owner = $1",
    )
    .bind::<diesel::sql_types::Uuid, _>(owner.0)
    .execute(conn)
    .await
}
