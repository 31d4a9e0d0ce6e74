//! Rules: what is evaluated again and again, and the files in which Prometheus writes them.
mod definition;
pub(super) mod duration;
mod file;

pub use definition::{Definition, Field, FieldError, Rule, RuleKind};
pub use file::{Group, RuleError, RuleFile};
