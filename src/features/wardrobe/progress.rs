//! What happens to garments, as it happens, for whoever watches.
use super::model::State;
use crate::base::id::{ItemId, UserId};
use tokio::sync::broadcast;

/// Steps kept for a slow watcher; one that falls further behind reads the list again.
const KEPT: usize = 1024;

/// A garment changed.
#[derive(Debug, Clone)]
pub struct Step {
    /// Whose garment.
    pub owner: UserId,
    /// Which one.
    pub item: ItemId,
    /// Its state where the sender knows it; otherwise the tables say.
    pub state: Option<State>,
}

/// The source of steps. Cheap to clone.
#[derive(Clone)]
pub struct Progress {
    sender: broadcast::Sender<Step>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(KEPT),
        }
    }
}

impl Progress {
    /// Tells the watchers. Nobody watching is fine.
    pub fn tell(&self, step: Step) {
        let _unwatched = self.sender.send(step);
    }

    /// Watches from now on.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<Step> {
        self.sender.subscribe()
    }
}
