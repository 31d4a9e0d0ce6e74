//! One private service as a child process: how it is started, found again, and ended.
use super::{account::Account, error::EmbeddedError};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsString,
    fs::Permissions,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A log longer than this is put aside when the service starts.
const LONGEST_LOG_BYTES: u64 = 4 << 20;
/// How much of the end of a log is searched for last words.
const LAST_WORDS_BYTES: u64 = 8 << 10;
/// Opens every run in the log.
const HEADER: &str = "--- flashfit starts";
const POLL: Duration = Duration::from_millis(20);

/// Everything needed to start one service, any number of times.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    /// Where it works; no other process of its name works there.
    pub(super) folder: PathBuf,
    /// A path that its command line shows for as long as it runs.
    pub(super) trace: PathBuf,
    pub(super) log: PathBuf,
    pub(super) account: Account,
    /// Asks for an orderly end.
    pub(super) end: Signal,
    /// Ends it at once when it does not answer.
    pub(super) end_now: Signal,
}

impl Service {
    /// Starts the child in a process group of its own, so that Ctrl-C reaches it only through us.
    ///
    /// With `setpriv` it is told to end when the calling thread ends, for whatever reason.
    pub(super) fn spawn(&self, setpriv: Option<&Path>) -> io::Result<Child> {
        let log = self.open_log()?;
        let mut command = match setpriv {
            Some(setpriv) => {
                let signal = if self.end == Signal::INT {
                    "INT"
                } else {
                    "TERM"
                };
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", signal, "--"]);
                command.arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command
            .args(&self.args)
            .env_clear()
            .env("LC_ALL", "C")
            .current_dir(&self.folder)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.file().try_clone()?)
            .stderr(log.file().try_clone()?);
        become_account(&mut command, &self.account);
        command.spawn().map_err(|error| {
            let text = format!("could not run {}: {error}", self.program.display());
            io::Error::new(error.kind(), text)
        })
    }

    /// Processes of this service that work in its folder: ours, or what an earlier flashfit left behind.
    pub(super) fn processes(&self) -> Vec<i32> {
        let entries = fs_err::read_dir("/proc").into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|pid| self.is_mine(*pid))
            .collect()
    }

    /// Asks a process of this service to end, then insists; false when it is still there.
    pub(super) fn end(&self, pid: i32, patience: Duration) -> bool {
        for (signal, patience) in [(self.end, patience), (self.end_now, patience / 3)] {
            send(pid, signal);
            if wait_until(patience, || !self.is_mine(pid)) {
                return true;
            }
            tracing::warn!("{} (process {pid}) does not end on {signal:?}", self.name);
        }
        false
    }

    /// What the service said last in its log, its complaints before anything else.
    pub(super) fn last_words(&self) -> String {
        let text = tail(&self.log).unwrap_or_default();
        let text = text.rsplit(HEADER).next().unwrap_or_default();
        let loud = |line: &&str| {
            ["FATAL", "PANIC", "ERROR", "# Fatal"]
                .iter()
                .any(|w| line.contains(w))
        };
        let mut lines = text.lines().rev().filter(|line| !line.trim().is_empty());
        let last = lines.clone().find(loud).or_else(|| lines.next());
        last.unwrap_or("it said nothing").trim().to_owned()
    }

    /// The error of a child that ended before it was ready.
    pub(super) fn failed(&self) -> EmbeddedError {
        EmbeddedError::Failed {
            program: self.name,
            reason: self.last_words(),
            log: self.log.clone(),
        }
    }

    /// True when the process has this service's name and folder. Where the folder may not be read
    /// (containers keep even root from it) the command line has to tell.
    fn is_mine(&self, pid: i32) -> bool {
        let about = PathBuf::from(format!("/proc/{pid}"));
        let Some(name) = self.program.file_name() else {
            return false;
        };
        let comm = fs_err::read(about.join("comm")).unwrap_or_default();
        // The kernel keeps the first 15 bytes of a name.
        let short = name
            .as_encoded_bytes()
            .get(..15)
            .unwrap_or(name.as_encoded_bytes());
        if comm.trim_ascii_end() != short {
            return false;
        }
        match std::fs::read_link(about.join("cwd")) {
            Ok(folder) => folder == self.folder,
            Err(_) => {
                let line = fs_err::read(about.join("cmdline")).unwrap_or_default();
                let trace = self.trace.as_os_str().as_encoded_bytes();
                line.windows(trace.len()).any(|part| part == trace)
            }
        }
    }

    fn open_log(&self) -> io::Result<fs_err::File> {
        if fs_err::metadata(&self.log).is_ok_and(|meta| meta.len() > LONGEST_LOG_BYTES) {
            fs_err::rename(&self.log, self.log.with_extension("log.old"))?;
        }
        let log = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)?;
        log.set_permissions(Permissions::from_mode(0o600))?;
        writeln!(&log, "{HEADER} {} ---", self.name)?;
        Ok(log)
    }
}

/// Runs `command` with the account's rights, and no group but its own.
pub(super) fn become_account(command: &mut Command, account: &Account) {
    if account.borrowed {
        command.uid(account.uid).gid(account.gid);
    }
}

/// True when there is such a process, whoever it belongs to.
pub(super) fn is_alive(pid: i32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// Looks again and again until `condition` holds; false when `patience` ran out first.
pub(super) fn wait_until(patience: Duration, condition: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(POLL);
    }
}

/// Sends a signal; a process that is already gone is none to complain about.
pub(super) fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid)
        && let Err(error) = kill_process(pid, signal)
    {
        tracing::debug!("no {signal:?} to process {pid:?}: {error}");
    }
}

fn tail(log: &Path) -> io::Result<String> {
    let mut file = fs_err::File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LAST_WORDS_BYTES)))?;
    let mut bytes = vec![];
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
