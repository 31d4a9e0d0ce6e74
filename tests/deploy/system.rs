//! The service and the rotation of its log, as the system's own tools judge them.
use crate::text_of;
use std::{io::Write as _, process::Command};

const UNIT: &str = "config/systemd/flashfit.service";

#[test]
fn the_unit_is_valid_and_keeps_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flashfit.service");
    let unit = text_of(UNIT).replace("/usr/local/bin/flashfit", env!("CARGO_BIN_EXE_flashfit"));
    fs_err::write(&file, &unit).unwrap();
    let analyze = |arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        command.args(arguments).arg(&file).env("SYSTEMD_PAGER", "");
        command.output().unwrap()
    };
    let verified = analyze(&["verify"]);
    assert!(
        verified.status.success() && verified.stderr.is_empty(),
        "{verified:?}"
    );
    // From 0, nothing allowed, to 100, everything.
    let judged = analyze(&["security", "--offline=true", "--threshold=15"]);
    assert!(
        judged.status.success(),
        "{}",
        String::from_utf8_lossy(&judged.stdout)
    );
    // That the tools find something at all.
    fs_err::write(&file, unit.replace("Type=exec", "Tipe=exec")).unwrap();
    let verified = analyze(&["verify"]);
    assert!(
        String::from_utf8_lossy(&verified.stderr).contains("Tipe"),
        "{verified:?}"
    );
}

#[test]
fn the_server_has_time_to_end() {
    let unit = text_of(UNIT);
    let seconds = unit
        .lines()
        .find_map(|line| line.strip_prefix("TimeoutStopSec="));
    let seconds: u64 = seconds.unwrap().trim_end_matches('s').parse().unwrap();
    let defaults = text_of("config/flashfit.toml");
    let wanted = defaults
        .lines()
        .find_map(|line| line.strip_prefix("shutdown_timeout = \""));
    let wanted: u64 = wanted.unwrap().split('s').next().unwrap().parse().unwrap();
    assert!(seconds > wanted + 5);
}

/// Who holds the file open for appending writes on at its new beginning.
#[test]
fn a_log_in_a_file_is_turned_under_whoever_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut log = fs_err::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path("flashfit.log"))
        .unwrap();
    writeln!(log, "old").unwrap();
    let settings = text_of("config/logrotate/flashfit");
    let places = "/var/log/flashfit/";
    assert!(settings.contains(places) && settings.contains("su flashfit flashfit"));
    let settings = settings
        .replace(places, &format!("{}/", folder.path().display()))
        .replace("su flashfit flashfit", "");
    fs_err::write(path("settings"), settings).unwrap();
    for _ in 0..2 {
        let mut command = Command::new(crate::server_program("logrotate"));
        command.arg("--force").arg("--state").arg(path("state"));
        let output = command.arg(path("settings")).output();
        let output = output.unwrap_or_else(|e| panic!("apt-get install logrotate ({e})"));
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        writeln!(log, "new").unwrap();
    }
    assert_eq!(
        fs_err::read_to_string(path("flashfit.log")).unwrap(),
        "new\n"
    );
    assert_eq!(
        fs_err::read_to_string(path("flashfit.log.1")).unwrap(),
        "new\n"
    );
    assert!(path("flashfit.log.2.gz").is_file());
}
