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
fn only_shoes_are_told_what_else_it_takes() {
    let shoes = &plain_wardrobe()[6..];
    let answer = compose(&ask(3), shoes, &Learned::default());
    assert!(answer.outfits.is_empty());
    assert_eq!(answer.missing, [Slot::Top, Slot::Bottom]);
    assert!(answer.notes[0].contains("no tops in your wardrobe"));
    assert!(answer.notes[1].contains("no trousers, skirts or shorts in your wardrobe"));
}

#[test]
fn when_everything_is_in_the_wash_it_says_so() {
    let mut all = plain_wardrobe();
    all.iter_mut().for_each(|garment| garment.is_clean = false);
    let mut ask = ask(3);
    let answer = compose(&ask, &all, &Learned::default());
    assert!(answer.outfits.is_empty());
    assert_eq!(answer.missing, [Slot::Top, Slot::Bottom, Slot::Shoes]);
    assert!(answer.notes.iter().all(|note| note.contains("are clean")));
    ask.include_unclean = true;
    assert_eq!(compose(&ask, &all, &Learned::default()).outfits.len(), 3);
}

#[test]
fn what_is_lent_or_packed_is_left_out_and_named() {
    let mut all = plain_wardrobe();
    (all[0].whereabouts, all[3].whereabouts) = (Whereabouts::Lent, Whereabouts::Packed);
    let mut ask = ask(3);
    ask.include_unclean = true;
    ask.must_include = vec![all[0].id, all[3].id];
    let answer = compose(&ask, &all, &Learned::default());
    check(&answer, &all, &ask);
    assert_eq!(answer.outfits.len(), 3);
    assert!(answer.notes[0].contains("is lent") && answer.notes[1].contains("is packed"));
    for shoes in &mut all[6..] {
        shoes.whereabouts = Whereabouts::Packed;
    }
    let answer = compose(&ask, &all, &Learned::default());
    assert_eq!(answer.missing, [Slot::Shoes]);
    let notes = answer.notes.join(" ");
    assert!(
        notes.contains("All shoes are lent or packed: here is the rest."),
        "{notes}"
    );
}

#[test]
fn colours_and_dress_codes_hold_for_every_piece() {
    let mut all = plain_wardrobe();
    for (garment, colour) in all.iter_mut().zip([
        "navy",
        "red",
        "light-blue",
        "blue",
        "black",
        "burgundy",
        "black",
        "red",
    ]) {
        garment.colours[0].name = colour.to_owned();
    }
    let worn = |ask: &Ask| -> BTreeSet<ItemId> {
        let answer = compose(ask, &all, &Learned::default());
        check(&answer, &all, ask);
        answer.outfits.iter().flat_map(items).collect()
    };
    let ids = |wanted: &[u128]| wanted.iter().copied().map(item).collect::<BTreeSet<_>>();
    let mut blue = ask(10);
    blue.limits.colours = vec![ColourFamily::Blue];
    assert_eq!(
        worn(&blue),
        ids(&[0, 2, 3, 6, 7]),
        "shoes may be of any colour"
    );
    let mut not_red = ask(10);
    not_red.limits.without_colours = vec![ColourFamily::Red];
    assert_eq!(worn(&not_red), ids(&[0, 2, 3, 4, 6]));
    // What is named is wanted as it is.
    not_red.must_include = vec![item(1)];
    assert!(worn(&not_red).contains(&item(1)));
    let answer = compose(&not_red, &all, &Learned::default());
    assert!(
        answer.notes[0].contains("you asked for it as well"),
        "{:?}",
        answer.notes
    );
    let mut green = ask(3);
    green.limits.colours = vec![ColourFamily::Green];
    let answer = compose(&green, &all, &Learned::default());
    assert_eq!(answer.missing, [Slot::Top, Slot::Bottom]);
    assert!(answer.notes[0].contains("the colours and the dress code you asked for"));
    all[1].formality = 4.0;
    all[4].formality = 4.2;
    all[6].formality = 3.9;
    let mut formal = ask(3);
    formal.limits.dress_code = Some(DressCode::Formal);
    let answer = compose(&formal, &all, &Learned::default());
    check(&answer, &all, &formal);
    assert_eq!(items(&answer.outfits[0]), [item(1), item(4), item(6)]);
}

#[test]
fn any_weather_is_dressed_for() {
    let mut all = plain_wardrobe();
    all.push(Garment {
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        ..garment(8, Category::Coat, &mut StdRng::seed_from_u64(1))
    });
    for temperature_c in [-60.0, -273.0, 60.0, f32::INFINITY, f32::NAN] {
        let mut ask = ask(3);
        ask.weather = Some(Weather {
            temperature_c,
            is_wet: false,
        });
        let answer = compose(&ask, &all, &Learned::default());
        check(&answer, &all, &ask);
        assert_eq!(answer.outfits.len(), 3, "{temperature_c}");
        if temperature_c < 0.0 {
            assert!(
                answer
                    .outfits
                    .iter()
                    .all(|outfit| items(outfit).contains(&item(8)))
            );
        }
    }
}

#[test]
fn nobody_wears_a_thick_sweater_to_a_summer_party() {
    let mut all = plain_wardrobe();
    (all[0].category, all[0].warmth) = (Category::Sweater, 4.2);
    let at = |temperature_c, exclude: &[u128]| Ask {
        occasion: Some(Occasion::Party),
        weather: Some(Weather {
            temperature_c,
            is_wet: false,
        }),
        exclude: exclude.iter().copied().map(item).collect(),
        ..ask(10)
    };
    let wears = |ask: &Ask, learned: &Learned| {
        let outfits = compose(ask, &all, learned).outfits;
        assert!(!outfits.is_empty());
        outfits
            .iter()
            .any(|outfit| items(outfit).contains(&item(0)))
    };
    let usual = Learned::default();
    assert!(wears(&at(12.0, &[]), &usual));
    assert!(!wears(&at(21.0, &[]), &usual));
    assert!(wears(&at(21.0, &[1, 2]), &usual), "there is nothing else");
    // Who is always cold may.
    let outfit = compose(&at(21.0, &[]), &all, &usual).outfits.remove(0);
    let cold = Learned::replay(
        &(0..4)
            .map(|n| event(n, Kind::TooCold, &outfit, &all))
            .collect::<Vec<_>>(),
    );
    assert!(wears(&at(21.0, &[]), &cold));
}

#[test]
fn casual_days_are_no_days_for_heels() {
    let mut all = plain_wardrobe();
    all[7].category = Category::Heels;
    let score = |occasion| {
        let ask = Ask { occasion, ..ask(1) };
        let judged = judge(
            &ask,
            &all,
            &Learned::default(),
            &[
                vec![item(0), item(3), item(6)],
                vec![item(0), item(3), item(7)],
            ],
        );
        let at = FEATURES.iter().position(|f| f.name == "occasion").unwrap();
        let fit = |n: usize| judged[n].clone().unwrap().features[at];
        fit(0) - fit(1)
    };
    assert!(score(Some(Occasion::Casual)) > 0.05);
    assert_eq!(score(None), 0.0);
}

#[test]
fn having_been_cold_is_remembered_and_nothing_else_is() {
    let all = plain_wardrobe();
    let outfit = compose(&ask(1), &all, &Learned::default())
        .outfits
        .remove(0);
    let felt = |kinds: &[Kind]| {
        let events = (0..)
            .zip(kinds)
            .map(|(n, kind)| event(n, *kind, &outfit, &all));
        Learned::replay(&events.collect::<Vec<_>>())
    };
    let cold = felt(&[Kind::TooCold]);
    assert!(cold.comfort > 0.1);
    assert_eq!(cold.weights(), Learned::default().weights());
    assert!(cold.taste(Space::Clip).is_empty() && cold.memory.pieces.is_empty());
    assert!(felt(&[Kind::TooWarm]).comfort < -0.1);
    assert_eq!(felt(&[Kind::TooCold, Kind::TooWarm]).comfort, 0.0);
    // Cold people are dressed more warmly.
    let mut wardrobe = all.clone();
    wardrobe[0].warmth = 1.0;
    wardrobe[2].warmth = 3.3;
    let mild = Ask {
        weather: Some(Weather {
            temperature_c: 22.0,
            is_wet: false,
        }),
        exclude: vec![item(1)],
        ..ask(1)
    };
    let warmth = |learned: &Learned| -> f32 {
        let outfit = compose(&mild, &wardrobe, learned).outfits.remove(0);
        items(&outfit)
            .iter()
            .map(|id| find(&wardrobe, *id).warmth)
            .sum()
    };
    assert!(warmth(&felt(&[Kind::TooCold; 4])) > warmth(&felt(&[Kind::TooWarm; 4])));
}

#[test]
fn ten_thousand_events_in_a_minute_leave_it_sound() {
    let all = plain_wardrobe();
    let kinds = Kind::ALL.into_iter().filter(|kind| !kind.is_of_a_piece());
    let kinds: Vec<Kind> = kinds.collect();
    let mut learned = Learned::default();
    let outfits = compose(&ask(10), &all, &learned).outfits;
    let start = now();
    for n in 0..10_000_u128 {
        let at = n as usize;
        let mut event = event(
            n,
            kinds[at % kinds.len()],
            &outfits[at % outfits.len()],
            &all,
        );
        event.at = start + Duration::milliseconds(n as i64 * 6);
        event.rating = (event.kind == Kind::Rating).then_some((n % 5 + 1) as u8);
        learned.learn(&event);
    }
    assert_eq!(learned.events(), 10_000);
    assert!(learned.fusion.is_sound());
    let weights = learned.weights();
    assert!(
        weights
            .iter()
            .all(|w| w.mean.abs() < 20.0 && w.deviation > 0.0 && w.deviation < 5.0)
    );
    let answer = compose(&ask(3), &all, &learned);
    check(&answer, &all, &ask(3));
    let same = Learned::from_json(&learned.to_json(), learned.prior()).unwrap();
    assert_eq!(same, learned);
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
