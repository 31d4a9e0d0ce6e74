//! SIGKILL during uploads and feedback, again and again: what was acknowledged stays, nothing is half there.
use crate::{
    client::{CutOff, Person},
    ledger::Ledger,
    pictures::Pictures,
    program::{PATIENCE, Place, Server},
    stored,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// Servers killed while they work.
const KILLS: usize = 20;
/// After so many of them, one more is killed while it starts.
const EVERY: usize = 5;
/// Requests with photos that one client sends to one server, and photos in each.
const UPLOADS: usize = 2;
const PHOTOS: usize = 2;
/// A server has promised this much before it is killed, so that every round tests something.
const PROMISES: std::ops::RangeInclusive<usize> = 1..=7;
/// It is killed this long after that.
const DELAY_MS: std::ops::Range<u64> = 0..120;
/// A start is cut short after this long.
const START_MS: std::ops::Range<u64> = 0..2500;
const KINDS: [&str; 5] = ["like", "dislike", "save", "skip", "wear"];

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

/// Puts enough into the wardrobe for outfits, corrected to be what it is.
pub(crate) async fn dress(person: &Person, pictures: &Pictures, ledger: &Ledger) {
    let first = pictures.first();
    let numbers = ledger.photos_to_send(first.len());
    let photos = numbers.iter().map(|n| pictures.jpeg(*n)).collect();
    let answer = person.upload(photos).await.unwrap();
    acknowledge(&numbers, answer, ledger);
    recognised(person).await;
    for ((_, id), (_, design)) in ledger.garments().iter().zip(first) {
        let truth = json!({
            "category": design.category.name(),
            "formality": design.formality.to_string(),
            "warmth": design.warmth.to_string(),
        });
        person.correct(id, &truth).await;
    }
}

/// Waits until no photo waits for the models.
pub(crate) async fn recognised(person: &Person) {
    let wait = async {
        while person.get("/api/wardrobe/summary").await["processing"] != 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "photos are stuck");
}

pub(crate) async fn upload(person: &Person, pictures: &Pictures, ledger: &Ledger) {
    for _ in 0..UPLOADS {
        let numbers = ledger.photos_to_send(PHOTOS);
        let photos = numbers.iter().map(|n| pictures.jpeg(*n)).collect();
        match person.upload(photos).await {
            Ok(answer) => acknowledge(&numbers, answer, ledger),
            Err(CutOff) => return ledger.photos_cut_off(numbers),
        }
    }
}

fn acknowledge(numbers: &[u32], (status, answer): (u16, Value), ledger: &Ledger) {
    assert_eq!(status, 202, "{answer:#}");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), numbers.len());
    for (number, result) in numbers.iter().zip(results) {
        assert_ne!(result["result"], "rejected", "{result:#}");
        ledger.has_garment(*number, result["item"]["id"].as_str().unwrap());
    }
}

/// Asks for outfits and says something about each, until the server is gone.
pub(crate) async fn talk(person: &Person, ledger: &Ledger, round: usize) {
    for opinion in ledger.opinions_to_repeat() {
        // Said again, it is learned once: `ledger` and the database both know.
        say(person, ledger, opinion).await;
    }
    let mut kinds = KINDS.iter().cycle().skip(round);
    loop {
        let ask = json!({ "count": 3, "occasion": "casual" });
        let Ok((status, answer)) = person.post("/api/recommend", &ask).await else {
            return;
        };
        assert_eq!(status, 200, "{answer:#}");
        let outfits = answer["outfits"].as_array().unwrap();
        assert!(!outfits.is_empty(), "{answer:#}");
        for (outfit, kind) in outfits.iter().zip(&mut kinds) {
            let id = outfit["id"].as_str().unwrap().to_owned();
            say(person, ledger, (id, kind)).await;
        }
    }
}

async fn say(person: &Person, ledger: &Ledger, opinion: (String, &'static str)) {
    let said = json!({ "outfit_id": opinion.0, "kind": opinion.1 });
    match person.post("/api/feedback", &said).await {
        Ok((status, answer)) => {
            assert!(matches!(status, 200 | 201), "{status}: {answer:#}");
            ledger.has_lesson(opinion, answer["event"]["id"].as_str().unwrap());
        }
        Err(CutOff) => ledger.opinion_cut_off(opinion),
    }
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
