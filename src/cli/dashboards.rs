//! `dashboards`: the dashboards of the Monitoring page, for Grafana.
use super::say;
use crate::features::monitoring::{Dashboards, grafana};
use std::path::PathBuf;

/// Writes the dashboards of the Monitoring page as Grafana reads them, a file each.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit dashboards config/grafana/dashboards")]
pub(super) struct Args {
    /// The folder they go to; made if it is not there.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    fs_err::create_dir_all(&args.dir)?;
    for (name, text) in grafana::files(&Dashboards::embedded()?)? {
        let path = args.dir.join(name);
        fs_err::write(&path, text)?;
        say(path.display());
    }
    Ok(())
}
