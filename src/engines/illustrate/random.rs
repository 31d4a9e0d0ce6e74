//! Garments made up by chance, for tests and benchmarks.
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::base::garment::Category;
use crate::base::garment::Category as K;
use crate::engines::illustrate::designs::{Design, piece};
use crate::engines::illustrate::palette::{PALETTE, Rgb};
use crate::engines::illustrate::silhouettes::Cut;

/// The kinds that random garments are drawn from.
const KINDS: &[Category] = &[
    K::TShirt,
    K::Polo,
    K::TankTop,
    K::Shirt,
    K::Blouse,
    K::Sweater,
    K::Hoodie,
    K::Sweatshirt,
    K::Cardigan,
    K::Skirt,
    K::Jeans,
    K::Trousers,
    K::Leggings,
    K::Joggers,
    K::Shorts,
    K::Dress,
    K::Jumpsuit,
    K::Blazer,
    K::Jacket,
    K::Coat,
    K::Vest,
    K::Sneakers,
    K::DressShoes,
    K::Boots,
    K::Sandals,
    K::Heels,
    K::Hat,
    K::Cap,
    K::Beanie,
    K::Bag,
    K::Scarf,
    K::Socks,
    K::Gloves,
    K::Tie,
    K::Belt,
    K::Sunglasses,
];

const PRINTS: &[&str] = &[
    "striped",
    "checked",
    "floral",
    "dotted",
    "camouflage",
    "animal",
    "colour-block",
    "geometric",
    "paisley",
    "tie-dye",
    "lace",
];

const CUTS: &[Cut] = &[
    Cut::Regular,
    Cut::Fitted,
    Cut::Wide,
    Cut::VNeck,
    Cut::RollNeck,
    Cut::Pleated,
    Cut::Short,
    Cut::Long,
    Cut::Trucker,
    Cut::Bomber,
    Cut::Puffer,
    Cut::Biker,
    Cut::Trench,
    Cut::Parka,
    Cut::SlipOn,
    Cut::Backpack,
    Cut::Tote,
];

/// A garment made up from the seed: any kind, colour, pattern and cut.
#[must_use]
pub fn random_design(seed: u64) -> Design {
    let chance = &mut StdRng::seed_from_u64(seed ^ 0x00DE_5160);
    let category = KINDS.choose(chance).copied().unwrap_or(K::TShirt);
    let (colour, colour2) = two_colours(chance);
    let warmth = warmth_of(category, chance);
    let formality = chance.random_range(1..=5);
    let base = piece(category.name(), category, colour, (formality, warmth));
    Design {
        colour2: Some(colour2),
        pattern: pattern_of(category, chance),
        sleeve: sleeve_of(category, chance),
        cut: CUTS.choose(chance).copied().unwrap_or(Cut::Regular),
        audience: ["women", "men", "unisex"]
            .choose(chance)
            .copied()
            .unwrap_or("unisex"),
        ..base
    }
}

/// Two colours that can be told apart.
fn two_colours(chance: &mut StdRng) -> (&'static str, &'static str) {
    let at = chance.random_range(0..PALETTE.len());
    let (name, rgb) = PALETTE[at];
    let distance = |other: &Rgb| (other.lightness() - rgb.lightness()).abs();
    let apart: Vec<&str> = PALETTE
        .iter()
        .filter(|(_, other)| distance(other) > 0.25)
        .map(|(name, _)| *name)
        .collect();
    (name, apart.choose(chance).copied().unwrap_or("white"))
}

fn warmth_of(category: Category, chance: &mut StdRng) -> u8 {
    if matches!(category, K::Coat | K::Beanie | K::Scarf | K::Gloves) {
        return chance.random_range(4..=5);
    }
    if matches!(category, K::TankTop | K::Shorts | K::Sandals) {
        return chance.random_range(1..=2);
    }
    chance.random_range(1..=4)
}

fn pattern_of(category: Category, chance: &mut StdRng) -> &'static str {
    if matches!(category, K::Sweater | K::Cardigan | K::Beanie) && chance.random_bool(0.6) {
        return "knit";
    }
    if matches!(category, K::Jeans) {
        return "denim-wash";
    }
    if matches!(category, K::TShirt | K::TankTop | K::Hoodie | K::Sweatshirt)
        && chance.random_bool(0.4)
    {
        return if chance.random_bool(0.5) {
            "graphic"
        } else {
            "lettering"
        };
    }
    let has_no_print = matches!(
        category,
        K::DressShoes | K::Boots | K::Belt | K::Sunglasses | K::Hat
    );
    if has_no_print || chance.random_bool(0.4) {
        "plain"
    } else {
        PRINTS.choose(chance).copied().unwrap_or("plain")
    }
}

fn sleeve_of(category: Category, chance: &mut StdRng) -> &'static str {
    let lengths: &[&str] = match category {
        K::TShirt | K::Polo => &["short"],
        K::TankTop => &["none"],
        K::Shirt | K::Pyjamas => &["long", "long", "short"],
        K::Blouse => &["long", "three-quarter", "short"],
        K::Dress | K::Jumpsuit => &["none", "short", "three-quarter", "long"],
        K::Sweater | K::Hoodie | K::Sweatshirt | K::Cardigan | K::Blazer | K::Jacket | K::Coat => {
            &["long"]
        }
        K::Vest => &["none"],
        K::Bodysuit | K::Skirt | K::Jeans | K::Trousers | K::Leggings | K::Joggers | K::Shorts => {
            &["na"]
        }
        K::Sneakers | K::DressShoes | K::Boots | K::Sandals | K::Heels | K::Flats | K::Slippers => {
            &["na"]
        }
        K::Hat
        | K::Cap
        | K::Beanie
        | K::Bag
        | K::Scarf
        | K::Gloves
        | K::Socks
        | K::Tights
        | K::Belt => &["na"],
        K::Tie
        | K::Sunglasses
        | K::Watch
        | K::Jewellery
        | K::Underwear
        | K::Swimwear
        | K::Other => &["na"],
    };
    lengths.choose(chance).copied().unwrap_or("na")
}
