//! `/api/faiss` and the index behind it.
use crate::support::{TestApp, pictures, wait_until};
use flashfit::{app::App, base::clock::Clock};
use serde_json::json;

fn vectors(app: &TestApp) -> usize {
    app.app.search.stats()[0].1.vectors
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garments_are_found_by_garment_photo_text_and_vector() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.add((0..6).map(pictures::garment).collect()).await;
    let other = app.register("b@example.org").await;
    other.add(vec![pictures::garment(0)]).await;
    wait_until("the index has them all", async || vectors(&app) == 7).await;
    let search = async |body| person.post("/api/faiss/search", &body).await.expect(200);

    let like = search(json!({ "item_id": items[0]["id"], "k": 100 })).await;
    let found = like["items"].as_array().unwrap();
    assert_eq!(found.len(), 5, "one's own, without the garment itself");
    let similarity = |at: usize| found[at]["similarity"].as_f64().unwrap();
    assert!((1..5).all(|at| similarity(at) <= similarity(at - 1)));

    let text = search(json!({ "text": "a dark blue coat" })).await;
    assert_eq!(text["space"], "clip");
    assert_eq!(text["items"].as_array().unwrap().len(), 6);

    let by_photo = person
        .send_files(
            "/api/faiss/search/photo",
            "photo",
            vec![pictures::garment(4)],
        )
        .await
        .expect(200);
    assert_eq!(by_photo["items"][0]["item"]["id"], items[4]["id"]);

    let stats = person.get("/api/faiss/stats").await.expect(200);
    let dimension = stats["spaces"][2]["dimension"].as_u64().unwrap();
    let mut vector = vec![0.0; usize::try_from(dimension).unwrap()];
    vector[0] = 1.0;
    let near = search(json!({ "vector": vector, "space": "fashion", "k": 2 })).await;
    assert_eq!(near["items"].as_array().unwrap().len(), 2);

    let gone = format!("/api/wardrobe/{}", items[0]["id"].as_str().unwrap());
    person.delete(&gone).await.expect(204);
    let similar = person.get(&format!("{gone}/similar")).await;
    similar.expect_problem(404, "item-not-found", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_that_make_no_sense_are_named() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let post = async |body| person.post("/api/faiss/search", &body).await;
    post(json!({}))
        .await
        .expect_problem(422, "wrong-value", "exactly one");
    post(json!({ "text": "a", "vector": [1.0] }))
        .await
        .expect_problem(422, "wrong-value", "exactly one");
    post(json!({ "text": "a", "k": 0 }))
        .await
        .expect_problem(422, "wrong-value", "1 to 100");
    post(json!({ "vector": [1.0] }))
        .await
        .expect_problem(422, "wrong-value", "space");
    post(json!({ "vector": [1.0, 2.0], "space": "clip" }))
        .await
        .expect_problem(422, "wrong-value", "dimensions");
    post(json!({ "vector": [0.0, 0.0], "space": "clip" }))
        .await
        .expect_problem(422, "wrong-value", "zero");
    post(json!({ "text": "a", "space": "blip" }))
        .await
        .expect_problem(422, "wrong-value", "clip");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_follows_deletions_and_is_rebuilt_by_administrators_only() {
    let app = TestApp::start().await;
    let admin = app.register("a@example.org").await;
    let member = app.register("b@example.org").await;
    let items = admin.add((0..3).map(pictures::garment).collect()).await;
    wait_until("the index has them", async || vectors(&app) == 3).await;
    let path = format!("/api/wardrobe/{}", items[0]["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    wait_until("the index forgets it", async || vectors(&app) == 2).await;
    admin
        .post(&format!("{path}/restore"), &json!({}))
        .await
        .expect(200);
    wait_until("the index has it again", async || vectors(&app) == 3).await;
    assert_eq!(app.app.search.verify().await.unwrap(), 0);

    member
        .post("/api/faiss/rebuild", &json!({}))
        .await
        .expect_problem(403, "admin-only", "");
    let rebuilt = admin
        .post("/api/faiss/rebuild", &json!({}))
        .await
        .expect(200);
    assert_eq!(rebuilt["vectors"], 9);

    app.sql(&format!("delete from users where id = '{}'", admin.id))
        .await;
    wait_until("the index forgets the account", async || vectors(&app) == 0).await;
}

/// A second process on the same database, as far as the index is concerned.
async fn second(app: &TestApp) -> App {
    let vision = app.app.wardrobe.vision().clone();
    let made = App::build(app.app.settings.clone(), Clock::system(), vision);
    made.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_is_loaded_and_caught_up() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.add((0..2).map(pictures::garment).collect()).await;
    wait_until("the index has them", async || vectors(&app) == 2).await;
    app.app.search.save().await.unwrap();
    person.add(vec![pictures::garment(2)]).await;

    let second = second(&app).await;
    second.search.start().await.unwrap();
    assert!(
        second.search.status().built_at.is_none(),
        "loaded, not built"
    );
    assert_eq!(second.search.stats()[0].1.vectors, 2);
    second.search.catch_up().await.unwrap();
    assert_eq!(second.search.verify().await.unwrap(), 0);
    assert_eq!(second.search.stats()[0].1.vectors, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_snapshot_is_built_anew() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.add((0..2).map(pictures::garment).collect()).await;
    wait_until("the index has them", async || vectors(&app) == 2).await;
    app.app.search.save().await.unwrap();
    let index = app.app.settings.data_dir.join("index");
    let folder = fs_err::read_dir(&index)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let file = folder.join("fashion.snapshot");
    let mut bytes = fs_err::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs_err::write(&file, bytes).unwrap();

    let second = second(&app).await;
    second.search.start().await.unwrap();
    assert!(
        second.search.status().built_at.is_some(),
        "built, not loaded"
    );
    assert_eq!(second.search.verify().await.unwrap(), 0);
}
