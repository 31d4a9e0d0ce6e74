//! `scripts/watch`, which the Compose file for development runs the server with.
use crate::{program::PATIENCE, root};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::process::Stdio;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{ChildStdout, Command},
};

async fn next_line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    line.unwrap().unwrap().unwrap()
}

#[tokio::test]
async fn what_is_watched_is_started_again_and_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    fs_err::create_dir(&source).unwrap();
    fs_err::write(source.join("a"), "1").unwrap();
    let mut child = Command::new(root().join("scripts/watch"))
        .arg(&source)
        // Something that has a child of its own, as `cargo run` has.
        .args([
            "--",
            "bash",
            "-c",
            "sleep 1000 & echo $! \"$(cat \"$0\"/*)\"; wait",
        ])
        .arg(&source)
        .env("FLASHFIT_WATCH_SECONDS", "0.05")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = vec![];
    for (name, content, expected) in [("a", "1", "1"), ("a", "22", "22"), ("b", "3", "223")] {
        fs_err::write(source.join(name), content).unwrap();
        let line = loop {
            let line = next_line(&mut lines).await;
            // The first writes may be seen as one or as two.
            if line.ends_with(&format!(" {expected}")) {
                break line;
            }
        };
        let id: i32 = line.split(' ').next().unwrap().parse().unwrap();
        seen.push(Pid::from_raw(id).unwrap());
    }
    let watcher = Pid::from_raw(child.id().unwrap().cast_signed()).unwrap();
    kill_process(watcher, Signal::TERM).unwrap();
    let status = tokio::time::timeout(PATIENCE, child.wait()).await;
    assert_eq!(status.unwrap().unwrap().code(), Some(143));
    let gone = async {
        while seen.iter().any(|id| test_kill_process(*id).is_ok()) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
}

#[tokio::test]
async fn wrong_arguments_are_said() {
    for (arguments, word) in [
        (vec!["src"], "usage"),
        (vec!["--", "true"], "usage"),
        (vec!["/nowhere", "--", "true"], "/nowhere"),
    ] {
        let mut command = Command::new(root().join("scripts/watch"));
        let output = command
            .args(&arguments)
            .current_dir(root())
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(word),
            "{arguments:?}"
        );
    }
}
