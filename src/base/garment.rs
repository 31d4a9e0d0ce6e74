//! What garments are called: categories, slots, occasions, seasons. The words of `docs/model-pack.md`.
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[doc = concat!("`", $text, "`")] #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in packs, in the database and on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Finds the value of a word.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        // utoipa's derive does not see a rename that comes out of a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

words! {
    /// The kind of a garment.
    Category {
        TShirt = "t-shirt", Polo = "polo", TankTop = "tank-top", Shirt = "shirt", Blouse = "blouse",
        Sweater = "sweater", Hoodie = "hoodie", Sweatshirt = "sweatshirt", Cardigan = "cardigan",
        Bodysuit = "bodysuit", Skirt = "skirt", Jeans = "jeans", Trousers = "trousers",
        Leggings = "leggings", Joggers = "joggers", Shorts = "shorts", Dress = "dress",
        Jumpsuit = "jumpsuit", Blazer = "blazer", Jacket = "jacket", Coat = "coat", Vest = "vest",
        Sneakers = "sneakers", DressShoes = "dress-shoes", Boots = "boots", Sandals = "sandals",
        Heels = "heels", Flats = "flats", Slippers = "slippers", Hat = "hat", Cap = "cap",
        Beanie = "beanie", Bag = "bag", Scarf = "scarf", Gloves = "gloves", Socks = "socks",
        Tights = "tights", Belt = "belt", Tie = "tie", Sunglasses = "sunglasses", Watch = "watch",
        Jewellery = "jewellery", Underwear = "underwear", Swimwear = "swimwear",
        Pyjamas = "pyjamas", Other = "other",
    }
}

words! {
    /// The place a garment takes in an outfit.
    Slot {
        Top = "top", Bottom = "bottom", OnePiece = "one-piece", Outer = "outer", Shoes = "shoes",
        Headwear = "headwear", Bag = "bag", Accessory = "accessory",
    }
}

words! {
    /// What the outfit is for.
    Occasion {
        Casual = "casual", Work = "work", Formal = "formal", Party = "party", Sport = "sport",
        Travel = "travel", Home = "home",
    }
}

words! {
    /// Where a garment is: only what is at hand can be worn.
    Whereabouts { AtHand = "at-hand", Lent = "lent", Packed = "packed" }
}

words! {
    /// How dressed up every piece of an outfit has to be.
    DressCode {
        Relaxed = "relaxed", Casual = "casual", SmartCasual = "smart-casual",
        Business = "business", Formal = "formal",
    }
}

words! {
    /// Colours that people prefer, ask for or avoid as one.
    ColourFamily {
        Black = "black", White = "white", Grey = "grey", Brown = "brown", Blue = "blue",
        Green = "green", Red = "red", Pink = "pink", Yellow = "yellow",
    }
}

words! {
    /// When a garment is worn.
    Season { Summer = "summer", Winter = "winter", AllYear = "all-year" }
}

impl Category {
    /// The slot the garment fills; `None` when it is no part of an outfit.
    #[must_use]
    pub const fn slot(self) -> Option<Slot> {
        Some(match self {
            Self::TShirt | Self::Polo | Self::TankTop | Self::Shirt | Self::Blouse => Slot::Top,
            Self::Sweater | Self::Hoodie | Self::Sweatshirt => Slot::Top,
            Self::Cardigan | Self::Bodysuit => Slot::Top,
            Self::Skirt | Self::Jeans | Self::Trousers => Slot::Bottom,
            Self::Leggings | Self::Joggers | Self::Shorts => Slot::Bottom,
            Self::Dress | Self::Jumpsuit => Slot::OnePiece,
            Self::Blazer | Self::Jacket | Self::Coat | Self::Vest => Slot::Outer,
            Self::Sneakers | Self::DressShoes | Self::Boots | Self::Sandals => Slot::Shoes,
            Self::Heels | Self::Flats | Self::Slippers => Slot::Shoes,
            Self::Hat | Self::Cap | Self::Beanie => Slot::Headwear,
            Self::Bag => Slot::Bag,
            Self::Scarf | Self::Gloves | Self::Socks | Self::Tights | Self::Belt => Slot::Accessory,
            Self::Tie | Self::Sunglasses | Self::Watch | Self::Jewellery => Slot::Accessory,
            Self::Underwear | Self::Swimwear | Self::Pyjamas | Self::Other => return None,
        })
    }
}

impl Slot {
    /// How likely a garment takes this slot, 0 to 1, by how likely the names of categories are.
    #[must_use]
    pub fn certainty<'a>(self, kinds: impl IntoIterator<Item = (&'a str, f32)>) -> f32 {
        let takes = |name: &str| Category::from_name(name).and_then(Category::slot) == Some(self);
        let likely = kinds.into_iter().filter(|(name, _)| takes(name));
        likely
            .map(|(_, probability)| probability)
            .sum::<f32>()
            .clamp(0.0, 1.0)
    }
}

impl DressCode {
    /// The least and the most formality of a piece, on the 1 (home, sport) to 5 (evening) scale. Neighbours overlap:
    /// models and people are half a step off now and then.
    #[must_use]
    pub const fn formality(self) -> (f32, f32) {
        match self {
            Self::Relaxed => (1.0, 2.2),
            Self::Casual => (1.4, 3.0),
            Self::SmartCasual => (2.0, 4.0),
            Self::Business => (2.7, 4.6),
            Self::Formal => (3.3, 5.0),
        }
    }
}

impl ColourFamily {
    /// The family of a named colour.
    #[must_use]
    pub fn of(colour: &str) -> Option<Self> {
        Some(match colour {
            "black" => Self::Black,
            "white" | "cream" => Self::White,
            "grey" | "silver" => Self::Grey,
            "beige" | "brown" | "gold" => Self::Brown,
            "navy" | "blue" | "light-blue" => Self::Blue,
            "green" | "olive" | "teal" => Self::Green,
            "red" | "burgundy" => Self::Red,
            "pink" | "purple" => Self::Pink,
            "yellow" | "orange" => Self::Yellow,
            _ => return None,
        })
    }
}

impl Occasion {
    /// The formality that suits the occasion, on the 1 (home, sport) to 5 (evening) scale.
    #[must_use]
    pub const fn formality(self) -> f32 {
        match self {
            Self::Home | Self::Sport => 1.0,
            Self::Casual | Self::Travel => 2.0,
            Self::Work => 3.2,
            Self::Party => 3.8,
            Self::Formal => 4.6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_their_values() {
        for category in Category::ALL {
            assert_eq!(Category::from_name(category.name()), Some(*category));
            let json = serde_json::to_string(category).unwrap();
            assert_eq!(json, format!("\"{category}\""));
        }
        assert_eq!(Category::from_name("spacesuit"), None);
    }
}
