//! How good answers are: measures with their uncertainty. Values in, values out.
mod captions;
mod catalogue;
mod discrimination;
mod estimate;
pub mod grammar;
mod offpolicy;
mod ratio;
mod retrieval;

pub use captions::{bleu4, cider};
pub use catalogue::{Catalogue, Product, word};
pub use discrimination::{Scored, auc};
pub use estimate::{Estimate, calibration_by_chance, calibration_error, estimate};
pub use offpolicy::{Decision, OffPolicy, off_policy};
pub use ratio::ratio;
pub use retrieval::{average_precision, rank_of};
