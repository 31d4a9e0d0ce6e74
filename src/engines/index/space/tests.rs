//! Against a map and a scan: whatever happened to an index, it finds what they hold.
use super::*;
use crate::engines::index::{Hit, Plan};
use proptest::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::HashMap;
use uuid::Uuid;

const DIMENSION: usize = 16;

fn item(n: u128) -> ItemId {
    ItemId(Uuid::from_u128(n))
}

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn vector(random: &mut StdRng, dimension: usize) -> Embedding {
    let values = (0..dimension).map(|_| random.random_range(-1.0..1.0));
    Embedding::new(Space::Clip, values.collect()).unwrap()
}

fn clustered(random: &mut StdRng, centres: &[Embedding]) -> Embedding {
    let centre = &centres[random.random_range(0..centres.len())];
    let values = centre
        .values()
        .iter()
        .map(|v| v + random.random_range(-0.12..0.12));
    Embedding::new(Space::Clip, values.collect()).unwrap()
}

fn with_graph() -> Settings {
    Settings {
        exact_up_to: 32,
        ..Settings::default()
    }
}

type Model = HashMap<ItemId, (UserId, Embedding)>;

fn brute_force(model: &Model, query: &Embedding, k: usize, filter: &Filter<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = model
        .iter()
        .filter(|(key, (owner, _))| {
            filter.owner.is_none_or(|o| o == *owner)
                && filter.among.is_none_or(|a| a.contains(key))
                && filter.except.is_none_or(|e| !e.contains(key))
        })
        .map(|(key, (_, embedding))| Hit {
            key: *key,
            cosine: embedding.cosine(query),
        })
        .collect();
    hits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key)));
    hits.truncate(k);
    hits
}

#[test]
fn foreign_vectors_are_refused() {
    let index = SpaceIndex::new(Space::Clip, 4, &Settings::default()).unwrap();
    let mut random = StdRng::seed_from_u64(1);
    let long = vector(&mut random, 5);
    let other = Embedding::new(Space::Blip, vec![1.0; 4]).unwrap();
    for wrong in [long, other] {
        assert!(index.upsert(item(1), user(1), &wrong).is_err());
        assert!(index.search(&wrong, 1, &Filter::default()).is_err());
    }
    assert_eq!(index.stats().vectors, 0);
    assert!(SpaceIndex::new(Space::Clip, 0, &Settings::default()).is_err());
}

#[test]
fn the_graph_finds_what_a_scan_finds() {
    let mut random = StdRng::seed_from_u64(7);
    let centres: Vec<_> = (0..60).map(|_| vector(&mut random, 64)).collect();
    let index = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
    let mut model = Model::new();
    for n in 0..5_000 {
        let embedding = clustered(&mut random, &centres);
        index.upsert(item(n), user(n % 3), &embedding).unwrap();
        model.insert(item(n), (user(n % 3), embedding));
    }
    let (mut found, mut total) = (0, 0);
    for n in 0..100 {
        let query = clustered(&mut random, &centres);
        let filter = Filter {
            owner: (n % 2 == 0).then(|| user(1)),
            ..Filter::default()
        };
        let answer = index.search(&query, 10, &filter).unwrap();
        assert_eq!(answer.plan, Plan::Hnsw);
        let want = brute_force(&model, &query, 10, &filter);
        found += want.iter().filter(|hit| answer.hits.contains(hit)).count();
        total += want.len();
    }
    let recall = found as f64 / f64::from(total as u32);
    assert!(recall >= 0.95, "recall@10 is {recall}");
    let measured = index.recall(10, 50);
    assert!((0.95..=1.0).contains(&measured), "it says {measured}");
}

#[test]
fn an_index_knows_that_its_graph_is_wrong() {
    let mut random = StdRng::seed_from_u64(8);
    let mut fill = || {
        let index = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
        for n in 0..2_000 {
            let embedding = vector(&mut random, 64);
            index.upsert(item(n), user(0), &embedding).unwrap();
        }
        index
    };
    let (index, other) = (fill(), fill());
    assert!(index.recall(10, 20) > 0.9);
    index.write().graph = other.write().graph.take();
    assert!(index.recall(10, 20) < 0.5);
    let empty = SpaceIndex::new(Space::Clip, 64, &with_graph()).unwrap();
    assert!((empty.recall(10, 20) - 1.0).abs() < f64::EPSILON);
}

#[test]
fn filling_at_once_is_filling_one_by_one() {
    let mut random = StdRng::seed_from_u64(9);
    let rows: Vec<_> = (0..300)
        .map(|n| (item(n), user(n % 2), vector(&mut random, DIMENSION)))
        .collect();
    let filled = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
    assert_eq!(filled.fill(&rows).unwrap(), 300);
    assert_eq!(filled.fill(&rows[..10]).unwrap(), 0);
    let single = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
    for (key, owner, embedding) in &rows {
        single.upsert(*key, *owner, embedding).unwrap();
    }
    assert_eq!(filled.stats().graph_vectors, single.stats().graph_vectors);
    for (_, _, query) in rows.iter().take(20) {
        let ask = |index: &SpaceIndex| index.search(query, 300, &Filter::default()).unwrap();
        assert_eq!(ask(&filled).hits, ask(&single).hits);
    }
    let wrong = (item(1), user(1), vector(&mut random, 3));
    assert!(filled.fill(&[wrong]).is_err());
}

#[test]
fn a_worn_graph_is_built_anew() {
    let mut random = StdRng::seed_from_u64(3);
    let index = SpaceIndex::new(Space::Clip, DIMENSION, &with_graph()).unwrap();
    for round in 0..5 {
        for n in 0..200 {
            let embedding = vector(&mut random, DIMENSION);
            index.upsert(item(n), user(round), &embedding).unwrap();
        }
    }
    let stats = index.stats();
    assert_eq!(
        (stats.vectors, stats.graph_vectors, stats.owners),
        (200, 200, 1)
    );
    assert!(stats.removed <= 60, "{stats:?}");
    assert!(stats.memory_bytes > 200 * DIMENSION * 4);
}

#[test]
fn searching_while_changing_from_many_threads_works() {
    let settings = Settings {
        threads: 2,
        ..with_graph()
    };
    let index = SpaceIndex::new(Space::Clip, DIMENSION, &settings).unwrap();
    std::thread::scope(|scope| {
        for worker in 0..8_u64 {
            let index = &index;
            scope.spawn(move || {
                let mut random = StdRng::seed_from_u64(worker);
                for n in 0..150 {
                    let embedding = vector(&mut random, DIMENSION);
                    let key = item(u128::from(worker) * 1_000 + n);
                    index.upsert(key, user(1), &embedding).unwrap();
                    let answer = index.search(&embedding, 1, &Filter::default()).unwrap();
                    assert!(answer.hits[0].cosine > 0.999);
                }
            });
        }
    });
    assert_eq!(index.stats().vectors, 1_200);
    assert_eq!(index.stats().graph_vectors, 1_200);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_history_leaves_what_a_map_would_hold(
        seed in any::<u64>(),
        steps in proptest::collection::vec((0..80_u128, 0..4_u128, 0..4_u8), 0..300),
        exact_up_to in prop_oneof![Just(8_usize), Just(4096)],
    ) {
        let mut random = StdRng::seed_from_u64(seed);
        let settings = Settings { exact_up_to, ..Settings::default() };
        let index = SpaceIndex::new(Space::Clip, DIMENSION, &settings).unwrap();
        let mut model = Model::new();
        for (n, owner, action) in steps {
            if action == 0 {
                prop_assert_eq!(index.remove(item(n)), model.remove(&item(n)).is_some());
            } else {
                let embedding = vector(&mut random, DIMENSION);
                index.upsert(item(n), user(owner), &embedding).unwrap();
                model.insert(item(n), (user(owner), embedding));
            }
        }
        prop_assert_eq!(index.stats().vectors, model.len());
        for (key, (_, embedding)) in &model {
            prop_assert_eq!(index.get(*key), Some(embedding.clone()));
        }
        let query = vector(&mut random, DIMENSION);
        let among: HashSet<_> = (0..40).map(item).collect();
        let except: HashSet<_> = (10..20).map(item).collect();
        for filter in [
            Filter { owner: Some(user(1)), ..Filter::default() },
            Filter { owner: Some(user(2)), except: Some(&except), ..Filter::default() },
            Filter { owner: Some(user(2)), among: Some(&among), except: Some(&except) },
        ] {
            let want = brute_force(&model, &query, 10, &filter);
            let got = index.search(&query, 10, &filter).unwrap();
            prop_assert_eq!(got.hits.len(), want.len());
            if got.plan == Plan::Exact {
                prop_assert_eq!(got.hits, want);
            }
        }
        let all = index.search(&query, 1_000, &Filter::default()).unwrap();
        prop_assert_eq!(all.hits, brute_force(&model, &query, 1_000, &Filter::default()));
    }
}
