//! Asks, suggestions and lessons as the rest of the program sees them.
use crate::{
    base::{
        garment::{ColourFamily, DressCode, Occasion, Slot},
        id::{EventId, ItemId, OutfitId},
    },
    engines::ranking::{Kind, Reason},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// "What shall I wear?"
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecommendRequest)]
pub struct Request {
    /// Build the outfit around this garment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_item_id: Option<ItemId>,
    /// What it should be like, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
    /// What the weather is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weather: Option<WeatherRequest>,
    /// Garments every outfit must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_include: Vec<ItemId>,
    /// Garments no outfit may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ItemId>,
    /// The main colour of clothes (not of shoes and extras) is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colours: Vec<ColourFamily>,
    /// No piece has one of these as its main colour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_colours: Vec<ColourFamily>,
    /// How dressed up everything but extras is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dress_code: Option<DressCode>,
    /// Also use what is in the wash.
    #[serde(default)]
    pub include_unclean: bool,
    /// How many outfits, 1 to 10.
    #[serde(default = "three")]
    #[schema(minimum = 1, maximum = 10, default = 3)]
    pub count: usize,
}

fn three() -> usize {
    3
}

/// "What shall I wear this week?"
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekRequest {
    /// The days to plan, 1 to 14, the earliest first.
    #[schema(min_items = 1, max_items = 14)]
    pub days: Vec<DayRequest>,
    /// Days that are decided already: what is worn then counts as used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 14)]
    pub keep: Vec<KeptDay>,
    /// Also use what is in the wash.
    #[serde(default)]
    pub include_unclean: bool,
}

/// A day to plan.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRequest {
    /// Which day.
    pub date: NaiveDate,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Occasion>,
    /// What the weather will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weather: Option<WeatherRequest>,
    /// What the outfit should be like, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Garments the outfit must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_include: Vec<ItemId>,
    /// Garments the outfit may not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ItemId>,
    /// The main colour of clothes (not of shoes and extras) is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colours: Vec<ColourFamily>,
    /// No piece has one of these as its main colour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_colours: Vec<ColourFamily>,
    /// How dressed up everything but extras is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dress_code: Option<DressCode>,
    /// Outfits that were turned down for this day: another one is wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub instead_of: Vec<OutfitId>,
}

/// A day that is decided already.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptDay {
    /// Which day; none of those to plan.
    pub date: NaiveDate,
    /// What is worn then.
    pub outfit_id: OutfitId,
}

/// The weather to dress for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Weather)]
pub struct WeatherRequest {
    /// Degrees Celsius, −60 to 60.
    #[schema(minimum = -60, maximum = 60)]
    pub temperature_c: f32,
    /// Rain or snow.
    #[serde(default)]
    pub is_wet: bool,
}

/// One addend of a score, as stored and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Part)]
pub struct StoredPart {
    /// The stable name of the feature.
    pub feature: String,
    /// What it measures, in words.
    pub label: String,
    /// What was measured, about −1 to 1.
    pub value: f32,
    /// How much this person cares.
    pub weight: f32,
    /// What it adds to the score.
    pub contribution: f32,
}

/// One piece of an outfit taken off, and what the outfit would be then, as stored and shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Change)]
pub struct StoredChange {
    /// What is taken off.
    pub without: ItemId,
    /// What is put on in its place, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<ItemId>,
    /// It is in the wash, and all this is if it were clean.
    pub needs_wash: bool,
    /// Chance of being liked then, 0 to 1.
    pub probability: f32,
    /// The same in one sentence.
    pub sentence: String,
}

/// An outfit as it was suggested.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// Its id.
    pub id: OutfitId,
    /// Logit of being liked.
    pub score: f32,
    /// Chance of being liked, 0 to 1.
    pub probability: f32,
    /// Why, in one sentence.
    pub sentence: String,
    /// What would have changed how much it is liked.
    pub changes: Vec<StoredChange>,
    /// Addends of the score.
    pub parts: Vec<StoredPart>,
    /// What learning needs.
    pub features: Vec<f32>,
    /// Which pack's embeddings it was made with.
    pub pack: String,
    /// When it was suggested.
    pub created_at: DateTime<Utc>,
    /// Whether its owner saved it.
    pub is_saved: bool,
    /// What it is made of, in dressing order.
    pub picks: Vec<StoredPick>,
}

/// A garment in a suggestion.
#[derive(Debug, Clone)]
pub struct StoredPick {
    /// Which garment.
    pub item: ItemId,
    /// The place it takes.
    pub slot: Slot,
    /// What it adds to the score.
    pub score: f32,
    /// Addends of that.
    pub parts: Vec<StoredPart>,
}

/// What a person says about an outfit.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeedbackRequest)]
pub struct Feedback {
    /// The outfit.
    pub outfit_id: OutfitId,
    /// What is said.
    pub kind: Kind,
    /// 1 to 5, for `rating` only.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<u8>,
    /// Why, for `dislike` only.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// What was worn instead, for `wore_instead` only.
    #[serde(default)]
    pub worn_item_ids: Option<Vec<ItemId>>,
}

/// What was learned from one event.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Lesson {
    /// The event; deleting it takes the lesson back.
    pub id: EventId,
    /// What was said.
    pub kind: Kind,
    /// In plain words.
    pub sentence: String,
    /// 1 to 5, for a rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Why, for a dislike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The outfit it was about.
    pub outfit_id: Option<OutfitId>,
    /// When it was said.
    pub created_at: DateTime<Utc>,
}
