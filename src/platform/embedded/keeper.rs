//! The thread that owns the private services: starts them, notices when one dies, ends them in order.
//!
//! The kernel ends a child when the *thread* that started it ends, so all children are started here, and
//! this thread lives as long as [`Embedded`](super::Embedded) does. It stops when the lifeline is cut.
use super::{
    Durability, error::EmbeddedError, folders::Folders, postgres, programs, redis, service,
};
use crate::base::metrics::TASK_RESTARTS;
use service::{Service, send, wait_until};
use std::{
    cell::RefCell,
    convert::Infallible,
    path::{Path, PathBuf},
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

/// How often children are looked at.
const ROUND: Duration = Duration::from_millis(100);
/// Longer than any recovery after a crash should take.
const LONGEST_START: Duration = Duration::from_secs(300);
/// How long an orderly end may take.
const LONGEST_END: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A service that ran this long before it died is started again at once.
const HEALTHY_RUN: Duration = Duration::from_secs(60);

/// Nothing is ever sent: cutting it is the message.
pub(super) type Lifeline = Receiver<Infallible>;

/// Two services and what is known of them.
pub(super) struct Keeper {
    folders: Folders,
    setpriv: Option<PathBuf>,
    kept: [Kept; 2],
    restarts: Arc<AtomicUsize>,
}

struct Kept {
    service: Service,
    is_postgres: bool,
    child: Option<Child>,
    started: Instant,
    /// Set while a restarted service has not answered yet.
    recovering: bool,
    pause: Duration,
}

impl Keeper {
    /// Prepares everything and starts both; `None` when the lifeline was cut meanwhile.
    pub(super) fn start(
        dir: &Path,
        durability: Durability,
        lifeline: &Lifeline,
        restarts: Arc<AtomicUsize>,
    ) -> Result<Option<Self>, EmbeddedError> {
        let folders = Folders::prepare(dir)?;
        let setpriv = programs::find_setpriv();
        if setpriv.is_none() {
            tracing::warn!(
                "setpriv (util-linux) was not found: killing flashfit would leave its services running until the next start"
            );
        }
        // Redis first: a missing program is said before a cluster is made.
        let redis = redis::service(&folders)?;
        let postgres = postgres::service(&folders, durability)?;
        let kept = [Kept::new(postgres, true), Kept::new(redis, false)];
        let mut keeper = Self {
            folders,
            setpriv,
            kept,
            restarts,
        };
        match keeper.bring_up(lifeline) {
            Ok(true) => Ok(Some(keeper)),
            Ok(false) => {
                keeper.end();
                Ok(None)
            }
            Err(error) => {
                keeper.end();
                Err(error)
            }
        }
    }

    /// Where the sockets are.
    pub(super) fn run_folder(&self) -> &Path {
        &self.folders.run
    }

    /// Watches both until the lifeline is cut, then ends them.
    pub(super) fn keep(mut self, lifeline: &Lifeline) {
        while !is_cut(lifeline, ROUND) {
            for kept in &mut self.kept {
                kept.look_after(&self.folders.run, self.setpriv.as_deref(), &self.restarts);
            }
        }
        self.end();
    }

    fn bring_up(&mut self, lifeline: &Lifeline) -> Result<bool, EmbeddedError> {
        for kept in &mut self.kept {
            kept.launch(&self.folders.run, self.setpriv.as_deref())?;
        }
        for kept in &mut self.kept {
            while !kept.is_ready(&self.folders.run) {
                if kept.has_ended()?.is_some() {
                    return Err(kept.service.failed());
                }
                if kept.started.elapsed() > LONGEST_START {
                    return Err(EmbeddedError::Slow {
                        program: kept.service.name,
                        seconds: LONGEST_START.as_secs(),
                        log: kept.service.log.clone(),
                    });
                }
                if is_cut(lifeline, ROUND / 5) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn end(&mut self) {
        for kept in &self.kept {
            kept.ask_to_end();
        }
        for kept in &mut self.kept {
            kept.wait_for_end();
        }
    }
}

impl Kept {
    fn new(service: Service, is_postgres: bool) -> Self {
        Self {
            service,
            is_postgres,
            child: None,
            started: Instant::now(),
            recovering: false,
            pause: Duration::ZERO,
        }
    }

    fn launch(&mut self, run: &Path, setpriv: Option<&Path>) -> Result<(), EmbeddedError> {
        self.started = Instant::now();
        if self.is_postgres {
            postgres::clear(&self.service, run)?;
        } else {
            redis::clear(&self.service)?;
        }
        self.child = Some(self.service.spawn(setpriv)?);
        Ok(())
    }

    fn is_ready(&self, run: &Path) -> bool {
        match &self.child {
            Some(child) if self.is_postgres => postgres::is_ready(&self.service, child.id()),
            Some(_) => redis::is_ready(&redis::socket(run)),
            None => false,
        }
    }

    /// How it ended, when it has.
    fn has_ended(&mut self) -> std::io::Result<Option<String>> {
        let Some(child) = &mut self.child else {
            return Ok(Some("it was not running".to_owned()));
        };
        let status = child.try_wait()?;
        if status.is_some() {
            self.child = None;
        }
        Ok(status.map(|status| status.to_string()))
    }

    /// One look: starts it again when it has died and its pause is over.
    fn look_after(&mut self, run: &Path, setpriv: Option<&Path>, restarts: &AtomicUsize) {
        let name = self.service.name;
        if self.child.is_some() {
            match self.has_ended() {
                Ok(None) if self.recovering && self.is_ready(run) => {
                    self.recovering = false;
                    tracing::info!("{name} answers again");
                }
                Ok(None) => (),
                Ok(Some(how)) => {
                    let words = self.service.last_words();
                    tracing::error!("{name} ended unexpectedly ({how}): {words}");
                    self.lengthen_pause();
                }
                Err(error) => tracing::error!("could not look at {name}: {error}"),
            }
            return;
        }
        if self.started.elapsed() < self.pause {
            return;
        }
        restarts.fetch_add(1, Ordering::Relaxed);
        metrics::counter!(TASK_RESTARTS, "task" => name).increment(1);
        self.recovering = true;
        if let Err(error) = self.launch(run, setpriv) {
            tracing::error!("{name} could not be started again: {error}");
            self.lengthen_pause();
        }
    }

    /// The next start is this long after the last one.
    fn lengthen_pause(&mut self) {
        let healthy = self.started.elapsed() > HEALTHY_RUN;
        self.pause = match () {
            () if healthy => Duration::ZERO,
            () => (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE),
        };
    }

    fn ask_to_end(&self) {
        if let Some(child) = &self.child {
            send(child.id().cast_signed(), self.service.end);
        }
    }

    /// Waits, then insists, then kills.
    fn wait_for_end(&mut self) {
        let Some(child) = self.child.take() else {
            return;
        };
        let pid = child.id().cast_signed();
        let child = RefCell::new(child);
        let gone = || !matches!(child.borrow_mut().try_wait(), Ok(None));
        if wait_until(LONGEST_END, gone) {
            return;
        }
        tracing::warn!("{} does not end: insisting", self.service.name);
        send(pid, self.service.end_now);
        if !wait_until(LONGEST_END / 3, gone) {
            tracing::error!("{} does not end: killing it", self.service.name);
            if let Err(error) = child.borrow_mut().kill() {
                tracing::error!("could not kill {}: {error}", self.service.name);
            }
        }
    }
}

/// Waits for `patience` at most.
fn is_cut(lifeline: &Lifeline, patience: Duration) -> bool {
    lifeline.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected)
}
