//! When a process that has just started has measured everything once.
//!
//! Before that, what is missing would look like what is over: an alert from before the start would be called resolved,
//! and fire again a moment later.
use super::App;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Rules are not kept waiting longer: something that hangs is what they shall tell of.
const PATIENCE: Duration = Duration::from_secs(60);

/// What has been done at least once. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Settled {
    collected: CancellationToken,
    tried: CancellationToken,
}

impl Settled {
    /// The parts were asked.
    pub(super) fn note_collected(&self) {
        self.collected.cancel();
    }

    /// The models were tried, or never will be.
    pub(super) fn note_tried(&self) {
        self.tried.cancel();
    }

    async fn wait(&self) {
        let both = async {
            self.collected.cancelled().await;
            self.tried.cancelled().await;
        };
        let _late = tokio::time::timeout(PATIENCE, both).await;
    }
}

impl App {
    /// Waits until everything was measured once, and samples it.
    ///
    /// # Errors
    /// When the process ends.
    pub(super) async fn settle(&self, stop: &CancellationToken) -> anyhow::Result<()> {
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            () = self.settled.wait() => self.take_sample().await,
        }
    }
}
