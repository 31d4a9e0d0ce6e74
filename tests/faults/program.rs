//! The program as a child process with a data directory of its own.
//!
//! The binary in these tests is the one users run: no clock, no settings literal, only flags and environment.
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io,
    path::PathBuf,
    process::{ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A directory to work in, with room for logs beside the data.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        // The tests' own HTTP clients need a choice, too.
        flashfit::platform::tls::use_ring();
        Self(tempfile::tempdir().unwrap())
    }

    /// A path beside the data.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Where the program keeps its files.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// What every server here has said.
    pub(crate) fn log(&self) -> String {
        fs_err::read_to_string(self.0.path().join("log")).unwrap_or_default()
    }

    /// A file to be read by the program.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, content).unwrap();
        path
    }

    /// The program with these arguments and no other environment: neither a configuration file of the
    /// repository nor the developer's variables reach it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flashfit"));
        command
            .args(arguments)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"))
            .env("FLASHFIT_DATA_DIR", self.data())
            .env("FLASHFIT_HTTP__RATE_PER_MINUTE", "0")
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.command(arguments)).await
    }

    /// Starts `serve --embedded`, without waiting for anything.
    pub(crate) fn launch(&self) -> Child {
        self.launch_with(&[])
    }

    fn launch_with(&self, variables: &[(&str, &str)]) -> Child {
        let log = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.0.path().join("log"))
            .unwrap();
        self.command(&["serve", "--embedded", "--port", "0"])
            .envs(variables.iter().copied())
            // A photo is not to blame for the kills of these tests, and must not be given up for them.
            .env("FLASHFIT_WARDROBE__MAX_ATTEMPTS", "100")
            .stdout(Stdio::piped())
            .stderr(log.into_parts().0)
            .spawn()
            .unwrap()
    }

    /// Starts a server and waits until it listens.
    pub(crate) async fn serve(&self) -> Server {
        self.serve_with(&[]).await
    }

    /// Starts a server with these variables in its environment and waits until it listens.
    pub(crate) async fn serve_with(&self, variables: &[(&str, &str)]) -> Server {
        let mut child = self.launch_with(variables);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let line = line.unwrap().unwrap();
        let line = line.unwrap_or_else(|| panic!("the server ended:\n{}", self.log()));
        let url = line.strip_prefix("listening on ");
        Server {
            url: url.unwrap_or_else(|| panic!("{line:?}")).to_owned(),
            child,
            _stdout: lines.into_inner(),
        }
    }

    /// Processes that work in the data directory or were told about it.
    pub(crate) fn processes(&self) -> Vec<String> {
        let data = self.data();
        let entries = fs_err::read_dir("/proc").unwrap().flatten();
        entries
            .filter(|entry| entry.file_name().to_string_lossy().parse::<i32>().is_ok())
            .filter_map(|entry| {
                let works_there = std::fs::read_link(entry.path().join("cwd"))
                    .is_ok_and(|folder| folder.starts_with(&data));
                let line = fs_err::read(entry.path().join("cmdline")).ok()?;
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                (works_there || line.contains(data.to_str()?)).then_some(line)
            })
            .collect()
    }

    /// Asserts that nothing runs any more, or ends in a moment.
    pub(crate) async fn expect_nothing_runs(&self) {
        let still = || self.processes();
        let wait = async {
            while !still().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "still running: {:#?}", still());
    }
}

impl Drop for Place {
    /// After a failed test its services are still ending; the directory cannot go before they have.
    fn drop(&mut self) {
        let started = Instant::now();
        while !self.processes().is_empty() && started.elapsed() < PATIENCE / 4 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A server that listens.
pub(crate) struct Server {
    pub(crate) url: String,
    child: Child,
    /// Kept open: a server must be free to say more.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Ends the server, and nothing but the server, at once.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks for an orderly end, and waits for it.
    pub(crate) async fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().unwrap().cast_signed();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.unwrap().unwrap()
    }
}

/// What a command did.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) async fn of(command: &mut Command) -> Self {
        let output: io::Result<Output> = tokio::time::timeout(PATIENCE, command.output())
            .await
            .unwrap();
        let output = output.unwrap();
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts success; gives what was printed.
    #[track_caller]
    pub(crate) fn expect_success(self) -> String {
        assert_eq!(self.status, 0, "{}\n{}", self.stdout, self.stderr);
        self.stdout
    }

    /// Asserts exit status 1 and one line of complaint that contains all of `words`.
    #[track_caller]
    pub(crate) fn expect_complaint(&self, words: &[&str]) {
        assert_eq!(self.status, 1, "{}\n{}", self.stdout, self.stderr);
        let complaints: Vec<&str> = self.complaints().collect();
        let [line] = complaints.as_slice() else {
            panic!("one line expected, got:\n{}", self.stderr);
        };
        for word in words {
            assert!(line.contains(word), "{line:?} says nothing of {word:?}");
        }
        assert_eq!(self.stdout, "");
    }

    /// Asserts exit status 1 and, after whatever progress was printed, one line of complaint.
    #[track_caller]
    pub(crate) fn expect_failure(&self, words: &[&str]) {
        assert_eq!(self.status, 1, "{}\n{}", self.stdout, self.stderr);
        let complaints: Vec<&str> = self.complaints().collect();
        assert_eq!(complaints.len(), 1, "{complaints:#?}");
        for word in words {
            let line = complaints[0];
            assert!(line.contains(word), "{line:?} says nothing of {word:?}");
        }
    }

    /// Lines on standard error that are no log.
    fn complaints(&self) -> impl Iterator<Item = &str> {
        let is_log = |line: &&str| line.contains(" INFO ") || line.contains(" WARN ");
        self.stderr.lines().filter(move |line| !is_log(line))
    }
}
