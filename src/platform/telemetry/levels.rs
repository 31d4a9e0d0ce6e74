//! What is logged now: as the settings say, or as somebody said for a while.
use super::filter::{WrongFilter, filter};
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tracing_subscriber::EnvFilter;

/// Puts a filter in force. There is one in a process, once its log was started.
pub(super) type Apply = Box<dyn Fn(EnvFilter) -> Result<(), String> + Send + Sync>;

pub(super) static APPLY: OnceLock<Apply> = OnceLock::new();

/// What is logged. Clones share it.
#[derive(Clone)]
pub struct Levels(Arc<Mutex<State>>);

/// What is logged at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The directives in force.
    pub level: String,
    /// Those of the settings.
    pub configured: String,
    /// When those of the settings are in force again; none if they are, or if nobody said when.
    pub until: Option<DateTime<Utc>>,
}

struct State {
    configured: String,
    passing: Option<Passing>,
    /// So that the end of one change does not end another.
    changes: u64,
}

struct Passing {
    level: String,
    until: Option<DateTime<Utc>>,
}

impl Levels {
    /// What the settings say, which is in force already.
    #[must_use]
    pub fn new(configured: &str) -> Self {
        Self(Arc::new(Mutex::new(State {
            configured: configured.to_owned(),
            passing: None,
            changes: 0,
        })))
    }

    /// How it is.
    #[must_use]
    pub fn now(&self) -> Shown {
        self.state().shown()
    }

    /// Something else than the settings say, until a time or until it is changed again. Returns the number of this
    /// change, which [`Self::end`] wants.
    ///
    /// # Errors
    /// When the directives make no filter; nothing changes then.
    pub fn change(&self, level: &str, until: Option<DateTime<Utc>>) -> Result<u64, WrongFilter> {
        let made = filter(level)?;
        let mut state = self.state();
        apply(made);
        state.passing = Some(Passing {
            level: level.to_owned(),
            until,
        });
        state.changes += 1;
        Ok(state.changes)
    }

    /// Back to what the settings say, if that change, or any, is still in force. Says whether it was.
    pub fn end(&self, change: Option<u64>) -> bool {
        let mut state = self.state();
        if state.passing.is_none() || change.is_some_and(|change| change != state.changes) {
            return false;
        }
        state.passing = None;
        // It was read before.
        if let Ok(made) = filter(&state.configured) {
            apply(made);
        }
        true
    }

    /// The settings say something else now, which ends what somebody said for a while.
    ///
    /// # Errors
    /// When the directives make no filter; nothing changes then.
    pub fn configure(&self, level: &str) -> Result<(), WrongFilter> {
        let made = filter(level)?;
        let mut state = self.state();
        level.clone_into(&mut state.configured);
        state.passing = None;
        apply(made);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn shown(&self) -> Shown {
        let passing = self.passing.as_ref();
        Shown {
            level: passing.map_or(&self.configured, |one| &one.level).clone(),
            configured: self.configured.clone(),
            until: passing.and_then(|one| one.until),
        }
    }
}

fn apply(made: EnvFilter) {
    let Some(apply) = APPLY.get() else { return };
    if let Err(error) = apply(made) {
        tracing::error!(error, "what is logged could not be changed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_level_ends_once_and_another_does_not_end_with_it() {
        let levels = Levels::new("info");
        let until = DateTime::from_timestamp(60, 0);
        let first = levels.change("debug", until).unwrap();
        assert_eq!(levels.now().level, "debug");
        assert_eq!(levels.now().until, until);
        let second = levels.change("trace", None).unwrap();
        assert!(!levels.end(Some(first)), "the second is in force");
        assert_eq!(levels.now().level, "trace");
        assert!(levels.end(Some(second)));
        assert!(!levels.end(None), "there is nothing left to end");
        assert_eq!(levels.now(), Levels::new("info").now());
    }

    #[test]
    fn a_wrong_level_changes_nothing_and_new_settings_win() {
        let levels = Levels::new("info");
        levels.change("debug", None).unwrap();
        assert!(levels.change("debgu", None).is_err());
        assert!(levels.configure("wran").is_err());
        assert_eq!(levels.now().level, "debug");
        levels.configure("warn").unwrap();
        assert_eq!(levels.now().level, "warn");
        assert_eq!(levels.now().configured, "warn");
    }
}
