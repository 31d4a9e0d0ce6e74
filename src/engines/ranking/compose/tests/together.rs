//! Kinds that go together come together.
use super::{ask, check, garment, item, plain_wardrobe};
use crate::base::garment::{Category, Slot};
use crate::engines::ranking::{Garment, Learned, Together, appraise, compose};
use rand::{SeedableRng as _, rngs::StdRng};
use std::sync::Arc;

/// Says only that these two go together, or do not.
fn only(a: Category, b: Category, logit: f32) -> Arc<Together> {
    let size = Category::ALL.len();
    let mut logits = vec![0.0; size * size];
    logits[a as usize * size + b as usize] = logit;
    logits[b as usize * size + a as usize] = logit;
    Arc::new(Together::learned(&logits).unwrap())
}

fn value(pieces: &[Garment], together: &Arc<Together>) -> f32 {
    let parts = appraise(pieces, together);
    parts
        .iter()
        .find(|part| part.feature == "togetherness")
        .unwrap()
        .value
}

#[test]
fn kinds_that_go_together_are_shown_together() {
    let all = plain_wardrobe();
    let mut ask = ask(1);
    for (bottom, shoes) in [
        (Category::Skirt, Category::Sneakers),
        (Category::Jeans, Category::Boots),
        (Category::Trousers, Category::Sneakers),
    ] {
        ask.together = only(bottom, shoes, 40.0);
        let answer = compose(&ask, &all, &Learned::default());
        check(&answer, &all, &ask);
        let part = answer.outfits[0].parts.iter();
        let mut part = part.filter(|part| part.feature == "togetherness");
        let part = part.next().unwrap();
        let without = {
            ask.together = only(bottom, shoes, -40.0);
            compose(&ask, &all, &Learned::default()).outfits.remove(0)
        };
        let both = |picks: &[crate::engines::ranking::Pick]| {
            let kinds: Vec<Category> = picks
                .iter()
                .map(|pick| super::find(&all, pick.item).category)
                .collect();
            kinds.contains(&bottom) && kinds.contains(&shoes)
        };
        assert!(
            !both(&without.picks),
            "{bottom} with {shoes} although they do not go together"
        );
        assert!(part.value > 0.0 || !both(&answer.outfits[0].picks));
    }
}

#[test]
fn pieces_are_appraised_whatever_their_order() {
    let mut random = StdRng::seed_from_u64(5);
    let kinds = [
        Category::Jeans,
        Category::Boots,
        Category::Shirt,
        Category::Shirt,
        Category::Other,
    ];
    let mut pieces: Vec<Garment> = (0..)
        .zip(kinds)
        .map(|(n, kind)| garment(n, kind, &mut random))
        .collect();
    let together = only(Category::Jeans, Category::Boots, 40.0);
    let whole = value(&pieces, &together);
    assert!((whole - 0.1).abs() < 1e-6, "one pair of ten: {whole}");
    let before = appraise(&pieces, &together);
    pieces.reverse();
    for (part, again) in before.iter().zip(appraise(&pieces, &together)) {
        assert!((part.value - again.value).abs() < 1e-5, "{}", part.feature);
        assert!((-1.0..=1.0).contains(&part.value));
    }
    assert_eq!(value(&[], &together), 0.0);
    let many: Vec<Garment> = (0..60)
        .map(|n| Garment {
            slot: Slot::Top,
            id: item(n),
            ..pieces[0].clone()
        })
        .collect();
    assert_eq!(appraise(&many, &together).len(), 5);
}
