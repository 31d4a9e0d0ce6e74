//! The first suggestion is drawn with the odds it is said to have.
use super::*;
use std::collections::BTreeMap;

fn exploring(seed: u64) -> Ask {
    Ask {
        seed,
        explores: true,
        ..ask(3)
    }
}

#[test]
fn outfits_come_first_as_often_as_their_odds_say() {
    let all = plain_wardrobe();
    let learned = Learned::default();
    let mut firsts = BTreeMap::<Vec<ItemId>, (f64, f64)>::new();
    let asks = 150;
    for seed in 0..asks {
        let answer = compose(&exploring(seed), &all, &learned);
        let choice = answer.choice.unwrap();
        let first = &choice.considered[choice.chosen];
        assert_eq!(first.features, answer.outfits[0].features);
        let (count, odds) = firsts.entry(first.items.clone()).or_default();
        *count += 1.0;
        *odds += f64::from(choice.propensity);
    }
    assert!(firsts.len() > 1, "something is tried");
    for (count, odds) in firsts.values() {
        let (frequency, odds) = (count / asks as f64, odds / count);
        assert!((frequency - odds).abs() < 0.12, "{frequency} and {odds}");
    }
}

#[test]
fn without_exploration_the_best_is_first_for_sure() {
    let all = plain_wardrobe();
    for seed in 0..20 {
        let answer = compose(&Ask { seed, ..ask(3) }, &all, &Learned::default());
        let choice = answer.choice.unwrap();
        assert_eq!((choice.chosen, choice.propensity), (0, 1.0));
        let best = answer.outfits.iter().map(|outfit| outfit.score);
        assert!(best.fold(f32::MIN, f32::max) <= answer.outfits[0].score);
    }
    assert!(
        compose(&exploring(1), &[], &Learned::default())
            .choice
            .is_none()
    );
}
