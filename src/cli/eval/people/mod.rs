//! `flashfit eval people`: whether it learns, on simulated people with hidden tastes over real wardrobes.
mod dressed;
mod look;
mod seen;
mod study;
mod tables;
mod world;

use super::{rewrite::rewrite, truth::Truth as Written};
use crate::engines::{
    ranking::Together,
    vision::{Options, Pack, Vision},
};
use anyhow::bail;
use clap::Args;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use world::World;

/// Whom to simulate.
#[derive(Debug, Args)]
pub(in crate::cli) struct People {
    /// Folder with images.csv (image, sender_id, label, split), annotations.csv and images/ID.jpg
    #[arg(long, value_name = "DIR")]
    photos: PathBuf,
    /// The folder with pack.toml; the pack in this program when left out
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Simulate so many people of each family and wardrobe
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Look at all photos again instead of reading what the models saw last time
    #[arg(long)]
    look_again: bool,
    /// As if owners had corrected kind, pattern, formality and warmth of everything they own
    #[arg(long)]
    corrected: bool,
    /// Report on the people that the shared prior is estimated from, to tune by
    #[arg(long)]
    training: bool,
    /// Also write every number to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Put the tables between the marks of this document; may be repeated
    #[arg(long, value_name = "FILE")]
    write: Vec<PathBuf>,
    /// Simulate nobody: write outfits of the wardrobes that are reported on to this file, as JSON, to draw and look at
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "training", "write"])]
    outfits: Option<PathBuf>,
}

/// Runs the simulation and prints it. What the models saw is kept in `cache`.
pub(super) fn run(args: &People, options: &Options, cache: &Path) -> anyhow::Result<()> {
    let world = world(args, options, cache)?;
    if let Some(file) = &args.outfits {
        let together = together(args, options)?;
        let dressed = dressed::dressed(&world, &Arc::new(together));
        fs_err::write(file, serde_json::to_vec(&dressed)?)?;
        return Ok(());
    }
    let people = u64::from(args.limit);
    let study = study::Study::run(&world, people, args.training)?;
    let text = tables::markdown(&study).to_string();
    crate::cli::say(&text);
    if let Some(file) = &args.json {
        fs_err::write(file, serde_json::to_vec_pretty(&tables::json(&study))?)?;
    }
    args.write.iter().try_for_each(|path| rewrite(path, &text))
}

fn pack(args: &People) -> anyhow::Result<Pack> {
    Ok(match &args.pack {
        Some(dir) => Pack::open(dir)?,
        None => Pack::embedded()?,
    })
}

/// What the server would go by when it puts kinds together.
fn together(args: &People, options: &Options) -> anyhow::Result<Together> {
    let logits = Vision::togetherness_of(&pack(args)?, options)?;
    let learned = logits.as_deref().and_then(Together::learned);
    Ok(learned.unwrap_or_else(Together::rules))
}

fn world(args: &People, options: &Options, cache: &Path) -> anyhow::Result<World> {
    let written = Written::read(&args.photos)?;
    let photos = written.photos("validation", None)?;
    let told = world::needed(&photos);
    let pack = pack(args)?;
    let file = look::cache_file(cache, &pack);
    let mut sights = match args.look_again {
        true => seen::Sights::new(),
        false => seen::read(&file),
    };
    if told.iter().any(|photo| !sights.contains_key(&photo.image)) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let options = Options {
            sessions: threads,
            ..options.clone()
        };
        let vision = Vision::load(pack, &options)?;
        look::look_at(
            &vision,
            (&args.photos, &told),
            (&mut sights, &file),
            threads,
        )?;
    }
    let mut world = World::of(&photos, &sights);
    if args.corrected {
        world.correct();
    }
    if world.unseen.is_empty() || world.training.is_empty() {
        bail!("too few people in the split \"validation\" have enough annotated garments");
    }
    Ok(world)
}
