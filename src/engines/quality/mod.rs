//! How good answers are: measures with their uncertainty. Values in, values out.
mod captions;
mod estimate;
mod ratio;
mod retrieval;

pub use captions::{bleu4, cider};
pub use estimate::{Estimate, calibration_error, estimate};
pub use ratio::ratio;
pub use retrieval::{average_precision, rank_of};
