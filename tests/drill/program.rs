//! The program as a child process, with a data directory of its own.
use crate::{drill::PATIENCE, mailbox::Mailbox, rules};
use rustix::process::{Pid, Signal, kill_process};
use std::{path::PathBuf, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

/// A directory with settings, data and logs.
pub(crate) struct Place {
    /// Whether the data directory has a file system of its own.
    is_mounted: bool,
    folder: TempDir,
}

/// How much faster than usual everything is looked at, and who is told.
const SETTINGS: &str = "
[log]
level = 'info,flashfit::platform::http=warn,ort=warn'
[database]
wait_timeout = '1s'
[http]
rate_per_minute = 0
login_rate_per_minute = 0
[monitoring]
interval = '1s'
[alerts]
interval = '1s'
group_wait = '2s'
group_interval = '2s'
[notifications]
base_url = 'https://wear.example.org'
[notifications.receivers.mail]
kind = 'smtp'
host = '127.0.0.1'
tls = 'none'
from = 'FlashFit <alerts@example.org>'
to = ['ops@example.org']
";

impl Place {
    pub(crate) fn new(mailbox: &Mailbox) -> Self {
        flashfit::platform::tls::use_ring();
        let place = Self {
            is_mounted: false,
            folder: tempfile::tempdir().unwrap(),
        };
        let port = mailbox.port;
        let rules = place.write("alerts.yml", rules::in_a_hurry());
        let rules = format!("rules_file = '{}'\ngroup_wait", rules.display());
        let settings = SETTINGS.replace("group_wait", &rules);
        place.write("flashfit.toml", format!("{settings}port = {port}\n"));
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the program keeps its files.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, content).unwrap();
        path
    }

    /// Gives the data directory a file system of its own in memory; false if this process may not.
    pub(crate) fn mount(&mut self, options: &str) -> bool {
        fs_err::create_dir_all(self.data()).unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "drill"]);
        let mounted = mount.arg(self.data()).stderr(Stdio::null()).status();
        self.is_mounted = mounted.is_ok_and(|status| status.success());
        self.is_mounted
    }

    /// The end of what every server here has said.
    pub(crate) fn log(&self) -> String {
        let text = fs_err::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    /// Starts a server with these variables in its environment, and waits until it listens.
    pub(crate) async fn serve(&self, variables: &[(&str, &str)]) -> Server {
        let log = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path("log"))
            .unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_flashfit"))
            .args(["serve", "--embedded", "--port", "0", "--config"])
            .arg(self.path("flashfit.toml"))
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"))
            .env("FLASHFIT_DATA_DIR", self.data())
            .envs(variables.iter().copied())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.into_parts().0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let line = line.unwrap().unwrap().unwrap_or_default();
        let url = line.strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("{line:?}\n{}", self.log()));
        Server {
            url: url.to_owned(),
            child,
            _stdout: lines.into_inner(),
        }
    }

    /// The processes of this name that work in the data directory, parents first.
    pub(crate) fn processes(&self, name: &str) -> Vec<Pid> {
        let data = self.data();
        let entries = fs_err::read_dir("/proc").unwrap().flatten();
        let mut found: Vec<i32> = entries
            .filter_map(|entry| {
                let id = entry.file_name().to_str()?.parse().ok()?;
                let said = fs_err::read_to_string(entry.path().join("comm")).ok()?;
                let folder = std::fs::read_link(entry.path().join("cwd")).ok()?;
                (said.trim() == name && folder.starts_with(&data)).then_some(id)
            })
            .collect();
        found.sort_unstable();
        found.into_iter().filter_map(Pid::from_raw).collect()
    }
}

impl Drop for Place {
    /// After a failed test its services are still ending; the directory cannot go before they have.
    fn drop(&mut self) {
        let left = || ["postgres", "redis-server"].map(|name| self.processes(name));
        for _ in 0..1000 {
            if left().iter().all(Vec::is_empty) {
                break;
            }
            // Who stands still does not end.
            signal(&left().concat(), Signal::CONT);
            std::thread::sleep(Duration::from_millis(20));
        }
        if self.is_mounted {
            let mut umount = std::process::Command::new("umount");
            let _left = umount.arg("--lazy").arg(self.data()).status();
        }
    }
}

/// Sends a signal to processes of this test; one that has just ended needs none.
pub(crate) fn signal(processes: &[Pid], signal: Signal) {
    for process in processes {
        let _ended = kill_process(*process, signal);
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
    fn id(&self) -> Pid {
        Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap()
    }

    /// Asks for an orderly end, and waits for it.
    pub(crate) async fn terminate(mut self) {
        signal(&[self.id()], Signal::TERM);
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        assert_eq!(ended.unwrap().unwrap().code(), Some(0));
    }
}
