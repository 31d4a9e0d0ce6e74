//! `flashfit models`: what packs there are, how to get one, whether it is sound, how fast it runs.
mod bench;
mod list;
mod pull;

use super::say;
use crate::{
    app::{self, Settings, packs},
    engines::vision::Vision,
};
use anyhow::Context as _;
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// Looks into model packs.
#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// Say which pack runs, which are installed and which are known
    #[command(after_help = "Examples:\n  flashfit models list")]
    List,
    /// Fetch a pack, check it and install it below the data directory
    #[command(after_help = pull::EXAMPLES)]
    Pull {
        /// A name that `models list` knows, or the address of a pack.toml or of its folder
        #[arg(value_name = "NAME|URL")]
        what: String,
    },
    /// Print what a pack was trained on, how good it is and what it cannot do
    #[command(
        after_help = "Examples:\n  flashfit models card\n  flashfit models card models/default\n  flashfit models card closet-large@2026.12"
    )]
    Card {
        /// An installed pack, or a folder with pack.toml; the pack that runs when left out
        #[arg(value_name = "NAME|DIR")]
        pack: Option<PathBuf>,
    },
    /// Check a pack: checksums, every tensor's name and shape, tokenizers, one run
    #[command(
        after_help = "Examples:\n  flashfit models verify models/default\n  flashfit models verify closet-large@2026.12"
    )]
    Verify {
        /// An installed pack, or a folder with pack.toml
        #[arg(value_name = "NAME|DIR")]
        pack: PathBuf,
    },
    /// Time every stage of looking at a photo, on one thread
    #[command(
        after_help = "Examples:\n  flashfit models bench\n  flashfit models bench --pack models/clip-b32 --rounds 50"
    )]
    Bench(bench::Bench),
}

/// Runs one of the commands.
pub(super) async fn run(command: ModelsCommand, settings: &Settings) -> anyhow::Result<()> {
    match command {
        ModelsCommand::List => list::run(settings).await,
        ModelsCommand::Pull { what } => pull::run(&what, settings).await,
        ModelsCommand::Card { pack } => card(pack.as_deref(), settings),
        ModelsCommand::Verify { pack } => verify(&pack, settings),
        ModelsCommand::Bench(bench) => bench::run(&bench, settings),
    }
}

fn card(pack: Option<&Path>, settings: &Settings) -> anyhow::Result<()> {
    let pack = match pack {
        Some(pack) => packs::open(pack, settings)?,
        None => packs::chosen(settings)?,
    };
    let card = pack.card();
    let card = card.with_context(|| format!("{} has no CARD.md", pack.id()))?;
    say(card.trim_end());
    Ok(())
}

fn verify(pack: &Path, settings: &Settings) -> anyhow::Result<()> {
    let opened = packs::open(pack, settings)?;
    let id = opened.id().to_owned();
    let named = || format!("model pack {}", pack.display());
    Vision::load(opened, &app::vision_options(settings)).with_context(named)?;
    say(format_args!("{id} is sound"));
    Ok(())
}

/// `12.3 MB`.
fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: ModelsCommand,
    }

    #[test]
    fn the_commands_are_well_formed() {
        <Line as clap::CommandFactory>::command().debug_assert();
        assert!(Line::try_parse_from(["models", "bench", "--rounds", "0"]).is_err());
        let line = Line::try_parse_from(["models", "verify", "packs/x"]).unwrap();
        assert!(matches!(line.command, ModelsCommand::Verify { pack } if pack.ends_with("x")));
        assert!(Line::try_parse_from(["models", "pull"]).is_err());
    }

    #[test]
    fn a_missing_pack_is_named() {
        let settings: Settings = app::sources::layers(None, &vec![]).extract().unwrap();
        let error = verify(Path::new("no/such/pack"), &settings).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("no/such/pack: pack.toml is missing"),
            "{said}"
        );
        let error = verify(Path::new("nosuchpack"), &settings).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("neither a folder nor an installed pack"),
            "{said}"
        );
    }
}
