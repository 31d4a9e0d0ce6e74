//! PromQL over series held in memory: the expressions of rules and charts, answered as Prometheus answers them.
//!
//! An expression is read once ([`Query::parse`]); whatever is not supported is refused there, with its place in the
//! text, so that nothing surprises when it is evaluated. Samples come from a [`Store`]. The semantics are those of
//! Prometheus 2.42, against which `tests/promql` compares every function and operator; `docs/promql.md` says more.
//! Not here: keeping samples, rules and their state, HTTP.
mod aggregate;
mod binary;
mod error;
mod evaluate;
mod frame;
mod functions;
mod grid;
mod histogram;
mod instant;
mod labels;
mod locate;
mod lower;
mod matching;
mod numbers;
mod operate;
mod options;
mod over_time;
mod pattern;
mod plan;
mod query;
mod relabel;
mod scan;
mod slope;
mod store;
mod trend;
mod window;

pub use error::{EvalError, LoadError, Position, Refusal};
pub use labels::{Labels, METRIC_NAME};
pub use options::Options;
pub use pattern::regular_expression;
pub use query::{Query, Span, Value};
pub use store::{Comparison, Matcher, Sample, Series, Store, is_stale, stale_marker};
