//! Garments on the wire.
use crate::{
    base::garment::{Category, Season, Slot, Whereabouts},
    features::wardrobe::{Attribute, Colour, Edit, Filter, Item, State, Summary, Variant},
    platform::http::ProblemBody,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A garment.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Item)]
pub struct ItemBody {
    /// Its id.
    pub id: Uuid,
    /// What to call it: the owner's name for it, or colour and kind.
    pub name: String,
    /// How far recognition has come.
    pub state: State,
    /// Why recognition was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What kind of garment it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The place it takes in an outfit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// What the captioner saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// What is known about it.
    pub attributes: Vec<Attribute>,
    /// Its measured colours, largest share first.
    pub colours: Vec<Colour>,
    /// Whether it is not in the wash.
    pub is_clean: bool,
    /// Where it is; what is lent or packed is in no outfit.
    pub whereabouts: Whereabouts,
    /// How often it was worn.
    pub wears: u32,
    /// When it was last worn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_worn_at: Option<DateTime<Utc>>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// Width of the stored photo in pixels.
    pub width: u32,
    /// Height of the stored photo in pixels.
    pub height: u32,
    /// Where its pictures are.
    pub images: Images,
    /// `name@version` of the model pack that recognised it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
}

/// Addresses of a garment's pictures.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Images {
    /// The photo, JPEG.
    pub photo: String,
    /// At most 960 pixels a side, WebP.
    pub large: String,
    /// At most 384 pixels a side, WebP.
    pub small: String,
}

impl From<Item> for ItemBody {
    fn from(item: Item) -> Self {
        let image = |variant: Variant| {
            // The image id makes the address immutable: another photo is another address.
            format!(
                "/api/wardrobe/{}/image/{}?v={}",
                item.id,
                variant.name(),
                item.image
            )
        };
        Self {
            id: item.id.0,
            name: item.label(),
            state: item.state,
            category: item.category(),
            slot: item.slot(),
            images: Images {
                photo: image(Variant::Photo),
                large: image(Variant::Large),
                small: image(Variant::Small),
            },
            failure: item.failure,
            caption: item.caption,
            attributes: item.attributes,
            colours: item.colours,
            is_clean: item.is_clean,
            whereabouts: item.whereabouts,
            wears: item.wears.total,
            last_worn_at: item.wears.last_at,
            created_at: item.created_at,
            updated_at: item.updated_at,
            deleted_at: item.deleted_at,
            width: item.size.0,
            height: item.size.1,
            pack: item.pack,
        }
    }
}

/// A page of the wardrobe.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemPage {
    /// Garments, newest first.
    pub items: Vec<ItemBody>,
    /// Ask for `?cursor=` this to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Which garments to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Of this kind.
    category: Option<Category>,
    /// For this place in an outfit.
    slot: Option<Slot>,
    /// With this colour.
    colour: Option<String>,
    /// For this season, or all year.
    season: Option<Season>,
    /// With all these words in name, caption, attributes or colours.
    text: Option<String>,
    /// This far recognised.
    state: Option<State>,
    /// Deleted ones instead of those in the wardrobe.
    #[serde(default)]
    deleted: bool,
    /// Where the page starts: `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Garments per page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<usize>,
}

impl ListQuery {
    /// The filter alone.
    #[must_use]
    pub fn filter(&self) -> Filter {
        Filter {
            recognised: false,
            category: self.category,
            slot: self.slot,
            colour: self.colour.clone(),
            season: self.season,
            text: self.text.clone(),
            state: self.state,
            deleted: self.deleted,
        }
    }
}

/// What the owner says about a garment. What is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    /// A new name, 1 to 120 characters; null takes it back.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    /// Whether it is not in the wash.
    is_clean: Option<bool>,
    /// Where it is.
    whereabouts: Option<Whereabouts>,
    /// Corrections by attribute; null takes one back.
    #[serde(default)]
    attributes: BTreeMap<String, Option<String>>,
}

/// Tells null from absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<EditBody> for Edit {
    fn from(body: EditBody) -> Self {
        Self {
            name: body.name.map(|n| n.map(|text| text.trim().to_owned())),
            is_clean: body.is_clean,
            whereabouts: body.whereabouts,
            attributes: body.attributes.into_iter().collect(),
        }
    }
}

/// A word and how many garments it is true of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Count {
    /// The word.
    name: String,
    /// Garments.
    count: i64,
}

/// The wardrobe from far away.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Summary)]
pub struct SummaryBody {
    /// Garments in the wardrobe.
    total: i64,
    /// Of these, not recognised yet.
    processing: i64,
    /// Deleted, but can be restored.
    deleted: i64,
    /// By kind, most first.
    categories: Vec<Count>,
    /// By colour, most first.
    colours: Vec<Count>,
    /// By place in an outfit, most first.
    slots: Vec<Count>,
}

impl From<Summary> for SummaryBody {
    fn from(summary: Summary) -> Self {
        let mut slots: BTreeMap<Slot, i64> = BTreeMap::new();
        for (category, count) in &summary.categories {
            if let Some(slot) = Category::from_name(category).and_then(Category::slot) {
                *slots.entry(slot).or_default() += count;
            }
        }
        let counts = |pairs: Vec<(String, i64)>| {
            let mut counts: Vec<_> = pairs
                .into_iter()
                .map(|(name, count)| Count { name, count })
                .collect();
            counts.sort_by_key(|c| std::cmp::Reverse(c.count));
            counts
        };
        Self {
            total: summary.total,
            processing: summary.processing,
            deleted: summary.deleted,
            categories: counts(summary.categories),
            colours: counts(summary.colours),
            slots: counts(
                slots
                    .into_iter()
                    .map(|(s, n)| (s.name().to_owned(), n))
                    .collect(),
            ),
        }
    }
}

/// What became of one uploaded photo.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadOutcome {
    /// A new garment.
    Created,
    /// The same photo was there already.
    Duplicate,
    /// It cannot be used; `problem` says why.
    Rejected,
}

/// One photo of an upload.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UploadResult {
    /// The name it came with.
    pub file_name: String,
    /// What became of it.
    pub result: UploadOutcome,
    /// The garment it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemBody>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// What became of an upload, photo by photo, in the order they came.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UploadResults {
    /// One per photo.
    pub results: Vec<UploadResult>,
}

/// An upload.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents the multipart form")]
pub struct UploadForm {
    /// JPEG, PNG, WebP, GIF or BMP.
    #[schema(value_type = Vec<String>, format = Binary)]
    photos: Vec<Vec<u8>>,
}
