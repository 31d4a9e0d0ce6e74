//! Nobody can be read off a group, and groups are of people of like taste.
use super::*;
use proptest::prelude::*;

const SEED: u64 = 7;

fn embedding(values: &[f32]) -> Embedding {
    Embedding::new(SPACE, values.to_vec()).unwrap()
}

fn interest(values: &[f32], weight: f32) -> Interest {
    Interest {
        centre: embedding(values),
        weight,
    }
}

/// Likes one direction and dislikes another, a little off each time.
fn fan(likes: usize, dislikes: usize, n: usize) -> Vec<Interest> {
    let towards = |axis: usize| {
        let mut values = [0.02 * n as f32, 0.3, 0.3, 0.3, -0.02 * n as f32];
        values[axis] += 2.0;
        values
    };
    let weight = 1.0 + n as f32;
    vec![
        interest(&towards(likes), weight),
        interest(&towards(dislikes), -weight),
    ]
}

fn affinity(crowds: &Crowds, person: &[Interest], piece: &Embedding) -> f32 {
    let near = crowds.near(person);
    near.map_or(0.0, |near| near.affinity(piece))
}

#[test]
fn similar_people_end_together() {
    let mut people: Vec<_> = (0..10).map(|n| fan(1, 2, n)).collect();
    people.extend((0..10).map(|n| fan(2, 1, n)));
    let crowds = Crowds::estimate(&people, SEED).unwrap();
    assert!(crowds.groups().len() >= 2);
    let first = embedding(&[0.0, 2.3, 0.3, 0.3, 0.0]);
    let second = embedding(&[0.0, 0.3, 2.3, 0.3, 0.0]);
    for (person, likes, dislikes) in [
        (fan(1, 2, 1), &first, &second),
        (fan(2, 1, 1), &second, &first),
    ] {
        assert!(affinity(&crowds, &person, likes) > 0.3);
        assert!(affinity(&crowds, &person, dislikes) < -0.3);
    }
    let stranger = [interest(&[-1.0, -1.0, -1.0, -4.0, -1.0], 2.0)];
    assert!(affinity(&crowds, &stranger, &first).abs() < 0.3);
    assert!(crowds.near(&[]).is_none());
}

#[test]
fn four_people_are_no_group_and_five_are_one() {
    let people: Vec<_> = (0..5).map(|n| fan(1, 2, n)).collect();
    assert!(Crowds::estimate(&people[..4], SEED).is_none());
    let crowds = Crowds::estimate(&people, SEED).unwrap();
    assert_eq!(crowds.groups().len(), 1);
    // Also when one of them never said anything.
    let mut people = people;
    people[2].clear();
    assert!(Crowds::estimate(&people, SEED).is_none());
}

#[test]
fn a_small_group_joins_its_nearest_neighbour() {
    let mut people: Vec<_> = (0..20).map(|n| fan(1, 2, n % 5)).collect();
    people.extend((0..4).map(|n| fan(3, 4, n)));
    let crowds = Crowds::estimate(&people, SEED).unwrap();
    let all: u32 = crowds.groups().iter().map(|group| group.people).sum();
    assert_eq!(all, 24, "nobody is left out, and nobody stands apart");
    let own = embedding(&[0.0, 0.3, 0.3, 2.3, 0.0]);
    let others = embedding(&[0.0, 2.3, 0.3, 0.3, 0.0]);
    let person = fan(1, 2, 1);
    assert!(affinity(&crowds, &person, &others) > affinity(&crowds, &person, &own));
}

#[test]
fn people_who_all_like_the_same_are_a_group() {
    let same = vec![interest(&[1.0, 0.2, 0.0], 2.0)];
    let crowds = Crowds::estimate(&vec![same.clone(); 6], SEED).unwrap();
    assert!(affinity(&crowds, &same, &same[0].centre) > 0.3);
}

/// Six people who like one thing, and one who likes another, this much.
fn with_an_extreme(weight: f32) -> Crowds {
    let mut people = vec![vec![interest(&[1.0, 0.0, 0.0], 0.5)]; 6];
    people.push(vec![interest(&[0.0, 1.0, 0.0], weight)]);
    Crowds::estimate(&people, SEED).unwrap()
}

#[test]
fn an_extreme_taste_counts_like_any_other() {
    let modest = with_an_extreme(0.5);
    let [group] = modest.groups() else {
        panic!("one group");
    };
    assert_eq!(group.people, 7);
    let centre = &group.centres[0].interest.centre;
    let share = centre.values()[1] / centre.values()[0];
    assert!((share - 1.0 / 6.0).abs() < 1e-4, "{share}");
    for weight in [1.0, 4.0, 20.0] {
        let extreme = with_an_extreme(weight);
        assert_eq!(extreme.groups()[0].centres, group.centres, "{weight}");
    }
}

fn is_anonymous(crowds: &Crowds) -> bool {
    crowds.groups().iter().all(|group| {
        let centres = group.centres.iter();
        group.people >= 5
            && group.centres.len() <= 8
            && centres
                .clone()
                .all(|c| (5..=group.people).contains(&c.people))
    })
}

fn anybody() -> impl Strategy<Value = Vec<Interest>> {
    let weight = prop_oneof![
        8 => -20.0_f32..20.0,
        1 => any::<f32>(),
        1 => Just(f32::NAN),
    ];
    let interest = (proptest::collection::vec(-1.0_f32..1.0, 4), weight);
    proptest::collection::vec(interest, 0..8).prop_map(|interests| {
        let interests = interests.into_iter();
        interests
            .filter_map(|(values, weight)| {
                let centre = Embedding::new(SPACE, values).ok()?;
                Some(Interest { centre, weight })
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn nothing_comes_from_fewer_than_five(
        people in proptest::collection::vec(anybody(), 0..60),
        gone in any::<prop::sample::Index>(),
        seed in any::<u64>(),
    ) {
        let crowds = Crowds::estimate(&people, seed);
        prop_assert_eq!(&crowds, &Crowds::estimate(&people, seed), "deterministic");
        if let Some(crowds) = crowds {
            prop_assert!(is_anonymous(&crowds));
            let all: u32 = crowds.groups().iter().map(|group| group.people).sum();
            prop_assert!(all as usize <= people.len());
            let back = Crowds::from_parts(crowds.origin().to_vec(), crowds.groups().to_vec());
            prop_assert_eq!(back.as_ref(), Some(&crowds));
            for person in &people {
                let look = embedding(&[1.0, 0.5, 0.0, -0.5]);
                prop_assert!((-1.0..=1.0).contains(&affinity(&crowds, person, &look)));
            }
            let mut fewer = crowds.groups().to_vec();
            fewer[0].people = 4;
            prop_assert!(Crowds::from_parts(crowds.origin().to_vec(), fewer).is_none());
        }
        if !people.is_empty() {
            let mut left = people.clone();
            left.remove(gone.index(people.len()));
            if let Some(without) = Crowds::estimate(&left, seed) {
                prop_assert!(is_anonymous(&without));
            }
        }
    }

    #[test]
    fn every_cluster_has_five_people_and_every_point_is_in_one(
        points in proptest::collection::vec(
            (0..12_usize, proptest::collection::vec(-1.0_f32..1.0, 3), 0.01_f32..4.0), 0..50,
        ),
        most in 1..9_usize,
        seed in any::<u64>(),
    ) {
        let points: Vec<Point> = points
            .into_iter()
            .filter_map(|(person, values, weight)| {
                let at = Embedding::new(SPACE, values).ok()?.values().to_vec();
                Some(Point { person, at, weight })
            })
            .collect();
        let people: std::collections::BTreeSet<usize> = points.iter().map(|p| p.person).collect();
        let clusters = cluster(&points, most, seed);
        prop_assert!(clusters.len() <= most);
        prop_assert_eq!(clusters.is_empty(), people.len() < 5);
        for cluster in &clusters {
            let people: std::collections::BTreeSet<usize> =
                cluster.iter().map(|at| points[*at].person).collect();
            prop_assert!(people.len() >= 5);
        }
        let mut all: Vec<usize> = clusters.concat();
        all.sort_unstable();
        prop_assert!(all.is_empty() || all == (0..points.len()).collect::<Vec<_>>());
    }
}
