//! Whose rights the private services have. Postgres refuses to run as root, so root lends them an account.
use super::error::EmbeddedError;
use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// The accounts that root may use, best first.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// A user of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Set when this process is root and its children are to be this account.
    pub(super) borrowed: bool,
}

impl Account {
    /// The current user; for root, the owner of `cluster` where there is one, else a system account.
    pub(super) fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        let me = rustix::process::geteuid().as_raw();
        let passwd = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
        let owner = fs_err::metadata(cluster).ok().map(|m| (m.uid(), m.gid()));
        let name = |uid| name_of(&passwd, uid).unwrap_or_else(|| uid.to_string());
        match owner {
            Some((uid, _)) if me != 0 && uid != me => Err(EmbeddedError::Owner {
                dir: cluster.to_owned(),
                owner: name(uid),
            }),
            Some((uid, gid)) if me == 0 && uid != 0 => Ok(Self {
                name: name(uid),
                uid,
                gid,
                borrowed: true,
            }),
            _ if me == 0 => find(&passwd).ok_or(EmbeddedError::NoAccount),
            _ => Ok(Self {
                name: name(me),
                uid: me,
                gid: rustix::process::getegid().as_raw(),
                borrowed: false,
            }),
        }
    }

    /// The topmost folder on the way to `dir`, `dir` included, that this account may not enter.
    pub(super) fn barrier(&self, dir: &Path) -> std::io::Result<Option<PathBuf>> {
        let mut way: Vec<&Path> = dir.ancestors().collect();
        way.reverse();
        for folder in way {
            let meta = fs_err::metadata(folder)?;
            let needed = match () {
                () if meta.uid() == self.uid => 0o100,
                () if meta.gid() == self.gid => 0o010,
                () => 0o001,
            };
            if meta.mode() & needed == 0 {
                return Ok(Some(folder.to_owned()));
            }
        }
        Ok(None)
    }
}

/// The first of the [`CANDIDATES`] that `passwd` knows.
fn find(passwd: &str) -> Option<Account> {
    CANDIDATES.iter().find_map(|wanted| {
        lines(passwd)
            .find(|(name, uid, _)| name == wanted && *uid != 0)
            .map(|(name, uid, gid)| Account {
                name: name.to_owned(),
                uid,
                gid,
                borrowed: true,
            })
    })
}

fn name_of(passwd: &str, uid: u32) -> Option<String> {
    lines(passwd)
        .find(|(_, found, _)| *found == uid)
        .map(|(name, ..)| name.to_owned())
}

/// Name, user id and group id of every line that has them.
fn lines(passwd: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    passwd.lines().filter_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        let uid = parts.nth(1)?.parse().ok()?;
        Some((name, uid, parts.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    #[test]
    fn root_borrows_postgres_before_nobody_and_never_itself() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:::\npostgres:x:101:104:::\n";
        let found = |text: &str| find(text).map(|a| (a.name, a.uid, a.gid));
        assert_eq!(found(passwd), Some(("postgres".into(), 101, 104)));
        assert_eq!(
            found("nobody:x:65534:65533:::"),
            Some(("nobody".into(), 65534, 65533))
        );
        assert_eq!(found("postgres:x:0:0:::\nbroken\n"), None);
        assert_eq!(name_of(passwd, 0), Some("root".into()));
    }

    #[test]
    fn the_folder_that_keeps_a_user_out_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let stranger = Account {
            name: "stranger".into(),
            uid: 4_000_000,
            gid: 4_000_000,
            borrowed: true,
        };
        let inner = dir.path().join("inner");
        fs_err::create_dir(&inner).unwrap();
        fs_err::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(
            stranger.barrier(&inner).unwrap(),
            Some(dir.path().to_owned())
        );
        fs_err::set_permissions(dir.path(), Permissions::from_mode(0o711)).unwrap();
        assert_eq!(stranger.barrier(&inner).unwrap(), None);
    }
}
