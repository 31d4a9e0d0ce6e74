//! What an evaluation may be told beside the expression and the time.

/// How far is looked back, and how much work is done at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// A series without newer samples is still seen for so long.
    pub lookback_ms: i64,
    /// The step of subqueries that name none: how often rules are evaluated.
    pub subquery_step_ms: i64,
    /// At most so many values are read or made; an expression that needs more fails.
    pub max_values: u64,
}

impl Default for Options {
    /// What Prometheus does unless it is told otherwise, and a bound that an ordinary chart does not come near.
    fn default() -> Self {
        Self {
            lookback_ms: 5 * 60 * 1000,
            subquery_step_ms: 60 * 1000,
            max_values: 20_000_000,
        }
    }
}
