//! What a rule would have found in the past hours, as far as samples are kept.
use super::{Alerts, Error, catalogue, rules::RuleWish};
use crate::{
    engines::{
        alerting::{Active, Alert, Change, Evaluation, Group, State},
        promql::Labels,
    },
    platform::tasks,
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// At most so many evaluations.
const MOST_STEPS: i64 = 2880;
/// A rule that takes longer than this is not evaluated to the end.
const PATIENCE: Duration = Duration::from_secs(20);
const HOUR_MS: i64 = 3_600_000;

/// One alert that would have been.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Firing {
    pub(super) labels: Labels,
    pub(super) active_at_ms: i64,
    pub(super) fired_at_ms: i64,
    pub(super) resolved_at_ms: Option<i64>,
    /// The value farthest from the first.
    pub(super) peak_value: f64,
    pub(super) summary: String,
}

/// What would have been.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Preview {
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    pub(super) step_ms: i64,
    pub(super) firings: Vec<Firing>,
}

impl Alerts {
    /// Evaluates a rule over the past `hours`.
    pub(super) async fn preview(&self, wish: RuleWish, hours: u32) -> Result<Preview, Error> {
        let keep_ms = i64::try_from(self.inner.samples_keep.as_millis()).unwrap_or(i64::MAX);
        let most = u32::try_from((keep_ms / HOUR_MS).max(1)).unwrap_or(u32::MAX);
        if hours == 0 || hours > most {
            return Err(Error::Span { got: hours, most });
        }
        let rule = catalogue::ready("preview", wish.written)?;
        let to_ms = self.inner.clock.now().timestamp_millis();
        let from_ms = to_ms - i64::from(hours) * HOUR_MS;
        let interval_ms =
            i64::try_from(self.inner.settings.interval.as_millis()).unwrap_or(HOUR_MS);
        let step_ms = interval_ms.max((to_ms - from_ms) / MOST_STEPS).max(1);
        let store = self.inner.monitoring.store();
        let url = self.inner.outside.load().site.home().unwrap_or_default();
        let options = self.options();
        let group = Group {
            name: "preview".to_owned(),
            interval_ms: None,
            limit: 0,
            rules: vec![rule],
        };
        let firings = tasks::blocking(move || {
            let began = Instant::now();
            let (mut active, mut story) = (Active::default(), Story::default());
            let mut at_ms = from_ms;
            while at_ms <= to_ms {
                let evaluation = Evaluation {
                    store: &store,
                    at_ms,
                    options: &options,
                    external_url: &url,
                };
                let round = evaluation.of(&group, &active);
                if let Some(error) = round.health.into_iter().find_map(|health| health.error) {
                    return Err(Error::NoResult(error));
                }
                if began.elapsed() > PATIENCE {
                    let message = "it takes too long; ask for fewer hours".to_owned();
                    return Err(Error::NoResult(message));
                }
                active.update(round.active);
                for one in &round.transitions {
                    story.note(one.change, &one.alert);
                }
                active.alerts().for_each(|(_, alert)| story.look(alert));
                at_ms += step_ms;
            }
            Ok(story.firings)
        })
        .await??;
        Ok(Preview {
            from_ms,
            to_ms,
            step_ms,
            firings,
        })
    }
}

/// What has been so far.
#[derive(Default)]
struct Story {
    firings: Vec<Firing>,
    /// Where each alert that fires is among them, and the value with which it began.
    open: BTreeMap<Labels, (usize, f64)>,
}

impl Story {
    fn note(&mut self, change: Change, alert: &Alert) {
        match change {
            Change::Firing => {
                let place = (self.firings.len(), alert.value);
                self.open.insert(alert.labels.clone(), place);
                self.firings.push(Firing {
                    labels: alert.labels.clone(),
                    active_at_ms: alert.active_at_ms,
                    fired_at_ms: alert.fired_at_ms.unwrap_or(alert.active_at_ms),
                    resolved_at_ms: None,
                    peak_value: alert.value,
                    summary: alert.annotations.get("summary").to_owned(),
                });
            }
            Change::Resolved => {
                let place = self.open.remove(&alert.labels);
                if let Some(firing) = place.and_then(|(at, _)| self.firings.get_mut(at)) {
                    firing.resolved_at_ms = alert.resolved_at_ms;
                }
            }
            Change::Pending | Change::Dropped => (),
        }
    }

    fn look(&mut self, alert: &Alert) {
        if alert.state != State::Firing {
            return;
        }
        let Some((at, first)) = self.open.get(&alert.labels) else {
            return;
        };
        if let Some(firing) = self.firings.get_mut(*at)
            && (alert.value - first).abs() > (firing.peak_value - first).abs()
        {
            firing.peak_value = alert.value;
        }
    }
}
