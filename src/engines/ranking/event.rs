//! What people say: the entries of the feedback log.
use super::model::PerSpace;
use crate::base::{
    garment::Slot,
    id::{EventId, ItemId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a person did with an outfit.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Said yes.
    Like,
    /// Said no; may come with a [`Reason`].
    Dislike,
    /// Kept it for later.
    Save,
    /// Went on to the next one.
    Skip,
    /// Wore it.
    Wear,
    /// Wore something else: `other_features` and `other_items` say what.
    WoreInstead,
    /// Gave 1 to 5 stars.
    Rating,
    /// Would wear a piece that was shown by itself, in no outfit.
    WouldWear,
    /// Would rather not wear a piece that was shown by itself.
    WouldNotWear,
    /// Wore it and was too warm.
    TooWarm,
    /// Wore it and was too cold.
    TooCold,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Like,
        Self::Dislike,
        Self::Save,
        Self::Skip,
        Self::Wear,
        Self::WoreInstead,
        Self::Rating,
        Self::WouldWear,
        Self::WouldNotWear,
        Self::TooWarm,
        Self::TooCold,
    ];

    /// Whether it is said of a piece shown by itself, not of an outfit.
    #[must_use]
    pub const fn is_of_a_piece(self) -> bool {
        matches!(self, Self::WouldWear | Self::WouldNotWear)
    }

    /// The word used in the database, in metrics and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Dislike => "dislike",
            Self::Save => "save",
            Self::Skip => "skip",
            Self::Wear => "wear",
            Self::WoreInstead => "wore_instead",
            Self::Rating => "rating",
            Self::WouldWear => "would_wear",
            Self::WouldNotWear => "would_not_wear",
            Self::TooWarm => "too_warm",
            Self::TooCold => "too_cold",
        }
    }

    /// What it says about a suggestion as such, 0 (no) to 1 (yes); `rating` counts for ratings alone.
    #[must_use]
    pub fn reward(self, rating: Option<u8>) -> Option<f64> {
        match self {
            Self::Like | Self::Save | Self::Wear => Some(1.0),
            Self::Dislike | Self::Skip | Self::WoreInstead => Some(0.0),
            Self::Rating => rating.map(|stars| f64::from(stars.clamp(1, 5) - 1) / 4.0),
            // How warm it was says nothing about the suggestion as such.
            Self::WouldWear | Self::WouldNotWear | Self::TooWarm | Self::TooCold => None,
        }
    }

    /// Finds a kind by its [`Kind::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why an outfit was disliked.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The colours.
    Colour,
    /// A piece does not fit.
    Fit,
    /// Too warm for the weather.
    TooWarm,
    /// Too cold for the weather.
    TooCold,
    /// Too formal.
    TooFormal,
    /// Worn only recently.
    WornRecently,
    /// The pieces are fine, but not together.
    NotTogether,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Colour,
        Self::Fit,
        Self::TooWarm,
        Self::TooCold,
        Self::TooFormal,
        Self::WornRecently,
        Self::NotTogether,
    ];

    /// The word used in the database, in metrics and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Colour => "colour",
            Self::Fit => "fit",
            Self::TooWarm => "too_warm",
            Self::TooCold => "too_cold",
            Self::TooFormal => "too_formal",
            Self::WornRecently => "worn_recently",
            Self::NotTogether => "not_together",
        }
    }

    /// Finds a reason by its [`Reason::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// One entry of the feedback log.
#[derive(Debug, Clone)]
pub struct Event {
    /// Which entry.
    pub id: EventId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: Kind,
    /// 1 to 5, for [`Kind::Rating`]; a rating event without one teaches nothing.
    pub rating: Option<u8>,
    /// Why, for [`Kind::Dislike`].
    pub reason: Option<Reason>,
    /// φ of the outfit as it was shown. Shorter than today's list is fine: the rest counts as zero.
    pub features: Vec<f32>,
    /// φ of what was worn, for [`Kind::WoreInstead`].
    pub other_features: Option<Vec<f32>>,
    /// The garments of the outfit.
    pub items: Vec<EventItem>,
    /// The garments that were worn, for [`Kind::WoreInstead`].
    pub other_items: Vec<EventItem>,
}

/// A garment as it looked when the event happened.
#[derive(Debug, Clone)]
pub struct EventItem {
    /// Which garment.
    pub item: ItemId,
    /// The place it took.
    pub slot: Slot,
    /// How it looked to each model.
    pub embeddings: PerSpace,
}
