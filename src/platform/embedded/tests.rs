//! What is promised of private services, with real ones. Each test has a data directory of its own.
use super::*;
use deadpool_redis::redis::{Client, cmd};
use std::{
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use tokio_postgres::NoTls;

const SOON: Duration = Duration::from_secs(60);
/// Set for the copy of the test program that [`nothing_outlives_a_killed_flashfit`] kills.
const VICTIM: &str = "FLASHFIT_EMBEDDED_TEST_DIR";

async fn start(dir: &Path) -> Embedded {
    Embedded::start(dir, Durability::Throwaway).await.unwrap()
}

/// A data directory that the account of a root's Postgres can get to.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs_err::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

async fn sql(url: &str, query: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let work = async {
        let messages = client.simple_query(query).await?;
        let row = |message| {
            let tokio_postgres::SimpleQueryMessage::Row(row) = message else {
                return None;
            };
            row.get(0).map(str::to_owned)
        };
        Ok(messages.into_iter().filter_map(row).collect())
    };
    tokio::select! { done = work => done, broken = connection => Err(broken.unwrap_err()) }
}

async fn ping(url: &str) -> Option<String> {
    let client = Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.ok()?;
    cmd("PING").query_async(&mut connection).await.ok()
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + SOON;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn postmaster(dir: &Path) -> Option<i32> {
    let text = fs_err::read_to_string(dir.join("postgres/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

/// Processes that work in `folder` of the data directory.
fn working_in(dir: &Path, folder: &str) -> Vec<i32> {
    let folder = fs_err::canonicalize(dir).unwrap().join(folder);
    let processes = fs_err::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)
        })
        .collect()
}

fn kill(pid: i32) {
    service::send(pid, rustix::process::Signal::KILL);
}

#[tokio::test]
async fn both_answer_and_leave_nothing_running() {
    let dir = folder();
    let data = dir.path().join("data");
    let embedded = start(&data).await;
    assert_eq!(
        sql(&embedded.postgres_url(), "select 1").await.unwrap(),
        ["1"]
    );
    assert_eq!(ping(&embedded.redis_url()).await.unwrap(), "PONG");
    let show = |name| format!("show {name}");
    for (setting, want) in [
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("timezone", "UTC"),
    ] {
        let got = sql(&embedded.postgres_url(), &show(setting)).await.unwrap();
        assert_eq!(got, [want], "{setting}");
    }
    let lower = sql(&embedded.postgres_url(), "select lower('ÄRMEL')").await;
    assert_eq!(lower.unwrap(), ["ärmel"]);
    // Ctrl-C in a terminal goes to the whole group: the children must not be in ours.
    let ours = rustix::process::getpgrp();
    let pid = rustix::process::Pid::from_raw(postmaster(&data).unwrap());
    assert_ne!(rustix::process::getpgid(pid).unwrap(), ours);
    embedded.stop().await;
    assert_eq!(working_in(&data, "postgres"), Vec::<i32>::new());
    assert_eq!(working_in(&data, "redis"), Vec::<i32>::new());
    assert_eq!(postmaster(&data), None, "a clean stop leaves no pid file");
}

#[tokio::test]
async fn data_is_kept_and_durable() {
    let dir = folder();
    let durable = async || {
        Embedded::start(dir.path(), Durability::Durable)
            .await
            .unwrap()
    };
    let embedded = durable().await;
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let got = sql(&embedded.postgres_url(), &format!("show {setting}")).await;
        assert_eq!(got.unwrap(), ["on"], "{setting}");
    }
    let create = "create table kept as select 42 as answer";
    sql(&embedded.postgres_url(), create).await.unwrap();
    embedded.stop().await;
    let embedded = durable().await;
    let read = sql(&embedded.postgres_url(), "select answer from kept").await;
    assert_eq!(read.unwrap(), ["42"]);
    embedded.stop().await;
}

#[tokio::test]
async fn a_killed_service_comes_back_with_its_data() {
    let dir = folder();
    let embedded = Embedded::start(dir.path(), Durability::Durable)
        .await
        .unwrap();
    let url = embedded.postgres_url();
    sql(&url, "create table kept as select 42 as answer")
        .await
        .unwrap();
    kill(postmaster(dir.path()).unwrap());
    until("the death is noticed", async || {
        (embedded.restarts() == 1).then_some(())
    })
    .await;
    let read = until("postgres answers", async || {
        sql(&url, "select answer from kept").await.ok()
    });
    assert_eq!(read.await, ["42"]);
    for pid in working_in(dir.path(), "redis") {
        kill(pid);
    }
    until("the death is noticed", async || {
        (embedded.restarts() == 2).then_some(())
    })
    .await;
    let url = embedded.redis_url();
    until("redis answers", async || ping(&url).await).await;
    embedded.stop().await;
}

#[tokio::test]
async fn a_second_flashfit_is_refused() {
    let dir = folder();
    let first = start(dir.path()).await;
    let error = Embedded::start(dir.path(), Durability::Throwaway)
        .await
        .unwrap_err();
    assert!(matches!(error, EmbeddedError::InUse { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains(&format!("process {}", std::process::id())),
        "{text}"
    );
    assert!(
        sql(&first.postgres_url(), "select 1").await.is_ok(),
        "the first goes on"
    );
    first.stop().await;
    start(dir.path()).await.stop().await;
}

#[tokio::test]
async fn long_and_strange_paths_work() {
    let dir = folder();
    let data = dir.path().join("it's, a \"long\" päth ".repeat(8));
    let embedded = start(&data).await;
    assert!(!embedded.run.starts_with(dir.path()), "{:?}", embedded.run);
    assert_eq!(
        fs_err::metadata(&embedded.run).unwrap().mode() & 0o777,
        0o700
    );
    assert_eq!(
        sql(&embedded.postgres_url(), "select 1").await.unwrap(),
        ["1"]
    );
    assert_eq!(ping(&embedded.redis_url()).await.unwrap(), "PONG");
    let run = embedded.run.clone();
    embedded.stop().await;
    fs_err::remove_dir_all(run).unwrap();
}

#[tokio::test]
async fn root_lends_its_children_an_account() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = folder();
    let embedded = start(dir.path()).await;
    let pids = [
        working_in(dir.path(), "postgres"),
        working_in(dir.path(), "redis"),
    ]
    .concat();
    assert!(pids.len() >= 2, "{pids:?}");
    for pid in pids {
        let status = fs_err::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let uids = status.lines().find_map(|l| l.strip_prefix("Uid:")).unwrap();
        assert!(uids.split_whitespace().all(|uid| uid != "0"), "{uids}");
    }
    embedded.stop().await;
}

#[tokio::test]
async fn a_folder_that_the_account_cannot_reach_is_named() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs_err::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = dir.path().join("data");
    let error = Embedded::start(&data, Durability::Throwaway)
        .await
        .unwrap_err();
    let want = format!("may not enter {}", dir.path().display());
    assert!(error.to_string().contains(&want), "{error}");
}

#[tokio::test]
async fn stale_files_of_a_dead_machine_do_not_keep_it_from_starting() {
    let dir = folder();
    start(dir.path()).await.stop().await;
    // After a reboot the numbers may belong to anybody: here, to this very test.
    let cluster = dir.path().join("postgres");
    let me = std::process::id();
    let stale = format!(
        "{me}\n{}\n1\n5432\n\n\n  1 1\nready   \n",
        cluster.display()
    );
    fs_err::write(cluster.join("postmaster.pid"), &stale).unwrap();
    fs_err::write(dir.path().join("run/.s.PGSQL.5432.lock"), &stale).unwrap();
    fs_err::write(dir.path().join("run/redis.sock"), "").unwrap();
    fs_err::create_dir(dir.path().join("postgres.new")).unwrap();
    let embedded = start(dir.path()).await;
    assert_eq!(
        sql(&embedded.postgres_url(), "select 1").await.unwrap(),
        ["1"]
    );
    embedded.stop().await;
}

#[tokio::test]
async fn a_broken_cluster_says_what_postgres_said() {
    let dir = folder();
    start(dir.path()).await.stop().await;
    fs_err::remove_file(dir.path().join("postgres/global/pg_control")).unwrap();
    let error = Embedded::start(dir.path(), Durability::Throwaway)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("could not") && text.contains("postgres.log"),
        "{text}"
    );
    assert_eq!(
        working_in(dir.path(), "redis"),
        Vec::<i32>::new(),
        "the other one was ended"
    );
}

/// Not a test by itself: serves until it is killed.
#[tokio::test]
async fn serve_until_killed() {
    let Some(dir) = std::env::var_os(VICTIM) else {
        return;
    };
    let embedded = start(Path::new(&dir)).await;
    sql(
        &embedded.postgres_url(),
        "create table kept as select 42 as answer",
    )
    .await
    .unwrap();
    fs_err::write(Path::new(&dir).join("serving"), "").unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn nothing_outlives_a_killed_flashfit() {
    let dir = folder();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "platform::embedded::tests::serve_until_killed"])
        .env(VICTIM, dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("the victim serves", async || {
        dir.path().join("serving").exists().then_some(())
    })
    .await;
    assert!(!working_in(dir.path(), "postgres").is_empty());
    victim.kill().unwrap();
    victim.wait().unwrap();
    if programs::find_setpriv().is_some() {
        let left = async || {
            [
                working_in(dir.path(), "postgres"),
                working_in(dir.path(), "redis"),
            ]
            .concat()
        };
        until("the children end", async || {
            left().await.is_empty().then_some(())
        })
        .await;
    }
    let embedded = start(dir.path()).await;
    let read = sql(&embedded.postgres_url(), "select answer from kept").await;
    assert_eq!(read.unwrap(), ["42"]);
    embedded.stop().await;
}

#[tokio::test]
async fn children_that_were_left_running_are_ended_first() {
    let dir = folder();
    start(dir.path()).await.stop().await;
    // As a flashfit without setpriv leaves them: started by nobody who still lives.
    let folders = folders::Folders::prepare(dir.path()).unwrap();
    let postgres = postgres::service(&folders, Durability::Throwaway).unwrap();
    let redis = redis::service(&folders).unwrap();
    let mut left = [postgres.spawn(None).unwrap(), redis.spawn(None).unwrap()];
    let (pid, socket) = (left[0].id(), redis::socket(&folders.run));
    until("both run", async || {
        (postgres::is_ready(&postgres, pid) && redis::is_ready(&socket)).then_some(())
    })
    .await;
    drop(folders);
    let embedded = start(dir.path()).await;
    assert_eq!(
        sql(&embedded.postgres_url(), "select 1").await.unwrap(),
        ["1"]
    );
    for child in &mut left {
        assert!(child.try_wait().unwrap().is_some(), "it was ended");
    }
    embedded.stop().await;
}

#[tokio::test]
async fn giving_up_the_start_ends_what_was_started() {
    let dir = folder();
    let data = dir.path().join("data");
    let starting = Embedded::start(&data, Durability::Throwaway);
    let short = tokio::time::timeout(Duration::from_millis(1), starting).await;
    assert!(short.is_err());
    // The lock is given back when all is over.
    let embedded = until("the lock is free", async || {
        Embedded::start(&data, Durability::Throwaway).await.ok()
    });
    embedded.await.stop().await;
    assert_eq!(working_in(&data, "postgres"), Vec::<i32>::new());
}
