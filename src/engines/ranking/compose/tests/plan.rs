//! Several days at once: what a plan promises.
use super::*;
use crate::engines::ranking::{Day, Kept, MAX_DAYS, plan};
use chrono::NaiveDate;
use proptest::prelude::*;

/// The `n`th day from a Monday on.
fn date(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 4).unwrap() + Duration::days(n)
}

fn day(n: i64) -> Day {
    Day {
        date: date(n),
        ask: Ask::new(1, 7, now() + Duration::days(n)),
        instead_of: vec![],
    }
}

fn at(n: i64, temperature_c: f32) -> Day {
    let mut day = day(n);
    day.ask.weather = Some(Weather {
        temperature_c,
        is_wet: false,
    });
    day
}

fn days(count: i64) -> Vec<Day> {
    (0..count).map(day).collect()
}

fn simple(n: u128, category: Category) -> Garment {
    Garment {
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        certainty: 1.0,
        colours: garment(0, category, &mut StdRng::seed_from_u64(0)).colours,
        formality: 2.5,
        warmth: 2.5,
        season: None,
        last_worn: None,
        wears_30d: 0,
        pattern: None,
        ..garment(n, category, &mut StdRng::seed_from_u64(n as u64))
    }
}

/// Garments of the given kinds, otherwise alike.
fn of_kinds(kinds: &[Category]) -> Vec<Garment> {
    let numbered = (0..).zip(kinds);
    numbered.map(|(n, kind)| simple(n, *kind)).collect()
}

fn planned(days: &[Day], wardrobe: &[Garment]) -> Vec<Answer> {
    plan(days, &[], wardrobe, &Learned::default())
}

fn is_main(slot: Slot) -> bool {
    matches!(slot, Slot::Top | Slot::Bottom | Slot::OnePiece)
}

fn mains(answer: &Answer) -> Vec<ItemId> {
    let picks = answer.outfits.iter().flat_map(|outfit| &outfit.picks);
    let mains = picks.filter(|pick| is_main(pick.slot));
    mains.map(|pick| pick.item).collect()
}

fn of_slot(answer: &Answer, slot: Slot) -> Option<ItemId> {
    let mut picks = answer.outfits.iter().flat_map(|outfit| &outfit.picks);
    picks.find(|pick| pick.slot == slot).map(|pick| pick.item)
}

/// How often a top, bottom or one-piece is worn that was worn before.
fn repeats(answers: &[Answer]) -> usize {
    let all: Vec<ItemId> = answers.iter().flat_map(mains).collect();
    all.len() - all.iter().collect::<HashSet<_>>().len()
}

fn cores(answers: &[Answer]) -> HashSet<BTreeSet<ItemId>> {
    answers
        .iter()
        .flat_map(|answer| &answer.outfits)
        .map(core)
        .collect()
}

fn any_day() -> impl Strategy<Value = Day> {
    let ids = |most| proptest::collection::vec((0..60_u128).prop_map(item), 0..most);
    (
        proptest::option::of((-15.0_f32..35.0, any::<bool>())),
        proptest::option::of(0..Occasion::ALL.len()),
        (ids(3), ids(6), proptest::option::of(0..60_u128)),
        (any::<bool>(), any::<u64>()),
    )
        .prop_map(|(weather, occasion, (must, exclude, anchor), rest)| Day {
            date: date(0),
            ask: Ask {
                anchor: anchor.map(item),
                occasion: occasion.map(|at| Occasion::ALL[at]),
                weather: weather.map(|(temperature_c, is_wet)| Weather {
                    temperature_c,
                    is_wet,
                }),
                must_include: must,
                exclude,
                include_unclean: rest.0,
                ..Ask::new(1, rest.1, now())
            },
            instead_of: vec![],
        })
}

/// The fewest repeats in so many different outfits of these garments, by trying all.
fn fewest(days: usize, (tops, bottoms, pieces, shoes): (usize, usize, usize, usize)) -> usize {
    let mut bases: Vec<Vec<usize>> = (0..tops)
        .flat_map(|top| (0..bottoms).map(move |bottom| vec![top, 10 + bottom]))
        .collect();
    bases.extend((0..pieces).map(|piece| vec![20 + piece]));
    let mut least = usize::MAX;
    for number in 0..bases.len().pow(days as u32) {
        let chosen = (0..days as u32).map(|day| number / bases.len().pow(day) % bases.len());
        let chosen: Vec<usize> = chosen.collect();
        let uses = |base| chosen.iter().filter(|other| **other == base).count();
        if (0..bases.len()).any(|base| uses(base) > shoes) {
            continue;
        }
        let worn: Vec<usize> = chosen.iter().flat_map(|at| bases[*at].clone()).collect();
        let different: HashSet<&usize> = worn.iter().collect();
        least = least.min(worn.len() - different.len());
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_planned_outfit_is_valid_and_every_day_that_can_be_is_dressed(
        mut days in proptest::collection::vec(any_day(), 1..8),
        size in 0..60_usize,
        seed in any::<u64>(),
    ) {
        let all = wardrobe(size, seed);
        for (n, day) in (0..).zip(&mut days) {
            day.date = date(n);
        }
        let answers = planned(&days, &all);
        prop_assert_eq!(answers.len(), days.len());
        for (answer, day) in answers.iter().zip(&days) {
            check(answer, &all, &day.ask);
            let alone = compose(&day.ask, &all, &Learned::default());
            prop_assert_eq!(answer.outfits.len(), alone.outfits.len().min(1));
            prop_assert_eq!(&answer.missing, &alone.missing);
        }
        let different = cores(&answers).len();
        let dressed = answers.iter().filter(|answer| !answer.outfits.is_empty()).count();
        if repeats(&answers) > 0 || different < dressed {
            let told = answers.iter().flat_map(|answer| &answer.notes);
            prop_assert!(told.filter(|note| note.contains("as on")).count() > 0);
        }
        prop_assert_eq!(&answers, &planned(&days, &all));
    }

    #[test]
    fn no_garment_is_worn_twice_while_there_are_enough(
        weather in proptest::collection::vec(proptest::option::of(8.0_f32..26.0), 1..MAX_DAYS),
        spare in 0..3_usize,
        dresses in 0..3_usize,
        seed in any::<u64>(),
    ) {
        let needed = weather.len().saturating_sub(dresses) + spare;
        let kinds: Vec<Category> = std::iter::repeat_n(Category::Shirt, needed)
            .chain(std::iter::repeat_n(Category::Jeans, needed))
            .chain(std::iter::repeat_n(Category::Dress, dresses))
            .chain([Category::Sneakers, Category::Boots, Category::Jacket, Category::Cardigan])
            .collect();
        let mut random = StdRng::seed_from_u64(seed);
        let all: Vec<Garment> = (0..)
            .zip(kinds)
            .map(|(n, kind)| Garment { is_clean: true, whereabouts: Whereabouts::AtHand, ..garment(n, kind, &mut random) })
            .collect();
        let days: Vec<Day> = (0..)
            .zip(&weather)
            .map(|(n, weather)| weather.map_or_else(|| day(n), |celsius| at(n, celsius)))
            .collect();
        let answers = planned(&days, &all);
        prop_assert!(answers.iter().all(|answer| answer.outfits.len() == 1));
        prop_assert_eq!(repeats(&answers), 0);

        // Another one for one of the days leaves the others as they are.
        let again = seed as usize % days.len();
        let mut answers = answers;
        let turned_down = items(&answers[again].outfits[0]);
        let mut day = days[again].clone();
        day.instead_of = vec![turned_down.clone()];
        let others = days.iter().zip(&answers).enumerate().filter(|(n, _)| *n != again);
        let kept: Vec<Kept> = others
            .map(|(_, (day, answer))| Kept { date: day.date, items: items(&answer.outfits[0]) })
            .collect();
        let other = plan(&[day], &kept, &all, &Learned::default()).pop();
        answers[again] = other.unwrap();
        prop_assert_ne!(&items(&answers[again].outfits[0]), &turned_down);
        prop_assert_eq!(repeats(&answers), 0);
    }

    #[test]
    fn a_small_wardrobe_repeats_as_little_as_possible(
        count in 1..5_usize,
        (tops, bottoms, pieces, shoes) in (1..3_usize, 1..4_usize, 0..3_usize, 1..3_usize),
    ) {
        let kinds: Vec<Category> = std::iter::repeat_n(Category::Shirt, tops)
            .chain(std::iter::repeat_n(Category::Jeans, bottoms))
            .chain(std::iter::repeat_n(Category::Dress, pieces))
            .chain(std::iter::repeat_n(Category::Sneakers, shoes))
            .collect();
        let answers = planned(&days(count as i64), &of_kinds(&kinds));
        let possible = (tops * bottoms + pieces) * shoes;
        prop_assert_eq!(cores(&answers).len(), count.min(possible));
        if count <= possible {
            let least = fewest(count, (tops, bottoms, pieces, shoes));
            prop_assert_eq!(repeats(&answers), least);
        }
    }
}

#[test]
fn the_only_warm_outfit_is_kept_for_the_frost() {
    let mut all = of_kinds(&[
        Category::Sweater,
        Category::Trousers,
        Category::TShirt,
        Category::Shorts,
        Category::Boots,
    ]);
    for (garment, warmth) in all.iter_mut().zip([5.0, 5.0, 1.5, 1.5, 3.0]) {
        garment.warmth = warmth;
    }
    let days = [at(0, 16.0), at(1, -4.0)];
    let alone = compose(&days[0].ask, &all, &Learned::default());
    let warm = [all[0].id, all[1].id];
    assert_eq!(mains(&alone), warm, "each day by itself would take it");
    let answers = planned(&days, &all);
    assert_eq!(mains(&answers[1]), warm);
    assert_eq!(mains(&answers[0]), [all[2].id, all[3].id]);
    let reversed = planned(&[at(0, -4.0), at(1, 16.0)], &all);
    assert_eq!(mains(&reversed[0]), warm);
}

#[test]
fn the_same_shoes_and_bag_do_not_come_two_days_in_a_row() {
    use Category::{Bag, Jeans, Shirt, Sneakers};
    let mut all = of_kinds(&[
        Shirt, Shirt, Shirt, Shirt, Jeans, Jeans, Jeans, Jeans, Sneakers, Sneakers, Bag, Bag,
    ]);
    let answers = planned(&days(4), &all);
    for slot in [Slot::Shoes, Slot::Bag] {
        for pair in answers.windows(2) {
            assert!(of_slot(&pair[0], slot).is_some());
            assert_ne!(of_slot(&pair[0], slot), of_slot(&pair[1], slot), "{slot}");
        }
    }
    all.remove(9);
    let answers = planned(&days(4), &all);
    let shoes = answers.iter().map(|answer| of_slot(answer, Slot::Shoes));
    assert!(
        shoes.into_iter().all(|shoes| shoes == Some(item(8))),
        "nobody goes barefoot"
    );
}

#[test]
fn a_kept_day_counts_as_used_and_another_one_is_another_one() {
    let all = of_kinds(&[
        Category::Shirt,
        Category::Polo,
        Category::TShirt,
        Category::Jeans,
        Category::Trousers,
        Category::Skirt,
        Category::Sneakers,
    ]);
    let answers = planned(&days(2), &all);
    let kept = Kept {
        date: date(0),
        items: items(&answers[0].outfits[0]),
    };
    let turned_down = items(&answers[1].outfits[0]);
    let mut again = day(1);
    again.instead_of = vec![turned_down.clone()];
    let other = plan(
        &[again],
        std::slice::from_ref(&kept),
        &all,
        &Learned::default(),
    );
    let new = mains(&other[0]);
    assert_eq!(new.len(), 2);
    // One top and one bottom are left that neither day wears.
    assert!(
        new.iter()
            .all(|id| !kept.items.contains(id) && !turned_down.contains(id))
    );
    assert!(other[0].notes.is_empty(), "{:?}", other[0].notes);
}

#[test]
fn there_may_be_no_other_one() {
    let all = of_kinds(&[Category::Shirt, Category::Jeans, Category::Sneakers]);
    let mut again = day(0);
    again.instead_of = vec![all.iter().map(|garment| garment.id).collect()];
    let answers = planned(&[again], &all);
    assert_eq!(answers[0].outfits.len(), 1);
    assert!(answers[0].notes[0].contains("nothing else left"));
}

#[test]
fn what_repeats_is_named_with_its_reason() {
    let mut all = of_kinds(&[
        Category::Shirt,
        Category::Polo,
        Category::Jeans,
        Category::Sneakers,
    ]);
    all[2].label = "blue jeans".to_owned();
    let answers = planned(&days(2), &all);
    assert_eq!(
        answers[1].notes,
        [
            "Again the blue jeans, as on Monday 4 May: there are not enough trousers, skirts or shorts \
          to wear for so many days."
        ]
    );
    assert!(answers[0].notes.is_empty());

    let third = planned(&days(3), &all);
    assert!(
        third[2].notes[0].starts_with("The same outfit as on"),
        "{:?}",
        third[2].notes
    );

    all.push(simple(9, Category::Trousers));
    let mut asked = days(2);
    for day in &mut asked {
        day.ask.must_include = vec![all[2].id];
    }
    let answers = planned(&asked, &all);
    assert!(answers[1].notes[0].ends_with("you asked for it on this day."));
}

#[test]
fn sandals_in_the_snow_are_no_variety() {
    use Category::{Dress, Sandals, Sweater, Trousers};
    let mut all = of_kinds(&[Sweater, Trousers, Dress, Sandals]);
    for (garment, warmth) in all.iter_mut().zip([5.0, 5.0, 1.0, 1.0]) {
        garment.warmth = warmth;
    }
    let answers = planned(&[at(0, 3.0), at(1, 3.0)], &all);
    assert_eq!(mains(&answers[0]), mains(&answers[1]));
}

#[test]
fn an_empty_wardrobe_and_too_many_days_are_answered_in_words() {
    let answers = planned(&days(3), &[]);
    assert_eq!(answers.len(), 3);
    for answer in &answers {
        assert!(answer.outfits.is_empty() && answer.notes[0].contains("empty"));
    }
    let answers = planned(&days(20), &plain_wardrobe());
    assert_eq!(answers.len(), MAX_DAYS);
    assert!(planned(&[], &plain_wardrobe()).is_empty());
}
