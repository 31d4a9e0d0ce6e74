//! What suits the season and the occasion, and who is always cold.
use super::*;

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
