//! What every route shares: problem documents, body limits, request ids.
pub mod compress;
pub mod extract;
pub mod guard;
pub mod idempotency;
pub mod limits;
pub mod listen;
pub mod observe;
pub mod picture;
pub mod problem;
pub mod security;
mod settings;

pub use problem::{Problem, ProblemBody};
pub use settings::Settings;
