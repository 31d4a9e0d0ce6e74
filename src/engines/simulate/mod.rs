//! Simulated people: hidden tastes over real wardrobes, to measure whether learning from them works.
//!
//! What a person likes is a function of what annotators wrote about the garments, never of φ; what the
//! recommender sees is what the models recognised. Deterministic: seeds come in. The assumptions and the
//! protocol are in `docs/personalisation.md`.
mod course;
mod evaluate;
mod exam;
mod outfits;
mod person;
mod policy;
mod suggest;
mod taste;

pub use course::{CHECKPOINTS, Checkpoint, Course, Decided, EVENTS, FLIP, run};
pub use evaluate::{discounted_gain, recovery};
pub use person::{Family, Person};
pub use policy::{Policy, prior_from};
pub use taste::Truth;

use crate::engines::ranking::Garment;

/// A garment as recognised, and what is true of it.
#[derive(Debug, Clone)]
pub struct Owned {
    /// What the recommender sees.
    pub garment: Garment,
    /// What annotators wrote down.
    pub truth: Truth,
}

/// A photo somebody might hold up when asking.
#[derive(Debug, Clone)]
pub struct Photo {
    /// What the recommender sees.
    pub garment: Garment,
    /// What annotators wrote down.
    pub truth: Truth,
}

/// The clothes of one real person.
#[derive(Debug, Clone)]
pub struct Wardrobe {
    /// Whose.
    pub name: String,
    /// The garments.
    pub pieces: Vec<Owned>,
}
