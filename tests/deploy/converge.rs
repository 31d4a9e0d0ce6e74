//! What one of three servers takes in, the others find soon, while people keep all of them busy.
use crate::{
    client::Person,
    fleet::{COUNT, Fleet},
    life::converse,
    pictures::Pictures,
    program::PATIENCE,
};
use futures_util::future::join_all;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Photos that are waited for, one after the other.
const PHOTOS: usize = 9;
/// People that ask and judge all the time.
const PEOPLE: u8 = 3;
/// Within this time most of them are found everywhere.
const SOON: Duration = Duration::from_secs(1);
/// And within this time all, however busy the machine is with other tests.
const LATEST: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_takes_in_the_others_find_within_a_second_under_load() {
    let fleet = Fleet::start().await;
    let pictures = Pictures::draw();
    let people = fleet.dressed(PEOPLE, &pictures).await;
    let is_over = AtomicBool::new(false);
    let busy = people[1..].iter().map(async |(person, ledger)| {
        for round in 0.. {
            if is_over.load(Ordering::Relaxed) {
                return;
            }
            converse(person, ledger, round).await.unwrap();
        }
    });
    let watched = async {
        let (person, ledger) = &people[0];
        let first = ledger.garments()[0].1.clone();
        let mut delays = vec![];
        for turn in 0..PHOTOS {
            let number = ledger.photos_to_send(1)[0];
            let photo = pictures.jpeg(number);
            delays.push(delay(&fleet, person, photo, &first, turn % COUNT).await);
        }
        is_over.store(true, Ordering::Relaxed);
        delays
    };
    let (_, mut delays) = tokio::join!(join_all(busy), watched);
    delays.sort_unstable();
    assert!(delays[PHOTOS / 2] < SOON, "{delays:?}");
    assert!(delays[PHOTOS - 1] < LATEST, "{delays:?}");
}

/// From when a garment is ready at one server to when every server finds it beside `first`.
async fn delay(
    fleet: &Fleet,
    person: &Person,
    photo: Vec<u8>,
    first: &str,
    which: usize,
) -> Duration {
    let here = person.at(&fleet.instances[which].url());
    let (status, answer) = here.upload(vec![photo]).await.unwrap();
    assert_eq!(status, 202, "{answer:#}");
    let id = answer["results"][0]["item"]["id"].to_string();
    let path = format!("/api/wardrobe/{}", id.trim_matches('"'));
    let seen = async {
        while here.get(&path).await["state"] != "ready" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let ready = Instant::now();
        let finds = fleet.instances.iter().map(async |instance| {
            let finds = async || {
                let found = instance.neighbours(person, first, "fashion").await;
                found.iter().any(|line| line.starts_with(&id))
            };
            while !finds().await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        join_all(finds).await;
        ready.elapsed()
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap()
}
