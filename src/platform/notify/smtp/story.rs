//! What a mail tells, in words, before it is written as text or as HTML.
use crate::{
    engines::{
        alerting::{Alert, Notification, State},
        promql::Labels,
    },
    platform::notify::Site,
};
use chrono::{DateTime, Utc};

/// More alerts than this are only counted.
const MOST_ALERTS: usize = 30;
/// More names than this are only counted, in the subject.
const MOST_NAMES: usize = 3;
/// Annotations with a place of their own.
const KNOWN: [&str; 3] = ["summary", "description", "runbook_url"];

/// A message about one group.
pub(super) struct Story {
    pub(super) subject: String,
    /// Whether anything still fires.
    pub(super) is_firing: bool,
    /// `2 alerts are firing, 1 is resolved`.
    pub(super) headline: String,
    /// The names of the alerts.
    pub(super) names: String,
    /// Those that fire first.
    pub(super) entries: Vec<Entry>,
    /// How many alerts are not among them.
    pub(super) left_out: usize,
    pub(super) receiver: String,
    /// The page with the alerts.
    pub(super) link: Option<String>,
}

/// One alert.
pub(super) struct Entry {
    pub(super) is_firing: bool,
    pub(super) name: String,
    pub(super) severity: String,
    pub(super) summary: String,
    pub(super) description: String,
    /// What else is known: what it is called, and what it says.
    pub(super) facts: Vec<(String, String)>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) runbook: Option<String>,
}

impl Story {
    pub(super) fn of(message: &Notification, site: &Site, now: DateTime<Utc>) -> Self {
        let mut alerts: Vec<&Alert> = message.alerts.iter().collect();
        alerts.sort_by_key(|alert| is_over(alert));
        let firing = alerts.iter().filter(|alert| !is_over(alert)).count();
        let names = names(&alerts);
        let status = match message.state() {
            State::Resolved => "[RESOLVED]".to_owned(),
            State::Pending | State::Firing => format!("[FIRING:{firing}]"),
        };
        let told = alerts.iter().take(MOST_ALERTS);
        Self {
            subject: format!("{status} {names}"),
            is_firing: firing > 0,
            headline: headline(firing, alerts.len() - firing),
            names,
            entries: told.map(|alert| Entry::of(alert, now)).collect(),
            left_out: alerts.len().saturating_sub(MOST_ALERTS),
            receiver: message.receiver.clone(),
            link: site.alerts(),
        }
    }
}

impl Entry {
    fn of(alert: &Alert, now: DateTime<Utc>) -> Self {
        let note = |name| alert.annotations.get(name).trim().to_owned();
        let began = alert.fired_at_ms.unwrap_or(alert.active_at_ms);
        let mut facts = vec![];
        let value = figure(alert.value);
        match alert.resolved_at_ms {
            Some(ended) => {
                facts.push(("Began".to_owned(), moment(began)));
                facts.push(("Ended".to_owned(), moment(ended)));
                facts.push(("Lasted".to_owned(), span(ended - began)));
                facts.push(("Last value".to_owned(), value));
            }
            None => {
                let age = span(now.timestamp_millis() - began);
                let since = format!("{} ({age})", moment(began));
                facts.push(("Since".to_owned(), since));
                facts.push(("Value".to_owned(), value));
            }
        }
        let others = alert.annotations.iter();
        let others = others.filter(|(name, _)| !KNOWN.contains(name));
        facts.extend(others.map(|(name, said)| (name.to_owned(), said.to_owned())));
        Self {
            is_firing: !is_over(alert),
            name: alert.name().to_owned(),
            severity: alert.labels.get("severity").to_owned(),
            summary: note("summary"),
            description: note("description"),
            facts,
            labels: others_of(&alert.labels),
            // Nothing is left to be done about what is over.
            runbook: page(alert.annotations.get("runbook_url")).filter(|_| !is_over(alert)),
        }
    }
}

fn is_over(alert: &Alert) -> bool {
    alert.state == State::Resolved
}

/// The labels that are not told elsewhere.
fn others_of(labels: &Labels) -> Vec<(String, String)> {
    let others = labels.iter();
    let others = others.filter(|(name, _)| !["alertname", "severity"].contains(name));
    others.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// An address that a click may open.
fn page(link: &str) -> Option<String> {
    let is_page = link.starts_with("https://") || link.starts_with("http://");
    is_page.then(|| link.to_owned())
}

/// Each name once, in one line.
fn names(alerts: &[&Alert]) -> String {
    let mut found: Vec<String> = vec![];
    for alert in alerts {
        let name = alert.name().replace(char::is_control, " ");
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    let more = found.len().saturating_sub(MOST_NAMES);
    found.truncate(MOST_NAMES);
    match more {
        0 => found.join(", "),
        more => format!("{} and {more} more", found.join(", ")),
    }
}

fn headline(firing: usize, resolved: usize) -> String {
    let counted = |count: usize| match count {
        1 => "1 alert is".to_owned(),
        count => format!("{count} alerts are"),
    };
    match (firing, resolved) {
        (firing, 0) => format!("{} firing", counted(firing)),
        (0, resolved) => format!("{} resolved", counted(resolved)),
        (firing, 1) => format!("{} firing, 1 is resolved", counted(firing)),
        (firing, resolved) => format!("{} firing, {resolved} are resolved", counted(firing)),
    }
}

/// `24 Nov 2026, 12:03 UTC`.
fn moment(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or(DateTime::UNIX_EPOCH);
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// `2 d 5 h`, `4 min`, `30 s`: two units at most.
fn span(ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let pair = |more: i64, unit: &str, less: i64, rest: &str| match less {
        0 => format!("{more} {unit}"),
        less => format!("{more} {unit} {less} {rest}"),
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => pair(hours, "h", minutes % 60, "min"),
        (days, hours, _) => pair(days, "d", hours % 24, "h"),
    }
}

/// A number as people write it: four significant digits, or the whole one.
fn figure(value: f64) -> String {
    if !value.is_finite() || value == value.trunc() && value.abs() < 1e15 {
        return format!("{value}");
    }
    let size = value.abs().log10().floor() as i32;
    if !(-6..15).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = usize::try_from(3 - size).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (3.0, "3"),
            (0.952_380_95, "0.9524"),
            (1234.567, "1235"),
            (0.000_123_456, "0.0001235"),
            (2.50, "2.5"),
            (1e-9, "1.000e-9"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
            (1_073_741_824.0, "1073741824"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let second = 1000;
        let cases = [
            (-5, "0 s"),
            (30 * second, "30 s"),
            (245 * second, "4 min"),
            (3600 * second, "1 h"),
            (3 * 3600 * second + 120 * second, "3 h 2 min"),
            (2 * 86_400 * second + 5 * 3600 * second, "2 d 5 h"),
        ];
        for (ms, text) in cases {
            assert_eq!(span(ms), text);
        }
    }

    #[test]
    fn only_pages_become_links() {
        assert_eq!(page("javascript:alert(1)"), None);
        assert_eq!(page("https://h/r").unwrap(), "https://h/r");
    }

    #[test]
    fn headlines_count() {
        assert_eq!(headline(1, 0), "1 alert is firing");
        assert_eq!(headline(2, 1), "2 alerts are firing, 1 is resolved");
        assert_eq!(headline(1, 3), "1 alert is firing, 3 are resolved");
        assert_eq!(headline(0, 2), "2 alerts are resolved");
    }
}
