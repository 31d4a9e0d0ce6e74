//! Alerts as values: what a rule found, and what is told of it. Nothing here sends, stores or knows the time.
mod alert;

pub use alert::{ALERT_NAME, Alert, Notification, State};
