//! The drill: a backup while people are busy, the loss of the database, a restore, and the same answers as before.
use crate::{
    client::Person,
    ledger::Ledger,
    life::{dress, recognised, talk, upload},
    pictures::Pictures,
    program::{PATIENCE, Place, Server},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_makes_backups_by_itself_and_keeps_the_newest() {
    let place = Place::new();
    let old = |year: u32| format!("backups/flashfit-{year}0101T000000Z.backup");
    for year in 2020..2024 {
        place.write(&old(year), "an old one");
    }
    let mine = place.write("backups/before-upgrade.backup", "not one of its own");
    let folder = mine.parent().unwrap();
    let server = place
        .serve_with(&[
            ("FLASHFIT_BACKUP__DIRECTORY", folder.to_str().unwrap()),
            ("FLASHFIT_BACKUP__KEEP", "2"),
        ])
        .await;
    let since = "backup_last_success_timestamp_seconds";
    let made_in_2023 = 1_672_531_200.0;
    wait_until(async || {
        metric(&server, since)
            .await
            .is_some_and(|at| at > made_in_2023)
    })
    .await;
    let entries = fs_err::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(
        names[..2],
        ["before-upgrade.backup", "flashfit-20230101T000000Z.backup"]
    );
    let file = folder.join(&names[2]);
    let verify = ["backup", "--verify", file.to_str().unwrap()];
    place.run(&verify).await.expect_success();
    let size = metric(&server, "backup_last_size_bytes").await.unwrap();
    assert_eq!(size, file.metadata().unwrap().len() as f64);
    assert_eq!(metric(&server, "backup_failures_total").await, Some(0.0));
    assert_eq!(
        metric(&server, "backup_interval_seconds").await,
        Some(86400.0)
    );
    assert!(server.terminate().await.success(), "{}", place.log());

    // Where no file can be made, not even by root.
    let server = place
        .serve_with(&[("FLASHFIT_BACKUP__DIRECTORY", "/proc")])
        .await;
    wait_until(async || metric(&server, "backup_failures_total").await == Some(1.0)).await;
    assert_eq!(metric(&server, since).await, Some(0.0));
    assert!(place.log().contains("the backup that was due failed"));
    assert!(server.terminate().await.success(), "{}", place.log());
    let ended = place
        .command(&["serve", "--embedded"])
        .env("FLASHFIT_BACKUP__DIRECTORY", "/nowhere")
        .output()
        .await;
    let said = String::from_utf8(ended.unwrap().stderr).unwrap();
    assert!(
        said.contains("backup.directory: /nowhere is no folder"),
        "{said}"
    );
    place.expect_nothing_runs().await;
}

async fn metric(server: &Server, name: &str) -> Option<f64> {
    let text = reqwest::get(format!("{}/metrics", server.url))
        .await
        .unwrap();
    let text = text.text().await.unwrap();
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

async fn wait_until(condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}
