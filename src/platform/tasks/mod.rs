//! Background work: named, logged, counted, restarted, and stopped in order. The only place that spawns.
//!
//! Nothing here cancels a task by force before the deadline of [`Tasks::stop`]: a task watches
//! [`Tasks::stopping`] and ends by itself, so that it never stops half-way through something.
use crate::base::metrics::TASK_RESTARTS;
use futures_util::FutureExt as _;
use std::{
    any::Any,
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A task that ran this long before it failed is tried again at once, as if it had never failed.
const HEALTHY_RUN: Duration = Duration::from_secs(60);

/// Work handed to [`blocking`] that gave no result: it panicked, or the runtime is shutting down.
#[derive(Debug, thiserror::Error)]
#[error("blocking work gave no result: {0}")]
pub struct Unfinished(#[from] tokio::task::JoinError);

/// Runs work that would block, away from the threads that answer requests.
///
/// # Cancel safety
/// Dropping the future does not stop the work; its result is thrown away.
///
/// # Errors
/// [`Unfinished`] when the work panics or the runtime shuts down.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unfinished> {
    let span = tracing::Span::current();
    Ok(tokio::task::spawn_blocking(move || span.in_scope(work)).await?)
}

/// The tasks of one process, or of one test. Clones share them.
#[derive(Clone, Default)]
pub struct Tasks(Arc<Shared>);

#[derive(Default)]
struct Shared {
    tracker: TaskTracker,
    stopping: CancellationToken,
    /// Cancelled when the deadline of a stop has passed: whatever still runs is dropped.
    abandoned: CancellationToken,
    running: Mutex<BTreeMap<usize, &'static str>>,
    started: AtomicUsize,
    panicked: AtomicUsize,
}

impl Tasks {
    /// No tasks yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` once. A panic is logged and counted, and stays inside the task.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let shared = self.0.clone();
        self.track(name, async move {
            if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
                shared.note_panic(name, &*panic);
            }
        });
    }

    /// Runs what `make` makes, and again after a growing pause whenever that fails or panics.
    ///
    /// A task that ends with `Ok` has done its work and is not started again.
    pub fn supervise<F, Fut>(&self, name: &'static str, make: F)
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send,
    {
        let shared = self.0.clone();
        self.track(name, async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let started = Instant::now();
                let made = std::panic::catch_unwind(AssertUnwindSafe(&make));
                if shared.finished(name, made).await || shared.stopping.is_cancelled() {
                    return;
                }
                if started.elapsed() > HEALTHY_RUN {
                    pause = FIRST_PAUSE;
                }
                let stop = shared.stopping.cancelled();
                if tokio::time::timeout(pause, stop).await.is_ok() {
                    return;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                metrics::counter!(TASK_RESTARTS, "task" => name).increment(1);
            }
        });
    }

    /// Cancelled when it is time to end; every task that would not end by itself watches it.
    #[must_use]
    pub fn stopping(&self) -> CancellationToken {
        self.0.stopping.child_token()
    }

    /// Asks every task to end and waits; returns the names of those that did not, which are then dropped.
    pub async fn stop(&self, deadline: Duration) -> Vec<&'static str> {
        self.0.stopping.cancel();
        self.0.tracker.close();
        let wait = self.0.tracker.wait();
        let ended = tokio::time::timeout(deadline, wait).await.is_ok();
        let late = if ended { vec![] } else { self.running() };
        self.0.abandoned.cancel();
        late
    }

    /// The names of the tasks that run now, oldest first; a name appears once per task.
    #[must_use]
    pub fn running(&self) -> Vec<&'static str> {
        let running = self.0.running.lock();
        let running = running.unwrap_or_else(PoisonError::into_inner);
        running.values().copied().collect()
    }

    /// How many panics were caught so far.
    #[must_use]
    pub fn panicked(&self) -> usize {
        self.0.panicked.load(Ordering::Relaxed)
    }

    fn track(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let shared = self.0.clone();
        let entry = Entry::new(shared.clone(), name);
        let span = tracing::info_span!(parent: None, "task", task.name = name);
        let task = async move {
            let _entry = entry;
            tokio::select! {
                () = work => (),
                () = shared.abandoned.cancelled() => tracing::warn!("task {name} was dropped: it did not end in time"),
            }
        };
        self.0.tracker.spawn(task.instrument(span));
    }
}

impl std::fmt::Debug for Tasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tasks").field(&self.running()).finish()
    }
}

impl Shared {
    /// True when the task has done its work, false when it is to be run again.
    async fn finished<Fut>(&self, name: &'static str, made: std::thread::Result<Fut>) -> bool
    where
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let ended = match made {
            Ok(work) => AssertUnwindSafe(work).catch_unwind().await,
            Err(panic) => Err(panic),
        };
        match ended {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => tracing::error!(task.name = name, "task {name} failed: {error:#}"),
            Err(panic) => self.note_panic(name, &*panic),
        }
        false
    }

    fn note_panic(&self, name: &'static str, panic: &(dyn Any + Send)) {
        self.panicked.fetch_add(1, Ordering::Relaxed);
        let text = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        tracing::error!(task.name = name, "task {name} panicked: {text}");
    }
}

/// The line of one task in the list of those that run, removed when it ends in whatever way.
struct Entry(Arc<Shared>, usize);

impl Entry {
    fn new(shared: Arc<Shared>, name: &'static str) -> Self {
        let number = shared.started.fetch_add(1, Ordering::Relaxed);
        let running = shared.running.lock();
        running
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, name);
        Self(shared, number)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let running = self.0.running.lock();
        running
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.1);
    }
}

#[cfg(test)]
mod tests;
