//! `/api/vocabulary`: the words that filters, corrections and asks may use.
use crate::{
    base::garment::{Category, Occasion, Season, Slot},
    features::wardrobe::VOCABULARY,
};
use actix_web::{get, web::Json};
use serde::Serialize;

/// The colours that are measured, as a swatch shows them.
const NAMED_COLOURS: &[(&str, &str)] = &[
    ("black", "#1b1b1d"),
    ("white", "#f7f7f5"),
    ("grey", "#8a8c90"),
    ("beige", "#d6c3a5"),
    ("brown", "#6b4a32"),
    ("navy", "#1f2a4a"),
    ("blue", "#2f5fb3"),
    ("light-blue", "#9cc3e6"),
    ("green", "#3f7d4e"),
    ("olive", "#6d6b3b"),
    ("yellow", "#f0cd3c"),
    ("orange", "#e5823a"),
    ("red", "#c8322f"),
    ("burgundy", "#6d1f2f"),
    ("pink", "#eba7bd"),
    ("purple", "#6f4a97"),
    ("teal", "#2b8286"),
    ("cream", "#f3ead3"),
];

/// Every word.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Vocabulary {
    /// Kinds of garments.
    categories: Vec<CategoryWord>,
    /// Places in an outfit.
    slots: Vec<Slot>,
    /// What outfits are for.
    occasions: Vec<Occasion>,
    /// When garments are worn.
    seasons: Vec<Season>,
    /// Patterns.
    patterns: &'static [&'static str],
    /// Sleeves.
    sleeves: &'static [&'static str],
    /// Whom garments are cut for.
    audiences: &'static [&'static str],
    /// Colours.
    colours: Vec<ColourWord>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CategoryWord {
    name: Category,
    /// Null when it is no part of an outfit.
    slot: Option<Slot>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ColourWord {
    name: &'static str,
    /// sRGB, `#rrggbb`.
    hex: &'static str,
}

/// Lists the words that filters, corrections and asks may use.
#[utoipa::path(tag = "wardrobe", security(()), responses((status = 200, body = Vocabulary)))]
#[get("/vocabulary")]
pub(super) async fn get_vocabulary() -> Json<Vocabulary> {
    let words = |name: &str| -> &'static [&'static str] {
        VOCABULARY
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(&[], |(_, words)| words)
    };
    Json(Vocabulary {
        categories: Category::ALL
            .iter()
            .map(|name| CategoryWord {
                name: *name,
                slot: name.slot(),
            })
            .collect(),
        slots: Slot::ALL.to_vec(),
        occasions: Occasion::ALL.to_vec(),
        seasons: Season::ALL.to_vec(),
        patterns: words("pattern"),
        sleeves: words("sleeve"),
        audiences: words("audience"),
        colours: NAMED_COLOURS
            .iter()
            .map(|(name, hex)| ColourWord { name, hex })
            .collect(),
    })
}
