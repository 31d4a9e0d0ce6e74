//! Outfits and lessons on the wire.
use crate::{
    base::{cursor::Cursor, garment::Slot, id::ItemId},
    features::{
        accounts::CurrentUser,
        recommend::{Error, Lesson, Request, StoredChange, StoredPart, Suggestion},
        wardrobe::{Item, routes::wire::ItemBody},
    },
    platform::http::idempotency::{Attempt, OptionalKey},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// A request that may arrive more than once, as its `Idempotency-Key` names it.
pub(super) fn attempt(
    user: &CurrentUser,
    route: &'static str,
    key: OptionalKey,
    body: &impl Serialize,
) -> Result<Attempt, Error> {
    let asked = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
    Ok(Attempt {
        owner: user.id,
        route,
        key: key.0,
        request_hash: Sha256::digest(asked).into(),
    })
}

/// A garment in an outfit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OutfitItem {
    /// The garment.
    item: ItemBody,
    /// The place it takes.
    slot: Slot,
    /// What it adds to the outfit's score.
    score: f32,
    /// Addends of that.
    parts: Vec<StoredPart>,
}

/// An outfit that was suggested.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Outfit)]
pub(super) struct OutfitBody {
    /// Its id, for feedback.
    id: Uuid,
    /// Logit of being liked; the contributions of `parts` sum to it.
    score: f32,
    /// Chance of being liked, 0 to 1.
    probability: f32,
    /// Why, in one sentence.
    sentence: String,
    /// What would change how much it is liked, computed with the same model: one piece for another or for none.
    what_would_change_it: Vec<StoredChange>,
    /// When it was suggested.
    created_at: DateTime<Utc>,
    /// Whether it was saved.
    is_saved: bool,
    /// What it is made of, in dressing order.
    items: Vec<OutfitItem>,
    /// Addends of the score.
    parts: Vec<StoredPart>,
}

impl OutfitBody {
    pub(super) fn new(outfit: Suggestion, items: &HashMap<ItemId, Item>) -> Self {
        Self {
            id: outfit.id.0,
            score: outfit.score,
            probability: outfit.probability,
            sentence: outfit.sentence,
            what_would_change_it: outfit.changes,
            created_at: outfit.created_at,
            is_saved: outfit.is_saved,
            items: outfit
                .picks
                .into_iter()
                .filter_map(|pick| {
                    Some(OutfitItem {
                        item: items.get(&pick.item)?.clone().into(),
                        slot: pick.slot,
                        score: pick.score,
                        parts: pick.parts,
                    })
                })
                .collect(),
            parts: outfit.parts,
        }
    }
}

/// What to wear.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RecommendAnswer {
    /// Outfits, best first.
    pub(super) outfits: Vec<OutfitBody>,
    /// Places in an outfit that nothing in the wardrobe fills.
    pub(super) missing: Vec<Slot>,
    /// Plain sentences about what could not be done and why.
    pub(super) notes: Vec<String>,
    /// `name@version` of the model pack.
    pub(super) pack: String,
    /// The version of features and weights.
    pub(super) fusion_version: &'static str,
}

/// What to wear on several days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WeekAnswer {
    /// In the order of the request.
    pub(super) days: Vec<DayAnswer>,
    /// Plain sentences about the whole plan.
    pub(super) notes: Vec<String>,
    /// `name@version` of the model pack.
    pub(super) pack: String,
    /// The version of features and weights.
    pub(super) fusion_version: &'static str,
}

/// What to wear on one day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DayAnswer {
    /// Which day.
    pub(super) date: NaiveDate,
    /// The outfit; absent when the wardrobe cannot dress this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outfit: Option<OutfitBody>,
    /// Places in the outfit that nothing in the wardrobe fills.
    pub(super) missing: Vec<Slot>,
    /// Plain sentences about what could not be done, what repeats, and why.
    pub(super) notes: Vec<String>,
}

/// An ask with a photo of something at hand.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents the multipart form")]
pub(super) struct RecommendForm {
    /// JPEG, PNG, WebP, GIF or BMP.
    #[schema(value_type = String, format = Binary)]
    photo: Vec<u8>,
    /// The rest of the ask, as JSON.
    request: Option<Request>,
}

/// A page of outfits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OutfitPage {
    /// Outfits, newest first.
    pub(super) outfits: Vec<OutfitBody>,
    /// Ask for `?cursor=` this to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}

/// Which outfits to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OutfitQuery {
    /// Only those that were saved, or were not.
    pub(super) saved: Option<bool>,
    /// Only those that were worn, or were not.
    pub(super) worn: Option<bool>,
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Outfits per page, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(super) limit: Option<usize>,
}

/// Which page of lessons.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Lessons per page, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(super) limit: Option<usize>,
}

/// Reads where a page starts and how long it is.
pub(super) fn page(
    cursor: Option<&str>,
    limit: Option<usize>,
) -> Result<(Option<Cursor>, usize), Error> {
    let limit = limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Error::Invalid(format!(
            "limit is {limit}; expected 1 to 100"
        )));
    }
    let after = match cursor {
        None => None,
        Some(text) => Some(Cursor::decode(text).ok_or_else(|| {
            Error::Invalid("cursor is none that a page of this list gave".to_owned())
        })?),
    };
    Ok((after, limit))
}

/// What was learned from a piece of feedback.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FeedbackAnswer {
    /// The lesson; deleting it takes it back.
    pub(super) event: Lesson,
}

/// A page of lessons.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LessonPage {
    /// Lessons, newest first.
    pub(super) lessons: Vec<Lesson>,
    /// Ask for `?cursor=` this to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}

/// What FlashFit thinks a person cares about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Taste {
    /// Events learned from.
    pub(super) events: i32,
    /// How much each feature counts, and where everybody starts.
    pub(super) weights: Vec<TasteWeight>,
}

/// How much a feature counts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TasteWeight {
    /// The stable name of the feature.
    pub(super) feature: &'static str,
    /// What it measures, in words.
    pub(super) label: &'static str,
    /// Posterior mean.
    pub(super) weight: f32,
    /// Posterior standard deviation.
    pub(super) deviation: f32,
    /// Where everybody starts.
    pub(super) prior: f32,
}
