//! aiosmtpd as a child of the test.
#[path = "aiosmtpd.rs"]
mod aiosmtpd;

use crate::tls::{Authority, Shows};
use aiosmtpd::aiosmtpd;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server; ends with the test.
pub(crate) struct MailServer {
    pub(crate) port: u64,
    lines: Lines<BufReader<ChildStdout>>,
    _stdin: ChildStdin,
    _child: Child,
}

/// A mail that was taken, as Python reads it.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) encrypted: bool,
    pub(crate) user: Option<String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) kind: String,
    pub(crate) parts: Vec<String>,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) defects: Vec<String>,
    pub(crate) is_ascii: bool,
}

impl MailServer {
    /// Starts one that does what `mail_server.py` understands.
    pub(crate) async fn start(wanted: Json) -> Self {
        let mut child = Command::new("python3")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/notify/mail_server.py"
            ))
            .env("PYTHONPATH", aiosmtpd())
            .env("PYTHONWARNINGS", "ignore")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let line = format!("{wanted}\n");
        stdin.write_all(line.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let port = port
            .unwrap()
            .unwrap()
            .unwrap_or_else(|| panic!("{MISSING}"))
            .parse()
            .unwrap();
        Self {
            port,
            lines,
            _stdin: stdin,
            _child: child,
        }
    }

    /// The next mail that it took.
    pub(crate) async fn taken(&mut self) -> Taken {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line
            .unwrap_or_else(|_| panic!("no mail came"))
            .unwrap()
            .unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

const MISSING: &str =
    "the mail server did not start; scripts/test installs what it needs (aiosmtpd)";

/// Certificates in files, as operators keep them.
pub(crate) struct Papers {
    folder: TempDir,
}

impl Papers {
    /// An authority, and what it gave to a server.
    pub(crate) fn showing(shows: Shows) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let (certificate, key) = authority.issue(shows);
        for (name, pem) in [
            ("authority.pem", authority.pem()),
            ("certificate.pem", certificate.pem()),
            ("key.pem", key.serialize_pem()),
        ] {
            fs_err::write(folder.path().join(name), pem).unwrap();
        }
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    /// What a server is told, with more.
    pub(crate) fn server(&self, more: Json) -> Json {
        let mut wanted = json!({
            "certificate": self.path("certificate.pem"),
            "key": self.path("key.pem"),
        });
        let all = wanted.as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        wanted
    }
}
