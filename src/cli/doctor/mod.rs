//! `doctor`: checks what FlashFit needs.
mod bundle;
mod cache;
mod certificate;
mod database;
mod files;
mod finding;
mod models;
mod network;
mod quick;

use super::context::{Global, Opened};
use crate::app::{self, Settings};
use bundle::Wish;
use database::Database;
use finding::{Finding, Report, State, worst};
use std::{path::PathBuf, process::ExitCode, time::Duration};

/// Checks what FlashFit needs: one line each, exit status 1 when something fails.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit doctor --embedded
  flashfit doctor --json
  flashfit doctor --quick      for health checks: is the server of this configuration ready?
  flashfit doctor --bundle flashfit.zip      for whoever helps: everything but the secrets, in one file")]
pub(super) struct Args {
    /// Only asks the server that runs here, over loopback, whether it is ready.
    #[arg(long)]
    quick: bool,
    /// Prints one JSON document, for programs.
    #[arg(long)]
    json: bool,
    /// How long a transaction may be idle, or a lock be waited for, before it is told of.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = span)]
    patience: Duration,
    /// Also writes what it found, the configuration without its secrets, and what the services say to a ZIP file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["quick", "json"])]
    bundle: Option<PathBuf>,
    /// A log whose end goes into the bundle, too.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    log: Option<PathBuf>,
}

fn span(text: &str) -> Result<Duration, String> {
    let seconds = humantime_serde::re::humantime::parse_duration(text);
    seconds.map_err(|error| error.to_string())
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let mut report = Report::new(args.json);
    if args.quick {
        let (is_ready, findings) = quick::look(global.settings(&[])).await;
        report.add(findings);
        report.close()?;
        return Ok(ExitCode::from(u8::from(!is_ready)));
    }
    let opened = global.open_beside().await;
    match &opened {
        Ok(opened) => Box::pin(look(global, opened, args.patience, &mut report)).await,
        Err(error) => report.add([Finding::fail("services", format!("{error:#}"))]),
    }
    report.close()?;
    let opened = opened.ok();
    let written = match &args.bundle {
        Some(file) => {
            let log = args.log.as_deref();
            let (wish, sources) = (Wish { file, log }, global.sources(&[]));
            let writing = bundle::write(&wish, &sources, opened.as_ref(), &report.findings);
            Box::pin(writing).await
        }
        None => Ok(()),
    };
    if let Some(opened) = opened {
        opened.close().await;
    }
    written?;
    let has_failed = worst(&report.findings) == State::Fail;
    Ok(ExitCode::from(u8::from(has_failed)))
}

/// Looks at everything, what takes longest last.
async fn look(global: &Global, opened: &Opened, patience: Duration, report: &mut Report) {
    let settings: &Settings = &opened.settings;
    report.add([Finding::of("operators", app::openness(&settings.http))]);
    report.add(files::look(global, settings));
    report.add(certificate::look(settings));
    let (network, database, cache) = tokio::join!(
        network::look(settings),
        Database::look(settings, patience),
        cache::look(settings),
    );
    report.add(network);
    report.add([cache]);
    let Database { findings, state } = database;
    report.add(findings);
    report.add([files::growth(settings, &state).await]);
    report.add([models::pack(settings).await]);
    report.add(models::index(opened, &state).await);
}
