//! What strangers send: the right 4xx as a problem document, nothing stored, no 5xx.
use crate::support::{Person, TestApp, pictures};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use serde_json::{Value, json};

/// Uploads one file that must be refused, and checks that nothing was stored.
async fn refused(app: &TestApp, person: &Person, bytes: Vec<u8>, status: u16, slug: &str) -> Value {
    let result = person
        .upload(vec![("photo.jpg".into(), bytes)])
        .await
        .remove(0);
    assert_eq!(result["result"], "rejected", "{result:#}");
    assert_eq!(result["problem"]["status"], status, "{result:#}");
    assert_eq!(result["problem"]["type"], format!("/problems/{slug}"));
    assert_eq!(app.number("select count(*) from images").await, 0);
    result["problem"].clone()
}

fn png(width: u32, height: u32, colour: ExtendedColorType, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    PngEncoder::new(&mut out)
        .write_image(bytes, width, height, colour)
        .unwrap();
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_photo_is_refused_by_itself() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    refused(&app, &person, vec![], 422, "photo-empty").await;
    refused(
        &app,
        &person,
        b"just some text".to_vec(),
        415,
        "not-a-photo",
    )
    .await;
    refused(
        &app,
        &person,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        415,
        "not-a-photo",
    )
    .await;
    let (_, mut jpeg) = pictures::garment(1);
    jpeg.truncate(jpeg.len() / 3);
    refused(&app, &person, jpeg, 422, "photo-broken").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decompression_bomb_is_refused_before_it_is_decoded() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    // 60000 × 60000 pixels, as the header says; the rest would be gigabytes of zeros.
    let mut bomb = png(1, 1, ExtendedColorType::L8, &[0]);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let problem = refused(&app, &person, bomb, 413, "photo-too-large").await;
    assert!(problem["detail"].as_str().unwrap().contains("60000"));
}

/// The checksum of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_over_the_byte_limit_is_refused() {
    let app = TestApp::with(|settings| settings.wardrobe.max_photo_bytes = 10_000).await;
    let person = app.register("a@example.org").await;
    let problem = refused(&app, &person, vec![0xFF; 50_000], 413, "photo-too-large").await;
    assert!(problem["detail"].as_str().unwrap().contains("10000"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_but_honest_pictures_are_accepted() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let sixteen: Vec<u8> = (0..32 * 32 * 6).map(|i| (i % 251) as u8).collect();
    let mut gif = vec![];
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        let frame = |v: u8| {
            image::Frame::new(image::RgbaImage::from_pixel(
                20,
                30,
                image::Rgba([v, 40, 90, 255]),
            ))
        };
        encoder.encode_frames([frame(10), frame(200)]).unwrap();
    }
    let cmyk = include_bytes!("../fixtures/photos/cmyk.jpg").to_vec();
    let files = vec![
        (
            "pixel.png".to_owned(),
            png(1, 1, ExtendedColorType::Rgb8, &[200, 30, 40]),
        ),
        (
            "deep.png".to_owned(),
            png(32, 32, ExtendedColorType::Rgb16, &sixteen),
        ),
        ("moving.gif".to_owned(), gif),
        ("print.jpg".to_owned(), cmyk),
        ("wrong-name.txt".to_owned(), pictures::garment(9).1),
    ];
    for item in person.add(files).await {
        assert_eq!(item["state"], "ready");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_photo_does_not_spoil_the_others() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let results = person
        .upload(vec![
            pictures::garment(1),
            ("bad.jpg".to_owned(), b"nonsense".to_vec()),
            pictures::garment(2),
        ])
        .await;
    let words: Vec<&str> = results
        .iter()
        .map(|r| r["result"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["created", "rejected", "created"]);
    assert_eq!(results[1]["file_name"], "bad.jpg");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_files_at_once_are_too_many() {
    let app = TestApp::with(|settings| settings.wardrobe.max_photos_per_request = 5).await;
    let person = app.register("a@example.org").await;
    let results = person.upload(vec![pictures::garment(1); 100]).await;
    let refused = results
        .iter()
        .filter(|r| r["problem"]["type"] == "/problems/too-many-photos");
    assert_eq!(refused.count(), 95);
    assert_eq!(app.number("select count(*) from items").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_no_form_is_refused() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let answer = person
        .send_files("/api/wardrobe", "files", vec![pictures::garment(1)])
        .await;
    answer.expect_problem(400, "bad-upload", "photos");
    let answer = person.send_files("/api/wardrobe", "photos", vec![]).await;
    assert_eq!(answer.status, 400, "{:?}", answer.body);
    let answer = person.post("/api/wardrobe", &json!({})).await;
    answer.expect_problem(400, "bad-upload", "");
    assert_eq!(app.number("select count(*) from items").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_json_is_named() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = person.upload(vec![pictures::garment(1)]).await.remove(0);
    let path = format!("/api/wardrobe/{}", item["item"]["id"].as_str().unwrap());
    let patch = async |body: Value| person.patch(&path, &body).await;
    patch(json!({ "is_clean": "yes" }))
        .await
        .expect_problem(422, "wrong-field", "is_clean");
    patch(json!({ "colour": "red" }))
        .await
        .expect_problem(422, "wrong-field", "colour");
    patch(json!([]))
        .await
        .expect_problem(422, "wrong-field", "");
    patch(json!({ "attributes": { "category": "spacesuit" } }))
        .await
        .expect_problem(422, "wrong-value", "spacesuit");
    patch(json!({ "attributes": { "mood": "happy" } }))
        .await
        .expect_problem(422, "wrong-value", "mood");
    patch(json!({ "name": "" }))
        .await
        .expect_problem(422, "wrong-value", "name");
    let request = person.request(reqwest::Method::PATCH, &path);
    let request = request
        .header("content-type", "application/json")
        .body("{ not json");
    let answer = crate::support::Answer::read(request.send().await.unwrap()).await;
    answer.expect_problem(400, "malformed-json", "");
    let text = "x".repeat(300_000);
    patch(json!({ "name": text }))
        .await
        .expect_problem(413, "body-too-large", "262144");
    for query in [
        "?limit=0",
        "?limit=many",
        "?cursor=junk",
        "?colour=a&size=3",
        "?category=hats",
    ] {
        let answer = person.get(&format!("/api/wardrobe{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {:?}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn someone_elses_garment_does_not_exist() {
    let app = TestApp::start().await;
    let owner = app.register("a@example.org").await;
    let other = app.register("b@example.org").await;
    let item = owner.add(vec![pictures::garment(1)]).await.remove(0);
    let id = item["id"].as_str().unwrap();
    let path = format!("/api/wardrobe/{id}");
    let missing = "item-not-found";
    other.get(&path).await.expect_problem(404, missing, id);
    other
        .patch(&path, &json!({ "is_clean": false }))
        .await
        .expect_problem(404, missing, id);
    other.delete(&path).await.expect_problem(404, missing, id);
    for action in ["restore", "reprocess"] {
        let answer = other.post(&format!("{path}/{action}"), &json!({})).await;
        answer.expect_problem(404, missing, id);
    }
    other
        .get(&format!("{path}/similar"))
        .await
        .expect_problem(404, missing, id);
    let ask = json!({ "anchor_item_id": id });
    other
        .post("/api/recommend", &ask)
        .await
        .expect_problem(404, missing, id);
    let search = json!({ "item_id": id });
    other
        .post("/api/faiss/search", &search)
        .await
        .expect_problem(404, missing, id);
    let unchanged = owner.get(&path).await.expect(200);
    assert_eq!(unchanged["is_clean"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person
        .get("/api/nothing")
        .await
        .expect_problem(404, "not-found", "/api/nothing");
    person
        .get("/api/wardrobe/not-an-id")
        .await
        .expect_problem(404, "not-found", "");
    person
        .delete("/api/wardrobe")
        .await
        .expect_problem(404, "not-found", "DELETE");
    let anonymous = reqwest::get(format!("{}/api/wardrobe", app.url))
        .await
        .unwrap();
    let answer = crate::support::Answer::read(anonymous).await;
    assert!(answer.headers.contains_key("www-authenticate"));
    answer.expect_problem(401, "not-signed-in", "");
}

/// PostgreSQL keeps no U+0000 in text: nobody's business but ours, and no reason for a 5xx.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_character_that_no_database_keeps_is_refused_wherever_it_stands() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    for path in [
        "/api/wardrobe?text=a%00b",
        "/api/wardrobe?category=%00",
        "/api/monitoring/label/a%00/values",
    ] {
        let answer = person.get(path).await;
        answer.expect_problem(422, "wrong-text", "U+0000");
    }
    let wish = json!({ "name": "robot\u{0}", "scopes": ["read"] });
    let answer = person.post("/api/auth/tokens", &wish).await;
    answer.expect_problem(422, "wrong-text", "U+0000");
    // Six characters that spell it are text like any other.
    let wish = json!({ "name": r"robot \u0000", "scopes": ["read"] });
    let made = person.post("/api/auth/tokens", &wish).await.expect(201);
    assert_eq!(made["name"], r"robot \u0000");
    let found = person.get("/api/wardrobe?text=%2500").await.expect(200);
    assert_eq!(found["items"], json!([]));
}
