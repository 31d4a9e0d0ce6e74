//! The times at which an expression is evaluated, and the account of how much work that is.
use std::cell::Cell;

use super::{error::EvalError, options::Options};

/// Evenly spaced times. The first is there even if there is no step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) start_ms: i64,
    pub(super) step_ms: i64,
    pub(super) len: usize,
}

impl Grid {
    /// From start to end, the end included if a step falls on it; empty if it comes first.
    pub(super) fn new(start_ms: i64, end_ms: i64, step_ms: i64) -> Self {
        let span = end_ms.saturating_sub(start_ms);
        let steps = span.checked_div(step_ms.max(1)).unwrap_or(0);
        Self {
            start_ms,
            step_ms,
            len: if span < 0 {
                0
            } else {
                usize::try_from(steps)
                    .unwrap_or(usize::MAX)
                    .saturating_add(1)
            },
        }
    }

    pub(super) fn at(&self, step: usize) -> i64 {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        self.start_ms
            .saturating_add(step.saturating_mul(self.step_ms))
    }

    pub(super) fn last(&self) -> i64 {
        self.at(self.len.saturating_sub(1))
    }

    pub(super) fn times(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len).map(|step| self.at(step))
    }
}

/// How many values may still be read or made.
#[derive(Debug)]
pub(super) struct Budget {
    max: u64,
    left: Cell<u64>,
}

impl Budget {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            max: options.max_values,
            left: Cell::new(options.max_values),
        }
    }

    /// To be asked before the values are made.
    pub(super) fn spend(&self, values: usize) -> Result<(), EvalError> {
        let values = u64::try_from(values).unwrap_or(u64::MAX);
        let left = self.left.get().checked_sub(values);
        self.left.set(left.ok_or(EvalError::TooMuch(self.max))?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_ends_where_the_range_does() {
        let times = |start, end, step| Grid::new(start, end, step).times().collect::<Vec<_>>();
        assert_eq!(times(0, 10, 5), [0, 5, 10]);
        assert_eq!(times(0, 9, 5), [0, 5]);
        assert_eq!(times(7, 7, 1), [7]);
        assert!(times(8, 7, 1).is_empty());
    }
}
