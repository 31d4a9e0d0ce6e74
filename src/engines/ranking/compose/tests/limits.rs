//! Little to choose from, strict wishes, and more than anybody would say.
use super::*;

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
