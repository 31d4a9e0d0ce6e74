//! What `flashfit models pull` shows while it fetches: a bar on a terminal, plain lines anywhere else.
use crate::{
    mirror::{Mirror, Quirk},
    pack_folder::PackFolder,
    program::{PATIENCE, Place},
};
use rustix::{
    pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use std::{
    io::Read as _,
    num::NonZero,
    process::{Output, Stdio},
};
use tokio::process::Command;

const ROWS: NonZero<u16> = NonZero::new(40).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(120).unwrap();

/// A terminal as it was seen, picture after picture.
struct Terminal {
    pictures: Vec<String>,
    bytes: Vec<u8>,
}

impl Terminal {
    /// Runs a command whose standard error is a terminal.
    async fn watching(mut command: Command) -> (Self, Output) {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let own = openpt(flags).unwrap();
        grantpt(&own).unwrap();
        unlockpt(&own).unwrap();
        let theirs = ioctl_tiocgptpeer(&own, flags).unwrap();
        let size = Winsize {
            ws_row: ROWS.get(),
            ws_col: COLUMNS.get(),
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&own, size).unwrap();
        let child = command.stdout(Stdio::piped()).stderr(theirs).spawn();
        let child = child.unwrap();
        // Reading ends when nobody holds the other end any more.
        drop(command);
        let seen = tokio::task::spawn_blocking(move || Self::watched(own.into()));
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        (seen.await.unwrap(), ended.unwrap().unwrap())
    }

    fn watched(mut from: std::fs::File) -> Self {
        let mut screen = vt100::Parser::new(ROWS, COLUMNS, 0);
        let (mut pictures, mut bytes, mut piece) = (vec![], vec![], [0; 4096]);
        while let Ok(count @ 1..) = from.read(&mut piece) {
            for byte in &piece[..count] {
                screen.process(&[*byte]);
                if *byte == b'\r' {
                    pictures.push(seen(screen.screen()));
                }
            }
            bytes.extend_from_slice(&piece[..count]);
        }
        pictures.push(seen(screen.screen()));
        Self { pictures, bytes }
    }

    /// What is left in the end.
    fn last(&self) -> &str {
        self.pictures.last().unwrap()
    }

    /// Lines with a bar in them that were there at some time.
    fn bars(&self) -> impl Iterator<Item = &str> {
        let lines = self.pictures.iter().flat_map(|picture| picture.lines());
        lines.filter(|line| is_bar(line))
    }
}

/// The lines on a screen, down to the last that has something on it.
fn seen(screen: &vt100::Screen) -> String {
    let rows: Vec<String> = screen.rows(0, COLUMNS.get()).collect();
    let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
    rows.join("\n").trim_end().to_owned()
}

fn is_bar(line: &str) -> bool {
    line.contains(['█', '░'])
}

/// A place, and a server with the pack `closet@1`.
struct Case {
    place: Place,
    mirror: Mirror,
}

impl Case {
    fn new() -> Self {
        let place = Place::new();
        PackFolder::copy(place.path("mirror/closet"), "closet");
        let mirror = Mirror::of(place.path("mirror"));
        Self { place, mirror }
    }

    fn pull(&self, terminal: &str) -> Command {
        let url = format!("{}/closet", self.mirror.url);
        let mut command = self.place.command(&["models", "pull", &url]);
        command.env("TERM", terminal);
        command
    }
}

/// Asserts that there is nothing but text in lines, one for each file and few others.
#[track_caller]
fn expect_few_plain_lines(text: &str) {
    let odd = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(odd, None, "{text:?}");
    let fetched = text.lines().filter(|line| line.ends_with("checksum right"));
    assert_eq!(fetched.count(), 9, "{text}");
    assert!(text.lines().count() <= 9 + 4, "{text}");
    assert!(!text.lines().any(is_bar), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_terminal_a_bar_is_drawn_and_taken_away_again() {
    let case = Case::new();
    let (terminal, ended) = Terminal::watching(case.pull("xterm")).await;
    assert!(ended.status.success(), "{}", terminal.last());
    let is_of_a_file = |line: &str| line.contains(".onnx ") && line.contains("iB of ");
    assert!(terminal.bars().any(is_of_a_file), "{:?}", terminal.pictures);
    let left = terminal.last();
    assert!(!left.lines().any(is_bar), "{left}");
    assert!(left.contains("closet@1: 9 files"), "{left}");
    assert!(left.contains("fashion.onnx: fetched"), "{left}");
    // What a script would read is not on the terminal's way.
    let told = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.contains("closet@1 is installed: "), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_stands_alone_where_the_bar_was() {
    let case = Case::new();
    let (code, times) = (404, 99);
    let missing = Quirk::Status { code, times };
    case.mirror.spoil("closet/fashion.onnx", missing);
    let (terminal, ended) = Terminal::watching(case.pull("xterm")).await;
    assert_eq!(ended.status.code(), Some(1));
    assert!(terminal.bars().next().is_some(), "{:?}", terminal.pictures);
    let left = terminal.last();
    assert!(!left.lines().any(is_bar), "{left}");
    let complaint = left.lines().last().unwrap();
    assert!(complaint.starts_with("flashfit: http://"), "{left}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_terminal_there_are_few_plain_lines() {
    let case = Case::new();
    let ended = case.pull("xterm").output().await.unwrap();
    expect_few_plain_lines(&String::from_utf8(ended.stdout).unwrap());
    assert_eq!(ended.stderr, b"");

    let case = Case::new();
    let (terminal, ended) = Terminal::watching(case.pull("dumb")).await;
    assert_eq!(terminal.bytes, b"", "this terminal can draw nothing");
    expect_few_plain_lines(&String::from_utf8(ended.stdout).unwrap());
}
