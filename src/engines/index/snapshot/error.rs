//! Why a snapshot cannot be used.
use crate::engines::index::error::IndexError;
use std::io;

/// The version of the format that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// Why there is no snapshot to use.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is no such file.
    #[error("there is no snapshot")]
    Missing,
    /// The file system refused.
    #[error("the snapshot cannot be read or written")]
    Io(#[source] io::Error),
    /// The file is something else.
    #[error("the file is not a snapshot")]
    NotASnapshot,
    /// The file was written by another version of the program.
    #[error("the snapshot has format {0}, this program reads format {FORMAT}")]
    Version(u32),
    /// The file is cut short or altered.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
    /// The vectors come from another pack.
    #[error("the snapshot was made with pack {found}, the running pack is {expected}")]
    ForeignPack {
        /// The running pack.
        expected: String,
        /// The pack of the file.
        found: String,
    },
    /// The vectors are from another space or have another dimension.
    #[error("the snapshot holds {found}, expected {expected}")]
    ForeignSpace {
        /// Space and dimension that were asked for.
        expected: String,
        /// Space and dimension of the file.
        found: String,
    },
    /// The index refused the rows.
    #[error("the index refuses the snapshot")]
    Index(#[from] IndexError),
}

impl SnapshotError {
    /// Whether the file is broken, rather than absent or somebody else's.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Io(_) | Self::NotASnapshot | Self::Damaged(_) | Self::Index(_) => true,
            Self::Missing
            | Self::Version(_)
            | Self::ForeignPack { .. }
            | Self::ForeignSpace { .. } => false,
        }
    }
}
