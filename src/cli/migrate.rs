//! `migrate`: the database schema.
use super::{context::Global, say};
use crate::platform::db::migrations;

/// Runs what has not run yet. `serve` does this too.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit migrate                 run what has not run yet
  flashfit migrate --pending       only list it
  flashfit migrate --revert 1      take the latest migration back")]
pub(super) struct Args {
    /// Only list what has not run.
    #[arg(long, conflicts_with = "revert")]
    pending: bool,
    /// Take back this many migrations.
    #[arg(long, value_name = "COUNT")]
    revert: Option<usize>,
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let opened = global.open(&[]).await?;
    let url = opened.settings.database.url.expose().clone();
    let result = match (args.pending, args.revert) {
        (true, _) => migrations::pending(&url).await,
        (false, Some(count)) => migrations::revert(&url, count).await,
        (false, None) => migrations::run(&url).await,
    };
    opened.close().await;
    let names = result?;
    for name in &names {
        say(name);
    }
    let what = match (args.pending, args.revert) {
        (true, _) => "pending",
        (false, Some(_)) => "reverted",
        (false, None) => "run",
    };
    say(format_args!("{} migrations {what}", names.len()));
    Ok(())
}
