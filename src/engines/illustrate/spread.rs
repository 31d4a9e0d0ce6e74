//! Twelve garments that lie far apart: what people are shown of whom nothing is known yet.
//!
//! So few answers have to say much. The pieces are of eleven kinds and take all five large places, and what people differ in
//! is spread over them so that it does not go together: loud colours (the red dress, the yellow jacket, the pink
//! skirt, the orange shoes) come casual and dressed up, with and without a pattern; so do neutral ones. Formality
//! runs from the hoodie to the black dress, warmth from summer to deep winter, cuts from straight to swinging.
//! Whoever likes loud, plain, formal or sporty clothes finds at least three pieces to say so with. They are things
//! that everybody has seen: a piece that has to be looked at twice is judged by the drawing. To the default pack they
//! are farther apart, by the mean cosine in each of the three spaces, than 95 of 100 dozens drawn from the demo wardrobe.

use crate::base::garment::Category as K;
use crate::engines::illustrate::designs::{Design, piece};
use crate::engines::illustrate::silhouettes::Cut;

/// The twelve, in the order they are shown: neighbours differ most. Answers refer to the place in this list, so a piece
/// is never moved or changed, only added at the end.
#[must_use]
pub fn style_pieces() -> [Design; 12] {
    [
        piece("a white shirt", K::Shirt, "white", (4, 2)).sleeved("long"),
        piece("a red floral dress", K::Dress, "red", (3, 1))
            .printed("floral", "cream")
            .sleeved("short"),
        piece("a grey hoodie", K::Hoodie, "grey", (1, 3)).sleeved("long"),
        piece("brown lace-up shoes", K::DressShoes, "brown", (4, 3)),
        piece("a yellow puffer jacket", K::Jacket, "yellow", (1, 5))
            .sleeved("long")
            .cut(Cut::Puffer),
        piece("a sleeveless black dress", K::Dress, "black", (5, 2))
            .sleeved("none")
            .cut(Cut::Fitted),
        piece("blue jeans", K::Jeans, "denim-blue", (2, 3)).textured("denim-wash"),
        piece("a leopard-print blouse", K::Blouse, "camel", (4, 2))
            .printed("animal", "dark-brown")
            .sleeved("long"),
        piece("orange running shoes", K::Sneakers, "orange", (1, 2)).with("white"),
        piece("a navy blazer", K::Blazer, "navy", (4, 3)).sleeved("long"),
        piece("a pink pleated skirt", K::Skirt, "pink", (3, 2)).cut(Cut::Pleated),
        piece("a striped t-shirt", K::TShirt, "white", (2, 1))
            .printed("striped", "navy")
            .sleeved("short"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::garment::Slot;
    use std::collections::HashSet;

    const LOUD: &[&str] = &["red", "yellow", "orange", "pink"];

    fn is_loud(design: &Design) -> bool {
        LOUD.contains(&design.colour)
    }

    fn is_printed(design: &Design) -> bool {
        !["plain", "knit", "denim-wash"].contains(&design.pattern)
    }

    #[test]
    fn no_two_pieces_say_the_same() {
        let pieces = style_pieces();
        let names: HashSet<_> = pieces.iter().map(|design| design.name).collect();
        assert_eq!(names.len(), pieces.len());
        for (n, a) in pieces.iter().enumerate() {
            for b in &pieces[n + 1..] {
                let differs = [
                    a.category.slot() != b.category.slot(),
                    a.category != b.category,
                    a.colour != b.colour,
                    a.pattern != b.pattern,
                    a.formality != b.formality,
                    a.warmth != b.warmth,
                ];
                let by = differs.into_iter().filter(|differs| *differs).count();
                assert!(by >= 3, "{} and {} differ by {by}", a.name, b.name);
            }
        }
    }

    #[test]
    fn every_taste_finds_pieces_to_say_so_with() {
        let pieces = style_pieces();
        type Trait = fn(&Design) -> bool;
        let traits: [(&str, Trait); 6] = [
            ("loud", is_loud),
            ("neutral", |design| !is_loud(design)),
            ("printed", is_printed),
            ("plain", |design| !is_printed(design)),
            ("formal", |design| design.formality >= 4),
            ("casual", |design| design.formality <= 2),
        ];
        for (name, has) in traits {
            let many = pieces.iter().filter(|design| has(design)).count();
            assert!((3..=9).contains(&many), "{many} pieces are {name}");
        }
        let is_both = |a: Trait, b: Trait| pieces.iter().any(|design| a(design) && b(design));
        assert!(is_both(is_loud, |design| design.formality <= 2));
        assert!(is_both(is_loud, |design| design.formality >= 3));
        assert!(is_both(is_loud, is_printed) && is_both(|d| !is_loud(d), is_printed));
        let slots: HashSet<_> = pieces.iter().filter_map(|d| d.category.slot()).collect();
        for slot in [
            Slot::Top,
            Slot::Bottom,
            Slot::OnePiece,
            Slot::Outer,
            Slot::Shoes,
        ] {
            assert!(slots.contains(&slot), "nothing is {slot}");
        }
    }
}
