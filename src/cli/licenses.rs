//! `licenses`: what the program is made of, and under which licences.
use super::say;
use crate::app::licences;
use std::io::{self, Write as _};

/// Prints the licences of FlashFit and of all its parts.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit licenses | less
  flashfit licenses --list     only what there is")]
pub(super) struct Args {
    /// Only the names of the parts.
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &Args) -> io::Result<()> {
    if args.list {
        licences::parts().iter().for_each(|(title, _)| say(title));
        return Ok(());
    }
    let written = io::stdout().write_all(licences::text().as_bytes());
    match written {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
