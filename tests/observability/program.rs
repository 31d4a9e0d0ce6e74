//! The server that users run, with services and a demo wardrobe of its own.
use std::{process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// Ends with the test.
pub(crate) struct Server {
    /// Host and port.
    pub(crate) address: String,
    _child: Child,
    _stdout: BufReader<ChildStdout>,
    place: TempDir,
}

impl Server {
    /// Starts it, looking at itself more often than usual, and waits until it listens.
    pub(crate) async fn start() -> Self {
        flashfit::platform::tls::use_ring();
        let place = tempfile::tempdir().unwrap();
        let log = fs_err::File::create(place.path().join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_flashfit"))
            .args(["serve", "--embedded", "--demo", "--port", "0"])
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"))
            .env("FLASHFIT_DATA_DIR", place.path().join("data"))
            .env("FLASHFIT_HTTP__RATE_PER_MINUTE", "0")
            .env("FLASHFIT_HTTP__LOGIN_RATE_PER_MINUTE", "0")
            .env("FLASHFIT_SEARCH__SNAPSHOT_INTERVAL", "5s")
            .current_dir(place.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.into_parts().0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let line = line.unwrap().unwrap().unwrap_or_default();
        let address = line.strip_prefix("listening on http://");
        let said = || fs_err::read_to_string(place.path().join("log")).unwrap();
        let address = address.unwrap_or_else(|| panic!("{line:?}\n{}", said()));
        Self {
            address: address.to_owned(),
            _child: child,
            _stdout: lines.into_inner(),
            place,
        }
    }

    /// What it said, for a test that fails.
    pub(crate) fn log(&self) -> String {
        let text = fs_err::read_to_string(self.place.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains(" 200")).collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}
