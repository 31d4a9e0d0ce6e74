//! `flashfit alerts`: whether alerts would reach somebody.
mod test;

use super::say;
use crate::app::Settings;
use clap::Subcommand;

/// Looks after alerts.
#[derive(Debug, Subcommand)]
pub(super) enum AlertsCommand {
    /// Send a marked test message to one receiver of the settings
    #[command(after_help = "Examples:\n  flashfit alerts test mail")]
    Test {
        /// Its name below [notifications.receivers]
        #[arg(value_name = "RECEIVER")]
        receiver: String,
    },
}

/// Runs one of the commands.
pub(super) async fn run(command: AlertsCommand, settings: &Settings) -> anyhow::Result<()> {
    match command {
        AlertsCommand::Test { receiver } => test::run(&receiver, settings).await,
    }
}
