//! The file system of the data directory fills up.
use crate::{
    drill::{Drill, NOT_TRIED},
    mailbox::Mailbox,
    program::Place,
};
use chrono::Utc;
use std::{fs::File, io::Write as _};

/// Room for the services, and a little more.
const SIZE: &str = "size=400m";

pub(crate) async fn fills_up() {
    let mailbox = Mailbox::open().await;
    let mut place = Place::new(&mailbox);
    if !place.mount(SIZE) {
        println!("DiskFull: not tried, since mounting a file system for it needs root");
        return;
    }
    let mut drill = Drill::begin_at(place, mailbox, "DiskFull", &[NOT_TRIED]).await;
    // It stops where it cannot write what it must.
    drill.consequences = &["PostgresDown"];
    let ballast = drill.place.data().join("ballast");
    let fault_at = Utc::now();
    fill(fs_err::File::create(&ballast).unwrap().file());
    drill.told().await;
    let few = |bytes| bytes < 0.05 * 400e6;
    fs_err::remove_file(&ballast).unwrap();
    let answers = async || {
        drill
            .operator
            .fired()
            .await
            .is_some_and(|fired| !fired.is_empty())
    };
    drill.wait("history", answers).await;
    let noticed = drill
        .noticed(fault_at, "disk_available_bytes[5m]", few)
        .await;
    drill.expect_end(&noticed).await;
    drill.end().await;
}

/// Writes until nothing fits any more.
fn fill(mut file: &File) {
    for size in [1 << 20, 4096] {
        let block = vec![0; size];
        while file.write_all(&block).is_ok() {}
    }
}
