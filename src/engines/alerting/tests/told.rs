//! Laws of what is told: nothing is lost, and nobody is told twice.
use super::{
    alert, ended,
    groups::{S, conditions, routing},
};
use crate::engines::alerting::{Alert, Groups, Inhibition, Muting, Silence, State};
use chrono::DateTime;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// An alert, and when it fires.
#[derive(Debug, Clone)]
struct Life {
    name: &'static str,
    instance: &'static str,
    /// The lengths of its times, beginning with a quiet one.
    spans_s: Vec<i64>,
}

impl Life {
    /// As the engine would show it: what is over stays for 15 minutes.
    fn at(&self, now_s: i64) -> Option<Alert> {
        let (mut begin, mut last) = (0, None);
        for (at, span) in self.spans_s.iter().enumerate() {
            let end = begin + span;
            if at % 2 == 1 && begin <= now_s {
                let fires = alert(self.name, self.instance, begin * S);
                last = Some(if now_s < end {
                    fires
                } else {
                    ended(fires, end * S)
                });
            }
            begin = end;
        }
        last.filter(|a| a.resolved_at_ms.is_none_or(|at| now_s * S - at <= 900 * S))
    }
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let one = |name, instance| {
        prop::collection::vec(1..400_i64, 0..8).prop_map(move |spans_s| Life {
            name,
            instance,
            spans_s,
        })
    };
    (one("A", "1"), one("A", "2"), one("B", "1"), one("B", "2"))
        .prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

const STEP_S: i64 = 5;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_is_lost_and_nobody_is_told_twice(
        lives in lives(),
        silence_s in (0..1500_i64, 1..600_i64),
        is_inhibited in any::<bool>(),
        by_name in any::<bool>(),
    ) {
        let time = |s| DateTime::from_timestamp(s, 0).unwrap();
        let silence = Silence {
            id: "s".to_owned(),
            matchers: conditions(&[("instance", "=", "2")]),
            starts_at: time(silence_s.0),
            ends_at: time(silence_s.0 + silence_s.1),
            weekly: None,
        };
        let inhibition = Inhibition {
            sources: conditions(&[("alertname", "=", "B")]),
            targets: conditions(&[("alertname", "=", "A")]),
            equal: vec!["instance".to_owned()],
        };
        let muting = Muting {
            silences: &[silence],
            inhibitions: if is_inhibited { &[inhibition] } else { &[] },
        };
        let routing = routing(if by_name { &["alertname"] } else { &[] });
        let mut groups = Groups::default();
        // Per alert: told that it fires, and since when it fires and is not muted.
        let mut is_told: BTreeMap<String, bool> = BTreeMap::new();
        let mut owed: BTreeMap<String, i64> = BTreeMap::new();
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        for now_s in (0..5000).step_by(5) {
            let all: Vec<Alert> = lives.iter().filter_map(|life| life.at(now_s)).collect();
            let stored = serde_json::to_string(&groups).unwrap();
            let mut twin: Groups = serde_json::from_str(&stored).unwrap();
            let messages = groups.advance(now_s * S, &all, &routing, muting);
            prop_assert_eq!(&messages, &twin.advance(now_s * S, &all, &routing, muting));
            for alert in &all {
                let is_muted = !muting.silenced_by(alert, now_s * S).is_empty()
                    || !muting.inhibited_by(alert, &all).is_empty();
                match alert.state == State::Firing && !is_muted {
                    true => _ = owed.entry(alert.fingerprint()).or_insert(now_s),
                    false => _ = owed.remove(&alert.fingerprint()),
                }
            }
            for message in &messages {
                prop_assert!(!message.alerts.is_empty());
                if let Some(before) = last.insert(message.group_key.clone(), now_s) {
                    prop_assert!(now_s - before >= 60, "two messages in one interval");
                }
                for alert in &message.alerts {
                    let told = is_told.entry(alert.fingerprint()).or_default();
                    let fires = alert.state == State::Firing;
                    if fires {
                        prop_assert!(owed.contains_key(&alert.fingerprint()), "told of what is muted");
                    }
                    *told = fires;
                }
            }
            for (fingerprint, since_s) in &owed {
                // A new group tells after its wait, others after their interval.
                let is_told = is_told.get(fingerprint).copied().unwrap_or_default();
                prop_assert!(is_told || now_s - since_s <= 60 + STEP_S, "not told since {since_s}");
            }
        }
        // At the end all is quiet, and whoever was told that something fires was told that it is over.
        prop_assert!(is_told.values().all(|told| !told));
        prop_assert_eq!(groups, Groups::default());
    }

    #[test]
    fn each_end_is_told_exactly_once(lives in lives()) {
        let routing = routing(&[]);
        let mut groups = Groups::default();
        let mut is_told: BTreeMap<String, bool> = BTreeMap::new();
        let mut ends: BTreeMap<(String, Option<i64>), u32> = BTreeMap::new();
        for now_s in (0..5000).step_by(5) {
            let all: Vec<Alert> = lives.iter().filter_map(|life| life.at(now_s)).collect();
            for message in groups.advance(now_s * S, &all, &routing, Muting::default()) {
                for alert in message.alerts {
                    let fingerprint = alert.fingerprint();
                    if alert.state == State::Resolved {
                        *ends.entry((fingerprint.clone(), alert.resolved_at_ms)).or_default() += 1;
                    }
                    is_told.insert(fingerprint, alert.state == State::Firing);
                }
            }
        }
        prop_assert!(ends.values().all(|count| *count == 1), "{ends:?}");
        prop_assert!(is_told.values().all(|told| !told));
    }
}
