//! `flashfit models pull`: a pack from elsewhere, with a bar on a terminal and plain lines anywhere else.
use super::megabytes;
use crate::{
    app::{
        self, Settings,
        packs::{self, Event, Installed, Outcome, Puller, Registry, Source},
    },
    cli::say,
    platform::download::{Downloader, Patience},
};
use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};

pub(super) const EXAMPLES: &str = "\
Examples:
  flashfit models pull https://models.example.org/closet/pack.toml
  flashfit models pull closet                       a name of models.registry or models.packs
  FLASHFIT_MODELS__PACK=closet flashfit serve       runs what was pulled

What was interrupted goes on where it stopped when the command is run again.";

/// Fetches and installs, and says how to run it.
pub(super) async fn run(what: &str, settings: &Settings) -> anyhow::Result<()> {
    let downloader = packs::downloader(Patience::default(), &settings.models)?;
    let source = source(what, settings, &downloader).await?;
    let puller = Puller {
        downloader,
        installed: Installed::below(&settings.data_dir),
        options: app::vision_options(settings),
    };
    let screen = Screen::new();
    let outcome = puller.pull(&source, &mut |event| screen.show(&event)).await;
    screen.clear();
    match outcome? {
        Outcome::Already { id, folder } => {
            say(format_args!(
                "{id} is installed already: {}",
                folder.display()
            ));
        }
        Outcome::Installed { id, folder } => {
            say(format_args!("{id} is installed: {}", folder.display()));
            say(format_args!(
                "to run it, set models.pack = \"{id}\" and restart; garments are then looked at again"
            ));
        }
    }
    Ok(())
}

async fn source(
    what: &str,
    settings: &Settings,
    downloader: &Downloader,
) -> anyhow::Result<Source> {
    if what.contains("://") {
        return Source::at(what);
    }
    if what.contains('/') {
        bail!(
            "{what:?} is neither a name nor an address; set models.pack to run a pack from a folder"
        );
    }
    Source::named(what, &Registry::all(&settings.models, downloader).await?)
}

/// Where progress is seen.
struct Screen {
    bar: Option<ProgressBar>,
}

impl Screen {
    fn new() -> Self {
        let bar = ProgressBar::no_length();
        // No terminal, or one that cannot go back: lines that such a bar is given would be lost.
        let bar = (!bar.is_hidden()).then_some(bar);
        if let Some(bar) = &bar
            && let Ok(style) = ProgressStyle::with_template(
                "{msg:<22} {bar:30} {binary_bytes:>10} of {binary_total_bytes}  {binary_bytes_per_sec}  {eta}",
            )
        {
            bar.set_style(style);
        }
        Self { bar }
    }

    fn show(&self, event: &Event<'_>) {
        match event {
            Event::Begins { id, files, bytes } => self.line(&format!(
                "{id}: {files} files, {} to fetch",
                megabytes(*bytes)
            )),
            Event::File { name, have, total } => {
                if let Some(bar) = &self.bar {
                    bar.set_message((*name).to_owned());
                    bar.set_length(total.unwrap_or(*have));
                    bar.set_position(*have);
                }
            }
            Event::Done { name } => self.line(&format!("{name}: fetched, checksum right")),
            Event::Verifies => {
                self.line("all files are here; loading the pack to see whether it works")
            }
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => say(text),
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
