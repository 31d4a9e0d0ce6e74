//! SQL about everybody: what the shared prior is estimated from, and its versions.
use super::{AnsweredChoice, store_choices::ChoiceRow, store_events::StateRow};
use crate::{
    base::id::UserId,
    engines::ranking::Kind,
    platform::db::schema::{choices, feedback_events, outfits, shared_priors, user_states},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The advisory lock of whoever estimates ("ff prior" in ASCII).
const LOCK: i64 = 0x6666_2070_7269_6f72;

/// A version of the shared prior.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = shared_priors, check_for_backend(diesel::pg::Pg))]
pub(super) struct PriorRow {
    pub(super) version: i64,
    pub(super) fusion_version: String,
    pub(super) people: i32,
    pub(super) mean: Vec<f64>,
    pub(super) covariance: Vec<f64>,
    pub(super) watermark: i64,
    pub(super) created_at: DateTime<Utc>,
}

/// People something was learned from.
pub(super) async fn count_learned(conn: &mut AsyncPgConnection) -> QueryResult<i64> {
    user_states::table
        .filter(user_states::events.gt(0))
        .count()
        .get_result(conn)
        .await
}

/// Becomes the one who estimates until the transaction ends; false when somebody else is.
pub(super) async fn try_lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
        "pg_try_advisory_xact_lock({LOCK})"
    )))
    .get_result(conn)
    .await
}

/// The newest version that a fusion version can use.
pub(super) async fn newest(
    conn: &mut AsyncPgConnection,
    fusion_version: &str,
) -> QueryResult<Option<PriorRow>> {
    shared_priors::table
        .filter(shared_priors::fusion_version.eq(fusion_version))
        .order(shared_priors::version.desc())
        .select(PriorRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// One version.
pub(super) async fn prior(
    conn: &mut AsyncPgConnection,
    version: i64,
) -> QueryResult<Option<PriorRow>> {
    shared_priors::table
        .find(version)
        .select(PriorRow::as_select())
        .first(conn)
        .await
        .optional()
}

/// The number of the latest version of all, 0 when there is none.
pub(super) async fn latest_version(conn: &mut AsyncPgConnection) -> QueryResult<i64> {
    let latest: Option<i64> = shared_priors::table
        .select(diesel::dsl::max(shared_priors::version))
        .first(conn)
        .await?;
    Ok(latest.unwrap_or(0))
}

/// Appends a version.
pub(super) async fn append(conn: &mut AsyncPgConnection, row: &PriorRow) -> QueryResult<usize> {
    diesel::insert_into(shared_priors::table)
        .values(row)
        .execute(conn)
        .await
}

/// First suggestions whose odds are known, made by a fusion version, with the last thing said to each.
pub(super) async fn answered_choices(
    conn: &mut AsyncPgConnection,
    fusion_version: &str,
) -> QueryResult<Vec<AnsweredChoice>> {
    type Row = (ChoiceRow, Uuid, String, Option<i16>);
    let rows: Vec<Row> = choices::table
        .inner_join(outfits::table.on(outfits::id.eq(choices::outfit_id)))
        .inner_join(
            feedback_events::table.on(feedback_events::outfit_id.eq(choices::outfit_id.nullable())),
        )
        .filter(outfits::fusion_version.eq(fusion_version))
        .order((choices::outfit_id, feedback_events::seq.desc()))
        .distinct_on(choices::outfit_id)
        .select((
            ChoiceRow::as_select(),
            outfits::owner,
            feedback_events::kind,
            feedback_events::rating,
        ))
        .load(conn)
        .await?;
    let read = rows.into_iter().filter_map(|(row, owner, kind, rating)| {
        let rating = rating.and_then(|stars| u8::try_from(stars).ok());
        Some(AnsweredChoice {
            owner: UserId(owner),
            reward: Kind::from_name(&kind)?.reward(rating)?,
            choice: row.choice()?,
        })
    });
    Ok(read.collect())
}

/// How many events about outfits came after `watermark`, and where they end.
pub(super) async fn events_after(
    conn: &mut AsyncPgConnection,
    watermark: i64,
) -> QueryResult<(i64, i64)> {
    let (count, last): (i64, Option<i64>) = feedback_events::table
        .filter(feedback_events::seq.gt(watermark))
        .filter(feedback_events::piece.is_null())
        .select((
            diesel::dsl::count(feedback_events::seq),
            diesel::dsl::max(feedback_events::seq),
        ))
        .first(conn)
        .await?;
    Ok((count, last.unwrap_or(watermark)))
}

/// Learned states of a version, by owner, after `after`.
pub(super) async fn states(
    conn: &mut AsyncPgConnection,
    version: &str,
    after: Option<UserId>,
    limit: i64,
) -> QueryResult<Vec<(Uuid, StateRow)>> {
    let mut query = user_states::table
        .filter(user_states::version.eq(version.to_owned()))
        .order(user_states::owner)
        .limit(limit)
        .select((user_states::owner, StateRow::as_select()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(user_states::owner.gt(after.0));
    }
    query.load(conn).await
}

/// Whose state was folded from another prior than `version`.
pub(super) async fn behind(conn: &mut AsyncPgConnection, version: i64) -> QueryResult<Vec<UserId>> {
    let owners: Vec<Uuid> = user_states::table
        .filter(user_states::prior.is_distinct_from(version))
        .order(user_states::owner)
        .select(user_states::owner)
        .load(conn)
        .await?;
    Ok(owners.into_iter().map(UserId).collect())
}
