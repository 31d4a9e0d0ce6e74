//! Why private services cannot run: each message says what was found and what to do about it.
use std::path::PathBuf;

/// Why [`Embedded`](super::Embedded) did not start.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The system lacks a program: install it, or name a server of your own in the configuration.
    #[error(
        "{program} was not found: apt-get install {package}, or set {setting} to a server of your own"
    )]
    Missing {
        /// The program that was looked for.
        program: &'static str,
        /// The Debian package that has it.
        package: &'static str,
        /// The setting that makes it unnecessary.
        setting: &'static str,
    },
    /// The data was written by another major version of Postgres, which cannot be read by those installed.
    #[error(
        "{dir} was made by PostgreSQL {wanted}, but only {found} is installed: apt-get install postgresql-{wanted}, or move the data with pg_dump"
    )]
    Version {
        /// The cluster.
        dir: PathBuf,
        /// The major version that made it.
        wanted: u32,
        /// The newest major version that is installed.
        found: u32,
    },
    /// Another process serves from the same folder.
    #[error(
        "{dir} is in use by another flashfit (process {pid}): stop it, or choose another data directory"
    )]
    InUse {
        /// The data directory.
        dir: PathBuf,
        /// The process that holds it, as far as is known.
        pid: String,
    },
    /// The account that runs Postgres for root cannot get to the data.
    #[error(
        "{dir} cannot be used: postgres runs as user {user}, who may not enter {barrier}; choose a data directory below /var/lib, or run flashfit as an ordinary user"
    )]
    Unreachable {
        /// The data directory.
        dir: PathBuf,
        /// Who runs Postgres.
        user: String,
        /// The folder that keeps that user out.
        barrier: PathBuf,
    },
    /// The cluster belongs to somebody else.
    #[error(
        "{dir} belongs to user {owner}: run flashfit as that user or as root, or choose another data directory"
    )]
    Owner {
        /// The cluster.
        dir: PathBuf,
        /// Whose it is.
        owner: String,
    },
    /// Root has no account to run Postgres as.
    #[error(
        "postgres does not run as root, and there is neither a user postgres nor nobody: run flashfit as an ordinary user"
    )]
    NoAccount,
    /// Somebody else made the folder that the sockets would go to.
    #[error("{0} was not made by flashfit or is open to others: remove it and start again")]
    Unsafe(PathBuf),
    /// A child of an earlier flashfit holds the data and does not end.
    #[error(
        "{program} (process {pid}) still runs on {dir} and does not stop: end it and start again"
    )]
    StillRunning {
        /// The program.
        program: &'static str,
        /// Its process id.
        pid: i32,
        /// The folder it works in.
        dir: PathBuf,
    },
    /// The program ended, or said no.
    #[error("{program} did not start: {reason} (more in {log})")]
    Failed {
        /// The program.
        program: &'static str,
        /// Its last words.
        reason: String,
        /// Where it writes.
        log: PathBuf,
    },
    /// The program runs but does not answer.
    #[error("{program} was not ready after {seconds} s (more in {log})")]
    Slow {
        /// The program.
        program: &'static str,
        /// How long it was given.
        seconds: u64,
        /// Where it writes.
        log: PathBuf,
    },
    /// The thread that keeps the services ended unexpectedly.
    #[error("the keeper of the private services ended unexpectedly")]
    Keeper,
    /// The private Postgres runs, but the database cannot be made.
    #[error("the database flashfit could not be made: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// A file or a process could not be handled; the message names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
