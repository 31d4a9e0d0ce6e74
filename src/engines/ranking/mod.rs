//! Choosing outfits, and learning from what people do with them.
//!
//! Score = w·φ: `features` measures φ, `fusion` learns w from feedback, starting from what
//! people have in common (`shared`); `taste` and `memory` learn what goes
//! into φ, `crowd` what people of like taste like, `compose` builds valid outfits and picks different ones among the best, `explain` says why. Every
//! function is deterministic: time and seed are arguments. Not here: who asks, what is stored, and when.
mod compose;
mod crowd;
mod event;
mod explain;
mod features;
mod fusion;
mod learned;
mod lesson;
mod memory;
mod model;
mod prior;
mod shared;
mod stored;
mod taste;

pub use compose::{Day, Judged, Kept, MAX_DAYS, appraise, compose, judge, plan, taste_of};
pub use crowd::{Centre, Crowds, Group};
pub use event::{Event, EventItem, Kind, Reason};
pub use features::{FEATURES, Together};
pub use learned::Learned;
pub use model::{
    Answer, Ask, Change, Choice, Considered, FeatureInfo, Garment, Interest, Limits, MAX_COUNT,
    Outfit, Part, PerSpace, Pick, Tint, Weather, Weight,
};
pub use shared::{Posterior, SharedPrior};
pub use stored::NotLearned;
