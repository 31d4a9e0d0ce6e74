//! Floor 6: the command line, one file per subcommand.
use std::process::ExitCode;

/// Runs what the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
