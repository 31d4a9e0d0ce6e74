//! The private Postgres: how its cluster is made, with which settings it runs, and when it is ready.
use super::{
    Durability,
    error::EmbeddedError,
    folders::{Folders, own},
    programs::{Postgres, find_postgres},
    service::{Service, become_account, is_alive, wait_until},
};
use rustix::process::Signal;
use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// How long what an earlier server left behind may take to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// The role that owns the cluster, and its database.
pub(super) const NAME: &str = "flashfit";

/// Makes the cluster when there is none, and says how to run it.
pub(super) fn service(folders: &Folders, durability: Durability) -> Result<Service, EmbeddedError> {
    let programs = find_postgres(&folders.cluster)?;
    if !folders.cluster.join("PG_VERSION").is_file() {
        make_cluster(&programs, folders, durability)?;
    }
    let mut args: Vec<OsString> = vec!["-D".into(), folders.cluster.clone().into()];
    for setting in settings(durability) {
        args.extend(["-c".into(), setting.into()]);
    }
    let sockets = folders.run.display();
    args.extend([
        "-c".into(),
        format!("unix_socket_directories={sockets}").into(),
    ]);
    Ok(Service {
        name: "postgres",
        program: programs.server,
        args,
        folder: folders.cluster.clone(),
        trace: folders.cluster.clone(),
        log: folders.data.join("postgres.log"),
        account: folders.account.clone(),
        end: Signal::INT,
        end_now: Signal::QUIT,
    })
}

/// Given on the command line, so that they hold for clusters made by earlier versions as well.
///
/// Failed statements and their values stay out of the log: they hold what people wrote.
fn settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec![
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_checkpoints=off",
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
    ];
    settings.extend_from_slice(match durability {
        Durability::Durable => &[
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "max_connections=100",
        ],
        Durability::Throwaway => &[
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_connections=300",
            "wal_level=minimal",
            "max_wal_senders=0",
            "autovacuum=off",
        ],
    });
    settings
}

/// Made beside its place and moved there when complete, so that a cluster is whole or absent.
fn make_cluster(
    programs: &Postgres,
    folders: &Folders,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let account = &folders.account;
    // The account may not write in the data directory itself, hence a folder of its own for the making.
    let making = folders.data.join("postgres.new");
    if making.exists() {
        fs_err::remove_dir_all(&making)?;
    }
    own(&making, account)?;
    let mut command = Command::new(&programs.initdb);
    command
        .args(["--username", NAME, "--encoding=UTF8", "--locale=C"])
        .args(["--lc-ctype=C.UTF-8", "--auth-local=trust"])
        .args(["--auth-host=reject", "--pgdata"])
        .arg(&making)
        .env_clear()
        .env("LC_ALL", "C")
        .current_dir(&making)
        .stdin(Stdio::null());
    if matches!(durability, Durability::Throwaway) {
        command.arg("--no-sync");
    }
    become_account(&mut command, account);
    let output = command.output().map_err(|error| {
        let program = programs.initdb.display();
        io::Error::new(error.kind(), format!("could not run {program}: {error}"))
    })?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let log = folders.data.join("initdb.log");
        fs_err::write(&log, &text)?;
        let reason = text.lines().find(|line| line.contains("error:"));
        return Err(EmbeddedError::Failed {
            program: "initdb",
            reason: reason.unwrap_or("it said nothing").to_owned(),
            log,
        });
    }
    fs_err::rename(&making, &folders.cluster)?;
    if matches!(durability, Durability::Durable) {
        fs_err::File::open(&folders.data)?.sync_all()?;
    }
    Ok(())
}

/// Ends a server that an earlier flashfit left behind, and removes the files that would keep a new one from starting.
pub(super) fn clear(service: &Service, run: &Path) -> Result<(), EmbeddedError> {
    let stubborn = |pid| EmbeddedError::StillRunning {
        program: service.name,
        pid,
        dir: service.folder.clone(),
    };
    let pid_file = service.folder.join("postmaster.pid");
    if let Some(pid) = first_pid(&pid_file)
        && service.processes().contains(&pid)
    {
        tracing::warn!("ending a postgres that was left behind (process {pid})");
        if !service.end(pid, PATIENCE) {
            return Err(stubborn(pid));
        }
    }
    // The helpers of a killed server notice within moments; none may be left when the next one starts.
    if !wait_until(PATIENCE, || service.processes().is_empty())
        && let Some(pid) = service.processes().first()
    {
        return Err(stubborn(*pid));
    }
    // Postgres itself removes the file of a dead process. It cannot know that the number was given to another.
    if let Some(pid) = first_pid(&pid_file)
        && is_alive(pid)
    {
        tracing::warn!("removing a stale postmaster.pid (process {pid} is another program)");
        fs_err::remove_file(&pid_file)?;
    }
    for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
        match fs_err::remove_file(run.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => (),
        }
    }
    Ok(())
}

/// True when the server with this process id takes connections.
pub(super) fn is_ready(service: &Service, pid: u32) -> bool {
    let path = service.folder.join("postmaster.pid");
    let text = fs_err::read_to_string(path).unwrap_or_default();
    let mut lines = text.lines();
    let mine = lines.next().and_then(|line| line.trim().parse().ok()) == Some(pid);
    mine && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

fn first_pid(file: &Path) -> Option<i32> {
    let text = fs_err::read_to_string(file).ok()?;
    text.lines().next()?.trim().parse().ok()
}
