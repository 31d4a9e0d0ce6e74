//! What is said to change an outfit comes true when it is changed so.
use super::{properties::any_ask, *};
use crate::engines::ranking::{Change, Pick};
use proptest::prelude::*;

/// The outfit after the change; only what it is made of.
fn after(outfit: &Outfit, change: &Change) -> Outfit {
    let exchanged = |pick: &Pick| {
        let item = match change.with {
            with if pick.item == change.without => with?,
            _ => pick.item,
        };
        Some(Pick {
            item,
            ..pick.clone()
        })
    };
    Outfit {
        picks: outfit.picks.iter().filter_map(exchanged).collect(),
        ..outfit.clone()
    }
}

/// Checks one change by doing it.
fn check_change(change: &Change, outfit: &Outfit, wardrobe: &[Garment], ask: &Ask, to: &Learned) {
    let mut wardrobe = wardrobe.to_vec();
    assert!(items(outfit).contains(&change.without));
    assert!(!ask.must_include.contains(&change.without) && ask.anchor != Some(change.without));
    if let Some(with) = change.with {
        let worn = find(&wardrobe, change.without).slot;
        let new = wardrobe.iter_mut().find(|g| g.id == with).unwrap();
        assert_eq!(new.slot, worn);
        assert!(!items(outfit).contains(&with), "worn already");
        assert!(!ask.exclude.contains(&with), "excluded");
        assert!(
            new.is_clean || ask.include_unclean || change.needs_wash,
            "dirty"
        );
        assert!(!(new.is_clean && change.needs_wash));
        new.is_clean = true;
    }
    let then = after(outfit, change);
    check_valid(&then, &wardrobe, ask);
    let judged = judge(ask, &wardrobe, to, &[items(&then)])
        .remove(0)
        .unwrap();
    assert!(
        (judged.probability - change.probability).abs() < 1e-6,
        "{} is not {}: {}",
        change.probability,
        judged.probability,
        change.sentence
    );
    let percent = format!("{:.0}\u{a0}%", 100.0 * change.probability);
    assert!(
        change.sentence.contains(&percent) || change.sentence.contains("99\u{a0}%"),
        "{}",
        change.sentence
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_change_comes_true(
        mut ask in any_ask(),
        size in 5..60_usize,
        seed in any::<u64>(),
        kinds in proptest::collection::vec(0..7_usize, 0..8),
        has_target in any::<bool>(),
    ) {
        let all = wardrobe(size, seed);
        // Wishes that cannot be granted are not what this is about.
        ask.must_include.clear();
        if has_target {
            ask.targets = all[0].embeddings.clone();
        }
        let mut learned = Learned::default();
        for (n, kind) in (0..).zip(kinds) {
            if let Some(outfit) = compose(&ask, &all, &learned).outfits.first() {
                learned.learn(&event(n, Kind::ALL[kind], outfit, &all));
            }
        }
        for outfit in compose(&ask, &all, &learned).outfits {
            prop_assert!(outfit.changes.len() <= 2);
            for change in &outfit.changes {
                prop_assert!((change.probability - outfit.probability).abs() > 0.019);
                check_change(change, &outfit, &all, &ask, &learned);
            }
        }
    }
}

/// One top, one bottom, and two pairs of shoes of which one was liked often.
fn with_liked_boots() -> (Vec<Garment>, Learned, ItemId) {
    let all = plain_wardrobe();
    let (boots, mut learned) = (item(7), Learned::default());
    let ask = Ask {
        must_include: vec![boots],
        ..ask(1)
    };
    for n in 0..8 {
        let outfit = compose(&ask, &all, &learned).outfits.remove(0);
        assert!(items(&outfit).contains(&boots));
        learned.learn(&event(n, Kind::Like, &outfit, &all));
    }
    (all, learned, boots)
}

#[test]
fn what_is_missed_in_the_wash_is_named() {
    let (mut all, learned, boots) = with_liked_boots();
    all[7].is_clean = false;
    let answer = compose(&ask(2), &all, &learned);
    let best = &answer.outfits[0];
    let change = best.changes.iter().find(|c| c.needs_wash).unwrap();
    assert_eq!((change.with, change.without), (Some(boots), item(6)));
    assert!(change.probability > best.probability);
    assert!(
        change
            .sentence
            .starts_with("Once clean, the boots 7 instead of the sneakers 6"),
        "{}",
        change.sentence
    );
    check_change(change, best, &all, &ask(2), &learned);
    let ask = Ask {
        exclude: vec![boots],
        ..ask(2)
    };
    let best = compose(&ask, &all, &learned).outfits.remove(0);
    assert!(
        best.changes.iter().all(|change| change.with != Some(boots)),
        "left out"
    );
}

#[test]
fn the_piece_that_matters_most_is_named() {
    let (all, learned, boots) = with_liked_boots();
    let best = compose(&ask(1), &all, &learned).outfits.remove(0);
    assert!(items(&best).contains(&boots));
    let change = best.changes.last().unwrap();
    assert!(change.probability < best.probability, "{}", change.sentence);
    check_change(change, &best, &all, &ask(1), &learned);
    let of_everything = items(&best).into_iter().filter(|id| *id != change.without);
    for other in of_everything {
        let ask = Ask {
            exclude: vec![other],
            must_include: items(&best).into_iter().filter(|id| *id != other).collect(),
            ..ask(1)
        };
        let without = compose(&ask, &all, &learned).outfits.remove(0);
        assert!(
            without.probability >= change.probability - 1e-6,
            "{}",
            change.sentence
        );
    }
}

#[test]
fn what_was_asked_for_is_not_taken_off() {
    let (all, learned, _) = with_liked_boots();
    let asked = Ask {
        must_include: (0..8).map(item).collect(),
        ..ask(3)
    };
    for outfit in compose(&asked, &all, &learned).outfits {
        assert!(outfit.changes.is_empty(), "{:?}", outfit.changes);
    }
}
