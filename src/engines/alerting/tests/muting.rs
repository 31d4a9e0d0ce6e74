//! Silences and inhibition.
use super::{alert, ended};
use crate::engines::alerting::{
    Conditions, Inhibition, LabelCondition, Muting, Silence, SilenceStatus, Weekly, WrittenWeekly,
};
use chrono::{DateTime, Utc};

fn conditions(written: &[(&str, &str, &str)]) -> Conditions {
    let one = |(name, comparison, value): &(&str, &str, &str)| LabelCondition {
        name: (*name).to_owned(),
        comparison: (*comparison).to_owned(),
        value: (*value).to_owned(),
    };
    Conditions::new(written.iter().map(one).collect()).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn weekly(days: &[&str], from: &str, to: &str, zone: &str) -> Result<Weekly, String> {
    let written = WrittenWeekly {
        days: days.iter().map(|day| (*day).to_owned()).collect(),
        from: from.to_owned(),
        to: to.to_owned(),
        time_zone: zone.to_owned(),
    };
    let back = written.clone();
    let read = Weekly::try_from(written).map_err(|error| error.to_string())?;
    assert_eq!(
        WrittenWeekly::from(read.clone()),
        back,
        "written as it was read"
    );
    Ok(read)
}

fn silence(matchers: &[(&str, &str, &str)]) -> Silence {
    Silence {
        id: "s".to_owned(),
        matchers: conditions(matchers),
        starts_at: at("2026-11-01T00:00:00Z"),
        ends_at: at("2026-12-01T00:00:00Z"),
        weekly: None,
    }
}

#[test]
fn conditions_compare_the_whole_value() {
    let labels = &alert("RedisDown", "a:1", 0).labels;
    for (condition, holds) in [
        (("alertname", "=", "RedisDown"), true),
        (("alertname", "=", "Redis"), false),
        (("alertname", "!=", "Redis"), true),
        (("alertname", "=~", "Redis"), false),
        (("alertname", "=~", "Redis.*|X"), true),
        (("alertname", "!~", "Redis.*"), false),
        (("absent", "=", ""), true),
        (("absent", "!=", ""), false),
    ] {
        assert_eq!(
            conditions(&[condition]).hold(labels),
            holds,
            "{condition:?}"
        );
    }
    for (written, words) in [
        (
            r#"[{"name":"a-b","comparison":"=","value":""}]"#,
            "no name of a label",
        ),
        (
            r#"[{"name":"a","comparison":"==","value":""}]"#,
            "no comparison",
        ),
        (
            r#"[{"name":"a","comparison":"=~","value":"("}]"#,
            "cannot be used",
        ),
        (
            r#"[{"name":"a","comparison":"=","value":"","more":1}]"#,
            "more",
        ),
    ] {
        let error = serde_json::from_str::<Conditions>(written).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_silence_names_alerts_and_has_a_length() {
    let right = silence(&[("alertname", "=~", "Redis.*"), ("instance", "!=", "x")]);
    assert_eq!(right.check(), Ok(()));
    let says = |silence: Silence, words: &str| {
        let error = silence.check().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says(silence(&[]), "needs a matcher");
    says(silence(&[("a", "=~", ".*")]), "a label that is there");
    says(
        silence(&[("a", "!=", "b"), ("c", "=", "")]),
        "a label that is there",
    );
    let ends_at = right.starts_at;
    says(
        Silence {
            ends_at,
            ..right.clone()
        },
        "ends after it starts",
    );
    let stored = serde_json::to_string(&right).unwrap();
    assert_eq!(serde_json::from_str::<Silence>(&stored).unwrap(), right);
}

#[test]
fn a_silence_is_in_force_between_start_and_end() {
    let silence = silence(&[("instance", "=", "a:1")]);
    for (now, status) in [
        ("2026-10-31T23:59:59Z", SilenceStatus::Pending),
        ("2026-11-01T00:00:00Z", SilenceStatus::Active),
        ("2026-11-30T23:59:59Z", SilenceStatus::Active),
        ("2026-12-01T00:00:00Z", SilenceStatus::Expired),
    ] {
        assert_eq!(silence.status(at(now)), status, "{now}");
        let mutes = silence.mutes(&alert("A", "a:1", 0).labels, at(now));
        assert_eq!(mutes, status == SilenceStatus::Active, "{now}");
        assert!(
            !silence.mutes(&alert("A", "b:1", 0).labels, at(now)),
            "{now}"
        );
    }
}

#[test]
fn weekly_hours_are_those_of_the_clock_on_the_wall() {
    // 24 November 2026 is a Tuesday.
    let night = weekly(&["tuesday"], "22:00", "06:00", "Europe/Berlin").unwrap();
    for (now, is_covered) in [
        ("2026-11-24T20:59:00Z", false),
        ("2026-11-24T21:00:00Z", true),
        ("2026-11-25T04:59:00Z", true),
        ("2026-11-25T05:00:00Z", false),
        ("2026-11-24T02:00:00Z", false),
        // In summer an hour earlier.
        ("2026-06-23T20:00:00Z", true),
        ("2026-06-24T04:00:00Z", false),
    ] {
        assert_eq!(night.covers(at(now)), is_covered, "{now}");
    }
    let noon = weekly(&["monday", "tuesday"], "12:00", "13:00", "UTC").unwrap();
    assert!(noon.covers(at("2026-11-24T12:59:59Z")));
    assert!(!noon.covers(at("2026-11-24T13:00:00Z")) && !noon.covers(at("2026-11-25T12:00:00Z")));
    let day = weekly(&["tuesday"], "00:00", "24:00", "UTC").unwrap();
    assert!(day.covers(at("2026-11-24T23:59:59Z")) && !day.covers(at("2026-11-25T00:00:00Z")));
    // The same time twice is a whole day.
    let around = weekly(&["tuesday"], "09:00", "09:00", "UTC").unwrap();
    assert!(
        around.covers(at("2026-11-25T08:59:00Z")) && !around.covers(at("2026-11-25T09:00:00Z"))
    );
    // The night in which the clock goes back has the hour twice, and both are covered.
    let sunday = weekly(&["sunday"], "02:00", "03:00", "Europe/Berlin").unwrap();
    assert!(sunday.covers(at("2026-10-25T00:30:00Z")) && sunday.covers(at("2026-10-25T01:30:00Z")));
    for (days, from, to, zone, words) in [
        (&[][..], "22:00", "06:00", "UTC", "needs a day"),
        (
            &["Tuesday"][..],
            "22:00",
            "06:00",
            "UTC",
            "no day of the week",
        ),
        (&["tuesday"][..], "22", "06:00", "UTC", "no time of day"),
        (&["tuesday"][..], "24:00", "06:00", "UTC", "no time of day"),
        (&["tuesday"][..], "9:00", "06:00", "UTC", "no time of day"),
        (&["tuesday"][..], "22:00", "06:00", "Berlin", "no time zone"),
    ] {
        let error = weekly(days, from, to, zone).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn an_alert_that_fires_inhibits_others() {
    let inhibition = Inhibition {
        sources: conditions(&[("alertname", "=", "HostDown")]),
        targets: conditions(&[("alertname", "=~", ".*Down")]),
        equal: vec!["instance".to_owned()],
    };
    let muting = Muting {
        silences: &[],
        inhibitions: std::slice::from_ref(&inhibition),
    };
    let (host, redis) = (alert("HostDown", "a", 0), alert("RedisDown", "a", 0));
    let elsewhere = alert("RedisDown", "b", 0);
    let all = [host.clone(), redis.clone(), elsewhere.clone()];
    assert_eq!(muting.inhibited_by(&redis, &all), [&host]);
    assert!(muting.inhibited_by(&elsewhere, &all).is_empty());
    // It meets both sides and does not silence itself.
    assert!(muting.inhibited_by(&host, &all).is_empty());
    let over = [ended(host, 1), redis.clone()];
    assert!(muting.inhibited_by(&redis, &over).is_empty());
    // A label that both lack is the same.
    let mut loose = inhibition;
    loose.equal = vec!["cluster".to_owned()];
    assert!(loose.source_for(&elsewhere, &all).is_some());
}
