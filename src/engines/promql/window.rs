//! Range selectors and subqueries, and the functions of what they select.
use super::{
    error::EvalError,
    evaluate::Scene,
    frame::{self, Frame, Track},
    grid::Grid,
    labels::Labels,
    over_time::Over,
    plan::{Source, Window},
    query::into_series,
    store::{Sample, Series, is_stale},
    trend::Bounds,
};

impl Scene<'_> {
    /// A function of each window of each series.
    pub(super) fn over(
        &self,
        (function, window): (Over, &Window),
        parameter: Option<&[f64]>,
        absent: &Labels,
    ) -> Result<Frame, EvalError> {
        let mut tracks = vec![];
        for series in self.samples(window)? {
            let mut values = Vec::with_capacity(self.grid.len);
            for (step, time) in self.grid.times().enumerate() {
                let bounds = self.bounds(window, time);
                let inside = within(&series.samples, bounds);
                self.budget.spend(inside.len())?;
                let parameter = parameter.and_then(|p| p.get(step)).copied();
                values.push(function.apply(inside, bounds, parameter.unwrap_or(f64::NAN)));
            }
            // The latest sample is still that of the series; everything else is something new.
            let labels = if function == Over::Last {
                series.labels
            } else {
                series.labels.nameless()
            };
            tracks.push(Track { labels, values });
        }
        let tracks = frame::inhabited(tracks);
        if function == Over::Absent {
            return Ok(self.absent(&tracks, absent));
        }
        frame::all_different(tracks).map(Frame::Vector)
    }

    /// Every sample that falls into a window at any step, markers of staleness aside.
    pub(super) fn samples(&self, window: &Window) -> Result<Vec<Series>, EvalError> {
        if self.grid.len == 0 {
            return Ok(vec![]);
        }
        let from = self.bounds(window, self.grid.start_ms).from_ms;
        let to = self.bounds(window, self.grid.last()).to_ms;
        let mut series = match &window.source {
            Source::Series(matchers) => self.store.select(matchers, from, to),
            Source::Subquery { of, step_ms } => {
                let step_ms = step_ms.unwrap_or(self.options.subquery_step_ms).max(1);
                let grid = Grid::new(aligned(from, step_ms), to, step_ms);
                let tracks = self.at_times(grid).vector(of)?;
                tracks.into_iter().map(|t| into_series(t, &grid)).collect()
            }
        };
        for series in &mut series {
            series.samples.retain(|s| !is_stale(s.value));
            self.budget.spend(series.samples.len())?;
        }
        series.retain(|s| !s.samples.is_empty());
        Ok(series)
    }

    fn bounds(&self, window: &Window, time_ms: i64) -> Bounds {
        let to_ms = self.anchored(window.anchor, time_ms);
        Bounds {
            from_ms: to_ms.saturating_sub(window.range_ms),
            to_ms,
        }
    }
}

/// The samples inside, both edges included.
fn within(samples: &[Sample], bounds: Bounds) -> &[Sample] {
    let from = samples.partition_point(|s| s.at_ms < bounds.from_ms);
    let to = samples.partition_point(|s| s.at_ms <= bounds.to_ms);
    samples.get(from..to).unwrap_or_default()
}

/// The first multiple of the step that does not come before.
fn aligned(from_ms: i64, step_ms: i64) -> i64 {
    let below = from_ms.saturating_sub(from_ms.rem_euclid(step_ms));
    if below < from_ms {
        below.saturating_add(step_ms)
    } else {
        below
    }
}
