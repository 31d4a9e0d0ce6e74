//! The private Redis: a cache that forgets everything when it ends.
use super::{error::EmbeddedError, folders::Folders, programs::find_redis, service::Service};
use rustix::process::Signal;
use std::{
    ffi::OsString,
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a Redis that was left behind may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where Redis listens.
pub(super) fn socket(run: &Path) -> PathBuf {
    run.join("redis.sock")
}

/// Says how to run it: in memory only, the oldest entries make room for new ones.
pub(super) fn service(folders: &Folders) -> Result<Service, EmbeddedError> {
    let mut args: Vec<OsString> = vec!["--unixsocket".into(), socket(&folders.run).into()];
    for (name, value) in [
        ("--port", "0"),
        ("--unixsocketperm", "700"),
        ("--daemonize", "no"),
        ("--save", ""),
        ("--appendonly", "no"),
        ("--maxmemory", "256mb"),
        ("--maxmemory-policy", "allkeys-lru"),
        ("--loglevel", "warning"),
        ("--logfile", ""),
    ] {
        args.extend([name.into(), value.into()]);
    }
    Ok(Service {
        name: "redis",
        program: find_redis()?,
        args,
        folder: folders.redis.clone(),
        trace: socket(&folders.run),
        log: folders.data.join("redis.log"),
        account: folders.account.clone(),
        end: Signal::TERM,
        end_now: Signal::KILL,
    })
}

/// Ends what an earlier flashfit left behind; Redis itself replaces a stale socket.
pub(super) fn clear(service: &Service) -> Result<(), EmbeddedError> {
    for pid in service.processes() {
        tracing::warn!("ending a redis that was left behind (process {pid})");
        if !service.end(pid, PATIENCE) {
            return Err(EmbeddedError::StillRunning {
                program: service.name,
                pid,
                dir: service.folder.clone(),
            });
        }
    }
    Ok(())
}

/// True when it answers.
pub(super) fn is_ready(socket: &Path) -> bool {
    ping(socket).is_ok_and(|answer| answer.starts_with(b"+PONG"))
}

fn ping(socket: &Path) -> std::io::Result<[u8; 5]> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
