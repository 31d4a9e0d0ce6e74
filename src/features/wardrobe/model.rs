//! Garments as the rest of the program sees them.
use crate::base::{
    garment::{Category, Season, Slot, Whereabouts},
    id::{ImageId, ItemId, UserId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far recognition of a photo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waiting for the models.
    Pending,
    /// In the models now.
    Processing,
    /// Recognised.
    Ready,
    /// Given up; the reason is in `failure`.
    Failed,
}

impl State {
    /// The word in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    /// Reads [`State::name`]; the database holds nothing else.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "pending" => Self::Pending,
            "processing" => Self::Processing,
            "ready" => Self::Ready,
            _ => Self::Failed,
        }
    }
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The model pack.
    Model,
    /// The owner. Always wins.
    Person,
}

/// One thing known about a garment.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Attribute {
    /// `category`, `pattern`, `sleeve`, `formality`, `warmth`, `audience`, `season` or `garment`.
    pub name: String,
    /// What holds.
    pub value: String,
    /// How likely the models find it, 0 to 1; none when the owner said it.
    pub probability: Option<f32>,
    /// Who says so.
    pub source: Source,
    /// Whether it needs no second look.
    pub is_sure: bool,
    /// What else the models considered, most likely first.
    pub alternatives: Vec<Alternative>,
    /// Mean over a 1-to-5 scale, for `formality` and `warmth`.
    #[serde(skip)]
    pub expectation: Option<f32>,
}

/// A value the models considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alternative {
    /// The value.
    pub value: String,
    /// Its calibrated probability, 0 to 1.
    pub probability: f32,
}

/// A measured colour.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Colour {
    /// Its name.
    pub name: String,
    /// sRGB, `#rrggbb`.
    pub hex: String,
    /// Share of the garment, 0 to 1.
    pub share: f32,
    /// OKLab: lightness 0 to 1, a and b about −0.4 to 0.4.
    #[serde(skip)]
    pub oklab: [f32; 3],
}

/// A garment.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Whose it is.
    pub owner: UserId,
    /// Its photo.
    pub image: ImageId,
    /// Width and height of the stored photo in pixels.
    pub size: (u32, u32),
    /// What the owner calls it.
    pub name: Option<String>,
    /// How far recognition has come.
    pub state: State,
    /// Why recognition was given up.
    pub failure: Option<String>,
    /// `name@version` of the pack that recognised it.
    pub pack: Option<String>,
    /// What the captioner saw.
    pub caption: Option<String>,
    /// Whether it is not in the wash.
    pub is_clean: bool,
    /// Where it is.
    pub whereabouts: Whereabouts,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// What is known about it; the owner's word before the models'.
    pub attributes: Vec<Attribute>,
    /// Its colours, largest share first.
    pub colours: Vec<Colour>,
    /// How often and when it was worn.
    pub wears: Wears,
}

/// How often a garment was worn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wears {
    /// Ever.
    pub total: u32,
    /// In the last 30 days.
    pub last_30_days: u32,
    /// The last time.
    pub last_at: Option<DateTime<Utc>>,
}

impl Item {
    /// Whether something is known about it, even while it is looked at again.
    #[must_use]
    pub fn is_recognised(&self) -> bool {
        self.pack.is_some() && self.state != State::Failed
    }

    /// What holds for an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// Whether the owner says, or the models are sure, that the photo shows something else.
    #[must_use]
    pub fn is_no_garment(&self) -> bool {
        self.attribute("garment")
            .is_some_and(|said| said.is_sure && said.value == "other")
    }

    /// What kind of garment it is.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        Category::from_name(&self.attribute("category")?.value)
    }

    /// The place it takes in an outfit.
    #[must_use]
    pub fn slot(&self) -> Option<Slot> {
        self.category()?.slot()
    }

    /// When it is worn.
    #[must_use]
    pub fn season(&self) -> Option<Season> {
        Season::from_name(&self.attribute("season")?.value)
    }

    /// A 1-to-5 scale (`formality`, `warmth`): the owner's word, or the mean of what the models think.
    #[must_use]
    pub fn scale(&self, name: &str) -> Option<f32> {
        let attribute = self.attribute(name)?;
        attribute
            .expectation
            .or_else(|| attribute.value.parse().ok())
    }

    /// How to speak of it: the owner's name, else main colour and category, else "garment".
    #[must_use]
    pub fn label(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let colour = self.colours.first().map(|c| c.name.replace('-', " "));
        let pattern = self
            .attribute("pattern")
            .filter(|p| p.is_sure && !["plain", "other"].contains(&p.value.as_str()))
            .map(|p| p.value.replace('-', " "));
        let kind = match self.category() {
            None | Some(Category::Other) => "garment".to_owned(),
            Some(Category::TShirt) => "t-shirt".to_owned(),
            Some(category) => category.name().replace('-', " "),
        };
        [colour, pattern, Some(kind)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// What the owner changes about a garment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edit {
    /// A new name, or none any more.
    pub name: Option<Option<String>>,
    /// Whether it is not in the wash.
    pub is_clean: Option<bool>,
    /// Where it is.
    pub whereabouts: Option<Whereabouts>,
    /// Corrections, and corrections taken back.
    pub attributes: Vec<(String, Option<String>)>,
}

/// Which garments to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub category: Option<Category>,
    /// For this place in an outfit.
    pub slot: Option<Slot>,
    /// With this colour.
    pub colour: Option<String>,
    /// For this season (or all year).
    pub season: Option<Season>,
    /// With these words in name, caption, attributes or colours.
    pub text: Option<String>,
    /// This far recognised.
    pub state: Option<State>,
    /// Of which something is known, even while they are looked at again.
    pub recognised: bool,
    /// Deleted ones instead of those in the wardrobe.
    pub deleted: bool,
}

/// What became of an uploaded photo.
#[derive(Debug, Clone)]
pub enum Added {
    /// A new garment.
    Created(Item),
    /// The same photo was there already.
    Duplicate(Item),
}

/// The stored forms of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The photo, re-encoded without EXIF.
    Photo,
    /// For the garment's page.
    Large,
    /// For lists.
    Small,
}

impl Variant {
    /// The word in the database and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Large => "large",
            Self::Small => "small",
        }
    }
}

/// A stored picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}
