//! What goes wrong between an HTTP server and the disk, each in one line that says what to do.
use std::{io, path::PathBuf, time::Duration};

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not an address this program reads from.
    #[error("{0:?} is not an http:// or https:// address")]
    Address(String),
    /// The client cannot be made: there is nobody to trust.
    #[error(
        "HTTP cannot be spoken: {0}; install the system's certificates (ca-certificates), or see that SSL_CERT_FILE \
         and SSL_CERT_DIR, where they are set, lead to some"
    )]
    Client(String),
    /// The operator's own certificates cannot be used.
    #[error("models.ca_file: {0}")]
    Authority(String),
    /// The server does not show that it is who it says it is.
    #[error("{url}: the server's certificate is not trusted: {problem}")]
    Untrusted {
        /// What was asked for.
        url: String,
        /// Why, and what to do.
        problem: String,
    },
    /// There is no such file.
    #[error("{url} is not there (the server says {status}); check the address")]
    Missing {
        /// What was asked for.
        url: String,
        /// 404 or 410.
        status: u16,
    },
    /// The server will not hand it out, however often one asks.
    #[error("{url}: the server refuses with {status}; check the address and who may read it")]
    Refused {
        /// What was asked for.
        url: String,
        /// What it said.
        status: u16,
    },
    /// The server is in trouble.
    #[error("{url}: the server failed with {status} again and again; try again later")]
    Server {
        /// What was asked for.
        url: String,
        /// What it said last.
        status: u16,
    },
    /// The connection could not be made, or broke.
    #[error("{url}: {problem}; run the command again, it goes on where it stopped")]
    Interrupted {
        /// What was asked for.
        url: String,
        /// What happened last.
        problem: String,
    },
    /// A page for people came instead of a file.
    #[error("{url} is a web page (HTML), not the file: is there a log-in, or a viewer around it?")]
    Html {
        /// What was asked for.
        url: String,
    },
    /// More than this program takes.
    #[error("{url} is larger than {limit} bytes, more than such a file may have")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The bound.
        limit: u64,
    },
    /// Not the file that was wanted.
    #[error("{url} has SHA-256 {got}, expected {expected}; it was thrown away")]
    Checksum {
        /// What was asked for.
        url: String,
        /// Of what came.
        got: String,
        /// What it should be.
        expected: String,
    },
    /// It would not fit.
    #[error("{} has {} free, {} are needed; make room or choose another data_dir", dir.display(), mebibytes(*free), mebibytes(*needed))]
    Space {
        /// Where it was to be written.
        dir: PathBuf,
        /// Bytes wanted.
        needed: u64,
        /// Bytes there are.
        free: u64,
    },
    /// The disk would not.
    #[error("{}: {cause}", path.display())]
    Disk {
        /// What was written or read.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// Whether it is worth trying again.
pub(super) enum Trouble {
    /// It would only happen again.
    Final(Error),
    /// It may pass; the server may have said when.
    Passing(Error, Option<Duration>),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}
