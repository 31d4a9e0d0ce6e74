//! The SQL of exports; every statement takes the owner.
use super::parts::Part;
use crate::{
    base::id::UserId,
    platform::db::schema::{image_variants, images},
};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A row of a part.
#[derive(QueryableByName)]
pub(super) struct Row {
    /// Where the next page starts.
    #[diesel(sql_type = Text)]
    pub(super) key: String,
    #[diesel(sql_type = Text)]
    pub(super) json: String,
}

/// A photo as it is stored.
#[derive(Queryable)]
pub(super) struct Photo {
    pub(super) image_id: Uuid,
    pub(super) bytes: Vec<u8>,
}

/// The rows of a part that come after a key, at most `limit`.
pub(super) async fn page(
    conn: &mut AsyncPgConnection,
    part: &Part,
    owner: UserId,
    after: &str,
    limit: usize,
) -> QueryResult<Vec<Row>> {
    let Part {
        table,
        owner: column,
        key,
        row,
        ..
    } = part;
    // All of it but the bound values is written in this program.
    let sql = format!(
        "select ({key}) as key, ({row})::text as json from {table} t
          where t.{column} = $1 and ({key}) collate \"C\" > $2
          order by ({key}) collate \"C\" limit $3"
    );
    diesel::sql_query(sql)
        .bind::<SqlUuid, _>(owner.0)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(limit as i64)
        .load(conn)
        .await
}

/// The photo after another one, or the first.
pub(super) async fn next_photo(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    after: Option<Uuid>,
) -> QueryResult<Option<Photo>> {
    let mut query = images::table
        .inner_join(image_variants::table.on(image_variants::image_id.eq(images::id)))
        .filter(images::owner.eq(owner.0))
        .filter(image_variants::kind.eq("photo"))
        .order(images::id)
        .select((images::id, image_variants::bytes))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(images::id.gt(after));
    }
    query.first(conn).await.optional()
}
