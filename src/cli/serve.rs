//! `serve`: the server.
use super::{context::Global, say};
use crate::{
    app::{App, Reloader},
    features::demo,
};
use anyhow::Context as _;
use figment::value::Value;
use std::{io::IsTerminal as _, net::TcpListener};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

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
    let (stop, hangups) = (stop_signal()?, Hangups::listen()?);
    let sources = global.sources(&flags);
    let started = sources.read()?;
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
        let reloader = Reloader::new(&app, sources, started);
        let gone = hangups.follow(&app, reloader);
        let until = async {
            tokio::select! {
                () = stop => {}
                () = gone.cancelled() => {}
            }
        };
        let scheme = http.scheme();
        say(format_args!("listening on {scheme}://{address}"));
        app.serve(listener, until).await
    }
    .await;
    opened.close().await;
    result
}

/// SIGHUP: the settings are read again. From a terminal that was closed it means the end, as for any program there.
struct Hangups {
    signals: Signal,
    was_in_terminal: bool,
}

impl Hangups {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            signals: signal(SignalKind::hangup())?,
            was_in_terminal: std::io::stderr().is_terminal(),
        })
    }

    /// Obeys until the server stops. What is returned is cancelled when the terminal is gone.
    fn follow(mut self, app: &App, reloader: Reloader) -> CancellationToken {
        let (gone, stop) = (CancellationToken::new(), app.tasks.stopping());
        let token = gone.clone();
        app.tasks.spawn("reload", async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = self.signals.recv() => {}
                }
                if self.was_in_terminal && !std::io::stderr().is_terminal() {
                    return token.cancel();
                }
                reloader.reload().await;
            }
        });
        gone
    }
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
