//! Alerts as Alertmanager's programs write them: the payload of its webhooks (version 4) and of its API (v2).
use super::Site;
use crate::engines::{
    alerting::{Alert, Notification, State},
    promql::Labels,
};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What a webhook of Alertmanager says of what is not over: no time.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// The body of a webhook, with `most` alerts at most; 0 means all.
pub(super) fn message(message: &Notification, site: &Site, most: usize) -> Value {
    let all = message.alerts.len();
    let kept = if most == 0 { all } else { most.min(all) };
    let alerts = message.alerts.iter().take(kept);
    let alerts: Vec<Value> = alerts.map(|alert| of_webhook(alert, site)).collect();
    json!({
        "version": "4",
        "groupKey": message.group_key,
        "truncatedAlerts": all - kept,
        "status": status(message.state()),
        "receiver": message.receiver,
        "groupLabels": pairs(&message.group_labels),
        "commonLabels": pairs(&message.common_labels()),
        "commonAnnotations": pairs(&message.common_annotations()),
        "externalURL": site.home().unwrap_or_default(),
        "alerts": alerts,
    })
}

fn of_webhook(alert: &Alert, site: &Site) -> Value {
    json!({
        "status": status(alert.state),
        "labels": pairs(&alert.labels),
        "annotations": pairs(&alert.annotations),
        "startsAt": time(began(alert)),
        "endsAt": alert.resolved_at_ms.map_or_else(|| NEVER.to_owned(), time),
        "generatorURL": site.alerts().unwrap_or_default(),
        "fingerprint": alert.fingerprint(),
    })
}

/// The body that tells an Alertmanager of alerts: what fires is to be believed for `hold` after `now_ms`.
pub(super) fn alerts(message: &Notification, site: &Site, now_ms: i64, hold: Duration) -> Value {
    let until = now_ms.saturating_add(i64::try_from(hold.as_millis()).unwrap_or(i64::MAX));
    let all = message.alerts.iter().map(|alert| {
        let mut one = json!({
            "labels": pairs(&alert.labels),
            "annotations": pairs(&alert.annotations),
            "startsAt": time(began(alert)),
            "endsAt": time(alert.resolved_at_ms.unwrap_or(until)),
        });
        if let Some(link) = site.alerts() {
            one["generatorURL"] = link.into();
        }
        one
    });
    Value::Array(all.collect())
}

/// When it began to fire.
fn began(alert: &Alert) -> i64 {
    alert.fired_at_ms.unwrap_or(alert.active_at_ms)
}

fn status(state: State) -> &'static str {
    match state {
        State::Resolved => "resolved",
        State::Pending | State::Firing => "firing",
    }
}

fn pairs(labels: &Labels) -> Value {
    let pairs = labels.iter().map(|(n, v)| (n.to_owned(), v.into()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn time(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or(DateTime::UNIX_EPOCH);
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
