//! `completions`: a completion script for a shell.
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Prints a completion script.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit completions bash > /etc/bash_completion.d/flashfit
  flashfit completions zsh > ~/.zfunc/_flashfit")]
pub(super) struct Args {
    /// Which shell.
    shell: Shell,
}

pub(super) fn run(args: &Args) {
    let mut command = super::Cli::command();
    clap_complete::generate(args.shell, &mut command, "flashfit", &mut std::io::stdout());
}
