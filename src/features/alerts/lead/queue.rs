//! Messages that no receiver has taken yet, in the memory of the process that sends them.
//!
//! What is here is also in Postgres, or in the spool while that is away: a message is sent only once it is kept, and
//! forgotten there only once it was taken. Messages to one receiver about one group arrive in the order they were made.
use crate::{
    engines::alerting::{Notification, State},
    platform::notify::{NotifyError, retry_after},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What nobody took for so long is given up.
const OLDEST_MS: i64 = 7 * 24 * 3600 * 1000;

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::features::alerts) struct Queued {
    pub(in crate::features::alerts) id: Uuid,
    pub(in crate::features::alerts) message: Notification,
    pub(in crate::features::alerts) attempts: u32,
    pub(in crate::features::alerts) due_at_ms: i64,
    pub(in crate::features::alerts) last_error: Option<String>,
}

/// The messages of one process, oldest first.
#[derive(Debug, Default)]
pub(in crate::features::alerts) struct Queue {
    messages: Vec<Queued>,
    /// Being sent now.
    busy: BTreeSet<Uuid>,
    /// Not kept yet as they are here.
    unsaved: BTreeSet<Uuid>,
    /// Not kept at all yet: they are not sent before that.
    new: BTreeSet<Uuid>,
    /// Gone from here, and not yet from where they are kept.
    gone: BTreeSet<Uuid>,
    /// Everything that was ever here: none of it is taken over again.
    seen: BTreeSet<Uuid>,
}

/// What differs from what is kept.
#[derive(Debug, Clone, Default)]
pub(in crate::features::alerts) struct Unsaved {
    pub(in crate::features::alerts) changed: Vec<Queued>,
    pub(in crate::features::alerts) gone: Vec<Uuid>,
}

impl Queue {
    /// A new message. Nobody is sent it before it is kept.
    pub(super) fn push(&mut self, id: Uuid, message: Notification) {
        self.unsaved.insert(id);
        self.new.insert(id);
        self.seen.insert(id);
        self.messages.push(Queued {
            id,
            attempts: 0,
            due_at_ms: message.made_at_ms,
            message,
            last_error: None,
        });
    }

    /// Takes over what is kept in Postgres, unless it is here or was taken already.
    pub(super) fn adopt(&mut self, kept: Vec<Queued>) {
        for one in kept {
            if self.seen.insert(one.id) {
                self.messages.push(one);
            }
        }
        self.messages.sort_by_key(|one| one.message.made_at_ms);
    }

    /// Takes over what is kept in the spool, and that Postgres may not know.
    pub(super) fn adopt_spooled(&mut self, kept: Vec<Queued>) {
        self.unsaved.extend(kept.iter().map(|one| one.id));
        self.adopt(kept);
    }

    /// Those were taken before: whatever else still holds them is to forget them.
    pub(super) fn forget(&mut self, ids: Vec<Uuid>) {
        self.messages.retain(|one| !ids.contains(&one.id));
        self.seen.extend(&ids);
        self.gone.extend(ids);
    }

    /// Whether a message is being sent now.
    pub(super) fn is_busy(&self) -> bool {
        !self.busy.is_empty()
    }

    /// Forgets everything: another process leads.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything, for the spool.
    pub(super) fn all(&self) -> Vec<Queued> {
        self.messages.clone()
    }

    /// The next message to this receiver, if it is time; it counts as being sent from now on.
    pub(super) fn take(&mut self, receiver: &str, now_ms: i64) -> Option<Queued> {
        let mut waiting: BTreeSet<&str> = BTreeSet::new();
        let found = self.messages.iter().find(|one| {
            one.message.receiver == receiver
                && waiting.insert(one.message.group_key.as_str())
                && one.due_at_ms <= now_ms
                && !self.new.contains(&one.id)
                && !self.busy.contains(&one.id)
        })?;
        self.busy.insert(found.id);
        Some(found.clone())
    }

    /// It was taken, or will never be.
    pub(super) fn remove(&mut self, id: Uuid) {
        self.busy.remove(&id);
        self.unsaved.remove(&id);
        self.new.remove(&id);
        let before = self.messages.len();
        self.messages.retain(|one| one.id != id);
        if self.messages.len() < before {
            self.gone.insert(id);
        }
    }

    /// It was not taken: another attempt follows.
    pub(super) fn put_back(&mut self, id: Uuid, why: &NotifyError, now_ms: i64) {
        self.busy.remove(&id);
        let Some(one) = self.messages.iter_mut().find(|one| one.id == id) else {
            return;
        };
        one.attempts = one.attempts.saturating_add(1);
        let pause = retry_after(one.attempts, rand::random());
        let pause = pause.max(why.asked_to_wait().unwrap_or_default());
        let pause_ms = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        one.due_at_ms = now_ms.saturating_add(pause_ms);
        one.last_error = Some(why.to_string());
        self.unsaved.insert(id);
    }

    /// Takes out what is too old to be told, and returns the receivers' names.
    pub(super) fn give_up(&mut self, now_ms: i64) -> Vec<String> {
        let is_old = |one: &Queued| one.message.made_at_ms < now_ms - OLDEST_MS;
        let old = self.messages.iter().filter(|one| is_old(one));
        let old: Vec<(Uuid, String)> = old
            .filter(|one| !self.busy.contains(&one.id))
            .map(|one| (one.id, one.message.receiver.clone()))
            .collect();
        for (id, _) in &old {
            self.remove(*id);
        }
        old.into_iter().map(|(_, receiver)| receiver).collect()
    }

    /// How many wait for a receiver.
    pub(in crate::features::alerts) fn waiting(&self, receiver: &str) -> usize {
        let of = |one: &&Queued| one.message.receiver == receiver;
        self.messages.iter().filter(of).count()
    }

    /// How many wait for anybody.
    pub(in crate::features::alerts) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether the last message that waits for the same receiver about the same group says the same.
    pub(super) fn says(&self, message: &Notification) -> bool {
        let of_group = |one: &&Queued| {
            one.message.receiver == message.receiver && one.message.group_key == message.group_key
        };
        let said = |message: &Notification| -> BTreeSet<(String, bool)> {
            let alerts = message.alerts.iter();
            alerts
                .map(|alert| (alert.fingerprint(), alert.state == State::Resolved))
                .collect()
        };
        let last = self.messages.iter().rev().find(of_group);
        last.is_some_and(|last| said(&last.message) == said(message))
    }

    /// Nobody holds it any more.
    pub(super) fn forgotten(&mut self, id: Uuid) {
        self.gone.remove(&id);
    }

    /// Whether something differs from what is kept.
    pub(super) fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty() || !self.gone.is_empty()
    }

    /// What is to be kept now.
    pub(super) fn unsaved(&self) -> Unsaved {
        let is_unsaved = |one: &&Queued| self.unsaved.contains(&one.id);
        Unsaved {
            changed: self.messages.iter().filter(is_unsaved).cloned().collect(),
            gone: self.gone.iter().copied().collect(),
        }
    }

    /// That was kept in Postgres.
    pub(super) fn saved(&mut self, what: &Unsaved) {
        for one in &what.changed {
            let is_same = self.messages.iter().any(|now| now == one);
            if is_same {
                self.unsaved.remove(&one.id);
            }
            self.new.remove(&one.id);
        }
        for id in &what.gone {
            self.gone.remove(id);
        }
    }

    /// That was kept in the spool: it may be sent, and Postgres does not know of it yet.
    pub(super) fn spooled(&mut self, what: &[Queued]) {
        for one in what {
            self.new.remove(&one.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engines::{alerting::Alert, promql::Labels},
        platform::notify::Problem,
    };
    use std::time::Duration;

    fn message(receiver: &str, group: &str, made_at_ms: i64) -> Notification {
        Notification {
            receiver: receiver.to_owned(),
            group_key: group.to_owned(),
            group_labels: Labels::empty(),
            alerts: vec![Alert {
                labels: Labels::new([("alertname", "A")]),
                annotations: Labels::empty(),
                state: State::Firing,
                value: 1.0,
                active_at_ms: 0,
                fired_at_ms: Some(0),
                resolved_at_ms: None,
                expression: "up".to_owned(),
            }],
            opened_at_ms: 0,
            made_at_ms,
        }
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn busy(wait: Option<Duration>) -> NotifyError {
        NotifyError {
            receiver: "mail".to_owned(),
            place: "h".to_owned(),
            problem: Problem::Busy {
                said: "503".to_owned(),
                wait,
            },
        }
    }

    fn kept(queue: &mut Queue) {
        let unsaved = queue.unsaved();
        queue.saved(&unsaved);
    }

    #[test]
    fn nothing_is_sent_before_it_is_kept() {
        let mut queue = Queue::default();
        queue.push(id(1), message("mail", "g", 10));
        assert_eq!(queue.take("mail", 100), None);
        kept(&mut queue);
        assert_eq!(queue.take("hook", 100), None);
        assert_eq!(queue.take("mail", 9), None);
        assert_eq!(queue.take("mail", 10).unwrap().id, id(1));
        assert_eq!(queue.take("mail", 10), None, "it is being sent");
        queue.remove(id(1));
        assert_eq!(queue.unsaved().gone, [id(1)]);
        kept(&mut queue);
        assert_eq!((queue.len(), queue.unsaved().gone.len()), (0, 0));
    }

    #[test]
    fn messages_about_a_group_arrive_in_order_and_others_do_not_wait_for_them() {
        let mut queue = Queue::default();
        for (n, group) in [(1, "g"), (2, "g"), (3, "h")] {
            queue.push(id(n), message("mail", group, i64::try_from(n).unwrap()));
        }
        kept(&mut queue);
        assert_eq!(queue.take("mail", 10).unwrap().id, id(1));
        assert_eq!(queue.take("mail", 10).unwrap().id, id(3));
        assert_eq!(queue.take("mail", 10), None, "2 comes after 1");
        queue.put_back(id(1), &busy(None), 10);
        assert_eq!(queue.take("mail", 11), None, "1 waits, and 2 behind it");
        let again = queue.take("mail", 10 + 5000).unwrap();
        assert_eq!((again.id, again.attempts), (id(1), 1));
        queue.remove(id(1));
        assert_eq!(queue.take("mail", 10).unwrap().id, id(2));
    }

    #[test]
    fn a_server_may_want_to_be_left_alone_for_longer() {
        let mut queue = Queue::default();
        queue.push(id(1), message("mail", "g", 0));
        kept(&mut queue);
        queue.take("mail", 0).unwrap();
        queue.put_back(id(1), &busy(Some(Duration::from_secs(60))), 0);
        assert_eq!(queue.take("mail", 59_999), None);
        assert!(queue.unsaved().changed[0].last_error.is_some());
        assert!(queue.take("mail", 60_000).is_some());
    }

    #[test]
    fn what_was_taken_is_not_adopted_again() {
        let mut queue = Queue::default();
        queue.push(id(1), message("mail", "g", 0));
        let all = queue.all();
        queue.spooled(&all);
        queue.take("mail", 0).unwrap();
        queue.remove(id(1));
        queue.adopt(all.clone());
        assert_eq!(queue.len(), 0);
        let mut other = Queue::default();
        other.adopt(all);
        assert_eq!(other.take("mail", 0).unwrap().id, id(1));
    }

    #[test]
    fn what_is_a_week_old_is_given_up() {
        let mut queue = Queue::default();
        queue.push(id(1), message("mail", "g", 0));
        queue.push(id(2), message("hook", "g", OLDEST_MS));
        assert_eq!(queue.give_up(OLDEST_MS + 1), ["mail"]);
        assert_eq!((queue.waiting("mail"), queue.waiting("hook")), (0, 1));
    }

    #[test]
    fn what_changes_while_it_is_kept_is_kept_again() {
        let mut queue = Queue::default();
        queue.push(id(1), message("mail", "g", 0));
        kept(&mut queue);
        queue.take("mail", 0).unwrap();
        queue.put_back(id(1), &busy(None), 0);
        let on_its_way = queue.unsaved();
        queue.put_back(id(1), &busy(None), 0);
        queue.saved(&on_its_way);
        assert_eq!(queue.unsaved().changed[0].attempts, 2);
    }
}
