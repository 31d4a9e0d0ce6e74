//! `flashfit eval`: how good the answers are, on data whose right answers people have written down.
mod again;
mod likeness;
mod measures;
mod people;
mod photos;
mod truth;

use crate::engines::vision::{Options, Pack, Vision};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Measures quality.
#[derive(Debug, Subcommand)]
pub(super) enum EvalCommand {
    /// Look at annotated photos with a model pack and compare: prints a Markdown table
    #[command(
        after_help = "Examples:\n  flashfit eval models --photos ../shared/data/clothing\n  flashfit eval models --photos photos --pack models/clip-b32 --limit 100"
    )]
    Models(Models),
    /// Simulate people with hidden tastes over real wardrobes and see whether learning helps: Markdown tables
    #[command(
        after_help = "Examples:\n  flashfit eval people --photos ../shared/data/clothing\n  flashfit eval people --photos ../shared/data/clothing --limit 2 --json people.json"
    )]
    People(people::People),
}

/// What to measure on.
#[derive(Debug, Args)]
pub(super) struct Models {
    /// Folder with images.csv (image, sender_id, label, split), annotations.csv and images/ID.jpg
    #[arg(long, value_name = "DIR")]
    photos: PathBuf,
    /// The folder with pack.toml; the pack in this program when left out
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Which photos: the value of the column `split`
    #[arg(long, value_name = "NAME", default_value = "validation")]
    split: String,
    /// Look at so many photos only, spread over all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

/// Runs one of the commands. `options` says where ONNX Runtime is; what takes long to make is kept in `cache`.
pub(super) fn run(command: EvalCommand, options: &Options, cache: &Path) -> anyhow::Result<()> {
    let models = match command {
        EvalCommand::Models(models) => models,
        EvalCommand::People(args) => return people::run(&args, options, cache),
    };
    let truth = truth::Truth::read(&models.photos)?;
    let chosen = truth.photos(&models.split, models.limit.map(|n| n as usize))?;
    let pack = match &models.pack {
        Some(dir) => Pack::open(dir)?,
        None => Pack::embedded()?,
    };
    let id = pack.id().to_owned();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options {
        sessions: threads,
        ..options.clone()
    };
    let vision = Vision::load(pack, &options)?;
    let seen = photos::look_at(&vision, &models.photos, &chosen, threads)?;
    super::say(format_args!(
        "{id} on {} photos ({}), {threads} at a time\n\n{}",
        seen.len(),
        models.split,
        measures::table(&seen, &truth.ten_classes())?
    ));
    Ok(())
}
