//! SIGKILL during uploads and feedback, again and again: what was acknowledged stays, nothing is half there.
use crate::{
    client::Person,
    ledger::Ledger,
    life::{dress, recognised, talk, upload},
    pictures::Pictures,
    program::{PATIENCE, Place, Server},
    stored,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{collections::BTreeSet, time::Duration};

/// Servers killed while they work.
const KILLS: usize = 20;
/// After so many of them, one more is killed while it starts.
const EVERY: usize = 5;
/// A server has promised this much before it is killed, so that every round tests something.
const PROMISES: std::ops::RangeInclusive<usize> = 1..=7;
/// It is killed this long after that.
const DELAY_MS: std::ops::Range<u64> = 0..120;
/// A start is cut short after this long.
const START_MS: std::ops::Range<u64> = 0..2500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_it_acknowledged_and_leaves_nothing_half_written() {
    let place = Place::new();
    let pictures = Pictures::draw();
    let ledger = Ledger::default();
    let chance = &mut StdRng::seed_from_u64(20);
    let mut server = place.serve().await;
    let person = Person::register(&server.url).await;
    dress(&person, &pictures, &ledger).await;
    for round in 1..=KILLS {
        let here = person.at(&server.url);
        let (promises, delay) = (chance.random_range(PROMISES), chance.random_range(DELAY_MS));
        ledger.turn_page();
        tokio::join!(
            upload(&here, &pictures, &ledger),
            upload(&here, &pictures, &ledger),
            talk(&here, &ledger, round),
            kill(
                &mut server,
                &ledger,
                (promises, Duration::from_millis(delay))
            ),
        );
        if round % EVERY == 0 {
            let delay = Duration::from_millis(chance.random_range(START_MS));
            let mut starting = place.launch();
            tokio::time::sleep(delay).await;
            starting.kill().await.unwrap();
        }
        server = place.serve().await;
    }
    let here = person.at(&server.url);
    recognised(&here).await;
    everything_promised_is_there(&here, &ledger).await;
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;
    assert!(!place.log().contains("panicked"), "{}", place.log());

    let said = place.run(&["relearn", "--embedded"]).await;
    assert_eq!(said.expect_success(), "1 people relearned, 0 differed\n");
    let said = place.run(&["reindex", "--verify", "--embedded"]).await;
    assert_eq!(said.expect_success(), "0 garments differ\n");
    stored::nothing_is_half_written(&place.data(), &pictures, &ledger).await;
    place.expect_nothing_runs().await;
    let (photos, opinions) = (ledger.garments().len(), ledger.lessons().len());
    assert!(photos >= KILLS && opinions >= KILLS, "{photos}, {opinions}");
    assert!(ledger.cut_off() >= KILLS, "the kills came too late");
}

/// Kills the server a moment after it has promised something.
async fn kill(server: &mut Server, ledger: &Ledger, (promises, delay): (usize, Duration)) {
    let wait = async {
        while ledger.fresh() < promises {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "nothing is acknowledged any more");
    tokio::time::sleep(delay).await;
    server.kill().await;
}

/// Through the API, as its owner sees it.
async fn everything_promised_is_there(person: &Person, ledger: &Ledger) {
    let items = person.list("/api/wardrobe", "items").await;
    let there: BTreeSet<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(there.len(), items.len(), "a garment is listed twice");
    for (photo, id) in ledger.garments() {
        assert!(there.contains(id.as_str()), "photo {photo} is lost: {id}");
    }
    assert!(
        items.len() <= ledger.photos_made(),
        "a photo is there twice"
    );
    for item in &items {
        assert_eq!(item["state"], "ready", "{item:#}");
        for variant in ["photo", "large", "small"] {
            let path = item["images"][variant].as_str().unwrap();
            assert!(person.picture_bytes(path).await > 0, "{path}");
        }
    }
    let lessons = person.list("/api/feedback", "lessons").await;
    let known: BTreeSet<&str> = lessons.iter().map(|l| l["id"].as_str().unwrap()).collect();
    for (opinion, id) in ledger.lessons() {
        assert!(known.contains(id.as_str()), "{opinion:?} is lost: {id}");
    }
    let taste = person.get("/api/taste").await;
    assert_eq!(
        taste["events"],
        lessons.len(),
        "the state is behind its log"
    );
}
