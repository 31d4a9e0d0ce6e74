//! The table of the demo wardrobe.

use crate::base::garment::Category;
use crate::base::garment::Category as K;
use crate::engines::illustrate::silhouettes::Cut;

/// Everything there is to know of an illustrated garment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Design {
    /// What its owner would call it.
    pub name: &'static str,
    /// Its kind.
    pub category: Category,
    /// The name of its main colour.
    pub colour: &'static str,
    /// The name of the colour of its pattern or trimmings.
    pub colour2: Option<&'static str>,
    /// A word of the `pattern` head of `docs/model-pack.md`.
    pub pattern: &'static str,
    /// A word of the `sleeve` head.
    pub sleeve: &'static str,
    /// The variety of its kind.
    pub cut: Cut,
    /// From 1 (home, sport) to 5 (evening).
    pub formality: u8,
    /// From 1 (hot weather) to 5 (deep winter).
    pub warmth: u8,
    /// A word of the `audience` head.
    pub audience: &'static str,
    /// A word of the `season` head.
    pub season: &'static str,
}

/// Starts a row of the table: a plain, all-year garment for everyone.
pub(super) const fn piece(
    name: &'static str,
    category: Category,
    colour: &'static str,
    (formality, warmth): (u8, u8),
) -> Design {
    let season = match warmth {
        0 | 1 => "summer",
        2 | 3 => "all-year",
        _ => "winter",
    };
    Design {
        name,
        category,
        colour,
        colour2: None,
        pattern: "plain",
        sleeve: "na",
        cut: Cut::Regular,
        formality,
        warmth,
        audience: "unisex",
        season,
    }
}

impl Design {
    pub(super) const fn printed(self, pattern: &'static str, colour2: &'static str) -> Self {
        Self {
            pattern,
            colour2: Some(colour2),
            ..self
        }
    }

    pub(super) const fn with(self, colour2: &'static str) -> Self {
        Self {
            colour2: Some(colour2),
            ..self
        }
    }

    pub(super) const fn textured(self, pattern: &'static str) -> Self {
        Self { pattern, ..self }
    }

    pub(super) const fn sleeved(self, sleeve: &'static str) -> Self {
        Self { sleeve, ..self }
    }

    pub(super) const fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    pub(super) const fn women(self) -> Self {
        Self {
            audience: "women",
            ..self
        }
    }

    pub(super) const fn men(self) -> Self {
        Self {
            audience: "men",
            ..self
        }
    }
}

/// The wardrobe that a demonstration starts with.
#[must_use]
pub fn demo_wardrobe() -> Vec<Design> {
    [tops(), bottoms(), layers(), shoes(), accessories()].concat()
}

fn tops() -> Vec<Design> {
    vec![
        piece("White tee", K::TShirt, "white", (2, 1)).sleeved("short"),
        piece("Navy striped tee", K::TShirt, "white", (2, 1))
            .printed("striped", "navy")
            .sleeved("short"),
        piece("Sage graphic tee", K::TShirt, "sage", (1, 1))
            .printed("graphic", "mustard")
            .sleeved("short"),
        piece("Black V-neck tee", K::TShirt, "black", (2, 1))
            .sleeved("short")
            .cut(Cut::VNeck),
        piece("Green polo", K::Polo, "dark-green", (3, 2))
            .sleeved("short")
            .men(),
        piece("White Oxford shirt", K::Shirt, "white", (4, 2)).sleeved("long"),
        piece("Light blue shirt", K::Shirt, "light-blue", (4, 2)).sleeved("long"),
        piece("Red checked shirt", K::Shirt, "red", (2, 3))
            .printed("checked", "navy")
            .sleeved("long"),
        piece("Dotted blouse", K::Blouse, "cream", (4, 2))
            .printed("dotted", "burgundy")
            .sleeved("long")
            .women(),
        piece("Camel sweater", K::Sweater, "camel", (3, 4))
            .textured("knit")
            .sleeved("long"),
        piece("Burgundy roll-neck", K::Sweater, "burgundy", (3, 4))
            .textured("knit")
            .sleeved("long")
            .cut(Cut::RollNeck),
        piece("Grey hoodie", K::Hoodie, "grey", (1, 3)).sleeved("long"),
        piece("Teal cardigan", K::Cardigan, "teal", (3, 3))
            .textured("knit")
            .sleeved("long")
            .women(),
    ]
}

fn bottoms() -> Vec<Design> {
    vec![
        piece("Blue jeans", K::Jeans, "denim-blue", (2, 3)).textured("denim-wash"),
        piece("Black slim jeans", K::Jeans, "black", (2, 3)).cut(Cut::Fitted),
        piece("Charcoal trousers", K::Trousers, "charcoal", (4, 3)),
        piece("Beige chinos", K::Trousers, "beige", (3, 2)).cut(Cut::Fitted),
        piece("Olive wide trousers", K::Trousers, "olive", (3, 2))
            .cut(Cut::Wide)
            .women(),
        piece("Checked skirt", K::Skirt, "camel", (3, 3))
            .printed("checked", "dark-brown")
            .cut(Cut::Short)
            .women(),
        piece("Pleated sage skirt", K::Skirt, "sage", (3, 2))
            .cut(Cut::Pleated)
            .women(),
        piece("Khaki shorts", K::Shorts, "khaki", (2, 1)),
        piece("Navy joggers", K::Joggers, "navy", (1, 3)),
    ]
}

fn layers() -> Vec<Design> {
    vec![
        piece("Floral summer dress", K::Dress, "coral", (3, 1))
            .printed("floral", "cream")
            .sleeved("short")
            .women(),
        piece("Little black dress", K::Dress, "black", (5, 2))
            .sleeved("none")
            .cut(Cut::Fitted)
            .women(),
        piece("Blue wrap dress", K::Dress, "blue", (4, 2))
            .sleeved("three-quarter")
            .cut(Cut::VNeck)
            .women(),
        piece("Navy blazer", K::Blazer, "navy", (4, 3)).sleeved("long"),
        piece("Denim jacket", K::Jacket, "denim-blue", (2, 3))
            .textured("denim-wash")
            .sleeved("long")
            .cut(Cut::Trucker),
        piece("Olive bomber", K::Jacket, "olive", (2, 3))
            .sleeved("long")
            .cut(Cut::Bomber),
        piece("Yellow puffer jacket", K::Jacket, "mustard", (1, 5))
            .sleeved("long")
            .cut(Cut::Puffer),
        piece("Beige trench coat", K::Coat, "beige", (4, 3))
            .sleeved("long")
            .cut(Cut::Trench),
        piece("Charcoal wool coat", K::Coat, "charcoal", (4, 5)).sleeved("long"),
        piece("Quilted navy vest", K::Vest, "navy", (2, 4)).sleeved("none"),
    ]
}

fn shoes() -> Vec<Design> {
    vec![
        piece("White sneakers", K::Sneakers, "white", (2, 2)).with("green"),
        piece("Red running shoes", K::Sneakers, "red", (1, 2)).with("charcoal"),
        piece("Brown Oxfords", K::DressShoes, "brown", (4, 3)).men(),
        piece("Black Chelsea boots", K::Boots, "black", (3, 4)).cut(Cut::SlipOn),
        piece("Tan lace-up boots", K::Boots, "tan", (2, 4)),
        piece("Tan sandals", K::Sandals, "tan", (2, 1)),
        piece("Burgundy heels", K::Heels, "burgundy", (5, 2))
            .cut(Cut::Fitted)
            .women(),
    ]
}

fn accessories() -> Vec<Design> {
    vec![
        piece("Straw hat", K::Hat, "beige", (2, 1)).with("navy"),
        piece("Navy cap", K::Cap, "navy", (1, 2)).with("white"),
        piece("Mustard beanie", K::Beanie, "mustard", (1, 5))
            .with("cream")
            .textured("knit"),
        piece("Tan handbag", K::Bag, "tan", (4, 2)).women(),
        piece("Canvas tote", K::Bag, "cream", (2, 2))
            .with("navy")
            .printed("striped", "navy")
            .cut(Cut::Tote),
        piece("Tartan scarf", K::Scarf, "red", (3, 5)).printed("checked", "dark-green"),
    ]
}
