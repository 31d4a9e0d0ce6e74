//! `/api/wardrobe`: photos in, garments out.
use crate::support::{TestApp, pictures, wait_until};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::time::Duration;

fn path(item: &Value) -> String {
    format!("/api/wardrobe/{}", item["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_becomes_a_recognised_garment() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.add(pictures::real_photos(2)).await;
    for item in items {
        assert!(item["category"].is_string(), "{item:#}");
        assert!(!item["caption"].as_str().unwrap().is_empty());
        assert!(item["pack"].as_str().unwrap().contains('@'));
        let colours = item["colours"].as_array().unwrap();
        assert!(!colours.is_empty());
        let shares: f64 = colours.iter().map(|c| c["share"].as_f64().unwrap()).sum();
        assert!((shares - 1.0).abs() < 0.01, "{shares}");
        for attribute in item["attributes"].as_array().unwrap() {
            let probability = attribute["probability"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&probability), "{attribute}");
            assert_eq!(attribute["source"], "model");
        }
    }
    let embeddings = app.number("select count(*) from embeddings").await;
    assert_eq!(embeddings, 6, "three per garment");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_served_to_their_owner_alone_and_never_change() {
    let app = TestApp::start().await;
    let (owner, other) = (
        app.register("a@example.org").await,
        app.register("b@example.org").await,
    );
    let item = owner.upload(vec![pictures::garment(1)]).await.remove(0);
    for (variant, media_type) in [
        ("photo", "image/jpeg"),
        ("large", "image/webp"),
        ("small", "image/webp"),
    ] {
        let address = item["item"]["images"][variant].as_str().unwrap();
        let answer = owner.get(address).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], media_type);
        let cache = answer.headers["cache-control"].to_str().unwrap();
        assert!(cache.contains("immutable") && cache.contains("private"));
        let again = owner
            .request(reqwest::Method::GET, address)
            .header("if-none-match", &answer.headers["etag"])
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), 304);
        other
            .get(address)
            .await
            .expect_problem(404, "picture-not-found", "no such picture");
        let nobody = reqwest::get(format!("{}{address}", app.url)).await.unwrap();
        assert_eq!(nobody.status(), 401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_photo_twice_is_one_garment() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let photo = pictures::garment(1);
    let results = person.upload(vec![photo.clone(), photo.clone()]).await;
    assert_eq!(results[0]["result"], "created");
    assert_eq!(results[1]["result"], "duplicate");
    assert_eq!(results[0]["item"]["id"], results[1]["item"]["id"]);

    let other = app.register("b@example.org").await;
    let theirs = other.upload(vec![photo]).await;
    assert_eq!(
        theirs[0]["result"], "created",
        "wardrobes know nothing of each other"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_requests_with_the_same_photo_make_one_garment() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let uploads = (0..20).map(|_| person.upload(vec![pictures::garment(5)]));
    let results = futures_util::future::join_all(uploads).await;
    let created = results.iter().filter(|r| r[0]["result"] == "created");
    assert_eq!(created.count(), 1);
    assert_eq!(app.number("select count(*) from items").await, 1);
    assert_eq!(app.number("select count(*) from images").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_beats_the_models_and_survives_reprocessing() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = person.add(vec![pictures::garment(3)]).await.remove(0);
    let edit = json!({ "name": "my favourite", "attributes": { "category": "cardigan" } });
    let edited = person.patch(&path(&item), &edit).await.expect(200);
    assert_eq!(edited["category"], "cardigan");
    assert_eq!(edited["slot"], "top");
    assert_eq!(edited["name"], "my favourite");

    person
        .post(&format!("{}/reprocess", path(&item)), &json!({}))
        .await
        .expect(202);
    wait_until("it is recognised again", async || {
        person.get(&path(&item)).await.expect(200)["state"] == "ready"
    })
    .await;
    let after = person.get(&path(&item)).await.expect(200);
    assert_eq!(after["category"], "cardigan");
    let category = after["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == "category")
        .unwrap();
    assert_eq!(category["source"], "person");
    assert!(category["probability"].is_null());
    assert!(!category["alternatives"].as_array().unwrap().is_empty());

    let taken_back = json!({ "name": null, "attributes": { "category": null } });
    let back = person.patch(&path(&item), &taken_back).await.expect(200);
    assert_eq!(back["category"], item["category"]);
    assert_eq!(back["name"], item["name"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_garment_can_be_restored_for_thirty_days() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person
        .add(vec![pictures::garment(1), pictures::garment(2)])
        .await;
    person.delete(&path(&items[0])).await.expect(204);
    person
        .delete(&path(&items[0]))
        .await
        .expect_problem(404, "item-not-found", "no garment");
    let left = person.get("/api/wardrobe").await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    let deleted = person.get("/api/wardrobe?deleted=true").await.expect(200);
    assert_eq!(deleted["items"][0]["id"], items[0]["id"]);
    person
        .post(&format!("{}/restore", path(&items[0])), &json!({}))
        .await
        .expect(200);

    person.delete(&path(&items[1])).await.expect(204);
    app.advance(Duration::from_secs(29 * 86_400));
    assert_eq!(app.app.wardrobe.purge().await.unwrap(), 0);
    app.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(app.app.wardrobe.purge().await.unwrap(), 1);
    assert_eq!(app.number("select count(*) from items").await, 1);
    assert_eq!(app.number("select count(*) from images").await, 1);
    assert_eq!(app.number("select count(*) from image_variants").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploading_the_photo_of_a_deleted_garment_brings_it_back() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = person.add(vec![pictures::garment(1)]).await.remove(0);
    person.delete(&path(&item)).await.expect(204);
    let result = person.upload(vec![pictures::garment(1)]).await.remove(0);
    assert_eq!(result["result"], "duplicate");
    assert_eq!(result["item"]["id"], item["id"]);
    assert!(result["item"]["deleted_at"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_filtered_and_paged() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person
        .dress(&["t-shirt", "jeans", "coat", "sneakers"])
        .await;
    let names = async |query: &str| -> Vec<String> {
        let page = person
            .get(&format!("/api/wardrobe{query}"))
            .await
            .expect(200);
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|i| i["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let name = |at: usize| items[at]["name"].as_str().unwrap().to_owned();
    assert_eq!(names("?category=coat").await, [name(2)]);
    assert_eq!(names("?slot=bottom").await, [name(1)]);
    assert_eq!(
        names("?slot=shoes&category=coat").await,
        Vec::<String>::new()
    );
    let word = name(3).split(' ').next_back().unwrap().to_lowercase();
    assert_eq!(names(&format!("?text={word}")).await, [name(3)]);
    assert_eq!(names("?text=100%25_nothing").await, Vec::<String>::new());
    let colour = items[0]["colours"][0]["name"].as_str().unwrap();
    assert!(names(&format!("?colour={colour}")).await.contains(&name(0)));

    let mut seen = vec![];
    let mut cursor = String::new();
    loop {
        let page = person
            .get(&format!("/api/wardrobe?limit=3{cursor}"))
            .await
            .expect(200);
        for item in page["items"].as_array().unwrap() {
            seen.push(item["id"].clone());
        }
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    let newest_first: Vec<Value> = items.iter().rev().map(|i| i["id"].clone()).collect();
    assert_eq!(seen, newest_first);

    let summary = person.get("/api/wardrobe/summary").await.expect(200);
    assert_eq!(summary["total"], 4);
    let kinds = summary["categories"].as_array().unwrap();
    assert!(kinds.contains(&json!({ "name": "coat", "count": 1 })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_told_as_it_happens() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let other = app.register("b@example.org").await;
    let watch = async |person: &crate::support::Person| {
        let request = person.request(reqwest::Method::GET, "/api/wardrobe/events");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        answer.bytes_stream()
    };
    let mut mine = watch(&person).await;
    let mut theirs = watch(&other).await;
    let item = person.upload(vec![pictures::garment(1)]).await.remove(0);
    let id = item["item"]["id"].as_str().unwrap();
    let mut heard = String::new();
    let listen = async {
        while !heard.contains(r#""state":"ready""#) {
            heard.push_str(&String::from_utf8_lossy(
                &mine.next().await.unwrap().unwrap(),
            ));
        }
    };
    tokio::time::timeout(Duration::from_secs(30), listen)
        .await
        .unwrap();
    assert!(
        heard.contains(id) && heard.contains("processing"),
        "{heard}"
    );
    let hello = theirs.next().await.unwrap().unwrap();
    assert!(hello.starts_with(b"retry") && !String::from_utf8_lossy(&hello).contains(id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_defeats_the_models_is_given_up_with_a_reason() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = person.add(vec![pictures::garment(1)]).await.remove(0);
    app.sql("update image_variants set bytes = 'not a picture' where kind = 'photo'")
        .await;
    person
        .post(&format!("{}/reprocess", path(&item)), &json!({}))
        .await
        .expect(202);
    wait_until("it is given up", async || {
        person.get(&path(&item)).await.expect(200)["state"] == "failed"
    })
    .await;
    let failed = person.get(&path(&item)).await.expect(200);
    assert!(
        failed["failure"]
            .as_str()
            .unwrap()
            .contains("could not be recognised")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_try_each_photo_once() {
    let app = TestApp::with(|settings| settings.models.sessions = 4).await;
    let person = app.register("a@example.org").await;
    person.add((0..5).map(pictures::garment).collect()).await;
    let attempts = app.number("select max(attempts)::bigint from items").await;
    assert_eq!(attempts, 1);
}
