//! SQL about everybody: tastes as groups are made from them, and the versions of the groups.
use crate::{
    base::embedding::{Embedding, Space},
    engines::ranking::{Centre, Crowds, Group, Interest},
    platform::db::schema::{
        crowd_centres, crowd_groups, crowds, feedback_events, taste_embeddings,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count, count_star, max},
    prelude::*,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The space in which people are compared.
const SPACE: Space = Space::Fashion;

/// A version about to be written.
#[derive(Insertable)]
#[diesel(table_name = crowds)]
pub(super) struct CrowdRow {
    pub(super) pack: String,
    pub(super) people: i32,
    pub(super) watermark: i64,
    pub(super) events: i64,
    pub(super) created_at: DateTime<Utc>,
}

/// What a version was made from.
#[derive(Queryable, Selectable)]
#[diesel(table_name = crowds, check_for_backend(diesel::pg::Pg))]
pub(super) struct Version {
    pub(super) version: i64,
    pub(super) watermark: i64,
    pub(super) events: i64,
}

/// What is in the log, seen from a place in it.
pub(super) struct Log {
    /// Events up to there.
    pub(super) known: i64,
    /// Events behind it.
    pub(super) new: i64,
    /// Where it ends.
    pub(super) end: i64,
}

/// The newest version for a pack.
pub(super) async fn newest(
    conn: &mut AsyncPgConnection,
    pack: &str,
) -> QueryResult<Option<Version>> {
    crowds::table
        .filter(crowds::pack.eq(pack))
        .order(crowds::version.desc())
        .select(Version::as_select())
        .first(conn)
        .await
        .optional()
}

/// How much is in the log up to a watermark and behind it.
pub(super) async fn log(conn: &mut AsyncPgConnection, watermark: i64) -> QueryResult<Log> {
    let (new, end): (i64, Option<i64>) = feedback_events::table
        .filter(feedback_events::seq.gt(watermark))
        .select((count(feedback_events::seq), max(feedback_events::seq)))
        .first(conn)
        .await?;
    let known = feedback_events::table
        .filter(feedback_events::seq.le(watermark))
        .select(count_star())
        .first(conn)
        .await?;
    Ok(Log {
        known,
        new,
        end: end.unwrap_or(watermark),
    })
}

/// The interests of everybody who said enough about outfits, at most `most` people, those who spoke last.
pub(super) async fn tastes(
    conn: &mut AsyncPgConnection,
    pack: &str,
    most: i64,
) -> QueryResult<Vec<Vec<Interest>>> {
    let owners: Vec<Uuid> = feedback_events::table
        .filter(feedback_events::piece.is_null())
        .group_by(feedback_events::owner)
        .having(count(feedback_events::seq).ge(Crowds::FEWEST_EVENTS))
        .order(max(feedback_events::seq).desc())
        .limit(most)
        .select(feedback_events::owner)
        .load(conn)
        .await?;
    let rows: Vec<(Uuid, f32, Vec<u8>)> = taste_embeddings::table
        .filter(taste_embeddings::owner.eq_any(owners))
        .filter(taste_embeddings::space.eq(SPACE.name()))
        .filter(taste_embeddings::pack.eq(pack))
        .order((taste_embeddings::owner, taste_embeddings::rank))
        .select((
            taste_embeddings::owner,
            taste_embeddings::weight,
            taste_embeddings::vector,
        ))
        .load(conn)
        .await?;
    let mut people: BTreeMap<Uuid, Vec<Interest>> = BTreeMap::new();
    for (owner, weight, vector) in rows {
        if let Ok(centre) = Embedding::from_bytes(SPACE, &vector) {
            let interests = people.entry(owner).or_default();
            interests.push(Interest { centre, weight });
        }
    }
    Ok(people.into_values().collect())
}

/// Appends a version; returns its number.
pub(super) async fn append(
    conn: &mut AsyncPgConnection,
    row: &CrowdRow,
    made: &Crowds,
) -> QueryResult<i64> {
    let origin: Vec<u8> = made.origin().iter().flat_map(|v| v.to_le_bytes()).collect();
    let version = diesel::insert_into(crowds::table)
        .values((row, crowds::origin.eq(origin)))
        .returning(crowds::version)
        .get_result(conn)
        .await?;
    let groups = || (0_i32..).zip(made.groups());
    let rows: Vec<_> = groups()
        .map(|(number, group)| {
            (
                crowd_groups::version.eq(version),
                crowd_groups::number.eq(number),
                crowd_groups::people.eq(people(group.people)),
                crowd_groups::mean.eq(group.mean.to_bytes()),
            )
        })
        .collect();
    diesel::insert_into(crowd_groups::table)
        .values(rows)
        .execute(conn)
        .await?;
    let rows: Vec<_> = groups()
        .flat_map(|(number, group)| (0_i32..).zip(&group.centres).map(move |c| (number, c)))
        .map(|(number, (rank, centre))| {
            (
                crowd_centres::version.eq(version),
                crowd_centres::number.eq(number),
                crowd_centres::rank.eq(rank),
                crowd_centres::people.eq(people(centre.people)),
                crowd_centres::weight.eq(centre.interest.weight),
                crowd_centres::vector.eq(centre.interest.centre.to_bytes()),
            )
        })
        .collect();
    diesel::insert_into(crowd_centres::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(version)
}

/// Deletes all versions but the newest of a pack. Those of other packs go as well: what was taken back may be in them.
pub(super) async fn keep(
    conn: &mut AsyncPgConnection,
    pack: &str,
    newest: i64,
) -> QueryResult<usize> {
    let kept: Vec<i64> = crowds::table
        .filter(crowds::pack.eq(pack))
        .order(crowds::version.desc())
        .limit(newest)
        .select(crowds::version)
        .load(conn)
        .await?;
    diesel::delete(crowds::table.filter(crowds::version.ne_all(kept)))
        .execute(conn)
        .await
}

/// One version; `None` when it is damaged or gone.
pub(super) async fn read(
    conn: &mut AsyncPgConnection,
    version: i64,
) -> QueryResult<Option<Crowds>> {
    let origin: Option<Vec<u8>> = crowds::table
        .find(version)
        .select(crowds::origin)
        .first(conn)
        .await
        .optional()?;
    let groups: Vec<(i32, i32, Vec<u8>)> = crowd_groups::table
        .filter(crowd_groups::version.eq(version))
        .order(crowd_groups::number)
        .select((
            crowd_groups::number,
            crowd_groups::people,
            crowd_groups::mean,
        ))
        .load(conn)
        .await?;
    let centres: Vec<(i32, i32, f32, Vec<u8>)> = crowd_centres::table
        .filter(crowd_centres::version.eq(version))
        .order((crowd_centres::number, crowd_centres::rank))
        .select((
            crowd_centres::number,
            crowd_centres::people,
            crowd_centres::weight,
            crowd_centres::vector,
        ))
        .load(conn)
        .await?;
    Ok(origin.and_then(|origin| assemble(&origin, groups, centres)))
}

fn assemble(
    origin: &[u8],
    groups: Vec<(i32, i32, Vec<u8>)>,
    centres: Vec<(i32, i32, f32, Vec<u8>)>,
) -> Option<Crowds> {
    let (origin, rest) = origin.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let vector = |bytes: &[u8]| Embedding::from_bytes(SPACE, bytes).ok();
    let mut of: BTreeMap<i32, Vec<Centre>> = BTreeMap::new();
    for (number, people, weight, bytes) in centres {
        let centre = vector(&bytes)?;
        of.entry(number).or_default().push(Centre {
            people: u32::try_from(people).ok()?,
            interest: Interest { centre, weight },
        });
    }
    let groups: Option<Vec<Group>> = groups
        .into_iter()
        .map(|(number, people, mean)| {
            Some(Group {
                people: u32::try_from(people).ok()?,
                mean: vector(&mean)?,
                centres: of.remove(&number).unwrap_or_default(),
            })
        })
        .collect();
    let origin = origin.iter().map(|bytes| f32::from_le_bytes(*bytes));
    Crowds::from_parts(origin.collect(), groups?)
}

fn people(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
