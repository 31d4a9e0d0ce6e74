//! One round: what the rules find, what became of alerts, and what is told of it.
use crate::{
    base::{
        id::{HistoryId, MessageId},
        metrics as names,
    },
    engines::{
        alerting::{Active, Alert, Change, Evaluation, Muting, State, Transition},
        promql::{Labels, Options},
    },
    features::alerts::{
        Alerts, catalogue::Catalogue, lead::memory::Health, state_name, store_admin::HistoryRow,
    },
    platform::tasks,
};
use chrono::{DateTime, Utc};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// The annotation with the address of what to do.
const RUNBOOK: &str = "runbook_url";

/// What the groups that were due gave.
#[derive(Default)]
struct Found {
    active: Active,
    transitions: Vec<Transition>,
    health: Vec<(String, Health)>,
    /// Values for the ring, by group.
    recorded: Vec<(String, Vec<(Labels, f64)>)>,
}

impl Alerts {
    /// Evaluates what is due, and makes the messages that follow.
    pub(super) async fn round(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        let now = self.inner.clock.now();
        let now_ms = now.timestamp_millis();
        let rules = self.inner.catalogue.load_full();
        let due = self.due(&rules, now_ms);
        let earlier = self.memory().kept.active.clone();
        let (store, url) = (
            self.inner.monitoring.store(),
            self.inner.outside.load().site.home().unwrap_or_default(),
        );
        let options = self.options();
        let (catalogue, stamp) = (rules.clone(), now);
        let found = tasks::blocking(move || {
            let evaluation = Evaluation {
                store: &store,
                at_ms: stamp.timestamp_millis(),
                options: &options,
                external_url: &url,
            };
            find(&catalogue, &due, &evaluation, earlier, stamp)
        })
        .await?;
        for (group, samples) in &found.recorded {
            self.inner
                .monitoring
                .append(group, now_ms, samples.iter().cloned());
        }
        self.end_lost_groups(&rules, now_ms);
        self.take_in(found, &rules, now);
        metrics::histogram!(names::ALERT_SECONDS).record(began.elapsed());
        Ok(())
    }

    /// How expressions are evaluated.
    pub(in crate::features::alerts) fn options(&self) -> Options {
        let step = self.inner.settings.interval.as_millis();
        Options {
            subquery_step_ms: i64::try_from(step).unwrap_or(i64::MAX).max(1),
            ..Options::default()
        }
    }

    /// The names of the groups that are due; they are due again after their interval.
    fn due(&self, rules: &Catalogue, now_ms: i64) -> Vec<String> {
        let mut memory = self.memory();
        let mut due = vec![];
        for group in &rules.groups {
            let key = group.key();
            let at_ms = memory.due_ms.get(&key).copied().unwrap_or(now_ms);
            let too_far = group.interval_ms.unwrap_or(0);
            // A clock that was set back does not keep a group waiting.
            if at_ms <= now_ms || at_ms > now_ms.saturating_add(too_far) {
                let next = now_ms.saturating_add(group.interval_ms.unwrap_or(0));
                memory.due_ms.insert(key.clone(), next);
                due.push(key);
            }
        }
        due
    }

    /// Series of groups that the file has lost end.
    fn end_lost_groups(&self, rules: &Catalogue, now_ms: i64) {
        let lost: Vec<String> = {
            let mut memory = self.memory();
            let is_lost = |name: &String| !rules.groups.iter().any(|group| group.key() == *name);
            let lost: Vec<String> = memory
                .due_ms
                .keys()
                .filter(|name| is_lost(name))
                .cloned()
                .collect();
            memory.due_ms.retain(|name, _| !is_lost(name));
            lost
        };
        for group in lost {
            self.inner.monitoring.append(&group, now_ms, []);
        }
    }

    /// Queues the messages that are due; true if there is one.
    pub(super) fn tell(&self) -> bool {
        let now_ms = self.inner.clock.now().timestamp_millis();
        let silences = self.inner.silences.load_full();
        let outside = self.inner.outside.load_full();
        let muting = Muting {
            silences: &silences,
            inhibitions: &outside.ways.inhibitions,
        };
        let mut memory = self.memory();
        let memory = &mut *memory;
        let all: Vec<Alert> = memory
            .kept
            .active
            .alerts()
            .map(|(_, alert)| alert.clone())
            .collect();
        let messages = memory
            .kept
            .groups
            .advance(now_ms, &all, &outside.ways.routing, muting);
        let any = !messages.is_empty();
        for mut message in messages {
            // What waits for a receiver already says the same.
            if !memory.queue.says(&message) {
                message.alerts.iter_mut().for_each(|alert| self.link(alert));
                memory.queue.push(MessageId::new().0, message);
            }
        }
        any
    }

    /// How long until [`Alerts::tell`] is worth calling again.
    pub(super) fn until_telling(&self) -> Duration {
        let now_ms = self.inner.clock.now().timestamp_millis();
        let due_ms = self.memory().kept.groups.due_ms();
        let left_ms = due_ms.map(|due| due.saturating_sub(now_ms).max(0));
        left_ms.map_or(Duration::MAX, |ms| Duration::from_millis(ms.unsigned_abs()))
    }

    /// Links below the address of FlashFit become whole; without an address there are none.
    fn link(&self, alert: &mut Alert) {
        let link = alert.annotations.get(RUNBOOK);
        if link.starts_with('/') {
            let home = self.inner.outside.load().site.home();
            let whole = home.map(|home| format!("{home}{link}")).unwrap_or_default();
            alert.annotations = alert.annotations.with(RUNBOOK, &whole);
        }
    }

    /// Remembers what was found.
    fn take_in(&self, found: Found, rules: &Catalogue, now: DateTime<Utc>) {
        let mut memory = self.memory();
        let memory = &mut *memory;
        memory.note(found.transitions.iter().filter_map(|one| history(one, now)));
        memory.kept.active = found.active;
        memory.kept.health.extend(found.health);
        memory.kept.health.retain(|id, _| rules.find(id).is_some());
        memory.kept.evaluated_at = Some(now);
        for receiver in memory.queue.give_up(now.timestamp_millis()) {
            tracing::error!(
                receiver,
                "a message about alerts is a week old and is given up"
            );
            if let Some(receiver) = self.receiver(&receiver) {
                receiver.count_dropped();
            }
        }
    }
}

/// Evaluates the groups that are due, one after the other.
fn find(
    rules: &Arc<Catalogue>,
    due: &[String],
    evaluation: &Evaluation<'_>,
    earlier: Active,
    now: DateTime<Utc>,
) -> Found {
    let mut found = Found {
        active: earlier,
        ..Found::default()
    };
    let in_force: BTreeMap<&str, ()> = rules
        .in_force()
        .map(|rule| (rule.id.as_str(), ()))
        .collect();
    let retired = found
        .active
        .retire(|id| in_force.contains_key(id), evaluation.at_ms);
    found.transitions.extend(retired.transitions);
    for group in rules
        .groups
        .iter()
        .filter(|group| due.contains(&group.key()))
    {
        let round = evaluation.of(&group.to_evaluate(), &found.active);
        found.active.update(round.active);
        found.transitions.extend(round.transitions);
        found.recorded.push((group.key(), round.recorded));
        for rule in round.health {
            let result = if rule.error.is_none() { "ok" } else { "failed" };
            metrics::counter!(names::ALERT_EVALUATIONS, "result" => result).increment(1);
            let health = Health {
                at: now,
                seconds: rule.took.as_secs_f64(),
                error: rule.error,
            };
            found.health.push((rule.rule_id, health));
        }
    }
    found
}

/// An entry of the history. What waited in vain is none.
fn history(one: &Transition, now: DateTime<Utc>) -> Option<HistoryRow> {
    let state = match one.change {
        Change::Pending => State::Pending,
        Change::Firing => State::Firing,
        Change::Resolved => State::Resolved,
        Change::Dropped => return None,
    };
    let alert = &one.alert;
    Some(HistoryRow {
        id: HistoryId::new().0,
        at: now,
        fingerprint: alert.fingerprint(),
        name: alert.name().to_owned(),
        severity: alert.labels.get("severity").to_owned(),
        state: state_name(state).to_owned(),
        labels: serde_json::json!(alert.labels),
        annotations: serde_json::json!(alert.annotations),
        value: alert.value.is_finite().then_some(alert.value),
    })
}
