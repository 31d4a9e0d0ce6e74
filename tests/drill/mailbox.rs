//! Where the mails go: aiosmtpd as a child of the test.
use crate::{aiosmtpd::aiosmtpd, drill::PATIENCE};
use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
};

/// A mail server and what it took; ends with the test.
pub(crate) struct Mailbox {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    _stdin: ChildStdin,
    _child: Child,
}

/// A mail, as Python reads it.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Mail {
    headers: BTreeMap<String, String>,
    pub(crate) text: String,
}

impl Mail {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Mailbox {
    pub(crate) async fn open() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/notify/mail_server.py");
        let mut child = Command::new("python3")
            .arg(script)
            .env("PYTHONPATH", aiosmtpd())
            .env("PYTHONWARNINGS", "ignore")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"{}\n").await.unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let port = port.unwrap().unwrap();
        let port =
            port.unwrap_or_else(|| panic!("scripts/test installs what the mail server needs"));
        let mails = Arc::default();
        let taken: Arc<Mutex<Vec<Mail>>> = Arc::clone(&mails);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let mail = serde_json::from_str(&line).unwrap();
                taken.lock().unwrap().push(mail);
            }
        });
        Self {
            port: port.parse().unwrap(),
            mails,
            _stdin: stdin,
            _child: child,
        }
    }

    /// Every mail that came.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// What they are about.
    pub(crate) fn subjects(&self) -> Vec<String> {
        let mails = self.mails();
        mails
            .iter()
            .map(|m| m.header("subject").to_owned())
            .collect()
    }
}
