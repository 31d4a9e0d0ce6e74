//! Times a stage of vision once, for the metrics and for [`super::Sight::timings`].
use super::{VisionError, manifest};
use crate::base::metrics::{MODEL_ERRORS, MODEL_LOOK_SECONDS, MODEL_SECONDS};
use std::time::{Duration, Instant};

/// The labels of models in metrics; `none` is work without a network.
pub const MODELS: [&str; 6] = ["clip", "blip", "fashion", "mask", "compat", "none"];

/// The model that a file of a pack belongs to.
pub(super) fn model_of(file: &str) -> &'static str {
    match file {
        manifest::CLIP_IMAGE | manifest::CLIP_TEXT | manifest::CLIP_TOKENIZER => "clip",
        manifest::BLIP_VISION | manifest::BLIP_DECODER | manifest::BLIP_TOKENIZER => "blip",
        manifest::FASHION => "fashion",
        manifest::MASK => "mask",
        manifest::COMPAT => "compat",
        _ => "none",
    }
}

/// What one run of a network is called; none of the decoder, whose runs are part of the stage `caption`.
pub(super) fn stage_of(file: &str) -> Option<&'static str> {
    match file {
        manifest::CLIP_TEXT => Some("text"),
        manifest::BLIP_DECODER => None,
        _ => Some("encode"),
    }
}

/// Records the time since its start when it is dropped, so that early returns count.
pub(super) struct Watch {
    model: &'static str,
    stage: &'static str,
    started: Instant,
}

impl Watch {
    pub(super) fn start(model: &'static str, stage: &'static str) -> Self {
        Self {
            model,
            stage,
            started: Instant::now(),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        metrics::histogram!(MODEL_SECONDS, "model" => self.model, "stage" => self.stage)
            .record(self.started.elapsed());
    }
}

/// Times a whole look at a photo.
pub(super) struct Look(Instant);

impl Look {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        metrics::histogram!(MODEL_LOOK_SECONDS).record(self.0.elapsed());
    }
}

/// Counts what failed, at the door of vision.
pub(super) fn counted<T>(result: Result<T, VisionError>) -> Result<T, VisionError> {
    if let Err(VisionError::Network { file, .. } | VisionError::Tokenizer { file, .. }) = &result {
        metrics::counter!(MODEL_ERRORS, "model" => model_of(file)).increment(1);
    }
    result
}

/// How long each part of one look at a photo took, in order.
#[derive(Default)]
pub(super) struct Laps(Vec<(&'static str, Duration)>);

impl Laps {
    /// Runs one part and writes down how long it took.
    pub(super) fn lap<T>(&mut self, part: &'static str, run: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = run();
        self.0.push((part, started.elapsed()));
        result
    }

    pub(super) fn into_timings(self) -> Vec<(&'static str, Duration)> {
        self.0
    }
}
