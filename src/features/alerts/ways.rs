//! Who is told of what, and what keeps alerts quiet, as the settings say.
use super::{
    file,
    settings::{InhibitionSettings, RouteSettings, Settings},
};
use crate::{
    base::complaints::Complaints,
    engines::alerting::{Addressee, Conditions, Inhibition, LabelCondition, Pace, Route, Routing},
    platform::notify::Receiver,
};
use anyhow::{Context as _, bail, ensure};
use std::{sync::Arc, time::Duration};

/// The label that names a receiver in alerts about receivers.
const RECEIVER: &str = "receiver";
/// Repeats back off up to so many times the interval.
const LONGEST_REPEAT: i64 = 6;

/// The settings, read.
pub(super) struct Ways {
    pub(super) routing: Routing,
    pub(super) inhibitions: Vec<Inhibition>,
}

impl Ways {
    /// Checks the settings.
    ///
    /// # Errors
    /// One line that names the key.
    pub(super) fn new(settings: &Settings, receivers: &[Arc<Receiver>]) -> anyhow::Result<Self> {
        ensure!(
            !settings.interval.is_zero(),
            "alerts.interval: must be longer than nothing"
        );
        ensure!(
            !settings.repeat_interval.is_zero(),
            "alerts.repeat_interval: must be longer than nothing"
        );
        let pace = Pace {
            group_wait_ms: ms(settings.group_wait),
            group_interval_ms: ms(settings.group_interval),
            repeat_interval_ms: ms(settings.repeat_interval),
            longest_repeat_ms: ms(settings.repeat_interval).saturating_mul(LONGEST_REPEAT),
        };
        let mut routes = vec![];
        for (at, route) in settings.routes.iter().enumerate() {
            let (conditions, told) = read(route, receivers)
                .with_context(|| format!("alerts.routes, entry {}", at + 1))?;
            branch(&mut routes, &conditions, &told, (settings, pace))?;
        }
        let all: Vec<&Receiver> = receivers.iter().map(Arc::as_ref).collect();
        branch(&mut routes, &[], &all, (settings, pace))?;
        let inhibitions = settings.inhibitions.iter().enumerate().map(|(at, one)| {
            inhibition(one).with_context(|| format!("alerts.inhibitions, entry {}", at + 1))
        });
        Ok(Self {
            routing: Routing { routes },
            inhibitions: inhibitions.collect::<anyhow::Result<_>>()?,
        })
    }
}

/// What is wrong with the settings, a line for each; `receivers` are the names of those there are.
#[must_use]
pub fn complaints(settings: &Settings, receivers: &[&str]) -> Vec<String> {
    let mut found = Complaints::about("alerts");
    for (interval, key) in [
        (settings.interval, "interval"),
        (settings.repeat_interval, "repeat_interval"),
    ] {
        found.unless(!interval.is_zero(), key, "must be longer than nothing");
    }
    for (at, route) in settings.routes.iter().enumerate() {
        let entry = format!("routes, entry {}", at + 1);
        if let Err(error) = conditions(&route.matchers) {
            found.unless(false, &entry, format!("{error:#}"));
        }
        for name in &route.receivers {
            let is_known = receivers.contains(&name.as_str());
            found.unless(is_known, &entry, no_receiver(name));
        }
    }
    for (at, one) in settings.inhibitions.iter().enumerate() {
        if let Err(error) = inhibition(one) {
            let entry = format!("inhibitions, entry {}", at + 1);
            found.unless(false, &entry, format!("{error:#}"));
        }
    }
    if let Err(error) = file::check(&settings.rules_file) {
        found.unless(false, "rules_file", error);
    }
    found.into_lines()
}

fn no_receiver(name: &str) -> String {
    format!("there is no receiver {name:?} below [notifications.receivers]")
}

/// A route for each receiver, so that none is told that it cannot be told; and an end, for what matches.
fn branch(
    routes: &mut Vec<Route>,
    conditions: &[LabelCondition],
    told: &[&Receiver],
    (settings, pace): (&Settings, Pace),
) -> anyhow::Result<()> {
    let mut add = |conditions: Vec<LabelCondition>, receivers, goes_on| {
        routes.push(Route {
            conditions: Conditions::new(conditions)?,
            receivers,
            group_by: settings.group_by.clone(),
            pace,
            goes_on,
        });
        anyhow::Ok(())
    };
    for receiver in told {
        let not_itself = LabelCondition {
            name: RECEIVER.to_owned(),
            comparison: "!=".to_owned(),
            value: receiver.name().to_owned(),
        };
        let addressee = Addressee {
            name: receiver.name().to_owned(),
            tell_again_within_ms: receiver.tell_again_within().map(ms),
        };
        let mut all = conditions.to_vec();
        all.push(not_itself);
        add(all, vec![addressee], true)?;
    }
    add(conditions.to_vec(), vec![], false)
}

fn read<'r>(
    route: &RouteSettings,
    receivers: &'r [Arc<Receiver>],
) -> anyhow::Result<(Vec<LabelCondition>, Vec<&'r Receiver>)> {
    let told = route.receivers.iter().map(|name| {
        let mut all = receivers.iter().map(Arc::as_ref);
        let found = all.find(|receiver| receiver.name() == name);
        found.with_context(|| no_receiver(name))
    });
    Ok((
        conditions(&route.matchers)?,
        told.collect::<anyhow::Result<_>>()?,
    ))
}

fn inhibition(one: &InhibitionSettings) -> anyhow::Result<Inhibition> {
    ensure!(
        !one.source.is_empty() && !one.target.is_empty(),
        "source and target need a matcher each"
    );
    Ok(Inhibition {
        sources: Conditions::new(conditions(&one.source)?)?,
        targets: Conditions::new(conditions(&one.target)?)?,
        equal: one.equal.clone(),
    })
}

fn conditions(texts: &[String]) -> anyhow::Result<Vec<LabelCondition>> {
    let read: Vec<LabelCondition> = texts
        .iter()
        .map(|t| condition(t))
        .collect::<anyhow::Result<_>>()?;
    Conditions::new(read.clone())?;
    Ok(read)
}

/// `severity="critical"`.
fn condition(text: &str) -> anyhow::Result<LabelCondition> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let trimmed = text.trim();
    let end = trimmed.find(|c| !is_of_name(c)).unwrap_or(trimmed.len());
    let (name, rest) = trimmed.split_at(end);
    let rest = rest.trim_start();
    for comparison in ["=~", "!~", "!=", "="] {
        if let Some(value) = rest.strip_prefix(comparison) {
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            return Ok(LabelCondition {
                name: name.to_owned(),
                comparison: comparison.to_owned(),
                value: bare
                    .unwrap_or(value)
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\"),
            });
        }
    }
    bail!("{text:?} is no matcher like severity=\"critical\"")
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_read_as_they_are_written() {
        for (text, name, comparison, value) in [
            ("severity=\"critical\"", "severity", "=", "critical"),
            (" subject =~ \"a|b\" ", "subject", "=~", "a|b"),
            ("subject!=\"\"", "subject", "!=", ""),
            ("alertname!~A.*", "alertname", "!~", "A.*"),
        ] {
            let read = condition(text).unwrap();
            assert_eq!(
                (
                    read.name.as_str(),
                    read.comparison.as_str(),
                    read.value.as_str()
                ),
                (name, comparison, value)
            );
        }
        for wrong in ["severity", "=\"x\"", "a=~\"(\"", ""] {
            assert!(conditions(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
