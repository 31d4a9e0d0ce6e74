//! The wardrobe's SQL: reading garments and pictures. Every query is bound to an owner.
use super::{
    filter,
    model::{Alternative, Attribute, Colour, Filter, Item, Picture, Source, State, Variant, Wears},
};
use crate::{
    base::{
        cursor::Cursor,
        garment::Whereabouts,
        id::{ImageId, ItemId, UserId},
    },
    platform::db::schema::{image_variants, images, item_attributes, item_colours, items},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// A row of `items` with the size of its photo.
#[derive(Queryable, Selectable)]
#[diesel(table_name = items, check_for_backend(diesel::pg::Pg))]
pub(super) struct ItemRow {
    pub(super) id: Uuid,
    pub(super) owner: Uuid,
    image_id: Uuid,
    name: Option<String>,
    pub(super) state: String,
    failure: Option<String>,
    pack: Option<String>,
    caption: Option<String>,
    is_clean: bool,
    whereabouts: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    size: SizeRow,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = images, check_for_backend(diesel::pg::Pg))]
pub(super) struct SizeRow {
    width: i32,
    height: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = item_attributes, check_for_backend(diesel::pg::Pg))]
struct AttributeRow {
    item_id: Uuid,
    name: String,
    source: String,
    value: String,
    probability: Option<f32>,
    is_sure: bool,
    expectation: Option<f32>,
    alternatives: serde_json::Value,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = item_colours, check_for_backend(diesel::pg::Pg))]
struct ColourRow {
    item_id: Uuid,
    name: String,
    hex: String,
    l: f32,
    a: f32,
    b: f32,
    share: f32,
}

#[derive(QueryableByName)]
struct WearRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    recent: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_at: Option<DateTime<Utc>>,
}

/// One garment.
pub(super) async fn find(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    now: DateTime<Utc>,
) -> QueryResult<Option<Item>> {
    let found = find_many(conn, owner, &[id], now).await?;
    Ok(found.into_iter().next())
}

/// Those of `ids` that are this owner's, deleted ones too, in no particular order.
pub(super) async fn find_many(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    ids: &[ItemId],
    now: DateTime<Utc>,
) -> QueryResult<Vec<Item>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = items::table
        .inner_join(images::table.on(images::id.eq(items::image_id)))
        .filter(items::owner.eq(owner.0))
        .filter(items::id.eq_any(ids))
        .select(ItemRow::as_select())
        .load(conn)
        .await?;
    complete(conn, rows, now).await
}

/// A page of the wardrobe, newest first.
pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    filter: &Filter,
    (after, limit): (Option<Cursor>, i64),
    now: DateTime<Utc>,
) -> QueryResult<Vec<Item>> {
    let ids = filter::ids(conn, owner, filter, after, limit).await?;
    let mut items = find_many(conn, owner, &ids, now).await?;
    items.sort_by_key(|item| std::cmp::Reverse((item.created_at, item.id)));
    Ok(items)
}

/// The garment made from the same photo.
pub(super) async fn find_by_source(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    source_sha256: &[u8],
) -> QueryResult<Option<ItemId>> {
    items::table
        .inner_join(images::table.on(images::id.eq(items::image_id)))
        .filter(images::owner.eq(owner.0))
        .filter(images::source_sha256.eq(source_sha256))
        .select(items::id)
        .first::<Uuid>(conn)
        .await
        .optional()
        .map(|id| id.map(ItemId))
}

/// One stored form of a garment's photo.
pub(super) async fn picture(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: ItemId,
    variant: Variant,
) -> QueryResult<Option<Picture>> {
    image_variants::table
        .inner_join(items::table.on(items::image_id.eq(image_variants::image_id)))
        .filter(items::owner.eq(owner.0))
        .filter(items::id.eq(id.0))
        .filter(image_variants::kind.eq(variant.name()))
        .select((
            image_variants::media_type,
            image_variants::sha256,
            image_variants::bytes,
        ))
        .first::<(String, Vec<u8>, Vec<u8>)>(conn)
        .await
        .optional()
        .map(|row| {
            row.map(|(media_type, sha256, bytes)| Picture {
                media_type,
                sha256,
                bytes,
            })
        })
}

/// Adds attributes, colours and wears to rows: three queries, however many rows.
pub(super) async fn complete(
    conn: &mut AsyncPgConnection,
    rows: Vec<ItemRow>,
    now: DateTime<Utc>,
) -> QueryResult<Vec<Item>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut attributes = attributes(conn, &ids).await?;
    let mut colours = colours(conn, &ids).await?;
    let wears = wears(conn, &ids, now).await?;
    Ok(rows
        .into_iter()
        .map(|row| Item {
            id: ItemId(row.id),
            owner: UserId(row.owner),
            image: ImageId(row.image_id),
            size: (
                row.size.width.unsigned_abs(),
                row.size.height.unsigned_abs(),
            ),
            name: row.name,
            state: State::from_name(&row.state),
            failure: row.failure,
            pack: row.pack,
            caption: row.caption,
            is_clean: row.is_clean,
            // The table holds nothing else.
            whereabouts: Whereabouts::from_name(&row.whereabouts).unwrap_or(Whereabouts::AtHand),
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: row.deleted_at,
            attributes: attributes.remove(&row.id).unwrap_or_default(),
            colours: colours.remove(&row.id).unwrap_or_default(),
            wears: wears.get(&row.id).copied().unwrap_or_default(),
        })
        .collect())
}

/// What holds for each attribute: the person's row hides the model's, but keeps its alternatives.
async fn attributes(
    conn: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Attribute>>> {
    let rows: Vec<AttributeRow> = item_attributes::table
        .filter(item_attributes::item_id.eq_any(ids))
        .order((
            item_attributes::item_id,
            item_attributes::name,
            item_attributes::source.desc(),
        ))
        .select(AttributeRow::as_select())
        .load(conn)
        .await?;
    let mut found: HashMap<Uuid, Vec<Attribute>> = HashMap::new();
    for row in rows {
        let list = found.entry(row.item_id).or_default();
        let alternatives: Vec<Alternative> =
            serde_json::from_value(row.alternatives).unwrap_or_default();
        match list.last_mut().filter(|last| last.name == row.name) {
            Some(by_person) => by_person.alternatives = alternatives,
            None => list.push(Attribute {
                name: row.name,
                value: row.value,
                probability: row.probability,
                source: if row.source == "person" {
                    Source::Person
                } else {
                    Source::Model
                },
                is_sure: row.is_sure,
                alternatives,
                expectation: row.expectation,
            }),
        }
    }
    Ok(found)
}

async fn colours(
    conn: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Colour>>> {
    let rows: Vec<ColourRow> = item_colours::table
        .filter(item_colours::item_id.eq_any(ids))
        .order((item_colours::item_id, item_colours::rank))
        .select(ColourRow::as_select())
        .load(conn)
        .await?;
    let mut found: HashMap<Uuid, Vec<Colour>> = HashMap::new();
    for row in rows {
        found.entry(row.item_id).or_default().push(Colour {
            name: row.name,
            hex: row.hex,
            share: row.share,
            oklab: [row.l, row.a, row.b],
        });
    }
    Ok(found)
}

async fn wears(
    conn: &mut AsyncPgConnection,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> QueryResult<HashMap<Uuid, Wears>> {
    let rows: Vec<WearRow> = diesel::sql_query(
        "select item_id, count(*) as total, max(worn_at) as last_at,
                count(*) filter (where worn_at > $2 - interval '30 days') as recent
           from feedback_items where role = 'worn' and item_id = any($1) group by item_id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|row| {
            let wears = Wears {
                total: small(row.total),
                last_30_days: small(row.recent),
                last_at: row.last_at,
            };
            (row.item_id, wears)
        })
        .collect())
}

/// A word and how many garments it is true of.
#[derive(QueryableByName)]
pub(super) struct CountRow {
    /// `category`, `colour`, `total`, `processing` or `deleted`.
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = BigInt)]
    pub(super) number: i64,
}

/// How many garments there are of each kind and main colour.
pub(super) async fn counts(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<Vec<CountRow>> {
    diesel::sql_query(
        "with mine as (select * from items where owner = $1)
         select 'total' as kind, '' as name, count(*) as number from mine where deleted_at is null
         union all
         select 'processing', '', count(*) from mine
          where deleted_at is null and state in ('pending', 'processing')
         union all
         select 'deleted', '', count(*) from mine where deleted_at is not null
         union all
         select 'category', a.value, count(*) from mine
           join effective_attributes a on a.item_id = mine.id and a.name = 'category'
          where deleted_at is null group by a.value
         union all
         select 'colour', c.name, count(distinct mine.id) from mine
           join item_colours c on c.item_id = mine.id
          where deleted_at is null group by c.name
         order by 1, 3 desc, 2",
    )
    .bind::<SqlUuid, _>(owner.0)
    .load(conn)
    .await
}
