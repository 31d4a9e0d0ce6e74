//! The process watches itself: samples of its metrics, health checks, and what is kept of both.
use super::{App, health, scrape};
use crate::features::monitoring::Monitoring;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often everything is checked.
const CHECKS: Duration = Duration::from_secs(15);
/// How long after a failure it is tried again to keep what waits.
const AGAIN: Duration = Duration::from_secs(15);
/// How long the end of the process may wait for that.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Starts watching.
pub(super) fn start(app: &App) {
    repeat(app, "sample", app.monitoring.interval(), |app| async move {
        app.take_sample().await
    });
    repeat(app, "health", CHECKS, |app| async move {
        app.check_health().await;
        Ok(())
    });
    keep(app);
}

/// Does something again and again, at even distances; what takes longer than that leaves some out.
fn repeat<F, Fut>(app: &App, name: &'static str, every: Duration, work: F)
where
    F: Fn(App) -> Fut + Copy + Send + 'static,
    Fut: Future<Output = anyhow::Result<()>> + Send,
{
    let (this, stop) = (app.clone(), app.tasks.stopping());
    app.tasks.supervise(name, move || {
        let (app, stop) = (this.clone(), stop.clone());
        async move {
            let mut beat = tokio::time::interval(every);
            beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    _ = beat.tick() => {}
                }
                work(app.clone()).await?;
            }
        }
    });
}

/// Writes to Postgres what waits to be kept.
fn keep(app: &App) {
    let (monitoring, stop) = (app.monitoring.clone(), app.tasks.stopping());
    app.tasks.supervise("history", move || {
        let (monitoring, stop) = (monitoring.clone(), stop.clone());
        async move {
            while !stop.is_cancelled() {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = monitoring.something_to_keep() => {}
                }
                insist(&monitoring, &stop).await;
            }
            let last = tokio::time::timeout(LAST_WORDS, monitoring.flush());
            if !matches!(last.await, Ok(Ok(()))) {
                tracing::warn!("some of the history of monitoring was not kept");
            }
            Ok(())
        }
    });
}

/// Tries until it is written, or it is time to stop; never stops half-way through a transaction.
async fn insist(monitoring: &Monitoring, stop: &CancellationToken) {
    let mut is_away = false;
    while let Err(error) = monitoring.flush().await {
        let error = format!("{error:#}");
        if !is_away {
            tracing::warn!(error, "the history of monitoring waits in memory");
        }
        is_away = true;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
    if is_away {
        tracing::info!("the history of monitoring is written again");
    }
}

impl App {
    /// Takes a sample of the metrics into memory.
    ///
    /// # Errors
    /// When the process ends.
    pub async fn take_sample(&self) -> anyhow::Result<()> {
        let text = scrape::text(self);
        Ok(self.monitoring.sample(text).await?)
    }

    /// Looks at every part once, and takes note.
    pub async fn check_health(&self) {
        let found = Box::pin(health::all(self)).await;
        self.monitoring.note_health(found);
    }
}
