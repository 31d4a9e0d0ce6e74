//! Finds the system's programs: on PATH, and where distributions put them.
use super::error::EmbeddedError;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// One installed version of Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Postgres {
    pub(super) server: PathBuf,
    pub(super) initdb: PathBuf,
    pub(super) major: u32,
}

/// The version that made `cluster`, or the newest when there is no cluster yet.
pub(super) fn find_postgres(cluster: &Path) -> Result<Postgres, EmbeddedError> {
    let folders = postgres_folders().into_iter();
    let servers: BTreeSet<PathBuf> = folders
        .filter_map(|folder| fs_err::canonicalize(folder.join("postgres")).ok())
        .collect();
    let mut found: Vec<Postgres> = servers.into_iter().filter_map(look).collect();
    found.sort_by_key(|postgres| std::cmp::Reverse(postgres.major));
    let newest = found.first().cloned().ok_or(EmbeddedError::Missing {
        program: "postgres",
        package: "postgresql",
        setting: "database.url",
    })?;
    let Ok(version) = fs_err::read_to_string(cluster.join("PG_VERSION")) else {
        return Ok(newest);
    };
    let wanted = version.trim().parse().unwrap_or(0);
    let fitting = found.into_iter().find(|p| p.major == wanted);
    fitting.ok_or_else(|| EmbeddedError::Version {
        dir: cluster.to_owned(),
        wanted,
        found: newest.major,
    })
}

/// The Redis server, or Valkey, which speaks the same.
pub(super) fn find_redis() -> Result<PathBuf, EmbeddedError> {
    let folders = path();
    ["redis-server", "valkey-server"]
        .iter()
        .find_map(|name| in_folders(&folders, name))
        .ok_or(EmbeddedError::Missing {
            program: "redis-server",
            package: "redis-server",
            setting: "cache.url",
        })
}

/// The `setpriv` of util-linux, which can tie the life of a child to its parent's.
pub(super) fn find_setpriv() -> Option<PathBuf> {
    let setpriv = in_folders(&path(), "setpriv")?;
    output(&setpriv, "--help")?
        .contains("--pdeathsig")
        .then_some(setpriv)
}

/// PATH is where programs are, not configuration, so it is read here; the usual places follow.
fn path() -> Vec<PathBuf> {
    let given = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"];
    std::env::split_paths(&given)
        .chain(usual.map(PathBuf::from))
        .filter(|dir| dir.is_absolute())
        .collect()
}

fn postgres_folders() -> Vec<PathBuf> {
    let mut folders = path();
    folders.push("/usr/local/pgsql/bin".into());
    // Debian: /usr/lib/postgresql/15/bin; Red Hat: /usr/pgsql-15/bin.
    for (parent, prefix) in [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")] {
        let entries = fs_err::read_dir(parent).into_iter().flatten().flatten();
        let fitting = entries.filter(|e| e.file_name().to_string_lossy().starts_with(prefix));
        folders.extend(fitting.map(|e| e.path().join("bin")));
    }
    folders
}

/// What `server` is, when `initdb` lies beside it.
fn look(server: PathBuf) -> Option<Postgres> {
    let initdb = server.with_file_name("initdb");
    let text = initdb.is_file().then(|| output(&server, "--version"))??;
    let major = major(&text)?;
    Some(Postgres {
        server,
        initdb,
        major,
    })
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn in_folders(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    folders
        .iter()
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

fn output(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_write_them() {
        for (text, want) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                Some(15),
            ),
            ("postgres (PostgreSQL) 18beta2", Some(18)),
            ("postgres", None),
        ] {
            assert_eq!(major(text), want, "{text}");
        }
    }

    #[test]
    fn a_cluster_of_an_absent_version_is_not_opened_with_another() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("PG_VERSION"), "9\n").unwrap();
        let error = find_postgres(dir.path()).unwrap_err().to_string();
        assert!(error.contains("made by PostgreSQL 9"), "{error}");
    }
}
