//! A wait that has an end.
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// Measures a wait and ends it.
#[derive(Default)]
pub(super) struct Patience {
    since: Option<Instant>,
    /// Kept for the next wait, as most connections never need one.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// The wait begins now, if it has not begun yet.
    pub(super) fn begin(&mut self) -> Instant {
        *self.since.get_or_insert_with(Instant::now)
    }

    /// The wait has ended, after so long.
    pub(super) fn end(&mut self) -> Duration {
        let since = self.since.take();
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Ready when the wait has taken so long.
    pub(super) fn poll(&mut self, at_most: Duration, context: &mut Context<'_>) -> Poll<()> {
        let until = self.begin() + at_most;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        timer.as_mut().poll(context)
    }
}
