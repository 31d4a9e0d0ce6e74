//! What is told of alerts, to whom, and when.
use super::{alert, ended};
use crate::engines::alerting::{
    Addressee, Alert, Conditions, GROUP_BY_ALL, Groups, LabelCondition, Muting, Notification, Pace,
    Route, Routing, Silence, State,
};
use chrono::DateTime;

pub(super) const S: i64 = 1000;
pub(super) const PACE: Pace = Pace {
    group_wait_ms: 10 * S,
    group_interval_ms: 60 * S,
    repeat_interval_ms: 600 * S,
    longest_repeat_ms: 3000 * S,
};

pub(super) fn conditions(written: &[(&str, &str, &str)]) -> Conditions {
    let one = |(name, comparison, value): &(&str, &str, &str)| LabelCondition {
        name: (*name).to_owned(),
        comparison: (*comparison).to_owned(),
        value: (*value).to_owned(),
    };
    Conditions::new(written.iter().map(one).collect()).unwrap()
}

pub(super) fn route(receiver: &str, group_by: &[&str]) -> Route {
    Route {
        conditions: conditions(&[]),
        receivers: vec![Addressee {
            name: receiver.to_owned(),
            tell_again_within_ms: None,
        }],
        group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        pace: PACE,
        goes_on: false,
    }
}

pub(super) fn routing(group_by: &[&str]) -> Routing {
    Routing {
        routes: vec![route("mail", group_by)],
    }
}

/// Advances second by second, with a restart in between; the messages and when they were made.
struct Play {
    groups: Groups,
    routing: Routing,
    now_ms: i64,
    told: Vec<Notification>,
}

impl Play {
    fn new(routing: Routing) -> Self {
        Self {
            groups: Groups::default(),
            routing,
            now_ms: 0,
            told: vec![],
        }
    }

    fn until(&mut self, end_s: i64, alerts: &[Alert], muting: Muting<'_>) -> Vec<(i64, String)> {
        let mut new = vec![];
        while self.now_ms <= end_s * S {
            let stored = serde_json::to_string(&self.groups).unwrap();
            self.groups = serde_json::from_str(&stored).unwrap();
            for message in self
                .groups
                .advance(self.now_ms, alerts, &self.routing, muting)
            {
                let state = |alert: &Alert| {
                    if alert.state == State::Firing {
                        '+'
                    } else {
                        '-'
                    }
                };
                let alerts = message.alerts.iter();
                let names: Vec<String> = alerts
                    .map(|a| format!("{}{}{}", state(a), a.name(), a.labels.get("instance")))
                    .collect();
                new.push((self.now_ms / S, names.join(" ")));
                self.told.push(message);
            }
            self.now_ms += S;
        }
        new
    }
}

fn told(messages: &[(i64, &str)]) -> Vec<(i64, String)> {
    messages
        .iter()
        .map(|(at, text)| (*at, (*text).to_owned()))
        .collect()
}

#[test]
fn a_group_waits_then_tells_then_keeps_its_interval() {
    let mut play = Play::new(routing(&["alertname"]));
    let quiet = Muting::default();
    let (a, b) = (alert("A", "1", 0), alert("A", "2", 5 * S));
    assert_eq!(play.until(4, std::slice::from_ref(&a), quiet), told(&[]));
    assert_eq!(
        play.until(12, &[a.clone(), b.clone()], quiet),
        told(&[(10, "+A1 +A2")])
    );
    let c = alert("A", "3", 13 * S);
    // Another group has its own pace.
    let other = alert("B", "1", 13 * S);
    let all = [a.clone(), b.clone(), c.clone(), other.clone()];
    assert_eq!(
        play.until(80, &all, quiet),
        told(&[(23, "+B1"), (70, "+A1 +A2 +A3")])
    );
    let all = [ended(a, 81 * S), b, c.clone(), other.clone()];
    assert_eq!(play.until(140, &all, quiet), told(&[(130, "+A2 +A3 -A1")]));
    // What is there no more is over.
    assert_eq!(
        play.until(200, &[c, ended(other, 141 * S)], quiet),
        told(&[(143, "-B1"), (190, "+A3 -A2")])
    );
    assert_eq!(play.until(260, &[], quiet), told(&[(250, "-A3")]));
    assert_eq!(play.until(2000, &[], quiet), told(&[]));
    assert_eq!(play.groups, Groups::default());
    let keys: Vec<&str> = play.told.iter().map(|m| m.group_key.as_str()).collect();
    assert_eq!(keys[0], r#"{}:{alertname="A"}"#);
    let opened: Vec<i64> = play.told.iter().map(|m| m.opened_at_ms / S).collect();
    assert_eq!(opened, [10, 23, 10, 10, 23, 10, 10], "threads");
}

#[test]
fn the_same_is_told_again_less_and_less_often() {
    let mut play = Play::new(routing(&["alertname"]));
    let messages = play.until(20_000, &[alert("A", "1", 0)], Muting::default());
    let times: Vec<i64> = messages.iter().map(|(at, _)| *at).collect();
    // 600, 1200, 2400 and then 3000 seconds, at a whole number of intervals.
    assert_eq!(
        times,
        [10, 610, 1810, 4210, 7210, 10210, 13210, 16210, 19210]
    );
    // News begin anew.
    let all = [alert("A", "1", 0), alert("A", "2", 20_000 * S)];
    let times: Vec<i64> = play
        .until(22_000, &all, Muting::default())
        .iter()
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(times, [20_050, 20_650, 21_850]);
}

#[test]
fn whoever_takes_silence_for_the_end_is_told_again_in_time() {
    let mut routing = routing(&["alertname"]);
    routing.routes[0].pace.group_interval_ms = 1000 * S;
    routing.routes[0].receivers[0].tell_again_within_ms = Some(300 * S);
    let mut play = Play::new(routing);
    let messages = play.until(1600, &[alert("A", "1", 0)], Muting::default());
    let times: Vec<i64> = messages.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [10, 310, 610, 910, 1210, 1510]);
}

#[test]
fn an_alert_takes_the_first_route_and_further_ones_where_it_says_so() {
    let mut pager = route("pager", &[GROUP_BY_ALL]);
    pager.conditions = conditions(&[("alertname", "=~", "A|B")]);
    let mut log = route("log", &[]);
    log.conditions = conditions(&[("alertname", "=", "B")]);
    (pager.goes_on, log.goes_on) = (false, true);
    let routes = vec![log, pager, route("mail", &[])];
    let mut play = Play::new(Routing { routes });
    play.until(
        20,
        &[
            alert("A", "1", 0),
            alert("A", "2", 0),
            alert("B", "1", 0),
            alert("C", "1", 0),
        ],
        Muting::default(),
    );
    let told: Vec<(&str, &str, usize)> = play
        .told
        .iter()
        .map(|m| (m.receiver.as_str(), m.group_key.as_str(), m.alerts.len()))
        .collect();
    assert_eq!(
        told,
        [
            ("log", r#"{alertname="B"}:{}"#, 1),
            ("mail", "{}:{}", 1),
            (
                "pager",
                r#"{alertname=~"A|B"}:{alertname="A", instance="1"}"#,
                1
            ),
            (
                "pager",
                r#"{alertname=~"A|B"}:{alertname="A", instance="2"}"#,
                1
            ),
            (
                "pager",
                r#"{alertname=~"A|B"}:{alertname="B", instance="1"}"#,
                1
            ),
        ]
    );
}

#[test]
fn what_fired_long_ago_is_told_at_once() {
    let mut play = Play::new(routing(&[]));
    play.now_ms = 500 * S;
    assert_eq!(
        play.until(510, &[alert("A", "1", 0)], Muting::default()),
        told(&[(500, "+A1")])
    );
}

#[test]
fn silences_hold_back_what_fires_and_not_that_it_is_over() {
    let mut play = Play::new(routing(&[]));
    let time = |s| DateTime::from_timestamp(s, 0).unwrap();
    let silence = Silence {
        id: "s".to_owned(),
        matchers: conditions(&[("alertname", "=", "A")]),
        starts_at: time(0),
        ends_at: time(300),
        weekly: None,
    };
    let muting = Muting {
        silences: &[silence],
        inhibitions: &[],
    };
    let (a, b) = (alert("A", "1", 0), alert("B", "1", 0));
    assert_eq!(
        play.until(200, &[a.clone(), b.clone()], muting),
        told(&[(10, "+B1")])
    );
    assert_eq!(
        play.until(400, &[a.clone(), b.clone()], muting),
        told(&[(310, "+A1 +B1")])
    );
    // Silenced again, then over.
    let silence = Silence {
        starts_at: time(400),
        ends_at: time(900),
        ..muting.silences[0].clone()
    };
    let muting = Muting {
        silences: &[silence],
        ..muting
    };
    assert_eq!(play.until(500, &[a.clone(), b.clone()], muting), told(&[]));
    assert_eq!(
        play.until(600, &[ended(a, 501 * S), b], muting),
        told(&[(550, "+B1 -A1")])
    );
}
