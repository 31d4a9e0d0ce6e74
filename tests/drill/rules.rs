//! The rules that are shipped, in a hurry: what they wait for, they wait for less long.
use flashfit::engines::alerting::RuleFile;
use regex::{Captures, Regex};

const SHIPPED: &str = include_str!("../../config/alerts.yml");
/// Here everything is sampled and evaluated every second instead of every fifteen.
const FASTER: u64 = 15;
/// What waits so long is about the state of the machine, which other tests keep busy.
const HALF_AN_HOUR: u64 = 30 * 60;

/// `config/alerts.yml` with `for`, `keep_firing_for` and the intervals of groups shortened as much as the intervals of
/// sampling and evaluation are, but for what is about a busy machine. Expressions stay as they are.
pub(crate) fn in_a_hurry() -> String {
    let waits = Regex::new(r"^( +(?:for|keep_firing_for|interval): )(\d+)([smh])$").unwrap();
    let busy = Regex::new(r"^ +- alert: (?:\w+Slow|\w+Busy|\w+High)$").unwrap();
    let mut is_busy = false;
    let lines = SHIPPED.lines().map(|line| {
        if line.trim_start().starts_with("- ") {
            is_busy = busy.is_match(line) && !line.ends_with(" InferenceSlow");
        }
        match waits.captures(line) {
            Some(found) if !is_busy => shorter(&found),
            Some(_) | None => line.to_owned(),
        }
    });
    lines.collect::<Vec<String>>().join("\n")
}

fn shorter(found: &Captures<'_>) -> String {
    let unit = match &found[3] {
        "s" => 1,
        "m" => 60,
        _ => 3600,
    };
    let seconds = found[2].parse::<u64>().unwrap() * unit;
    match seconds {
        HALF_AN_HOUR.. => found[0].to_owned(),
        _ => format!("{}{}s", &found[1], seconds.div_ceil(FASTER)),
    }
}

/// What the rule of an alert looks for.
pub(crate) fn expression(alert: &str) -> String {
    let file = RuleFile::parse(SHIPPED).unwrap();
    let mut rules = file.rules().map(|(_, rule)| rule.written());
    let rule = rules.find(|rule| rule.name == alert).unwrap();
    rule.expression.clone()
}
