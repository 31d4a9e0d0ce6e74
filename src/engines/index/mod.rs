//! Finding the nearest vectors: exactly where few can match, through one shared graph where many can.
//!
//! Everything here can be rebuilt from the embeddings in the database; nothing here is the truth.
//! Not here: which garments belong in the index and when (that is the caller's), and threads (a rebuild
//! runs on the thread that made it necessary, while searches go on).
mod error;
mod graph;
mod health;
mod inner;
mod planner;
mod query;
mod rows;
mod snapshot;
mod space;

pub use error::IndexError;
pub use health::Health;
pub use planner::Plan;
pub use query::{Answer, Filter, Hit};
pub use rows::Row;
pub use snapshot::{
    Expected, Restored, SnapshotError, check_snapshot, read_snapshot, write_snapshot,
};
pub use space::{Settings, SpaceIndex, Stats};
