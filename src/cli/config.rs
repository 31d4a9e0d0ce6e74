//! `config`: the settings in force.
use super::{context::Global, say};
use crate::app::sources;

/// Prints every key, its value (secrets masked) and where it came from.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit config
  FLASHFIT_HTTP__PORT=9000 flashfit config
  flashfit config --default > flashfit.toml     a complete, commented file to start from")]
pub(super) struct Args {
    /// Print the documented defaults instead.
    #[arg(long)]
    default: bool,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if args.default {
        say(sources::DEFAULTS.trim_end());
        return Ok(());
    }
    let settings = global.settings(&[])?;
    let figment = sources::layers(global.file(), &global.flags(&[]));
    for line in sources::effective(&figment, &settings) {
        say(format_args!(
            "{} = {}  # {}",
            line.key, line.value, line.source
        ));
    }
    Ok(())
}
