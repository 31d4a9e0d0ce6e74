//! `flashfit models list`: which pack runs, which are installed, which are known.
use super::megabytes;
use crate::{
    app::{
        Settings,
        packs::{self, Entry, Installed, Registry},
    },
    cli::say,
    engines::vision::Pack,
    platform::download::Patience,
};
use std::path::Path;

/// Prints the three lists.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let runs = packs::chosen(settings);
    say("runs (models.pack)");
    match &runs {
        Ok(pack) => say(described(pack)),
        Err(error) => say(format_args!("  cannot be used: {error:#}")),
    }
    let running = runs.as_ref().ok();
    let installed = Installed::below(&settings.data_dir);
    say(format_args!("\ninstalled ({})", installed.root().display()));
    let ids = installed.list()?;
    for id in &ids {
        say(installed_line(id, &installed.folder(id), running));
    }
    if let Ok(embedded) = Pack::embedded() {
        say(line_of(
            embedded.id(),
            "in this program",
            is(running, &embedded),
        ));
    }
    say("\nknown (flashfit models pull NAME)");
    for entry in known(settings).await?.entries() {
        say(known_lines(entry, &ids));
    }
    Ok(())
}

/// Without the operator's own list when that cannot be had: the rest is still worth seeing.
async fn known(settings: &Settings) -> anyhow::Result<Registry> {
    let patience = Patience {
        attempts: 1,
        ..Patience::default()
    };
    let downloader = packs::downloader(patience, &settings.models)?;
    match Registry::all(&settings.models, &downloader).await {
        Ok(registry) => Ok(registry),
        Err(error) => {
            let registry = Registry::local(&settings.models)?;
            say(format_args!("  (the list of {error:#})"));
            Ok(registry)
        }
    }
}

fn is(running: Option<&Pack>, pack: &Pack) -> bool {
    running.is_some_and(|running| running.origin() == pack.origin())
}

fn line_of(id: &str, about: &str, is_running: bool) -> String {
    let mark = if is_running { '*' } else { ' ' };
    format!("{mark} {id:<32} {about}")
}

fn installed_line(id: &str, folder: &Path, running: Option<&Pack>) -> String {
    match Pack::open(folder) {
        Ok(pack) => {
            let bytes = pack.files().map(|(_, bytes)| bytes as u64).sum();
            line_of(id, &megabytes(bytes), is(running, &pack))
        }
        Err(error) => line_of(id, &format!("damaged: {error}; pull it again"), false),
    }
}

fn known_lines(entry: &Entry, installed: &[String]) -> String {
    let of_name = format!("{}@", entry.name);
    let is_here = installed.iter().any(|id| id.starts_with(&of_name));
    let mut text = line_of(&entry.name, &entry.what, false);
    let size = entry.bytes.map(megabytes);
    let state = match (&entry.url, is_here) {
        (_, true) => Some("installed".to_owned()),
        (Some(url), false) => Some(format!("from {url}")),
        (None, false) => entry.how.as_ref().map(|_how| {
            let name = &entry.name;
            format!("nobody offers it; `flashfit models pull {name}` says how to make it")
        }),
    };
    let licence = (!entry.licence.is_empty()).then(|| format!("licence {}", entry.licence));
    let rest: Vec<String> = [size, licence, state].into_iter().flatten().collect();
    text += &format!("\n    {}", rest.join("; "));
    text
}

fn described(pack: &Pack) -> String {
    let deterministic = if pack.is_deterministic() { "yes" } else { "no" };
    let attributes: Vec<_> = pack.attributes().collect();
    let mut text = format!(
        "* {}  {}\n  licence        {}\n  provenance     {}\n  deterministic  {deterministic}\n  attributes     {}",
        pack.id(),
        pack.origin(),
        pack.licence(),
        pack.provenance(),
        attributes.join(" "),
    );
    for (file, bytes) in pack.files() {
        text += &format!("\n  {file:<22} {:>9.2} MB", bytes as f64 / 1e6);
    }
    text
}
