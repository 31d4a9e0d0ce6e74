//! Instant selectors: the latest sample of each series, if it is not too old.
use super::{
    error::EvalError,
    evaluate::Scene,
    frame::{self, Track},
    plan::Anchor,
    store::{Matcher, Sample, Series, is_stale},
};

impl Scene<'_> {
    /// What is seen of each series at each step.
    pub(super) fn seen(
        &self,
        matchers: &[Matcher],
        anchor: Anchor,
        of: fn(&Sample) -> f64,
    ) -> Result<Vec<Track>, EvalError> {
        if self.grid.len == 0 {
            return Ok(vec![]);
        }
        let from = self
            .anchored(anchor, self.grid.start_ms)
            .saturating_sub(self.options.lookback_ms);
        let to = self.anchored(anchor, self.grid.last());
        let series = self.store.select(matchers, from, to);
        self.budget
            .spend(series.len().saturating_mul(self.grid.len))?;
        let track = |series: Series| Track {
            values: self
                .grid
                .times()
                .map(|time| {
                    self.latest(&series.samples, self.anchored(anchor, time))
                        .map(of)
                })
                .collect(),
            labels: series.labels,
        };
        Ok(frame::inhabited(series.into_iter().map(track).collect()))
    }

    fn latest<'s>(&self, samples: &'s [Sample], time_ms: i64) -> Option<&'s Sample> {
        let past = samples.partition_point(|s| s.at_ms <= time_ms);
        let latest = samples.get(past.checked_sub(1)?)?;
        let is_fresh = latest.at_ms >= time_ms.saturating_sub(self.options.lookback_ms);
        (is_fresh && !is_stale(latest.value)).then_some(latest)
    }
}
