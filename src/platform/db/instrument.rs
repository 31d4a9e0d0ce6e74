//! Times every statement of a connection and counts those that fail.
//!
//! A statement is named when it ends, from its text alone: what was bound to it is never formatted.
use super::statement;
use crate::base::metrics::{DB_ERRORS, DB_QUERY_SECONDS};
use diesel::{
    connection::{Instrumentation, InstrumentationEvent},
    result::{DatabaseErrorKind, Error},
};
use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    time::Instant,
};

/// The labels of failed statements: classes of SQLSTATE, as far as the driver tells them apart.
pub const ERROR_CLASSES: [&str; 5] = ["08", "23", "25", "40", "other"];

/// Watches one connection.
#[derive(Default)]
pub(super) struct Watch {
    started: Option<Instant>,
    /// One per kind of statement that this connection has run.
    histograms: HashMap<&'static str, metrics::Histogram>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { .. } = &event {
            self.started = Some(Instant::now());
        } else if let InstrumentationEvent::FinishQuery { query, error, .. } = event {
            if let Some(started) = self.started.take() {
                let mut name = Name("other");
                // It stops at the end of the first piece, which is the statement.
                let _stopped = write!(name, "{query}");
                self.histograms
                    .entry(name.0)
                    .or_insert_with(|| metrics::histogram!(DB_QUERY_SECONDS, "statement" => name.0))
                    .record(started.elapsed());
            }
            if let Some(error) = error {
                count(error);
            }
        }
    }
}

/// A statement that did not find a row has not failed.
fn count(error: &Error) {
    if !matches!(error, Error::NotFound | Error::RollbackTransaction) {
        metrics::counter!(DB_ERRORS, "class" => class(error)).increment(1);
    }
}

fn class(error: &Error) -> &'static str {
    let Error::DatabaseError(kind, _) = error else {
        return "other";
    };
    match kind {
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => "08",
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::ExclusionViolation => "23",
        DatabaseErrorKind::ReadOnlyTransaction => "25",
        DatabaseErrorKind::SerializationFailure => "40",
        DatabaseErrorKind::Unknown | _ => "other",
    }
}

/// Takes the first piece of a text as a statement, and no more.
struct Name(&'static str);

impl fmt::Write for Name {
    fn write_str(&mut self, sql: &str) -> fmt::Result {
        self.0 = statement::name(sql);
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_list() {
        let of = |kind| {
            let info = Box::new("it says so".to_owned());
            class(&Error::DatabaseError(kind, info))
        };
        assert_eq!(of(DatabaseErrorKind::UniqueViolation), "23");
        assert_eq!(of(DatabaseErrorKind::SerializationFailure), "40");
        assert_eq!(of(DatabaseErrorKind::ClosedConnection), "08");
        assert_eq!(of(DatabaseErrorKind::Unknown), "other");
        for class in ["23", "40", "08", "25", "other"] {
            assert!(ERROR_CLASSES.contains(&class));
        }
    }
}
