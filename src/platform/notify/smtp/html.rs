//! A mail as HTML: one column, styles where they are used, because that is what mail programs understand.
//!
//! `maud` escapes whatever is put in.
use super::story::{Entry, Story};
use maud::{DOCTYPE, Markup, html};

const SANS: &str = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const SERIF: &str = "font-family:'Bodoni 72',Didot,Georgia,'Times New Roman',serif";
const INK: &str = "#2a1d23";
const DIMMED: &str = "#706166";
const PAPER: &str = "#f8f4f1";
const LINE: &str = "#e5dbd6";
const MULBERRY: &str = "#872a4d";

/// The colours of a state: of the stripe and its word, and of what lies behind the word.
fn colours(is_firing: bool) -> (&'static str, &'static str) {
    match is_firing {
        true => ("#b3261e", "#fbeae8"),
        false => ("#3a5d42", "#e9f1ea"),
    }
}

pub(super) fn of(story: &Story) -> String {
    let (colour, _) = colours(story.is_firing);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content="light";
                title { (story.subject) }
            }
            body style={"margin:0;padding:0;background:" (PAPER) ";-webkit-text-size-adjust:100%"} {
                (preview(story))
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
                    style={"background:" (PAPER)} {
                    tr { td align="center" style="padding:20px 12px 32px" {
                        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
                            style={"max-width:600px;" (SANS) ";color:" (INK)} {
                            tr { td style={"height:4px;line-height:4px;font-size:0;border-radius:10px 10px 0 0;background:" (colour)} { "\u{a0}" } }
                            tr { td style={"background:#ffffff;border:1px solid " (LINE) ";border-top:0;border-radius:0 0 10px 10px;padding:24px 20px"} {
                                (heading(story))
                                @for entry in &story.entries { (of_entry(entry)) }
                                (rest(story))
                            } }
                            tr { td style={"padding:16px 20px 0;font-size:12px;line-height:18px;color:" (DIMMED)} {
                                "FlashFit wrote this to the receiver “" (story.receiver) "”."
                            } }
                        }
                    } }
                }
            }
        }
    };
    page.into_string()
}

/// What lists of mails show beside the subject, hidden in the mail itself.
fn preview(story: &Story) -> Markup {
    let first = story.entries.first();
    let summary = first.map(|entry| entry.summary.as_str());
    html! {
        div style="display:none;max-height:0;overflow:hidden;opacity:0" {
            (summary.filter(|said| !said.is_empty()).unwrap_or(&story.headline))
        }
    }
}

fn heading(story: &Story) -> Markup {
    html! {
        div style={"font-size:13px;line-height:18px;color:" (DIMMED)} { (story.headline) }
        h1 style={(SERIF) ";font-weight:500;font-size:26px;line-height:32px;margin:2px 0 4px;overflow-wrap:anywhere"} {
            (story.names)
        }
    }
}

fn of_entry(entry: &Entry) -> Markup {
    let (colour, behind) = colours(entry.is_firing);
    let word = if entry.is_firing {
        "Firing"
    } else {
        "Resolved"
    };
    // What is over is told more quietly.
    let title = if entry.is_firing { INK } else { DIMMED };
    let small = "font-size:12px;line-height:18px;font-weight:600;padding:2px 9px;border-radius:9px;display:inline-block";
    html! {
        div style={"border-top:1px solid " (LINE) ";margin-top:18px;padding-top:18px"} {
            div {
                span style={(small) ";color:" (colour) ";background:" (behind)} { (word) }
                @if !entry.severity.is_empty() {
                    " "
                    span style={(small) ";color:" (DIMMED) ";background:" (PAPER)} { (entry.severity) }
                }
            }
            div style={"font-size:17px;line-height:24px;font-weight:600;margin-top:8px;overflow-wrap:anywhere;color:" (title)} {
                @if entry.summary.is_empty() { (entry.name) } @else { (entry.summary) }
            }
            @if !entry.description.is_empty() {
                div style={"font-size:15px;line-height:22px;margin-top:4px;white-space:pre-line;overflow-wrap:anywhere;color:" (title)} { (entry.description) }
            }
            (facts(entry))
            @if !entry.labels.is_empty() { (labels(entry)) }
            @if let Some(link) = &entry.runbook {
                div style="margin-top:12px;font-size:15px;line-height:22px" {
                    a href=(link) style={"color:" (MULBERRY) ";text-decoration:underline"} { "What to do (runbook)" }
                }
            }
        }
    }
}

fn facts(entry: &Entry) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:10px;font-size:14px;line-height:20px" {
            @if !entry.summary.is_empty() { (fact("Alert", &entry.name)) }
            @for (name, said) in &entry.facts { (fact(name, said)) }
        }
    }
}

fn fact(name: &str, said: &str) -> Markup {
    html! {
        tr {
            td style={"padding:1px 14px 1px 0;vertical-align:top;white-space:nowrap;color:" (DIMMED)} { (name) }
            td style="padding:1px 0;vertical-align:top;overflow-wrap:anywhere;word-break:break-word" { (said) }
        }
    }
}

fn labels(entry: &Entry) -> Markup {
    html! {
        div style="margin-top:10px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px" {
            @for (name, value) in &entry.labels {
                span style={"background:" (PAPER) ";border:1px solid " (LINE) ";border-radius:6px;padding:1px 7px;margin:0 2px 6px 0;line-height:18px;display:inline-block;max-width:100%;box-sizing:border-box;overflow-wrap:anywhere"} {
                    (name) "=" (value)
                }
                " "
            }
        }
    }
}

/// What is not told one by one, and where to see it.
fn rest(story: &Story) -> Markup {
    html! {
        @if story.left_out > 0 {
            div style={"border-top:1px solid " (LINE) ";margin-top:18px;padding-top:14px;font-size:14px;line-height:20px;color:" (DIMMED)} {
                "and " (story.left_out) " more"
            }
        }
        @if let Some(link) = &story.link {
            div style="margin-top:22px" {
                a href=(link) style={"display:inline-block;background:" (MULBERRY) ";color:#ffffff;text-decoration:none;font-size:15px;line-height:20px;font-weight:600;padding:11px 20px;border-radius:10px"} {
                    "Open the alerts"
                }
            }
        }
    }
}
