//! What ranking takes and gives: garments and an ask in, explained outfits out; events in, a learned person out.
//!
//! Plain values. Wire types and table rows are made from these by whoever owns the wire or the table.
use super::{crowd::Crowds, features::Together};
use crate::base::{
    embedding::{Embedding, Space},
    garment::{Category, ColourFamily, DressCode, Occasion, Season, Slot, Whereabouts},
    id::ItemId,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// One value per [`Space`], in the order of [`Space::index`]; `None` where the pack gave none.
pub type PerSpace = [Option<Embedding>; Space::ALL.len()];

/// One measured colour of a garment.
#[derive(Debug, Clone, PartialEq)]
pub struct Tint {
    /// `OKLab`: lightness 0 to 1, then the two opponent axes, about −0.4 to 0.4.
    pub oklab: [f32; 3],
    /// The share of the garment that has this colour, 0 to 1.
    pub share: f32,
    /// What people call it: "navy".
    pub name: String,
}

/// A garment as far as choosing outfits is concerned.
#[derive(Debug, Clone)]
pub struct Garment {
    /// Which garment.
    pub id: ItemId,
    /// What kind it is.
    pub category: Category,
    /// The place it takes in an outfit.
    pub slot: Slot,
    /// How likely it takes that place, 0 to 1; 1 where its owner said so.
    pub certainty: f32,
    /// How it looks to each model.
    pub embeddings: PerSpace,
    /// Its colours, the largest share first.
    pub colours: Vec<Tint>,
    /// A word of the `pattern` head of `docs/model-pack.md`, if known.
    pub pattern: Option<String>,
    /// 1 (home, sport) to 5 (evening).
    pub formality: f32,
    /// 1 (hot weather) to 5 (deep winter).
    pub warmth: f32,
    /// When it is worn, if known.
    pub season: Option<Season>,
    /// It is not in the wash.
    pub is_clean: bool,
    /// Where it is: what is lent or packed cannot be worn.
    pub whereabouts: Whereabouts,
    /// When it was last worn, if ever.
    pub last_worn: Option<DateTime<Utc>>,
    /// How often it was worn in the last 30 days.
    pub wears_30d: u32,
    /// What the person calls it: "navy striped t-shirt".
    pub label: String,
}

/// The weather to dress for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// Degrees Celsius; anything that is not finite counts as unknown.
    pub temperature_c: f32,
    /// Rain or snow.
    pub is_wet: bool,
}

/// A question: what shall I wear?
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the outfit should be close to: a photo, a text, or the anchor, in each space.
    pub targets: PerSpace,
    /// A thing that is not owned and held up as an example, with what the models saw in it.
    pub example: Option<Box<Garment>>,
    /// The garment the outfit is built around; it is in every answer, as if in `must_include`.
    pub anchor: Option<ItemId>,
    /// What it is for.
    pub occasion: Option<Occasion>,
    /// What the weather is.
    pub weather: Option<Weather>,
    /// Garments that every outfit has; earlier ones win where two cannot be worn together.
    pub must_include: Vec<ItemId>,
    /// Garments that no outfit has; wins over `must_include`.
    pub exclude: Vec<ItemId>,
    /// Outfits shown and disliked recently; not shown again while there is another.
    pub avoid_outfits: Vec<Vec<ItemId>>,
    /// What every piece has to be like; a piece that is asked for by itself need not.
    pub limits: Limits,
    /// Also use what is in the wash.
    pub include_unclean: bool,
    /// How many outfits, 1 to [`MAX_COUNT`]; clamped.
    pub count: usize,
    /// Decides what is explored; the same seed gives the same answer.
    pub seed: u64,
    /// Whether the first outfit may be one that is only probably the best. Otherwise it is the best by what is known.
    pub explores: bool,
    /// The time of asking.
    pub now: DateTime<Utc>,
    /// Which kinds of garments go together; plain rules if nobody says otherwise.
    pub together: Arc<Together>,
    /// What people of like taste like, if there are enough of them.
    pub crowds: Option<Arc<Crowds>>,
}

/// What an ask allows of colours and dress.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The main colour of tops, bottoms, one-pieces and outer layers is one of these; any, if there are none.
    pub colours: Vec<ColourFamily>,
    /// The main colour of no piece is one of these; wins over `colours`.
    pub without_colours: Vec<ColourFamily>,
    /// How dressed up everything but extras is.
    pub dress_code: Option<DressCode>,
}

/// The most outfits one answer holds.
pub const MAX_COUNT: usize = 10;

impl Ask {
    /// An ask for `count` outfits without any wish.
    #[must_use]
    pub fn new(count: usize, seed: u64, now: DateTime<Utc>) -> Self {
        Self {
            targets: [None, None, None],
            example: None,
            anchor: None,
            occasion: None,
            weather: None,
            must_include: vec![],
            exclude: vec![],
            avoid_outfits: vec![],
            limits: Limits::default(),
            include_unclean: false,
            count,
            seed,
            explores: false,
            now,
            together: Arc::new(Together::rules()),
            crowds: None,
        }
    }
}

/// What to wear.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Valid outfits, best first, each a different idea; may be fewer than asked.
    pub outfits: Vec<Outfit>,
    /// Slots that the ask needs and nothing usable fills.
    pub missing: Vec<Slot>,
    /// Plain sentences about what could not be done and why.
    pub notes: Vec<String>,
    /// How the first outfit was chosen; nothing without outfits.
    pub choice: Option<Choice>,
}

/// How the first outfit was chosen. Store it: with it, one can tell later how other ways to choose would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The outfits that might have been first, the best by what is known first.
    pub considered: Vec<Considered>,
    /// Which of them it was.
    pub chosen: usize,
    /// How likely it was that it would be this one, above 0 to 1.
    pub propensity: f32,
}

/// An outfit that might have been first.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// What it is made of.
    pub items: Vec<ItemId>,
    /// φ, one number per entry of `FEATURES`.
    pub features: Vec<f32>,
}

/// One suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Outfit {
    /// What it is made of, in the order one dresses.
    pub picks: Vec<Pick>,
    /// One per entry of `FEATURES`; the contributions sum to `score`.
    pub parts: Vec<Part>,
    /// Logit of being liked.
    pub score: f32,
    /// Chance of being liked, 0 to 1; closer to one half than the score says while little is known.
    pub probability: f32,
    /// φ, one number per entry of `FEATURES`. Store it: learning needs it as shown.
    pub features: Vec<f32>,
    /// Why, in one plain sentence made of the largest contributions.
    pub sentence: String,
    /// What would change how much it is liked, what makes it better first; at most two. None in a plan.
    pub changes: Vec<Change>,
}

/// One piece of an outfit taken off, and what the outfit would be then.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What is taken off.
    pub without: ItemId,
    /// What is put on in its place, if anything.
    pub with: Option<ItemId>,
    /// It is in the wash, and all this is if it were clean.
    pub needs_wash: bool,
    /// Chance of being liked then, 0 to 1.
    pub probability: f32,
    /// The same as a plain sentence.
    pub sentence: String,
}

/// A garment in an outfit.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Which garment.
    pub item: ItemId,
    /// The place it takes.
    pub slot: Slot,
    /// What it adds to the outfit's score: the sum of the contributions in `parts`.
    pub score: f32,
    /// Only the features that belong to single garments.
    pub parts: Vec<Part>,
}

/// One addend of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The stable name of the feature.
    pub feature: &'static str,
    /// What the app calls it.
    pub label: &'static str,
    /// What was measured, −1 to 1.
    pub value: f32,
    /// How much this person cares.
    pub weight: f32,
    /// What it adds to the score.
    pub contribution: f32,
}

/// A direction of taste in one space.
#[derive(Debug, Clone, PartialEq)]
pub struct Interest {
    /// Where it points.
    pub centre: Embedding,
    /// Evidence for it (positive) or against it (negative), as of the last event of its person.
    pub weight: f32,
}

/// How much a person cares about one feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// The stable name of the feature.
    pub feature: &'static str,
    /// What the app calls it.
    pub label: &'static str,
    /// Posterior mean.
    pub mean: f32,
    /// Posterior standard deviation.
    pub deviation: f32,
    /// Where everybody starts.
    pub prior: f32,
}

/// What one entry of φ means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureInfo {
    /// Its stable name.
    pub name: &'static str,
    /// What the app calls it.
    pub label: &'static str,
    /// What it measures, in one sentence.
    pub help: &'static str,
    /// The smallest and the largest value it takes.
    pub range: (f32, f32),
}
