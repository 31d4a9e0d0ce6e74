//! The runbook as a page: messages about alerts link to its sections.
use crate::platform::http::security;
use actix_web::{HttpResponse, get, http::header};
use maud::{DOCTYPE, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html::push_html};
use std::sync::LazyLock;

const TEXT: &str = include_str!("../../docs/runbook.md");
const STYLE: &str = "\
    :root{color-scheme:light dark}\
    body{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 6rem;font:1rem/1.6 system-ui,sans-serif}\
    h1,h2,h3{line-height:1.2;margin:2.2em 0 .6em}h1{margin-top:.5em}\
    :target{background:#f7e3a1;color:#2a1d23;padding:.2em .3em;border-radius:.2em}\
    code{font-size:.9em;overflow-wrap:anywhere;background:#8881;padding:.1em .25em;border-radius:.2em}";

static PAGE: LazyLock<String> = LazyLock::new(|| page(TEXT));
/// Its style counts because of what it is.
static POLICY: LazyLock<String> =
    LazyLock::new(|| security::policy_with_style(&security::hash_of_style(STYLE)));

/// What to do about each alert. Holds nothing that is not in every copy of FlashFit.
#[get("/runbook")]
pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .content_type("text/html; charset=utf-8")
        .body(PAGE.as_str())
}

fn page(markdown: &str) -> String {
    let mut body = String::new();
    push_html(&mut body, with_anchors(markdown).into_iter());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                link rel="icon" href="/app/favicon.svg" type="image/svg+xml";
                title { "FlashFit runbook" }
                style { (PreEscaped(STYLE)) }
            }
            body { (PreEscaped(body)) }
        }
    }
    .into_string()
}

/// Each heading gets its words in lower case as its name, with a hyphen for each space.
fn with_anchors(markdown: &str) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Parser::new(markdown).collect();
    let mut opened = None;
    let mut words = String::new();
    for at in 0..events.len() {
        let event = &events[at];
        if matches!(event, Event::Start(Tag::Heading { .. })) {
            opened = Some(at);
            words.clear();
        } else if let Event::Text(text) | Event::Code(text) = event
            && opened.is_some()
        {
            words.push_str(text);
        } else if matches!(event, Event::End(TagEnd::Heading(_))) {
            let heading = opened.take().map(|start| &mut events[start]);
            if let Some(Event::Start(Tag::Heading { id, .. })) = heading {
                *id = Some(CowStr::from(anchor(&words)));
            }
        }
    }
    events
}

fn anchor(words: &str) -> String {
    words.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_can_be_linked_to_and_links_lead_somewhere() {
        let page = page("# What to do\n\n## `RedisDown`\n\nSee [that](#what-to-do) & <b>.");
        assert!(
            page.contains("<h1 id=\"what-to-do\">What to do</h1>"),
            "{page}"
        );
        assert!(
            page.contains("<h2 id=\"redisdown\"><code>RedisDown</code></h2>"),
            "{page}"
        );
        for link in PAGE.split("href=\"#").skip(1) {
            let (name, _) = link.split_once('"').unwrap();
            assert!(PAGE.contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
}
