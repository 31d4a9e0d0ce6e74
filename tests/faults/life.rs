//! What people do all day: they upload, correct, ask, and say what they think.
use crate::{
    client::{CutOff, Person},
    ledger::{Ledger, Opinion},
    pictures::Pictures,
    program::PATIENCE,
};
use serde_json::{Value, json};
use std::time::Duration;

/// Requests with photos that one client sends to one server, and photos in each.
const UPLOADS: usize = 2;
const PHOTOS: usize = 2;
const KINDS: [&str; 5] = ["like", "dislike", "save", "skip", "wear"];

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
        if send_photos(person, pictures, ledger).await.is_err() {
            return;
        }
    }
}

/// Sends a few photos, those first that got no answer before.
pub(crate) async fn send_photos(
    person: &Person,
    pictures: &Pictures,
    ledger: &Ledger,
) -> Result<(), CutOff> {
    let numbers = ledger.photos_to_send(PHOTOS);
    let photos = numbers.iter().map(|n| pictures.jpeg(*n)).collect();
    match person.upload(photos).await {
        Ok(answer) => acknowledge(&numbers, answer, ledger),
        Err(CutOff) => {
            ledger.photos_cut_off(numbers);
            return Err(CutOff);
        }
    }
    Ok(())
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
    for round in round.. {
        if converse(person, ledger, round).await.is_err() {
            return;
        }
    }
}

/// Says again what got no answer; asks for outfits, and says something about each.
pub(crate) async fn converse(person: &Person, ledger: &Ledger, round: usize) -> Result<(), CutOff> {
    for opinion in ledger.opinions_to_repeat() {
        // Said again, it is learned once: `ledger` and the database both know.
        let _cut_off_again = say(person, ledger, opinion).await;
    }
    let ask = json!({ "count": 3, "occasion": "casual" });
    let (status, answer) = person.post("/api/recommend", &ask).await?;
    assert_eq!(status, 200, "{answer:#}");
    let outfits = answer["outfits"].as_array().unwrap();
    assert!(!outfits.is_empty(), "{answer:#}");
    for (outfit, kind) in outfits.iter().zip(KINDS.iter().cycle().skip(round)) {
        let id = outfit["id"].as_str().unwrap().to_owned();
        say(person, ledger, (id, kind)).await?;
    }
    Ok(())
}

async fn say(person: &Person, ledger: &Ledger, opinion: Opinion) -> Result<(), CutOff> {
    let said = json!({ "outfit_id": opinion.0, "kind": opinion.1 });
    match person.post("/api/feedback", &said).await {
        Ok((status, answer)) => {
            assert!(matches!(status, 200 | 201), "{status}: {answer:#}");
            ledger.has_lesson(opinion, answer["event"]["id"].as_str().unwrap());
            Ok(())
        }
        Err(CutOff) => {
            ledger.opinion_cut_off(opinion);
            Err(CutOff)
        }
    }
}
