//! A mail as plain text.
use super::story::{Entry, Story};
use std::fmt::Write as _;

pub(super) fn of(story: &Story) -> String {
    let mut text = format!("{}\n", story.headline);
    for entry in &story.entries {
        text.push('\n');
        text.push_str(&of_entry(entry));
    }
    if story.left_out > 0 {
        let _ = writeln!(text, "\n… and {} more", story.left_out);
    }
    if let Some(link) = &story.link {
        let _ = writeln!(text, "\nAll alerts: {link}");
    }
    let _ = write!(
        text,
        "\n-- \nFlashFit wrote this to the receiver {:?}.\n",
        story.receiver
    );
    text
}

fn of_entry(entry: &Entry) -> String {
    let status = if entry.is_firing {
        "FIRING"
    } else {
        "RESOLVED"
    };
    let mut text = format!("{status}: {}", entry.name);
    if !entry.severity.is_empty() {
        let _ = write!(text, " ({})", entry.severity);
    }
    text.push('\n');
    for said in [&entry.summary, &entry.description] {
        for line in said.lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    let mut facts = entry.facts.clone();
    if !entry.labels.is_empty() {
        let labels = entry.labels.iter().map(|(n, v)| format!("{n}={v:?}"));
        facts.push(("Labels".to_owned(), labels.collect::<Vec<_>>().join(", ")));
    }
    facts.extend(
        entry
            .runbook
            .iter()
            .map(|link| ("Runbook".to_owned(), link.clone())),
    );
    let longest = facts.iter().map(|(name, _)| name.chars().count()).max();
    let width = longest.unwrap_or(0) + 1;
    for (name, said) in facts {
        let name = format!("{name}:");
        let _ = writeln!(text, "  {name:width$} {said}");
    }
    text
}
