//! Samples, but not too many of them.
use crate::engines::{
    promql::{EvalError, Matcher, Series, Store},
    series::Snapshot,
};
use std::cell::Cell;

/// A store that gives no more than so many samples; [`Bounded::check`] says whether it had to hold back.
pub(super) struct Bounded {
    store: Snapshot,
    max: u64,
    left: Cell<Option<u64>>,
}

impl Bounded {
    pub(super) const fn new(store: Snapshot, max: u64) -> Self {
        Self {
            store,
            max,
            left: Cell::new(Some(max)),
        }
    }

    /// Fails if more was asked for; what was evaluated is then worth nothing.
    pub(super) fn check(&self) -> Result<(), EvalError> {
        self.left
            .get()
            .map(drop)
            .ok_or(EvalError::TooMuch(self.max))
    }
}

impl Store for Bounded {
    fn select(&self, matchers: &[Matcher], from_ms: i64, to_ms: i64) -> Vec<Series> {
        let wanted = self.store.count(matchers, from_ms, to_ms);
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let left = self.left.get().and_then(|left| left.checked_sub(wanted));
        self.left.set(left);
        match left {
            Some(_) => self.store.select(matchers, from_ms, to_ms),
            None => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::{
        promql::{Labels, METRIC_NAME, Options, Query, Value},
        series::{Limits, Ring},
    };

    #[test]
    fn more_than_the_bound_is_refused_before_it_is_read() {
        let mut ring = Ring::new(Limits::default());
        for round in 1..=50 {
            ring.append(
                "test",
                round * 1000,
                [(Labels::new([(METRIC_NAME, "m")]), 1.0)],
            );
        }
        let query = Query::parse("sum_over_time(m[1m])").unwrap();
        let enough = Bounded::new(ring.snapshot(), 50);
        let value = query.at(&enough, 50_000, &Options::default()).unwrap();
        assert_eq!(value, Value::Vector(vec![(Labels::empty(), 50.0)]));
        assert_eq!(enough.check(), Ok(()));
        let scarce = Bounded::new(ring.snapshot(), 49);
        query.at(&scarce, 50_000, &Options::default()).unwrap();
        assert_eq!(scarce.check(), Err(EvalError::TooMuch(49)));
    }
}
