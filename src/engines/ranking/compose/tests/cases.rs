//! Single situations, told as claims.
use super::*;

#[test]
fn nobody_goes_bare_footed_or_bare_legged_in_the_cold() {
    let mut all = plain_wardrobe();
    // Liked most of all, and what is warm above would make up for them.
    (all[5].category, all[6].category) = (Category::Shorts, Category::Sandals);
    all.push(garment(8, Category::Coat, &mut StdRng::seed_from_u64(1)));
    all[8].whereabouts = Whereabouts::AtHand;
    let bare = [item(5), item(6)];
    let mut learned = Learned::default();
    let in_weather = |temperature_c, exclude: Vec<ItemId>| Ask {
        weather: Some(Weather {
            temperature_c,
            is_wet: false,
        }),
        exclude,
        ..ask(3)
    };
    let warm = in_weather(25.0, vec![]);
    for n in 0..6 {
        let request = Ask {
            must_include: bare.to_vec(),
            ..warm.clone()
        };
        let outfit = compose(&request, &all, &learned).outfits.remove(0);
        learned.learn(&event(n, Kind::Like, &outfit, &all));
    }
    let is_bare = |outfit: &Outfit| items(outfit).iter().any(|id| bare.contains(id));
    assert!(is_bare(&compose(&warm, &all, &learned).outfits[0]));
    for outfit in compose(&in_weather(12.0, vec![]), &all, &learned).outfits {
        assert!(!is_bare(&outfit), "{}", outfit.sentence);
        let named = outfit.changes.iter().filter_map(|change| change.with);
        assert!(named.into_iter().all(|with| !bare.contains(&with)));
    }
    let nothing_else = in_weather(12.0, vec![item(3), item(4), item(7)]);
    let outfits = compose(&nothing_else, &all, &learned).outfits;
    assert!(!outfits.is_empty() && outfits.iter().all(is_bare));
}

#[test]
fn an_empty_wardrobe_is_told_what_to_add() {
    let answer = compose(&ask(3), &[], &Learned::default());
    assert!(answer.outfits.is_empty());
    assert_eq!(answer.missing, [Slot::Top, Slot::Bottom, Slot::Shoes]);
    assert!(answer.notes[0].contains("empty"));
}

#[test]
fn one_garment_is_told_what_goes_with_it() {
    let one = &plain_wardrobe()[..1];
    let answer = compose(&ask(3), one, &Learned::default());
    assert!(answer.outfits.is_empty());
    assert_eq!(answer.missing, [Slot::Bottom, Slot::Shoes]);
}

#[test]
fn three_garments_make_an_outfit() {
    let all = plain_wardrobe();
    let three = [all[0].clone(), all[3].clone(), all[6].clone()];
    let answer = compose(&ask(3), &three, &Learned::default());
    assert_eq!(answer.outfits.len(), 1);
    assert_eq!(answer.outfits[0].picks.len(), 3);
    assert!(answer.missing.is_empty());
    let barefoot = compose(&ask(1), &three[..2], &Learned::default());
    assert_eq!(barefoot.outfits[0].picks.len(), 2);
    assert_eq!(barefoot.missing, [Slot::Shoes]);
    assert!(barefoot.notes[0].contains("no shoes in your wardrobe"));
}

#[test]
fn dirty_and_unknown_wishes_are_answered_in_words() {
    let mut all = plain_wardrobe();
    all[3].is_clean = false;
    let mut ask = ask(1);
    ask.must_include = vec![all[3].id, item(99), all[0].id, all[1].id];
    let answer = compose(&ask, &all, &Learned::default());
    check(&answer, &all, &ask);
    assert!(items(&answer.outfits[0]).contains(&all[0].id));
    let notes = answer.notes.join(" ");
    assert!(notes.contains("not clean") && notes.contains("not in your wardrobe"));
    assert!(notes.contains("cannot be worn together"), "{notes}");
}

#[test]
fn three_suggestions_are_three_ideas() {
    let all = plain_wardrobe();
    let answer = compose(&ask(3), &all, &Learned::default());
    let base = |outfit: &Outfit| -> Vec<ItemId> {
        let picks = outfit.picks.iter();
        let picks = picks.filter(|pick| matches!(pick.slot, Slot::Top | Slot::Bottom));
        picks.map(|pick| pick.item).collect()
    };
    let bases: HashSet<_> = answer.outfits.iter().map(base).collect();
    assert_eq!(bases.len(), 3);
}

#[test]
fn cold_and_rain_change_what_is_worn() {
    let mut random = StdRng::seed_from_u64(5);
    let mut all = plain_wardrobe();
    all.push(Garment {
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        warmth: 5.0,
        ..garment(20, Category::Coat, &mut random)
    });
    all.push(Garment {
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        warmth: 1.0,
        ..garment(21, Category::Sandals, &mut random)
    });
    let wears = |temperature_c: f32, is_wet: bool, n: u128| {
        let mut ask = ask(1);
        ask.weather = Some(Weather {
            temperature_c,
            is_wet,
        });
        let answer = compose(&ask, &all, &Learned::default());
        check(&answer, &all, &ask);
        items(&answer.outfits[0]).contains(&item(n))
    };
    assert!(wears(-5.0, false, 20), "a coat in the frost");
    assert!(!wears(28.0, false, 20), "no coat in the heat");
    assert!(!wears(12.0, true, 21), "no sandals in the rain");
}

#[test]
fn a_disliked_outfit_does_not_come_back_first() {
    let all = plain_wardrobe();
    let mut learned = Learned::default();
    for n in 0..8 {
        let first = compose(&ask(1), &all, &learned).outfits.remove(0);
        learned.learn(&event(n, Kind::Dislike, &first, &all));
        let next = compose(&ask(3), &all, &learned);
        assert_ne!(core(&next.outfits[0]), core(&first), "after {n}");
    }
}

#[test]
fn what_is_liked_comes_back_and_the_reason_says_so() {
    let all = plain_wardrobe();
    let unliked = compose(&ask(8), &all, &Learned::default()).outfits;
    let last = unliked.last().unwrap();
    let mut learned = Learned::default();
    for n in 0..4 {
        learned.learn(&event(n, Kind::Like, last, &all));
    }
    let best = compose(&ask(1), &all, &learned).outfits.remove(0);
    assert_eq!(core(&best), core(last));
    assert!(best.probability > last.probability);
    assert!(
        best.sentence.to_lowercase().contains("liked"),
        "{}",
        best.sentence
    );
}

#[test]
fn what_all_outfits_share_is_said_last() {
    let outfits = compose(&ask(3), &plain_wardrobe(), &Learned::default()).outfits;
    let first_reasons: BTreeSet<&str> = outfits
        .iter()
        .filter_map(|outfit| outfit.sentence.split(", ").next())
        .collect();
    assert!(first_reasons.len() > 1, "{first_reasons:?}");
}

#[test]
fn a_reason_teaches_what_it_says() {
    let all = plain_wardrobe();
    let outfit = compose(&ask(1), &all, &Learned::default())
        .outfits
        .remove(0);
    let dislike = |reason| Event {
        reason: Some(reason),
        ..event(1, Kind::Dislike, &outfit, &all)
    };
    let cold = Learned::replay(&[dislike(Reason::TooCold)]);
    assert!(cold.comfort > 0.0);
    assert!(cold.taste(Space::Clip).is_empty());
    let none = Learned::replay(&[event(1, Kind::Dislike, &outfit, &all)]);
    let weight = |learned: &Learned, name: &str| {
        let mut weights = learned.weights().into_iter();
        weights.find(|weight| weight.feature == name).unwrap().mean
    };
    let colour = Learned::replay(&[dislike(Reason::Colour)]);
    let shown = |name: &str| {
        let at = FEATURES.iter().position(|feature| feature.name == name);
        outfit.features[at.unwrap()]
    };
    // What is told moves further than what is not, in the direction of what was shown.
    assert!(shown("colour_blue") > 0.0);
    assert!(weight(&colour, "colour_blue") < weight(&none, "colour_blue"));
    assert!(weight(&cold, "colour_blue") > weight(&none, "colour_blue"));
    let apart = Learned::replay(&[dislike(Reason::NotTogether)]);
    assert!(apart.memory.pieces.is_empty() && !apart.memory.pairs.is_empty());
}

#[test]
fn three_thousand_garments_are_no_trouble() {
    for size in [300, 3_000] {
        let all = wardrobe(size, 3);
        let mut ask = ask(3);
        ask.targets = all[5].embeddings.clone();
        ask.weather = Some(Weather {
            temperature_c: 8.0,
            is_wet: true,
        });
        let answer = compose(&ask, &all, &Learned::default());
        check(&answer, &all, &ask);
        assert_eq!(answer.outfits.len(), 3);
    }
}

#[test]
fn the_order_of_the_wardrobe_does_not_matter() {
    let mut all = wardrobe(80, 11);
    let before = compose(&ask(5), &all, &Learned::default());
    all.reverse();
    assert_eq!(before, compose(&ask(5), &all, &Learned::default()));
}

#[test]
fn numbers_that_are_none_do_no_harm() {
    let mut all = plain_wardrobe();
    for garment in &mut all {
        garment.formality = f32::NAN;
        garment.warmth = f32::INFINITY;
        garment.colours[0].oklab = [f32::NAN; 3];
        garment.colours[0].share = f32::NAN;
        garment.last_worn = Some(now() + Duration::days(400));
        garment.embeddings = [None, None, None];
        garment.label = String::new();
    }
    let mut ask = ask(3);
    ask.weather = Some(Weather {
        temperature_c: f32::NAN,
        is_wet: true,
    });
    check(&compose(&ask, &all, &Learned::default()), &all, &ask);
}

#[test]
fn a_piece_by_itself_teaches_taste_and_nothing_else() {
    let mut all = plain_wardrobe();
    all[0].pattern = Some("floral".to_owned());
    let piece = &all[0];
    let measured = |learned: &Learned| -> Vec<&str> {
        let phi = taste_of(piece, learned);
        let named = FEATURES.iter().zip(&phi).filter(|(_, v)| **v != 0.0);
        named.map(|(feature, _)| feature.name).collect()
    };
    let mut learned = Learned::default();
    let style = [
        "bright",
        "light",
        "plain",
        "dressy",
        "colour_blue",
        "kind_t_shirt",
    ];
    assert_eq!(measured(&learned), style);
    let said = |kind: Kind, learned: &Learned| Event {
        id: EventId(Uuid::from_u128(1)),
        at: now(),
        kind,
        rating: None,
        reason: None,
        features: taste_of(piece, learned),
        other_features: None,
        items: vec![EventItem {
            item: piece.id,
            slot: piece.slot,
            embeddings: piece.embeddings.clone(),
        }],
        other_items: vec![],
    };
    let score = |learned: &Learned, kept: &[&str]| -> f32 {
        let judged = judge(&ask(1), &all, learned, &[vec![piece.id]]);
        let phi = judged[0].clone().unwrap().features;
        let named = FEATURES.iter().zip(phi);
        named
            .filter(|(f, _)| kept.contains(&f.name))
            .map(|(_, v)| v)
            .sum()
    };
    let taste = ["taste_clip", "taste_blip", "taste_fashion"];
    let yes = said(Kind::WouldWear, &learned);
    let no = said(Kind::WouldNotWear, &learned);
    learned.learn(&yes);
    assert_eq!(measured(&learned), [&taste[..], &style].concat());
    assert!(score(&learned, &taste) > 0.1);
    assert!(score(&Learned::replay([&no]), &taste) < -0.1);
    assert_eq!(score(&learned, &["piece_history", "pair_history"]), 0.0);
    assert_eq!((learned.events(), learned.events_about_outfits()), (1, 0));
}
