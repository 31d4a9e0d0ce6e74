//! How what was kept changed over the last days, for those who ask how long something will last.
use super::{Error, Monitoring, store_admin};
use crate::engines::promql::Sample;
use chrono::{DateTime, Duration, Utc};

/// Fewer values, or less time between the first and the last, say nothing of days to come.
const LEAST_VALUES: usize = 12;
const LEAST_SPAN: Duration = Duration::hours(6);

/// A line through values over time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// How much more it is a day later.
    pub per_day: f64,
    /// Between the first value and the last.
    pub over: Duration,
}

impl Monitoring {
    /// How the value of an expression of the dashboards changed since a time, as this instance kept it, or else the one
    /// that kept something last; `None` where too little is known.
    ///
    /// # Errors
    /// Database errors.
    pub async fn trend(
        &self,
        expression: &str,
        since: DateTime<Utc>,
    ) -> Result<Option<Trend>, Error> {
        let until = self.now();
        let mut conn = self.inner.db.get().await?;
        let kept = store_admin::values(&mut conn, vec![expression], since, until).await?;
        let mut all: Vec<(bool, Vec<Sample>)> = kept
            .iter()
            .map(|one| {
                (
                    one.instance == self.inner.instance,
                    one.series(false).samples,
                )
            })
            .collect();
        all.sort_by_key(|(is_own, samples)| {
            let last_ms = samples.last().map_or(0, |sample| sample.at_ms);
            (*is_own, last_ms)
        });
        Ok(all.last().and_then(|(_, samples)| line(samples)))
    }
}

/// The line that fits best, by least squares.
fn line(samples: &[Sample]) -> Option<Trend> {
    let (first, last) = (samples.first()?, samples.last()?);
    let over = Duration::milliseconds(last.at_ms.checked_sub(first.at_ms)?);
    if samples.len() < LEAST_VALUES || over < LEAST_SPAN {
        return None;
    }
    let count = samples.len() as f64;
    let day = |sample: &Sample| (sample.at_ms - first.at_ms) as f64 / 86_400_000.0;
    let mean_day = samples.iter().map(day).sum::<f64>() / count;
    let mean = samples.iter().map(|sample| sample.value).sum::<f64>() / count;
    let (mut up, mut spread) = (0.0, 0.0);
    for sample in samples {
        let away = day(sample) - mean_day;
        up += away * (sample.value - mean);
        spread += away * away;
    }
    let per_day = up / spread;
    per_day.is_finite().then_some(Trend { per_day, over })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(hours: i64, of: impl Fn(f64) -> f64) -> Vec<Sample> {
        let each = (0..=hours * 2).map(|half| Sample {
            at_ms: half * 1_800_000,
            value: of(half as f64 / 48.0),
        });
        each.collect()
    }

    #[test]
    fn a_line_is_found_through_what_wobbles() {
        let wobbly = samples(48, |day| 1000.0 - 100.0 * day + (day * 700.0).sin());
        let trend = line(&wobbly).unwrap();
        assert!((trend.per_day + 100.0).abs() < 2.0, "{trend:?}");
        assert_eq!(trend.over, Duration::hours(48));
    }

    #[test]
    fn too_little_says_nothing() {
        assert_eq!(line(&samples(5, |day| day)), None);
        assert_eq!(line(&[]), None);
        let few: Vec<Sample> = samples(48, |day| day).into_iter().step_by(20).collect();
        assert_eq!(line(&few), None);
    }
}
