//! `flashfit alerts`: whether rules are right, what expressions are worth, and whether alerts would reach somebody.
mod check;
mod eval;
mod test;

use super::say;
use crate::app::Settings;
use clap::Subcommand;
use std::{path::PathBuf, process::ExitCode};

/// Looks after alerts.
#[derive(Debug, Subcommand)]
pub(super) enum AlertsCommand {
    /// Check files of rules, and run files of tests in promtool's format
    #[command(
        after_help = "Examples:\n  flashfit alerts check config/alerts.yml tests/alerts/*.yml"
    )]
    Check {
        /// Rules as Prometheus has them, or tests of such
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Say what a PromQL expression is worth now
    #[command(
        after_help = "Examples:\n  flashfit alerts eval 'redis_up == 0' --token-file token\n  flashfit alerts eval 'sum(http_requests_total)' --metrics saved.txt"
    )]
    Eval(eval::Args),
    /// Send a marked test message to one receiver of the settings
    #[command(after_help = "Examples:\n  flashfit alerts test mail")]
    Test {
        /// Its name below [notifications.receivers]
        #[arg(value_name = "RECEIVER")]
        receiver: String,
    },
}

/// Runs one of the commands.
pub(super) async fn run(command: AlertsCommand, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        AlertsCommand::Check { files } => return check::run(&files),
        AlertsCommand::Eval(args) => eval::run(&args, settings).await?,
        AlertsCommand::Test { receiver } => test::run(&receiver, settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}
