//! Takes samples of the metrics into memory.
use super::{exposition::Reader, settings::Settings};
use crate::{
    base::metrics as names,
    engines::{
        promql::Labels,
        series::{Limits, Ring, Snapshot},
    },
};
use std::time::Instant;

/// What the metrics of the process are called among the sources of the ring.
const SOURCE: &str = "metrics";

/// The ring, and what is needed to fill it.
pub(super) struct Sampler {
    ring: Ring,
    reader: Reader,
    counted: (u64, u64),
}

impl Sampler {
    pub(super) fn new(settings: &Settings) -> Self {
        let keep_ms = i64::try_from(settings.keep.as_millis()).unwrap_or(i64::MAX);
        Self {
            ring: Ring::new(Limits {
                keep_ms,
                max_series: settings.max_series,
            }),
            reader: Reader::default(),
            counted: (0, 0),
        }
    }

    /// Takes a round out of the text of `/metrics`.
    pub(super) fn take(&mut self, text: &str, at_ms: i64) {
        let started = Instant::now();
        let samples = self.reader.read(text);
        self.append(SOURCE, at_ms, samples);
        metrics::histogram!(names::RING_SECONDS).record(started.elapsed());
        metrics::gauge!(names::RING_SERIES).set(self.ring.series() as f64);
        metrics::gauge!(names::RING_BYTES).set(self.ring.bytes() as f64);
    }

    pub(super) fn append(
        &mut self,
        source: &str,
        at_ms: i64,
        samples: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        self.ring.append(source, at_ms, samples);
        let (samples, refused) = (self.ring.samples(), self.ring.refused());
        metrics::counter!(names::RING_SAMPLES).increment(samples - self.counted.0);
        metrics::counter!(names::RING_REFUSED).increment(refused - self.counted.1);
        self.counted = (samples, refused);
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.ring.snapshot()
    }
}
