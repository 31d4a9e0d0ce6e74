//! List filters and cursors as one SQL statement.
use super::model::Filter;
use crate::base::{
    cursor::Cursor,
    garment::{Category, Season},
    id::{ItemId, UserId},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A filter that is not set is null, and then true of everything.
const LIST: &str = "
select i.id from items i
 where i.owner = $1
   and (i.deleted_at is not null) = $2
   and ($3 is null or i.state = $3)
   and ($4 is null or exists (
        select 1 from effective_attributes a
         where a.item_id = i.id and a.name = 'category' and a.value = any($4)))
   and ($5 is null or exists (
        select 1 from item_colours c where c.item_id = i.id and c.name = $5))
   and ($6 is null or exists (
        select 1 from effective_attributes a
         where a.item_id = i.id and a.name = 'season' and a.value = any($6)))
   and ($7 is null or not exists (
        select 1 from unnest($7) as wanted (word)
         where position(wanted.word in lower(concat_ws(' ', i.name, i.caption,
               (select string_agg(replace(a.value, '-', ' '), ' ') from effective_attributes a where a.item_id = i.id),
               (select string_agg(replace(c.name, '-', ' '), ' ') from item_colours c where c.item_id = i.id)))) = 0))
   and (not $11 or (i.pack is not null and i.state <> 'failed'))
   and ($8 is null or (i.created_at, i.id) < ($8, $9))
 order by i.created_at desc, i.id desc
 limit $10";

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Ids of the garments that are wanted, newest first, at most `limit`.
pub(super) async fn ids(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<ItemId>> {
    let rows: Vec<IdRow> = diesel::sql_query(LIST)
        .bind::<SqlUuid, _>(owner.0)
        .bind::<Bool, _>(filter.deleted)
        .bind::<Nullable<Text>, _>(filter.state.map(|state| state.name()))
        .bind::<Nullable<Array<Text>>, _>(categories(filter))
        .bind::<Nullable<Text>, _>(filter.colour.as_deref())
        .bind::<Nullable<Array<Text>>, _>(filter.season.map(seasons))
        .bind::<Nullable<Array<Text>>, _>(words(filter.text.as_deref()))
        .bind::<Nullable<Timestamptz>, _>(after.map(|cursor| -> DateTime<Utc> { cursor.at }))
        .bind::<Nullable<SqlUuid>, _>(after.map(|cursor| cursor.id))
        .bind::<BigInt, _>(limit)
        .bind::<Bool, _>(filter.recognised)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| ItemId(row.id)).collect())
}

fn categories(filter: &Filter) -> Option<Vec<&'static str>> {
    let (category, slot) = (filter.category, filter.slot);
    (category.is_some() || slot.is_some()).then(|| {
        let wanted = |c: &&Category| {
            category.is_none_or(|one| one == **c) && slot.is_none_or(|s| c.slot() == Some(s))
        };
        let found = Category::ALL.iter().filter(wanted);
        found.map(|category| category.name()).collect()
    })
}

/// What is worn all year is worn in every season.
fn seasons(season: Season) -> Vec<&'static str> {
    match season {
        Season::AllYear => vec![Season::AllYear.name()],
        Season::Summer | Season::Winter => vec![season.name(), Season::AllYear.name()],
    }
}

fn words(text: Option<&str>) -> Option<Vec<String>> {
    let words: Vec<String> = text?
        .to_lowercase()
        .replace('-', " ")
        .split_whitespace()
        .take(10)
        .map(str::to_owned)
        .collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::garment::Slot;

    #[test]
    fn category_and_slot_narrow_each_other() {
        let filter = |category, slot| Filter {
            category,
            slot,
            ..Filter::default()
        };
        assert_eq!(categories(&filter(None, None)), None);
        let shirt = Some(Category::Shirt);
        assert_eq!(categories(&filter(shirt, None)), Some(vec!["shirt"]));
        assert_eq!(categories(&filter(shirt, Some(Slot::Shoes))), Some(vec![]));
        assert_eq!(
            categories(&filter(None, Some(Slot::Bag))),
            Some(vec!["bag"])
        );
    }

    #[test]
    fn blank_text_is_no_filter() {
        assert_eq!(words(Some("  ")), None);
        assert_eq!(
            words(Some("Light-Blue tee")),
            Some(vec!["light".into(), "blue".into(), "tee".into()])
        );
    }
}
