//! Where the private services live: the data directory, its lock, and a folder for sockets that is short enough.
use super::{account::Account, error::EmbeddedError};
use sha2::{Digest as _, Sha256};
use std::{
    fs::{DirBuilder, Permissions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// The longest path that Linux takes for a unix socket.
const LONGEST_SOCKET: usize = 107;
/// The longer of the two socket names.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The folders of one data directory, which is locked for as long as this lives.
#[derive(Debug)]
pub(super) struct Folders {
    /// The data directory itself.
    pub(super) data: PathBuf,
    /// The Postgres cluster; missing until it has been made.
    pub(super) cluster: PathBuf,
    /// Where Redis works.
    pub(super) redis: PathBuf,
    /// The sockets; nobody but the account and root may enter.
    pub(super) run: PathBuf,
    /// Who owns all but the data directory itself.
    pub(super) account: Account,
    _lock: Lock,
}

/// Keeps others out of the data directory until it is dropped.
#[derive(Debug)]
struct Lock(fs_err::File);

impl Drop for Lock {
    /// Closing the file is not enough: a child that another thread is just starting holds it too until it runs.
    fn drop(&mut self) {
        if let Err(error) = self.0.file().unlock() {
            tracing::warn!(%error, "the data directory stays locked");
        }
    }
}

impl Folders {
    /// Makes what is missing and locks `dir`.
    pub(super) fn prepare(dir: &Path) -> Result<Self, EmbeddedError> {
        make_data(dir)?;
        let data = fs_err::canonicalize(dir)?;
        let lock = lock(&data)?;
        let cluster = data.join("postgres");
        let account = Account::choose(&cluster)?;
        if account.borrowed {
            open_the_way(&data, &account)?;
        }
        let redis = data.join("redis");
        own(&redis, &account)?;
        let run = run_folder(&data, &account);
        if !run.starts_with(&data) && run.symlink_metadata().is_ok() {
            check_safe(&run, &account)?;
        }
        own(&run, &account)?;
        Ok(Self {
            data,
            cluster,
            redis,
            run,
            account,
            _lock: lock,
        })
    }
}

/// Makes the data directory: for root, one that others may pass through but not look into.
fn make_data(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let root = rustix::process::geteuid().is_root();
    let mode = if root { 0o711 } else { 0o700 };
    let made = DirBuilder::new().mode(mode).create(dir);
    made.map_err(|error| named(error, "could not make", dir))
}

fn lock(data: &Path) -> Result<Lock, EmbeddedError> {
    let path = data.join("embedded.lock");
    let file = fs_err::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)?;
    match file.file().try_lock() {
        Ok(()) => (),
        Err(TryLockError::WouldBlock) => {
            let pid = fs_err::read_to_string(&path).unwrap_or_default();
            return Err(EmbeddedError::InUse {
                dir: data.to_owned(),
                pid: pid.trim().to_owned(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(named(error, "could not lock", &path).into()),
    }
    fs_err::write(&path, format!("{}\n", std::process::id()))?;
    Ok(Lock(file))
}

/// Lets the account pass through the data directory, and checks that it gets that far.
fn open_the_way(data: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let mode = fs_err::metadata(data)?.mode();
    if account.barrier(data)?.as_deref() == Some(data) {
        fs_err::set_permissions(data, Permissions::from_mode(mode & 0o7777 | 0o011))?;
    }
    match account.barrier(data)? {
        None => Ok(()),
        Some(barrier) => Err(EmbeddedError::Unreachable {
            dir: data.to_owned(),
            user: account.name.clone(),
            barrier,
        }),
    }
}

/// Where the sockets of a data directory in use are.
pub(super) fn run_folder_of(dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let data = fs_err::canonicalize(dir)?;
    let account = Account::choose(&data.join("postgres"))?;
    Ok(run_folder(&data, &account))
}

/// `run` in the data directory, or a short folder named after it when that would not do for sockets and URLs.
fn run_folder(data: &Path, account: &Account) -> PathBuf {
    let inside = data.join("run");
    let text = inside.as_os_str().as_encoded_bytes();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"/_-.".contains(b);
    if text.iter().all(plain) && text.len() + 1 + SOCKET_NAME.len() <= LONGEST_SOCKET {
        return inside;
    }
    let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
    let hash: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let session = PathBuf::from(format!("/run/user/{}", account.uid));
    let base = match fs_err::metadata(&session) {
        Ok(meta) if !account.borrowed && meta.uid() == account.uid => session,
        _ => PathBuf::from("/tmp"),
    };
    base.join(format!("flashfit-{hash}"))
}

/// A folder in a place where anybody may make one must be ours and closed.
fn check_safe(run: &Path, account: &Account) -> Result<(), EmbeddedError> {
    let meta = fs_err::symlink_metadata(run)?;
    let ours = meta.uid() == account.uid || meta.uid() == rustix::process::geteuid().as_raw();
    if meta.is_dir() && ours && meta.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(EmbeddedError::Unsafe(run.to_owned()))
}

/// Makes a folder that only the account may enter.
pub(super) fn own(dir: &Path, account: &Account) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(named(error, "could not make", dir));
        }
        _ => (),
    }
    if account.borrowed {
        std::os::unix::fs::lchown(dir, Some(account.uid), Some(account.gid))
            .map_err(|error| named(error, "could not change the owner of", dir))?;
    }
    fs_err::set_permissions(dir, Permissions::from_mode(0o700))
}

fn named(error: io::Error, what: &str, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_dropped_is_free_though_a_child_has_the_file_too() {
        let dir = tempfile::tempdir().unwrap();
        let first = lock(dir.path()).unwrap();
        let inherited = first.0.file().try_clone().unwrap();
        assert!(matches!(lock(dir.path()), Err(EmbeddedError::InUse { .. })));
        drop(first);
        lock(dir.path()).unwrap();
        drop(inherited);
    }
}
