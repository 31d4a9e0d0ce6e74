//! `openapi`: prints the document the server serves.
use super::say;

pub(super) fn run() -> anyhow::Result<()> {
    say(crate::app::openapi().to_pretty_json()?);
    Ok(())
}
