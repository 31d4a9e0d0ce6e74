//! What people of like taste like comes into the score, and nowhere else.
use super::*;
use crate::engines::ranking::{Crowds, Interest, SharedPrior};
use std::sync::Arc;

/// Somebody who goes by nothing but what people of like taste like, and has one taste.
fn follower(likes: &Garment) -> Learned {
    let prior = SharedPrior::independent(|name| (if name == "crowd" { 2.0 } else { 0.0 }, 0.5));
    let mut learned = Learned::starting_from(Arc::new(prior));
    learned.learn(&Event {
        id: EventId(Uuid::from_u128(1)),
        at: now(),
        kind: Kind::WouldWear,
        rating: None,
        reason: None,
        features: vec![],
        other_features: None,
        items: vec![EventItem {
            item: item(99),
            slot: likes.slot,
            embeddings: likes.embeddings.clone(),
        }],
        other_items: vec![],
    });
    learned
}

fn crowd_part(outfit: &Outfit) -> f32 {
    let part = outfit.parts.iter().find(|part| part.feature == "crowd");
    part.unwrap().contribution
}

#[test]
fn what_people_of_like_taste_like_is_suggested_and_said() {
    let wardrobe = plain_wardrobe();
    // People who like the shirt like the skirt and dislike the jeans.
    let (shirt, jeans, skirt) = (&wardrobe[1], &wardrobe[3], &wardrobe[5]);
    let look = |garment: &Garment, weight: f32| Interest {
        centre: garment.embeddings[Space::Fashion.index()].clone().unwrap(),
        weight,
    };
    let person = vec![look(shirt, 1.0), look(skirt, 1.0), look(jeans, -1.0)];
    let crowds = Crowds::estimate(&vec![person; 6], 1).unwrap();
    let learned = follower(shirt);
    let before = learned.to_json();
    let alone = compose(&ask(1), &wardrobe, &learned);
    assert_eq!(crowd_part(&alone.outfits[0]), 0.0);

    let ask = Ask {
        crowds: Some(Arc::new(crowds)),
        ..ask(1)
    };
    let answer = compose(&ask, &wardrobe, &learned);
    let outfit = &answer.outfits[0];
    check_valid(outfit, &wardrobe, &ask);
    assert!(items(outfit).contains(&shirt.id) && items(outfit).contains(&skirt.id));
    assert!(crowd_part(outfit) > 0.2);
    assert_eq!(outfit.sentence, "People with your taste like such pieces.");
    assert_eq!(learned.to_json(), before);
    let stranger = Learned::starting_from(learned.prior().clone());
    let unknown = compose(&ask, &wardrobe, &stranger);
    assert_eq!(crowd_part(&unknown.outfits[0]), 0.0, "no taste yet");
}
