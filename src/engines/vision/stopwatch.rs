//! Times a stage of vision once, for the metrics and for [`super::Sight::timings`].
use crate::base::metrics::{MODEL_ERRORS, MODEL_SECONDS};
use std::time::{Duration, Instant};

/// Records the time since its start when it is dropped, so that early returns count.
pub(super) struct Watch {
    stage: &'static str,
    started: Instant,
}

impl Watch {
    pub(super) fn start(stage: &'static str) -> Self {
        Self {
            stage,
            started: Instant::now(),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        metrics::histogram!(MODEL_SECONDS, "model" => self.stage).record(self.started.elapsed());
    }
}

/// The stages of one look at a photo, in order.
#[derive(Default)]
pub(super) struct Laps(Vec<(&'static str, Duration)>);

impl Laps {
    /// Runs one stage, writes down how long it took and counts it when it fails.
    pub(super) fn lap<T, E>(
        &mut self,
        stage: &'static str,
        run: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let watch = Watch::start(stage);
        let result = run();
        self.0.push((stage, watch.started.elapsed()));
        drop(watch);
        if result.is_err() {
            metrics::counter!(MODEL_ERRORS, "model" => stage).increment(1);
        }
        result
    }

    pub(super) fn into_timings(self) -> Vec<(&'static str, Duration)> {
        self.0
    }
}
