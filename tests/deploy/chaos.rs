//! Three servers are killed in turn while people are busy: nothing acknowledged is lost, and all see the same.
use crate::{
    client::Person,
    fleet::{COUNT, Fleet},
    ledger::Ledger,
    life::{converse, recognised, send_photos},
    pictures::Pictures,
    program::PATIENCE,
    stored,
};
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Each is killed so often.
const TURNS: usize = 2;
/// So much is acknowledged after each kill and after each return, that every turn tests something.
const PROMISES: usize = 6;
/// People that are busy all the time.
const PEOPLE: u8 = 3;

/// Somebody busy, and what they were promised.
struct Busy {
    person: Person,
    ledger: Ledger,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_killed_in_turn_lose_nothing_and_end_with_the_same_index() {
    let mut fleet = Fleet::start().await;
    let pictures = Pictures::draw();
    let dressed = fleet.dressed(PEOPLE, &pictures).await.into_iter();
    let people: Vec<Busy> = dressed
        .map(|(person, ledger)| Busy { person, ledger })
        .collect();
    let is_over = AtomicBool::new(false);
    let busy = async {
        let lives = people.iter().map(|busy| live(busy, &pictures, &is_over));
        futures_util::future::join_all(lives).await;
    };
    let kills = async {
        for which in (0..COUNT).cycle().take(COUNT * TURNS) {
            progress(&people).await;
            fleet.instances[which].kill().await;
            progress(&people).await;
            let services = &fleet.services;
            fleet.instances[which].start(services).await;
        }
        progress(&people).await;
        is_over.store(true, Ordering::Relaxed);
    };
    tokio::join!(busy, kills);

    for busy in &people {
        recognised(&busy.person).await;
        everything_promised_is_there(busy).await;
        all_see_the_same(&fleet, &busy.person).await;
    }
    for instance in &mut fleet.instances {
        instance.terminate().await;
        let log = instance.place.log();
        assert!(!log.contains("panicked"), "{log}");
    }
    for instance in &fleet.instances {
        let said = instance.verify(&fleet.services).await;
        assert_eq!(said, "0 garments differ\n");
    }
    let url = fleet.services.postgres_url();
    for busy in &people {
        stored::nothing_is_half_written_at(&url, &pictures, &busy.ledger).await;
    }
}

/// Uploads and talks; what was cut off is tried again.
async fn live(busy: &Busy, pictures: &Pictures, is_over: &AtomicBool) {
    let mut round = 0;
    while !is_over.load(Ordering::Relaxed) {
        let _cut_off = send_photos(&busy.person, pictures, &busy.ledger).await;
        let _cut_off = converse(&busy.person, &busy.ledger, round).await;
        round += 1;
    }
}

/// Waits until everybody was promised something more.
async fn progress(people: &[Busy]) {
    for busy in people {
        busy.ledger.turn_page();
    }
    let wait = async {
        while people.iter().any(|busy| busy.ledger.fresh() < PROMISES) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "nothing is acknowledged any more");
}

async fn everything_promised_is_there(Busy { person, ledger }: &Busy) {
    let items = person.list("/api/wardrobe", "items").await;
    let there: BTreeSet<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(there.len(), items.len(), "a garment is listed twice");
    assert!(
        items.len() <= ledger.photos_made(),
        "a photo is there twice"
    );
    for (photo, id) in ledger.garments() {
        assert!(there.contains(id.as_str()), "photo {photo} is lost: {id}");
    }
    let lessons = person.list("/api/feedback", "lessons").await;
    let known: BTreeSet<&str> = lessons.iter().map(|l| l["id"].as_str().unwrap()).collect();
    for (opinion, id) in ledger.lessons() {
        assert!(known.contains(id.as_str()), "{opinion:?} is lost: {id}");
    }
}

/// Every garment has the same neighbours at the same distances, whichever server is asked.
async fn all_see_the_same(fleet: &Fleet, person: &Person) {
    let items = person.list("/api/wardrobe", "items").await;
    for item in &items {
        let id = item["id"].as_str().unwrap();
        for space in ["clip", "blip", "fashion"] {
            let mut answers = vec![];
            for instance in &fleet.instances {
                let complete = async {
                    loop {
                        let found = instance.neighbours(person, id, space).await;
                        if found.len() == (items.len() - 1).min(100) {
                            return found;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                };
                let found = tokio::time::timeout(PATIENCE, complete).await;
                answers
                    .push(found.unwrap_or_else(|_| panic!("an index stays behind: {space}, {id}")));
            }
            assert_eq!(answers[0], answers[1], "{space}, {id}");
            assert_eq!(answers[0], answers[2], "{space}, {id}");
        }
    }
}
