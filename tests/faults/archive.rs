//! The drill: a backup while people are busy, the loss of the database, a restore, and the same answers as before.
use crate::{
    client::Person,
    killed::{dress, recognised, talk, upload},
    ledger::Ledger,
    pictures::Pictures,
    program::{Place, Server},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Nothing is drawn, so that the same request has the same answer.
const STEADY: &[(&str, &str)] = &[("FLASHFIT_RECOMMEND__EXPLORE", "false")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_backed_up_under_load_answers_the_same_after_a_restore() {
    let place = Place::new();
    let pictures = Pictures::draw();
    let server = place.serve_with(STEADY).await;
    let quiet = Person::register(&server.url).await;
    let lessons = Ledger::default();
    dress(&quiet, &pictures, &lessons).await;
    learn(&quiet).await;
    let before = answers(&quiet).await;

    let busy = Person::register_as(&server.url, "b@example.org").await;
    let promised = Ledger::default();
    dress(&busy, &pictures, &promised).await;
    let early: Vec<String> = promised.garments().into_iter().map(|(_, id)| id).collect();
    let file = place.path("wardrobes.backup");
    let file = file.to_str().unwrap();
    let backup = async {
        for _ in 0..2 {
            let said = place.run(&["backup", "--embedded", file]).await;
            let said = said.expect_success();
            assert!(said.starts_with("2 people, "), "{said}");
        }
    };
    tokio::select! {
        () = backup => {}
        () = load(&busy, &pictures, &promised) => panic!("there was no load"),
    }
    assert!(promised.garments().len() > early.len() || !promised.lessons().is_empty());
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;

    // The snapshot of the index stays behind; it knows more than the backup.
    fs_err::remove_dir_all(place.data().join("postgres")).unwrap();
    let verified = place
        .run(&["backup", "--verify", file])
        .await
        .expect_success();
    let restored = place
        .run(&["restore", "--embedded", file])
        .await
        .expect_success();
    assert_eq!(verified, restored);
    let said = place.run(&["relearn", "--embedded"]).await.expect_success();
    assert_eq!(said, "2 people relearned, 0 differed\n");
    let said = place.run(&["reindex", "--verify", "--embedded"]).await;
    assert_eq!(said.expect_success(), "0 garments differ\n");

    let server = place.serve_with(STEADY).await;
    let (quiet, busy) = (quiet.at(&server.url), busy.at(&server.url));
    let after = answers(&quiet).await;
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(after, before);
    }
    recognised(&busy).await;
    let there = busy.list("/api/wardrobe", "items").await;
    for id in early {
        assert!(there.iter().any(|item| item["id"] == *id), "{id} is lost");
    }
    goes_on(&quiet, server, &place).await;
}

/// Numbers go on where they were, and so does learning.
async fn goes_on(person: &Person, server: Server, place: &Place) {
    let before = person.get("/api/taste").await["events"].as_i64().unwrap();
    learn(person).await;
    let after = person.get("/api/taste").await["events"].as_i64().unwrap();
    assert!(after > before, "{after}");
    assert!(server.terminate().await.success(), "{}", place.log());
    let said = place.run(&["relearn", "--embedded"]).await.expect_success();
    assert_eq!(said, "2 people relearned, 0 differed\n");
    let said = place.run(&["reindex", "--verify", "--embedded"]).await;
    assert_eq!(said.expect_success(), "0 garments differ\n");
    place.expect_nothing_runs().await;
}

/// Uploads and opinions without an end.
async fn load(person: &Person, pictures: &Pictures, ledger: &Ledger) {
    let uploads = async {
        loop {
            upload(person, pictures, ledger).await;
        }
    };
    tokio::join!(uploads, talk(person, ledger, 0));
}

/// Says something about three outfits, but nothing that fades with the hours.
async fn learn(person: &Person) {
    let outfits = recommended(person).await;
    for (outfit, kind) in outfits
        .as_array()
        .unwrap()
        .iter()
        .zip(["like", "save", "skip"])
    {
        let said = json!({ "outfit_id": outfit["id"], "kind": kind });
        let (status, answer) = person.post("/api/feedback", &said).await.unwrap();
        assert_eq!(status, 201, "{answer:#}");
    }
}

async fn recommended(person: &Person) -> Value {
    let ask = json!({ "count": 3, "occasion": "casual" });
    let (status, mut answer) = person.post("/api/recommend", &ask).await.unwrap();
    assert_eq!(status, 200, "{answer:#}");
    assert_eq!(answer["outfits"].as_array().unwrap().len(), 3, "{answer:#}");
    answer["outfits"].take()
}

/// All that a person sees, without what names one asking.
async fn answers(person: &Person) -> Vec<Value> {
    let mut all = vec![];
    for item in person.list("/api/wardrobe", "items").await {
        let id = item["id"].as_str().unwrap();
        all.push(person.get(&format!("/api/wardrobe/{id}")).await);
        for variant in ["photo", "large", "small"] {
            let path = item["images"][variant].as_str().unwrap();
            let digest = Sha256::digest(person.picture(path).await);
            all.push(json!(digest.to_vec()));
        }
    }
    all.extend(person.list("/api/feedback", "lessons").await);
    all.push(person.get("/api/taste").await);
    let mut outfits = recommended(person).await;
    for outfit in outfits.as_array_mut().unwrap() {
        let outfit = outfit.as_object_mut().unwrap();
        outfit.remove("id").unwrap();
        outfit.remove("created_at");
    }
    all.push(outfits);
    all
}
