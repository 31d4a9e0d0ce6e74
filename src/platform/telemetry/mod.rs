//! Logs, what of them is written, and the metrics exporter.
mod filter;
mod levels;
mod settings;

pub use filter::{AUDIT, WrongFilter, filter};
pub use levels::{Levels, Shown};
pub use settings::{Format, Settings};

use crate::base::metrics::{ALL, Kind};
use anyhow::{Context as _, anyhow};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{io::IsTerminal as _, sync::OnceLock};
use tracing_subscriber::{EnvFilter, reload::Handle};

/// Starts logging to standard error.
///
/// # Errors
/// When the level is no filter, or logging was started before.
pub fn start_logging(settings: &Settings) -> anyhow::Result<()> {
    let filter = filter(&settings.level).context("log.level")?;
    let builder = tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match settings.format {
        Format::Pretty => {
            let builder = builder.with_env_filter(filter).with_filter_reloading();
            changed_by(builder.reload_handle());
            builder.try_init()
        }
        Format::Json => {
            let builder = builder.json().flatten_event(true);
            let builder = builder.with_env_filter(filter).with_filter_reloading();
            changed_by(builder.reload_handle());
            builder.try_init()
        }
    };
    started.map_err(|error| anyhow!("logging could not be started: {error}"))
}

/// From now on [`Levels`] changes the filter through this.
fn changed_by<S: 'static>(handle: Handle<EnvFilter, S>) {
    let apply = move |filter| handle.reload(filter).map_err(|error| error.to_string());
    // A second log of the process would not start.
    let _first = levels::APPLY.set(Box::new(apply));
}

/// What renders the metrics of this process. Cheap to clone.
#[derive(Clone)]
pub struct Exporter(PrometheusHandle);

impl Exporter {
    /// Every metric in the Prometheus text format.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = self.0.render();
        // The recorder counts in whole numbers only, so that sums are kept as gauges; what they are is said here.
        for metric in ALL.iter().filter(|metric| metric.kind == Kind::Sum) {
            let line = format!("# TYPE {} gauge\n", metric.name);
            if let Some(at) = text.find(&line) {
                let kind = at + line.len() - "gauge\n".len()..at + line.len() - 1;
                text.replace_range(kind, metric.kind.name());
            }
        }
        text
    }

    /// Adds what was observed since to the histograms. Until then each observation takes memory: call it now and then.
    pub fn run_upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// The exporter of this process: the metrics facade is global, and so is what it feeds.
///
/// # Errors
/// When another recorder is installed.
pub fn exporter() -> anyhow::Result<Exporter> {
    static EXPORTER: OnceLock<Result<Exporter, String>> = OnceLock::new();
    EXPORTER
        .get_or_init(|| install().map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(|error| anyhow!(error))
}

fn install() -> anyhow::Result<Exporter> {
    let mut builder = PrometheusBuilder::new();
    for metric in ALL.iter().filter(|m| m.kind == Kind::Histogram) {
        builder = builder
            .set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), metric.buckets)?;
    }
    let handle = builder.install_recorder()?;
    for metric in ALL {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.help),
            Kind::Gauge | Kind::Sum => metrics::describe_gauge!(metric.name, metric.help),
            Kind::Histogram => metrics::describe_histogram!(metric.name, metric.help),
        }
    }
    Ok(Exporter(handle))
}
