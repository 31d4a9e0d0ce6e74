//! Photos that are in order and show nothing of use: they are taken, and what is seen is said plainly.
use crate::support::{Person, TestApp, pictures};
use flashfit::engines::vision::Photo;
use serde_json::{Value, json};

fn jpeg(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let pixels = (0..width * height).flat_map(|at| pixel(at % width, at / width));
    let photo = Photo::from_rgb(width, height, pixels.collect()).unwrap();
    photo.to_jpeg(95).unwrap()
}

async fn added(person: &Person, file: Vec<u8>) -> Value {
    let mut items = person.add(vec![("photo.jpg".to_owned(), file)]).await;
    assert_eq!(items[0]["state"], "ready");
    items.remove(0)
}

fn attribute<'a>(item: &'a Value, name: &str) -> &'a Value {
    let attributes = item["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {item:#}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_of_one_colour_has_that_colour() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = added(&person, jpeg(400, 300, |_, _| [200, 20, 30])).await;
    let colours = item["colours"].as_array().unwrap();
    assert_eq!(colours[0]["name"], "red", "{item:#}");
    let shares = colours
        .iter()
        .map(|colour| colour["share"].as_f64().unwrap());
    assert!((shares.sum::<f64>() - 1.0).abs() < 1e-3, "{item:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn extreme_shapes_are_seen_and_shown() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    for (width, height, stored) in [
        (20_000, 10, (2048, 1)),
        (10, 20_000, (1, 2048)),
        (1, 1, (1, 1)),
    ] {
        let item = added(&person, jpeg(width, height, |x, y| [x as u8, y as u8, 90])).await;
        assert_eq!(
            (item["width"].as_u64(), item["height"].as_u64()),
            (Some(stored.0), Some(stored.1))
        );
        for picture in ["photo", "large", "small"] {
            let path = item["images"][picture].as_str().unwrap();
            let answer = person
                .request(reqwest::Method::GET, path)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_was_held_upside_down_is_turned() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let plain = jpeg(
        60,
        90,
        |_, y| if y < 45 { [220, 20, 20] } else { [20, 20, 220] },
    );
    // Orientation 3: upside down.
    let mut exif =
        b"\xFF\xE1\x00\x22Exif\0\0MM\x00\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03"
            .to_vec();
    exif.extend_from_slice(&[0; 6]);
    let length = u16::try_from(exif.len() - 2).unwrap().to_be_bytes();
    exif[2..4].copy_from_slice(&length);
    let item = added(&person, [&plain[..2], &exif, &plain[2..]].concat()).await;
    let path = item["images"]["photo"].as_str().unwrap();
    let answer = person
        .request(reqwest::Method::GET, path)
        .send()
        .await
        .unwrap();
    let shown = answer.bytes().await.unwrap();
    assert!(!shown.windows(4).any(|four| four == b"Exif"));
    let shown = Photo::decode(&shown, &Default::default()).unwrap();
    assert_eq!((shown.width(), shown.height()), (60, 90));
    let (first, last) = (&shown.rgb()[..3], &shown.rgb()[shown.rgb().len() - 3..]);
    assert!(
        first[2] > 150 && first[0] < 100,
        "blue is on top: {first:?}"
    );
    assert!(last[0] > 150 && last[2] < 100, "red is below: {last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_garment_is_called_so_and_left_out_of_outfits() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let item = added(&person, jpeg(400, 300, |_, _| [128, 128, 128])).await;
    let garment = attribute(&item, "garment");
    assert_eq!(garment["value"], "other", "{item:#}");
    assert_eq!(garment["is_sure"], true);
    assert!(garment["probability"].as_f64().unwrap() > 0.5);
    let drawn = person.add(vec![pictures::garment(1)]).await.remove(0);
    assert_eq!(attribute(&drawn, "garment")["value"], "garment");

    let dressed = person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let worn = async || {
        let answer = person.post("/api/recommend", &json!({})).await.expect(200);
        let outfits = answer["outfits"].as_array().unwrap().clone();
        let items = outfits
            .iter()
            .flat_map(|outfit| outfit["items"].as_array().unwrap().clone());
        items
            .map(|one| one["item"]["id"].clone())
            .collect::<Vec<_>>()
    };
    assert!(worn().await.contains(&dressed[0]["id"]));
    let path = format!("/api/wardrobe/{}", dressed[0]["id"].as_str().unwrap());
    let said = json!({ "attributes": { "garment": "other" } });
    person.patch(&path, &said).await.expect(200);
    assert!(!worn().await.contains(&dressed[0]["id"]));
    let back = json!({ "attributes": { "garment": null } });
    person.patch(&path, &back).await.expect(200);
    assert!(worn().await.contains(&dressed[0]["id"]));
}
