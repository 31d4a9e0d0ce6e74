//! SQL of what is kept of the process itself, which belongs to nobody.
use super::{
    health::{Health, HealthChange, Status},
    outbox::Record,
};
use crate::{
    engines::promql::{Labels, Sample, Series},
    platform::db::schema::{monitoring_health, monitoring_series, monitoring_values},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Double, Jsonb, Text, Timestamptz},
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Rows of a log at most.
const MAX_LOG: i64 = 100_000;

#[derive(Insertable)]
#[diesel(table_name = monitoring_health)]
struct NewHealth<'a> {
    instance: &'a str,
    check_name: &'a str,
    at: DateTime<Utc>,
    status: &'a str,
    detail: &'a str,
    took_ms: i32,
}

/// What must be kept, once: the same again changes nothing.
pub(super) async fn keep(
    conn: &mut AsyncPgConnection,
    instance: &str,
    records: &[Arc<Record>],
) -> QueryResult<()> {
    let mut health = vec![];
    let (mut expressions, mut labels, mut times, mut values) = (vec![], vec![], vec![], vec![]);
    for record in records {
        match &**record {
            Record::Health(found) => health.push(NewHealth {
                instance,
                check_name: found.check,
                at: found.at,
                status: found.status.as_str(),
                detail: &found.detail,
                took_ms: found.took_ms,
            }),
            Record::Value(one) => {
                expressions.push(one.expression.as_str());
                labels.push(json(&one.labels));
                times.push(one.at);
                values.push(one.value);
            }
        }
    }
    conn.transaction(async |conn| {
        diesel::insert_into(monitoring_health::table)
            .values(&health)
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        diesel::sql_query(
            "insert into monitoring_series (instance, expression, labels)
             select distinct $1, e, l from unnest($2, $3) as new (e, l)
             where not exists (select from monitoring_series s
                                where s.instance = $1 and s.expression = e and s.labels = l)
             on conflict do nothing",
        )
        .bind::<Text, _>(instance)
        .bind::<Array<Text>, _>(&expressions)
        .bind::<Array<Jsonb>, _>(&labels)
        .execute(conn)
        .await?;
        diesel::sql_query(
            "insert into monitoring_values (series, at, value)
             select s.id, new.at, new.value
               from unnest($2, $3, $4, $5) as new (e, l, at, value)
               join monitoring_series s on s.instance = $1 and s.expression = e and s.labels = l
             on conflict do nothing",
        )
        .bind::<Text, _>(instance)
        .bind::<Array<Text>, _>(&expressions)
        .bind::<Array<Jsonb>, _>(&labels)
        .bind::<Array<Timestamptz>, _>(&times)
        .bind::<Array<Double>, _>(&values)
        .execute(conn)
        .await?;
        Ok(())
    })
    .await
}

fn json(labels: &Labels) -> Value {
    labels
        .iter()
        .map(|(n, v)| (n.to_owned(), Value::from(v)))
        .collect()
}

/// What one expression gave for one line, in one process.
pub(super) struct Kept {
    pub(super) instance: String,
    pub(super) expression: String,
    labels: Value,
    samples: Vec<Sample>,
}

impl Kept {
    /// As a series, which names the process where there are several.
    pub(super) fn series(&self, several: bool) -> Series {
        let labels = self.labels.as_object().into_iter().flatten();
        let labels =
            labels.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        let instance = ("instance".to_owned(), self.instance.clone());
        Series {
            labels: Labels::new(labels.chain(several.then_some(instance))),
            samples: self.samples.clone(),
        }
    }
}

/// The values of expressions between two times.
pub(super) async fn values(
    conn: &mut AsyncPgConnection,
    expressions: Vec<&str>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> QueryResult<Vec<Kept>> {
    use monitoring_series as series;
    let known: Vec<(i32, String, String, Value)> = series::table
        .filter(series::expression.eq_any(expressions))
        .select((
            series::id,
            series::instance,
            series::expression,
            series::labels,
        ))
        .order((series::expression, series::instance, series::id))
        .load(conn)
        .await?;
    let ids: Vec<i32> = known.iter().map(|(id, ..)| *id).collect();
    let rows: Vec<(i32, DateTime<Utc>, f64)> = monitoring_values::table
        .filter(monitoring_values::series.eq_any(&ids))
        .filter(monitoring_values::at.between(from, to))
        .order((monitoring_values::series, monitoring_values::at))
        .select(monitoring_values::all_columns)
        .load(conn)
        .await?;
    let mut samples: BTreeMap<i32, Vec<Sample>> = BTreeMap::new();
    for (series, at, value) in rows {
        let at_ms = at.timestamp_millis();
        samples
            .entry(series)
            .or_default()
            .push(Sample { at_ms, value });
    }
    let kept = known
        .into_iter()
        .filter_map(|(id, instance, expression, labels)| {
            Some(Kept {
                instance,
                expression,
                labels,
                samples: samples.remove(&id)?,
            })
        });
    Ok(kept.collect())
}

type HealthRow = (String, String, DateTime<Utc>, String, String, i32);

fn health_of((instance, check, at, status, detail, took_ms): HealthRow) -> Health {
    Health {
        check,
        status: Status::parse(&status),
        detail,
        took_ms,
        at,
        instance,
    }
}

/// The last finding of each check of each process, as far as it is not older.
pub(super) async fn latest_health(
    conn: &mut AsyncPgConnection,
    since: DateTime<Utc>,
) -> QueryResult<Vec<Health>> {
    use monitoring_health as health;
    let rows: Vec<HealthRow> = health::table
        .filter(health::at.ge(since))
        .distinct_on((health::instance, health::check_name))
        .order((health::instance, health::check_name, health::at.desc()))
        .select(health::all_columns)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(health_of).collect())
}

#[derive(QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    instance: String,
    #[diesel(sql_type = Text)]
    check_name: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Where a finding differs from the one before, newest first. The first ever is no change.
pub(super) async fn health_changes(
    conn: &mut AsyncPgConnection,
    since: DateTime<Utc>,
    limit: i64,
) -> QueryResult<Vec<HealthChange>> {
    let rows: Vec<ChangeRow> = diesel::sql_query(
        "select h.at, h.instance, h.check_name, h.status, h.detail
           from monitoring_health h
          where h.at >= $1
            and (select b.status from monitoring_health b
                  where b.instance = h.instance and b.check_name = h.check_name and b.at < h.at
                  order by b.at desc limit 1) <> h.status
          order by h.at desc, h.instance, h.check_name limit $2",
    )
    .bind::<Timestamptz, _>(since)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    let change = |row: ChangeRow| HealthChange {
        at: row.at,
        instance: row.instance,
        check: row.check_name,
        status: Status::parse(&row.status),
        detail: row.detail,
    };
    Ok(rows.into_iter().map(change).collect())
}

/// Everything that was kept since a time, of one check or all, oldest first.
pub(super) async fn health_log(
    conn: &mut AsyncPgConnection,
    since: DateTime<Utc>,
    check: Option<&str>,
) -> QueryResult<Vec<Health>> {
    use monitoring_health as health;
    let mut query = health::table
        .filter(health::at.ge(since))
        .order((health::at, health::instance, health::check_name))
        .select(health::all_columns)
        .limit(MAX_LOG)
        .into_boxed();
    if let Some(check) = check {
        query = query.filter(health::check_name.eq(check));
    }
    let rows: Vec<HealthRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(health_of).collect())
}

/// Removes what is older; returns how many rows.
pub(super) async fn prune(
    conn: &mut AsyncPgConnection,
    before: DateTime<Utc>,
) -> QueryResult<usize> {
    let values = diesel::delete(monitoring_values::table.filter(monitoring_values::at.lt(before)));
    let values = values.execute(conn).await?;
    let health = diesel::delete(monitoring_health::table.filter(monitoring_health::at.lt(before)));
    let health = health.execute(conn).await?;
    diesel::sql_query(
        "delete from monitoring_series s
          where not exists (select from monitoring_values v where v.series = s.id)",
    )
    .execute(conn)
    .await?;
    Ok(values + health)
}
