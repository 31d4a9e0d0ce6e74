//! Random wardrobes, asks and histories.
use super::*;
use crate::engines::ranking::compose::{
    beam::{Beam, Width},
    choose::{Chooser, Final},
    score::{Scorer, measure},
    wishes::Wishes,
};
use proptest::prelude::*;

fn any_limits() -> impl Strategy<Value = Limits> {
    let families = |most| {
        let family = (0..ColourFamily::ALL.len()).prop_map(|at| ColourFamily::ALL[at]);
        proptest::collection::vec(family, 0..most)
    };
    let code = (0..DressCode::ALL.len()).prop_map(|at| DressCode::ALL[at]);
    prop_oneof![
        3 => Just(Limits::default()),
        1 => (families(4), families(2), proptest::option::of(code)).prop_map(
            |(colours, without_colours, dress_code)| Limits { colours, without_colours, dress_code }
        ),
    ]
}

pub(super) fn any_ask() -> impl Strategy<Value = Ask> {
    let ids = |most| proptest::collection::vec((0..40_u128).prop_map(item), 0..most);
    (
        proptest::option::of((-60.0_f32..60.0, any::<bool>())),
        proptest::option::of(0..Occasion::ALL.len()),
        (ids(4), ids(6), proptest::option::of(0..45_u128)),
        (any::<bool>(), 0..12_usize, any::<u64>()),
        any_limits(),
    )
        .prop_map(
            |(weather, occasion, (must, exclude, anchor), rest, limits)| Ask {
                limits,
                anchor: anchor.map(item),
                occasion: occasion.map(|at| Occasion::ALL[at]),
                weather: weather.map(|(temperature_c, is_wet)| Weather {
                    temperature_c,
                    is_wet,
                }),
                must_include: must,
                exclude,
                include_unclean: rest.0,
                ..Ask::new(rest.1, rest.2, now())
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_answer_is_valid_and_adds_up(
        mut ask in any_ask(),
        size in 0..45_usize,
        seed in any::<u64>(),
        kinds in proptest::collection::vec(0..7_usize, 0..12),
    ) {
        let all = wardrobe(size, seed);
        ask.targets = all.first().map_or([None, None, None], |g| g.embeddings.clone());
        let mut learned = Learned::default();
        for (n, kind) in (0..).zip(kinds) {
            if let Some(outfit) = compose(&ask, &all, &learned).outfits.first() {
                learned.learn(&event(n, Kind::ALL[kind], outfit, &all));
            }
        }
        let answer = compose(&ask, &all, &learned);
        check(&answer, &all, &ask);
        prop_assert_eq!(&answer, &compose(&ask, &all, &learned));
        for id in ask.must_include.iter().chain(&ask.anchor) {
            let everywhere = answer.outfits.iter().all(|outfit| items(outfit).contains(id));
            prop_assert!(everywhere || !answer.notes.is_empty());
        }
    }

    #[test]
    fn no_base_comes_twice_while_another_is_left(
        ask in any_ask(),
        size in 0..45_usize,
        seed in any::<u64>(),
        count in 1..10_usize,
    ) {
        let all = wardrobe(size, seed);
        let learned = Learned::default();
        let wishes = Wishes::new(&ask, &all, &learned);
        let width = Width::usual(count);
        let sights = measure(&wishes, &learned);
        let scorer = Scorer::new(&wishes, &learned, &sights, width);
        let looks = Beam::new(&wishes, &scorer, width).run();
        let finals = looks.into_iter().map(|look| Final {
            score: look.score,
            drawn: look.score,
            is_avoided: false,
            picks: look.picks,
        });
        let finals: Vec<Final> = finals.collect();
        let chosen = Chooser::new(&wishes, &scorer, &finals, 0).pick(count);
        let base = |at: &usize| -> BTreeSet<ItemId> {
            let pieces = finals[*at].picks.iter().map(|pick| scorer.garment(*pick));
            let is_base = |slot| matches!(slot, Slot::Top | Slot::Bottom | Slot::OnePiece);
            pieces.filter(|g| is_base(g.slot)).map(|g| g.id).collect()
        };
        let shown: BTreeSet<_> = chosen.iter().map(base).collect();
        let possible: BTreeSet<_> = (0..finals.len()).map(|at| base(&at)).collect();
        prop_assert_eq!(shown.len(), chosen.len().min(possible.len()));
    }

    #[test]
    fn what_is_to_be_avoided_comes_only_when_nothing_else_is_left(
        seed in any::<u64>(),
        rounds in 1..40_usize,
    ) {
        let all = plain_wardrobe();
        let mut ask = Ask::new(3, seed, now());
        let mut seen = HashSet::new();
        for _ in 0..rounds {
            let answer = compose(&ask, &all, &Learned::default());
            check(&answer, &all, &ask);
            for outfit in &answer.outfits {
                let is_new = seen.insert(core(outfit));
                // Three tops, three bottoms, two pairs of shoes.
                prop_assert!(is_new || ask.avoid_outfits.len() >= 18);
                ask.avoid_outfits.push(items(outfit));
            }
        }
    }
}
