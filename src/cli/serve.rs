//! `serve`: the server.
use super::{context::Global, say};
use crate::features::demo;
use anyhow::Context as _;
use figment::value::Value;
use std::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serves the API at /api, the web UI at /app, the API's documentation at /docs and metrics at /metrics.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit serve --embedded                 private Postgres and Redis in the data directory
  flashfit serve --embedded --demo          and a demo wardrobe to look at
  flashfit serve --config /etc/flashfit/flashfit.toml --port 9000")]
pub(super) struct Args {
    /// Address to listen on.
    #[arg(long)]
    host: Option<String>,
    /// Port to listen on; 0 takes any free one.
    #[arg(long)]
    port: Option<u16>,
    /// Make the demo account and its wardrobe when they are not there.
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    let mut flags: Vec<(&'static str, Value)> = vec![];
    if let Some(host) = args.host {
        flags.push(("http.host", Value::from(host)));
    }
    if let Some(port) = args.port {
        flags.push(("http.port", Value::from(port)));
    }
    // Listening for signals comes first: one that arrives during the start must not be lost.
    let stop = stop_signal()?;
    let opened = global.open(&flags).await?;
    let result = async {
        let http = &opened.settings.http;
        let listener = TcpListener::bind((http.host.as_str(), http.port))
            .with_context(|| format!("{}:{} cannot be listened on", http.host, http.port))?;
        listener.set_nonblocking(true)?;
        let app = opened.app().await?;
        let address = listener.local_addr()?;
        if args.demo {
            let (accounts, wardrobe) = (app.accounts.clone(), app.wardrobe.clone());
            app.tasks.spawn("demo", async move {
                if let Err(error) = demo::fill(&accounts, &wardrobe).await {
                    let error = format!("{error:#}");
                    tracing::error!(error, "the demo wardrobe could not be made");
                }
            });
        }
        let scheme = http.scheme();
        say(format_args!("listening on {scheme}://{address}"));
        app.serve(listener, stop).await
    }
    .await;
    opened.close().await;
    result
}

fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
