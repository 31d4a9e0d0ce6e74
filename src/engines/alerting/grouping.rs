//! Groups of alerts, and the messages about them: what was told to whom, what is still to be told, and when.
//!
//! As Alertmanager does it, with three differences. That an alert is over is told to whoever was told that it fires,
//! whether it is silenced by then or not. A group that has become empty lasts until its interval is over, so that
//! there is never more than one message in it. Repeats back off.
use super::{
    alert::{Alert, Notification, State},
    routing::{Addressee, Muting, Route, Routing},
};
use crate::engines::promql::Labels;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All groups. Store it with the messages it makes, in one transaction: what it hands out counts as told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    groups: BTreeMap<String, Group>,
}

/// The alerts of which one receiver is told together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Group {
    receiver: String,
    /// The conditions of its route.
    route: String,
    labels: Labels,
    /// By fingerprint.
    members: BTreeMap<String, Member>,
    /// When it is decided next whether there is something to tell.
    due_ms: i64,
    /// When the first message of the thread was made.
    opened_at_ms: Option<i64>,
    last: Option<Last>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Member {
    alert: Alert,
    /// Whether the receiver was told that it fires.
    is_told: bool,
}

/// The last message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Last {
    at_ms: i64,
    /// What fired in it.
    firing: BTreeSet<String>,
    /// How often the same had been said before.
    repeats: u32,
}

/// What is the same for all groups at this moment.
struct Moment<'a> {
    now_ms: i64,
    all: &'a [Alert],
    muting: Muting<'a>,
}

impl Groups {
    /// Takes notice of all alerts there are, and makes the messages that are due. Call it after each evaluation, and
    /// when [`Groups::due_ms`] says so.
    pub fn advance(
        &mut self,
        now_ms: i64,
        all: &[Alert],
        routing: &Routing,
        muting: Muting<'_>,
    ) -> Vec<Notification> {
        let present = by_fingerprint(all);
        for (fingerprint, alert) in &present {
            for route in routing.routes_of(&alert.labels) {
                let name = route.conditions.to_string();
                for addressee in &route.receivers {
                    let (key, labels) = route.group_of(&addressee.name, &alert.labels);
                    let new =
                        || Group::new(&addressee.name, &name, labels, route.due_ms(alert, now_ms));
                    match alert.state {
                        State::Firing => self
                            .groups
                            .entry(key)
                            .or_insert_with(new)
                            .notice(fingerprint, alert),
                        State::Pending | State::Resolved => {
                            if let Some(group) = self.groups.get_mut(&key) {
                                group.end(fingerprint, alert);
                            }
                        }
                    }
                }
            }
        }
        let moment = Moment {
            now_ms,
            all,
            muting,
        };
        let mut messages = vec![];
        self.groups.retain(|_, group| {
            // A route or receiver that is there no more tells nobody; its alerts have taken another.
            let Some((route, addressee)) = group.way(routing) else {
                return false;
            };
            group.miss(&present, now_ms);
            if now_ms < group.due_ms {
                return true;
            }
            let is_inhabited = !group.members.is_empty();
            messages.extend(group.flush(&moment, route, addressee));
            is_inhabited
        });
        messages
    }

    /// When the next decision is due.
    #[must_use]
    pub fn due_ms(&self) -> Option<i64> {
        self.groups.values().map(|group| group.due_ms).min()
    }
}

/// What fires or has fired. Where several rules found alerts of the same labels, one that fires counts.
fn by_fingerprint(all: &[Alert]) -> BTreeMap<String, &Alert> {
    let mut found: BTreeMap<String, &Alert> = BTreeMap::new();
    for alert in all.iter().filter(|alert| alert.state != State::Pending) {
        let known = found.entry(alert.fingerprint()).or_insert(alert);
        if known.state != State::Firing {
            *known = alert;
        }
    }
    found
}

impl Group {
    fn new(receiver: &str, route: &str, labels: Labels, due_ms: i64) -> Self {
        Self {
            receiver: receiver.to_owned(),
            route: route.to_owned(),
            labels,
            members: BTreeMap::new(),
            due_ms,
            opened_at_ms: None,
            last: None,
        }
    }

    fn way<'r>(&self, routing: &'r Routing) -> Option<(&'r Route, &'r Addressee)> {
        let mut routes = routing.routes.iter();
        routes.find_map(|route| {
            let addressee = route
                .receivers
                .iter()
                .find(|one| one.name == self.receiver)?;
            (route.conditions.to_string() == self.route).then_some((route, addressee))
        })
    }

    fn notice(&mut self, fingerprint: &str, alert: &Alert) {
        let is_told = self.members.get(fingerprint).is_some_and(|m| m.is_told);
        let alert = alert.clone();
        self.members
            .insert(fingerprint.to_owned(), Member { alert, is_told });
    }

    /// What is over is news only of what fired.
    fn end(&mut self, fingerprint: &str, alert: &Alert) {
        if let Some(member) = self.members.get_mut(fingerprint) {
            member.alert = alert.clone();
        }
    }

    /// What fired and is there no more is over.
    fn miss(&mut self, present: &BTreeMap<String, &Alert>, now_ms: i64) {
        for (fingerprint, member) in &mut self.members {
            if member.alert.state == State::Firing && !present.contains_key(fingerprint) {
                member.alert.state = State::Resolved;
                member.alert.resolved_at_ms = Some(now_ms);
            }
        }
    }

    /// The message that is due, if there is something to tell.
    fn flush(
        &mut self,
        moment: &Moment<'_>,
        route: &Route,
        to: &Addressee,
    ) -> Option<Notification> {
        let now_ms = moment.now_ms;
        let mutes = |alert: &Alert| moment.muting.mutes(alert, moment.all, now_ms);
        let fires = |member: &Member| member.alert.state == State::Firing;
        let mut firing = BTreeSet::new();
        let mut ended = BTreeSet::new();
        for (fingerprint, member) in &self.members {
            match fires(member) {
                true if !mutes(&member.alert) => firing.insert(fingerprint.clone()),
                false if member.is_told || !mutes(&member.alert) => {
                    ended.insert(fingerprint.clone())
                }
                _ => continue,
            };
        }
        let said = self.last.as_ref();
        let is_news = match firing.is_empty() {
            true => ended
                .iter()
                .any(|f| self.members.get(f).is_some_and(|m| m.is_told)),
            false => !ended.is_empty() || said.is_none_or(|last| !firing.is_subset(&last.firing)),
        };
        let repeat_ms = said.map(|last| {
            last.at_ms
                .saturating_add(route.pace.pause_ms(to, last.repeats))
        });
        let is_repeat = !is_news && !firing.is_empty() && repeat_ms.is_some_and(|at| at <= now_ms);
        let repeats = said.map_or(0, |last| if is_repeat { last.repeats + 1 } else { 0 });
        let message = (is_news || is_repeat).then(|| self.message(route, now_ms, &firing, &ended));
        if message.is_some() {
            let at_ms = now_ms;
            self.last = Some(Last {
                at_ms,
                firing,
                repeats,
            });
        }
        self.members.retain(|_, member| fires(member));
        self.due_ms = now_ms.saturating_add(route.pace.group_interval_ms.max(1));
        self.hurry(route, to);
        message
    }

    /// Receivers that count silence as the end do not wait for the interval.
    fn hurry(&mut self, route: &Route, to: &Addressee) {
        let Some(last) = &self.last else { return };
        if to.tell_again_within_ms.is_some() && !last.firing.is_empty() {
            let again_ms = last.at_ms.saturating_add(route.pace.pause_ms(to, 0).max(1));
            self.due_ms = self.due_ms.min(again_ms);
        }
    }

    fn message(
        &mut self,
        route: &Route,
        now_ms: i64,
        firing: &BTreeSet<String>,
        ended: &BTreeSet<String>,
    ) -> Notification {
        let mut alerts = vec![];
        for fingerprint in firing.iter().chain(ended) {
            if let Some(member) = self.members.get_mut(fingerprint) {
                member.is_told = true;
                alerts.push(member.alert.clone());
            }
        }
        let place = |alert: &Alert| (alert.state == State::Resolved, alert.labels.clone());
        alerts.sort_by_cached_key(place);
        let opened_at_ms = *self.opened_at_ms.get_or_insert(now_ms);
        if firing.is_empty() {
            self.opened_at_ms = None;
        }
        Notification {
            receiver: self.receiver.clone(),
            group_key: route.group_key(&self.labels),
            group_labels: self.labels.clone(),
            alerts,
            opened_at_ms,
            made_at_ms: now_ms,
        }
    }
}
