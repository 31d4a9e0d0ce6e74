//! One round: the rules of a group at one time, and what becomes of their alerts.
use super::{
    active::{Active, Change, Tracked, Transition},
    alert::{ALERT_NAME, Alert, State},
    overlay::Overlay,
    rules::{Group, Rule, RuleKind},
    template::{Context, Template},
};
use crate::engines::promql::{Labels, METRIC_NAME, Options, Store, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// The series that says which alerts there are.
pub const ALERTS: &str = "ALERTS";
/// The series that says since when.
pub const ALERTS_FOR_STATE: &str = "ALERTS_FOR_STATE";
const ALERT_STATE: &str = "alertstate";

/// When and on what rules are evaluated.
#[derive(Clone, Copy)]
pub struct Evaluation<'a> {
    /// The samples.
    pub store: &'a dyn Store,
    /// The time.
    pub at_ms: i64,
    /// How expressions are evaluated.
    pub options: &'a Options,
    /// Where people open FlashFit, for templates.
    pub external_url: &'a str,
}

/// What an evaluation of a group gave.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// What is to be remembered of the group's rules: for [`Active::update`].
    pub active: Active,
    /// What became of alerts, in the order of the rules.
    pub transitions: Vec<Transition>,
    /// Values to append at the time of the round: of recording rules, and about alerts.
    pub recorded: Vec<(Labels, f64)>,
    /// Series that the rules wrote before and have not written again.
    pub ended: Vec<Labels>,
    /// How each rule fared, in their order.
    pub health: Vec<RuleHealth>,
}

/// How a rule fared.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleHealth {
    /// The rule.
    pub rule_id: String,
    /// Why it could not be evaluated; its alerts are then as they were.
    pub error: Option<String>,
    /// Alerts that wait for the time of the rule.
    pub pending: usize,
    /// Alerts that fire.
    pub firing: usize,
    /// Series written.
    pub samples: usize,
    /// How long that took.
    pub took: Duration,
}

/// What a rule writes, and what it remembers.
struct Outcome {
    samples: Vec<(Labels, f64)>,
    alerts: Vec<Tracked>,
}

/// Why there is no outcome.
struct Failure {
    message: String,
    /// Whether the alerts there were end with it.
    is_end: bool,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        let is_end = false;
        Self { message, is_end }
    }
}

impl Evaluation<'_> {
    /// Evaluates the rules of a group one after the other; each sees what those before it wrote.
    #[must_use]
    pub fn of(&self, group: &Group, earlier: &Active) -> Round {
        let mut round = Round::default();
        let mut overlay = Overlay::new(self.store, self.at_ms);
        for rule in &group.rules {
            let began = Instant::now();
            let mut memory = earlier.rules.get(&rule.id).cloned().unwrap_or_default();
            let on_top = Evaluation {
                store: &overlay,
                ..*self
            };
            let (mut samples, mut error) = (vec![], None);
            match on_top.evaluate(rule, group.limit, &memory.alerts) {
                Ok(outcome) => {
                    changes(
                        rule,
                        &memory.alerts,
                        &outcome.alerts,
                        &mut round.transitions,
                    );
                    memory.alerts = outcome.alerts;
                    samples = outcome.samples;
                    let ended = memory.replace(&samples);
                    overlay.write(&samples, &ended);
                    round.ended.extend(ended);
                }
                Err(failure) => {
                    if failure.is_end {
                        memory.end_all(&rule.id, self.at_ms, &mut round.transitions);
                    }
                    error = Some(failure.message);
                }
            }
            memory.forget_old(self.at_ms);
            round.health.push(RuleHealth {
                rule_id: rule.id.clone(),
                error,
                pending: memory.count(State::Pending),
                firing: memory.count(State::Firing),
                samples: samples.len(),
                took: began.elapsed(),
            });
            round.recorded.extend(samples);
            round.active.rules.insert(rule.id.clone(), memory);
        }
        round
    }

    fn evaluate(&self, rule: &Rule, limit: usize, before: &[Tracked]) -> Result<Outcome, Failure> {
        let value = rule.query.at(self.store, self.at_ms, self.options);
        let found = match value.map_err(|error| error.to_string())? {
            Value::Scalar(number) => vec![(Labels::empty(), number)],
            Value::Vector(found) => found,
            Value::Matrix(_) => return Err("a range vector has no value at one time".to_owned())?,
        };
        if rule.written.kind == RuleKind::Recording {
            let samples = record(rule, limit, found)?;
            let alerts = vec![];
            return Ok(Outcome { samples, alerts });
        }
        let alerts = self.carry_on(rule, self.found(rule, found)?, before);
        let standing = alerts.iter().filter(|t| t.alert.state != State::Resolved);
        let count = standing.count();
        if limit > 0 && count > limit {
            return Err(Failure {
                message: format!("exceeded limit of {limit} with {count} alerts"),
                is_end: true,
            });
        }
        let samples = alerts
            .iter()
            .flat_map(|tracked| about(rule, &tracked.alert));
        Ok(Outcome {
            samples: samples.collect(),
            alerts,
        })
    }

    /// The alerts that the series are, each as if it were new.
    fn found(
        &self,
        rule: &Rule,
        series: Vec<(Labels, f64)>,
    ) -> Result<BTreeMap<Labels, Alert>, String> {
        let mut alerts = BTreeMap::new();
        for (labels, value) in series {
            let context = Context {
                labels: &labels,
                value,
                store: self.store,
                at_ms: self.at_ms,
                options: self.options,
                external_url: self.external_url,
            };
            let alert = Alert {
                labels: labels_of(rule, &labels, &context),
                annotations: Labels::new(
                    rule.annotations
                        .iter()
                        .map(|(name, text)| (name.as_str(), render(text, &context))),
                ),
                state: State::Pending,
                value,
                active_at_ms: self.at_ms,
                fired_at_ms: None,
                resolved_at_ms: None,
                expression: rule.written.expression.clone(),
            };
            if alerts.insert(alert.labels.clone(), alert).is_some() {
                return Err(
                    "vector contains metrics with the same labelset after applying alert labels"
                        .to_owned(),
                );
            }
        }
        Ok(alerts)
    }

    /// What becomes of the alerts there were and those that were found.
    fn carry_on(
        &self,
        rule: &Rule,
        mut found: BTreeMap<Labels, Alert>,
        earlier: &[Tracked],
    ) -> Vec<Tracked> {
        let mut alerts = vec![];
        for before in earlier {
            let standing = before.alert.state != State::Resolved;
            match found.remove(&before.alert.labels) {
                Some(alert) => alerts.push(self.again(rule, before, alert, standing)),
                None => alerts.extend(self.gone(rule, before)),
            }
        }
        let new = found.into_values().map(|alert| Tracked {
            alert: self.ripe(rule, alert),
            keep_firing_since_ms: None,
        });
        alerts.extend(new);
        alerts
    }

    fn again(&self, rule: &Rule, before: &Tracked, found: Alert, standing: bool) -> Tracked {
        let mut alert = found;
        if standing {
            alert.active_at_ms = before.alert.active_at_ms;
            alert.state = before.alert.state;
            alert.fired_at_ms = before.alert.fired_at_ms;
        }
        Tracked {
            alert: self.ripe(rule, alert),
            keep_firing_since_ms: None,
        }
    }

    /// Fires if it has waited long enough.
    fn ripe(&self, rule: &Rule, mut alert: Alert) -> Alert {
        let waited_ms = self.at_ms.saturating_sub(alert.active_at_ms);
        if alert.state == State::Pending && waited_ms >= rule.written.for_ms {
            alert.state = State::Firing;
            alert.fired_at_ms = Some(self.at_ms);
        }
        alert
    }

    /// One whose expression holds no longer, if it is still worth remembering.
    fn gone(&self, rule: &Rule, before: &Tracked) -> Option<Tracked> {
        let mut now = before.clone();
        match before.alert.state {
            State::Pending => return None,
            State::Resolved => {}
            State::Firing => {
                let since_ms = *now.keep_firing_since_ms.get_or_insert(self.at_ms);
                if self.at_ms.saturating_sub(since_ms) >= rule.written.keep_firing_for_ms {
                    now.resolve(self.at_ms);
                }
            }
        }
        Some(now)
    }
}

/// What a recording rule writes.
fn record(
    rule: &Rule,
    limit: usize,
    found: Vec<(Labels, f64)>,
) -> Result<Vec<(Labels, f64)>, String> {
    if limit > 0 && found.len() > limit {
        return Err(format!(
            "exceeded limit of {limit} with {} series",
            found.len()
        ));
    }
    let mut seen = BTreeSet::new();
    let mut samples = vec![];
    for (labels, value) in found {
        let own = rule
            .labels
            .iter()
            .map(|(n, text)| (n.as_str(), text.text()));
        let named = [(METRIC_NAME, rule.written.name.as_str())];
        let labels = Labels::new(labels.iter().chain(named).chain(own));
        if !seen.insert(labels.clone()) {
            return Err(
                "vector contains metrics with the same labelset after applying rule labels"
                    .to_owned(),
            );
        }
        samples.push((labels, value));
    }
    Ok(samples)
}

/// The labels of an alert about this series.
fn labels_of(rule: &Rule, series: &Labels, context: &Context<'_>) -> Labels {
    let own = rule.labels.iter();
    let own = own.map(|(name, text)| (name.clone(), render(text, context)));
    let theirs = series.iter().filter(|(name, _)| *name != METRIC_NAME);
    let theirs = theirs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let name = (ALERT_NAME.to_owned(), rule.written.name.clone());
    Labels::new(theirs.chain(own).chain([name]))
}

/// A text that cannot be filled in says so itself, so that an alert is told of all the same.
fn render(text: &Template, context: &Context<'_>) -> String {
    text.render(context)
        .unwrap_or_else(|reason| format!("<error expanding template: {reason}>"))
}

/// The series about an alert that is not over.
fn about(rule: &Rule, alert: &Alert) -> Vec<(Labels, f64)> {
    let state = match alert.state {
        State::Pending => "pending",
        State::Firing => "firing",
        State::Resolved => return vec![],
    };
    // As Prometheus does it: a label that became empty is here what the rule says, unfilled.
    let own = rule
        .labels
        .iter()
        .map(|(n, text)| (n.as_str(), text.text()));
    let labels = Labels::new(own.chain(alert.labels.iter()));
    let since_seconds = alert.active_at_ms.div_euclid(1000);
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 are far below 2^53"
    )]
    let since = since_seconds as f64;
    vec![
        (
            labels.with(METRIC_NAME, ALERTS).with(ALERT_STATE, state),
            1.0,
        ),
        (labels.with(METRIC_NAME, ALERTS_FOR_STATE), since),
    ]
}

/// Notes what is not as it was before.
fn changes(rule: &Rule, before: &[Tracked], after: &[Tracked], noted: &mut Vec<Transition>) {
    let state = |tracked: &Tracked| (tracked.alert.labels.clone(), tracked.alert.state);
    let mut earlier: BTreeMap<Labels, State> = before.iter().map(state).collect();
    let mut note = |change, tracked: &Tracked| {
        noted.push(Transition {
            rule_id: rule.id.clone(),
            change,
            alert: tracked.alert.clone(),
        });
    };
    for tracked in after {
        let was = earlier.remove(&tracked.alert.labels);
        let change = match (was, tracked.alert.state) {
            (None | Some(State::Resolved), State::Pending) => Change::Pending,
            (None | Some(State::Pending | State::Resolved), State::Firing) => Change::Firing,
            (Some(State::Firing), State::Resolved) => Change::Resolved,
            _ => continue,
        };
        note(change, tracked);
    }
    for tracked in before {
        let is_gone = earlier.contains_key(&tracked.alert.labels);
        if is_gone && tracked.alert.state == State::Pending {
            note(Change::Dropped, tracked);
        }
    }
}
