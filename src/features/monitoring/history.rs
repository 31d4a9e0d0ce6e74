//! What the dashboards show, every five minutes, for when memory does not reach back so far.
use super::{
    Error, Monitoring, Panel,
    outbox::{Record, ValueRecord},
    store_admin,
};
use crate::engines::promql::{Labels, Series, Value};
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeSet, HashSet},
    sync::atomic::{AtomicI64, Ordering},
};

/// Between two values that are kept.
const STEP_SECONDS: i64 = 300;
/// The window of rates in them.
const WINDOW: &str = "5m";
/// Lines of one expression that are kept.
const MAX_LINES: usize = 50;

/// Knows when it is time.
pub(super) struct Keeper {
    last: AtomicI64,
}

impl Keeper {
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self {
            last: AtomicI64::new(now.timestamp().div_euclid(STEP_SECONDS)),
        }
    }

    /// The end of the five minutes that ended since it was asked last.
    pub(super) fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let step = now.timestamp().div_euclid(STEP_SECONDS);
        let is_due = self.last.fetch_max(step, Ordering::Relaxed) < step;
        is_due.then(|| DateTime::from_timestamp(step * STEP_SECONDS, 0))?
    }
}

/// The lines of one expression.
pub(super) struct Line {
    pub(super) legend: String,
    pub(super) series: Vec<Series>,
}

impl Monitoring {
    /// Works out what every panel shows at a time, and hands it on to be kept.
    pub(super) fn keep_panels(&self, at: DateTime<Utc>) {
        let (store, options) = (self.store(), self.options());
        let mut done = HashSet::new();
        for panel_query in self.dashboards().queries() {
            let expression = &panel_query.expression;
            if !done.insert(expression) {
                continue;
            }
            let Ok(query) = panel_query.with_window(WINDOW) else {
                continue;
            };
            let values = match query.at(&store, at.timestamp_millis(), &options) {
                Ok(Value::Scalar(value)) => vec![(Labels::empty(), value)],
                Ok(Value::Vector(values)) => values,
                Ok(Value::Matrix(_)) => vec![],
                Err(error) => {
                    let error = error.to_string();
                    tracing::warn!(error, expression, "a panel has no value to keep");
                    vec![]
                }
            };
            for (labels, value) in values.into_iter().take(MAX_LINES) {
                self.inner.outbox.put(Record::Value(ValueRecord {
                    expression: expression.clone(),
                    labels,
                    at,
                    value,
                }));
            }
        }
    }

    /// What a panel showed between two times, expression by expression.
    pub(super) async fn history(
        &self,
        panel: &Panel,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Line>, Error> {
        let mut conn = self.inner.db.get().await?;
        let expressions = panel
            .queries
            .iter()
            .map(|q| q.expression.as_str())
            .collect();
        let kept = store_admin::values(&mut conn, expressions, from, to).await?;
        let instances: BTreeSet<&str> = kept.iter().map(|k| k.instance.as_str()).collect();
        let several = instances.len() > 1;
        let line = |expression: &str| {
            let of_it = kept.iter().filter(|k| k.expression == expression);
            of_it.map(|k| k.series(several)).collect()
        };
        let lines = panel.queries.iter().map(|query| Line {
            legend: query.legend.clone(),
            series: line(&query.expression),
        });
        Ok(lines.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_time_once_after_each_five_minutes() {
        let at = |second: i64| DateTime::from_timestamp(1_700_000_100 + second, 0).unwrap();
        let keeper = Keeper::new(at(10));
        assert_eq!(keeper.due(at(299)), None);
        assert_eq!(keeper.due(at(301)), Some(at(300)));
        assert_eq!(keeper.due(at(316)), None);
        assert_eq!(keeper.due(at(1000)), Some(at(900)), "a pause leaves a gap");
        assert_eq!(keeper.due(at(500)), None, "a clock that was set back");
    }
}
