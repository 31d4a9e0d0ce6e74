//! Alerts as values: rules, what they find, and what is told of it. Nothing here sends, stores or knows the time.
//!
//! [`RuleFile`] reads Prometheus's rule files, [`Evaluation`] evaluates a group once and says what became of its
//! alerts ([`Active`] is what to remember), [`Groups`] makes [`Notification`]s of them: grouped, paced, without what a
//! [`Silence`] or an [`Inhibition`] keeps quiet. The semantics are those of Prometheus 2.42 and of Alertmanager.
mod active;
mod alert;
mod evaluation;
mod grouping;
mod inhibition;
mod matcher;
mod number;
mod overlay;
mod routing;
mod rule_tests;
mod rules;
mod silence;
mod template;
#[cfg(test)]
mod tests;
mod yaml;

pub use active::{Active, Change, RESOLVED_RETENTION_MS, Retired, Transition};
pub use alert::{ALERT_NAME, Alert, Notification, State};
pub use evaluation::{ALERTS, ALERTS_FOR_STATE, Evaluation, Round, RuleHealth};
pub use grouping::Groups;
pub use inhibition::Inhibition;
pub use matcher::{ConditionError, Conditions, LabelCondition};
pub use routing::{Addressee, GROUP_BY_ALL, Muting, Pace, Route, Routing};
pub use rule_tests::TestFile;
pub use rules::{Definition, Field, FieldError, Group, Rule, RuleError, RuleFile, RuleKind};
pub use silence::{Silence, SilenceError, SilenceStatus, Weekly, WrittenWeekly};
pub use template::{Context, Template, TemplateError};
