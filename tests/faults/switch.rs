//! Another pack, and a pack that goes to pieces: what runs goes on, and what two packs say is never mixed.
use crate::{
    client::Person,
    pack_folder::PackFolder,
    pictures::Pictures,
    program::{Ended, PATIENCE, Place, Server},
};
use serde_json::{Value, json};
use std::time::Duration;

/// One of each drawing.
const GARMENTS: u32 = 6;

async fn wait_for(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

/// Uploads photos and waits until they are recognised.
async fn upload(person: &Person, numbers: std::ops::Range<u32>) {
    let pictures = Pictures::draw();
    let photos = numbers.map(|number| pictures.jpeg(number)).collect();
    let (status, answer) = person.upload(photos).await.unwrap();
    assert_eq!(status, 202, "{answer:#}");
    wait_for("all photos are recognised", async || {
        let items = person.list("/api/wardrobe", "items").await;
        items.iter().all(|item| item["state"] == "ready")
    })
    .await;
}

/// What a search by words finds: id and similarity. Every one must have been recognised by `pack`.
async fn search(person: &Person, pack: &str) -> Vec<(String, f64)> {
    let query = json!({ "text": "a blue shirt", "k": 100 });
    let (status, answer) = person.post("/api/faiss/search", &query).await.unwrap();
    assert_eq!(status, 200, "{answer:#}");
    let read = |found: &Value| {
        assert_eq!(found["item"]["pack"], pack, "{found:#}");
        let id = found["item"]["id"].as_str().unwrap().to_owned();
        (id, found["similarity"].as_f64().unwrap())
    };
    answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(read)
        .collect()
}

async fn wait_until_all_are_found(person: &Person, pack: &str) -> Vec<(String, f64)> {
    wait_for("a search finds all garments", async || {
        search(person, pack).await.len() == GARMENTS as usize
    })
    .await;
    search(person, pack).await
}

async fn expect_outfits(person: &Person) {
    let asked = person.post("/api/recommend", &json!({})).await;
    let (status, answer) = asked.unwrap();
    assert_eq!(status, 200, "{answer:#}");
    let outfits = answer["outfits"].as_array().unwrap();
    assert!(!outfits.is_empty(), "{answer:#}");
}

/// Files that a process has open or has mapped into its memory, one per line.
fn files_of(server: &Server) -> String {
    let process = std::path::Path::new("/proc").join(server.id().to_string());
    let open = fs_err::read_dir(process.join("fd")).unwrap().flatten();
    let open = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let open: Vec<String> = open.map(|path| path.display().to_string()).collect();
    fs_err::read_to_string(process.join("maps")).unwrap() + &open.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_the_folder_of_a_pack_does_not_reach_the_server() {
    let place = Place::new();
    let pack = PackFolder::copy(place.path("packs/closet"), "closet");
    let folder = place.path("packs/closet");
    let variables = [("FLASHFIT_MODELS__PACK", folder.to_str().unwrap())];
    let server = place.serve_with(&variables).await;
    let person = Person::register(&server.url).await;
    upload(&person, 0..GARMENTS - 1).await;
    let held = files_of(&server);
    assert!(held.contains("onnxruntime"), "{held}");
    assert!(!held.contains(folder.to_str().unwrap()), "{held}");
    wait_for("the index has them", async || {
        !search(&person, "closet@1").await.is_empty()
    })
    .await;
    let before = search(&person, "closet@1").await;

    pack.write("clip_image.onnx", "");
    pack.write("clip_text.onnx", "not a network");
    fs_err::write(
        pack.path("fashion.onnx"),
        &pack.read("fashion.onnx")[..1000],
    )
    .unwrap();
    fs_err::remove_file(pack.path("blip_vision.onnx")).unwrap();
    fs_err::remove_file(pack.path("pack.toml")).unwrap();
    assert_eq!(search(&person, "closet@1").await, before);
    fs_err::remove_dir_all(&folder).unwrap();
    PackFolder::copy(folder.clone(), "another");
    upload(&person, GARMENTS - 1..GARMENTS).await;
    let after = wait_until_all_are_found(&person, "closet@1").await;
    assert!(
        before.iter().all(|found| after.contains(found)),
        "{before:?} {after:?}"
    );
    assert_eq!(server.terminate().await.code(), Some(0));

    fs_err::remove_file(pack.path("blip_vision.onnx")).unwrap();
    let mut command = place.command(&["serve", "--embedded", "--port", "0"]);
    let ended = Ended::of(command.envs(variables)).await;
    ended.expect_complaint(&[
        "models.pack",
        folder.to_str().unwrap(),
        "blip_vision.onnx is missing",
    ]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_pack_takes_over_while_searches_and_outfits_go_on() {
    let place = Place::new();
    let server = place.serve().await;
    let person = Person::register(&server.url).await;
    upload(&person, 0..GARMENTS).await;
    let items = person.list("/api/wardrobe", "items").await;
    let (first, id) = (items[0]["pack"].as_str().unwrap(), items[0]["id"].clone());
    let at_first = wait_until_all_are_found(&person, first).await;
    server.terminate().await;

    let pack = PackFolder::copy(place.path("closet"), "closet");
    pack.edit("mean = [0.5, 0.5, 0.5]", "mean = [0.4, 0.5, 0.6]");
    let folder = place.path("closet").display().to_string();
    let by_hand = [
        ("FLASHFIT_MODELS__PACK", folder.as_str()),
        ("FLASHFIT_MODELS__RE_EMBED", "false"),
    ];
    let server = place.serve_with(&by_hand).await;
    let person = person.at(&server.url);
    assert_eq!(search(&person, "closet@1").await, []);
    let by_item = json!({ "item_id": id });
    let (status, answer) = person.post("/api/faiss/search", &by_item).await.unwrap();
    assert_eq!(status, 422, "{answer:#}");
    assert!(
        answer["detail"]
            .as_str()
            .unwrap()
            .contains("another model pack"),
        "{answer:#}"
    );
    expect_outfits(&person).await;
    wait_for("the log says what to do", async || {
        place.log().contains("flashfit reindex --re-embed")
    })
    .await;
    server.terminate().await;

    let mut command = place.command(&["reindex", "--re-embed", "--embedded"]);
    let said = Ended::of(command.envs(by_hand)).await.expect_success();
    assert!(said.contains("6 garments wait for the models"), "{said}");
    let server = place.serve_with(&by_hand).await;
    let person = person.at(&server.url);
    expect_outfits(&person).await;
    let second = wait_until_all_are_found(&person, "closet@1").await;
    assert!(
        second.iter().all(|found| !at_first.contains(found)),
        "{second:?}"
    );
    server.terminate().await;

    let server = place.serve().await;
    let person = person.at(&server.url);
    assert_eq!(wait_until_all_are_found(&person, first).await, at_first);
    assert!(
        place.log().contains("are looked at again"),
        "{}",
        place.log()
    );
    server.terminate().await;
}
