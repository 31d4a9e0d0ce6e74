//! `flashfit eval outfits` on small sets in the formats of the published ones, and what it says of broken ones.
use crate::{pictures::Pictures, program::Place};
use serde_json::{Value, json};

/// Kinds: skirt, blouse, pumps and clutch; jeans, T-shirt, sneakers and backpack.
const DRESSED: [u32; 4] = [9, 17, 43, 38];
const CASUAL: [u32; 4] = [27, 21, 49, 259];

fn kinds(place: &Place, folder: &str, count: usize) -> String {
    let outfits = |from: usize| -> Value {
        let outfit = |n: usize| json!({"set_id": n.to_string(), "items_category": ([DRESSED, CASUAL][n % 2])});
        (from..from + count).map(outfit).collect()
    };
    for (part, from) in [("train", 0), ("test", 1000)] {
        let file = format!("{folder}/polyvore_categories_{part}.json");
        place.write(&file, outfits(from).to_string());
    }
    place
        .write(&format!("{folder}/x"), "")
        .parent()
        .unwrap()
        .display()
        .to_string()
}

#[tokio::test]
async fn real_outfits_of_kinds_are_told_from_made_up_ones() {
    let place = Place::new();
    let folder = kinds(&place, "kinds", 60);
    let figures = place.write("figures.json", "");
    let file = figures.to_str().unwrap();
    let run = async || {
        place
            .run(&["eval", "outfits", "--data", &folder, "--json", file])
            .await
    };
    let text = run().await.expect_success();
    let row = |name: &str| {
        let start = format!("| {name}");
        let line = text.lines().find(|line| line.starts_with(&start));
        line.unwrap_or_else(|| panic!("no row {name} in:\n{text}"))
            .to_owned()
    };
    for name in [
        "how common",
        "pair counts",
        "the grammar",
        "FlashFit's rules",
        "FlashFit's table",
    ] {
        row(name);
    }
    assert!(
        text.contains("another polyvore_categories_train.json"),
        "{text}"
    );
    // What was always worn together is found again; how common a kind is says nothing here.
    let read: Value = serde_json::from_slice(&fs_err::read(&figures).unwrap()).unwrap();
    let rows = read["tables"][0]["rows"].as_array().unwrap();
    let area = |name: &str| {
        let row = rows
            .iter()
            .find(|row| row["name"].as_str().unwrap().starts_with(name));
        row.unwrap()["figures"][1]["value"].as_f64().unwrap()
    };
    assert!(area("pair counts") > 0.9, "{text}");
    assert!(area("pair counts") > area("how common"), "{text}");
    assert_eq!(
        run().await.expect_success(),
        text,
        "the same questions, the same answers"
    );
}

#[tokio::test]
async fn what_is_missing_or_broken_is_said_in_one_line() {
    let place = Place::new();
    let empty = place
        .write("empty/x", "")
        .parent()
        .unwrap()
        .display()
        .to_string();
    let eval = async |flag: &str, folder: &str| place.run(&["eval", "outfits", flag, folder]).await;
    eval("--data", &empty)
        .await
        .expect_complaint(&["polyvore_categories_train.json"]);
    eval("--polyvore", &empty).await.expect_complaint(&[
        "fashion_compatibility_prediction.txt",
        "compatibility_test.txt",
    ]);
    let folder = kinds(&place, "kinds", 3);
    place.write("kinds/polyvore_categories_test.json", "{");
    eval("--data", &folder)
        .await
        .expect_complaint(&["polyvore_categories_test.json", "not a list of outfits"]);
    let neither = place.run(&["eval", "outfits"]).await;
    assert_eq!(neither.status, 2, "{}", neither.stderr);
    let published = polyvore(&place, "nondisjoint", "sets/images");
    place.write("sets/nondisjoint/compatibility_test.txt", "2 1_1 1_2\n");
    eval("--polyvore", &published)
        .await
        .expect_complaint(&["compatibility_test.txt", "line 1"]);
    place.write("sets/nondisjoint/compatibility_test.txt", "1 1_1 9_9\n");
    eval("--polyvore", &published)
        .await
        .expect_complaint(&["test.json", "9_9"]);
    place.write("sets/nondisjoint/compatibility_test.txt", "1 1_1 1_2\n");
    fs_err::remove_file(place.write("sets/images/i2.jpg", "")).unwrap();
    eval("--polyvore", &published)
        .await
        .expect_complaint(&["i2.jpg", "missing"]);
    place.write("sets/images/i2.jpg", "no picture");
    eval("--polyvore", &published)
        .await
        .expect_complaint(&["i2.jpg"]);
}

/// A set like Polyvore Outfits: two outfits of three drawn garments each.
fn polyvore(place: &Place, split: &str, images: &str) -> String {
    let pictures = Pictures::draw();
    for number in 0..6 {
        place.write(
            &format!("{images}/i{}.jpg", number + 1),
            pictures.jpeg(number),
        );
    }
    let item = |n: u32| json!({"item_id": format!("i{n}"), "index": (n - 1) % 3 + 1});
    let sets = json!([
        {"set_id": "1", "items": [item(1), item(2), item(3)]},
        {"set_id": "2", "items": [item(4), item(5), item(6)]},
    ]);
    let folder = format!("sets/{split}");
    place.write(&format!("{folder}/test.json"), sets.to_string());
    write_questions(place, &folder, "compatibility_test.txt");
    place
        .write(&format!("{folder}/x"), "")
        .parent()
        .unwrap()
        .display()
        .to_string()
}

fn write_questions(place: &Place, folder: &str, pairs: &str) {
    let blank = json!([
        {"question": ["1_1", "1_2"], "answers": ["2_1", "1_3", "2_2", "2_3"], "blank_position": 3},
    ]);
    place.write(
        &format!("{folder}/fill_in_blank_test.json"),
        blank.to_string(),
    );
    place.write(
        &format!("{folder}/{pairs}"),
        "1 1_1 1_2 1_3\n1 2_1 2_2 2_3\n0 1_1 2_1\n",
    );
}

#[tokio::test]
async fn published_sets_are_recognised_and_answered() {
    let place = Place::new();
    let folder = polyvore(&place, "nondisjoint", "sets/images");
    let text = place
        .run(&["eval", "outfits", "--polyvore", &folder])
        .await
        .expect_success();
    assert!(text.starts_with("Polyvore Outfits, nondisjoint"), "{text}");
    assert!(text.contains("1 blanks, 3 outfits, 6 pictures"), "{text}");
    for name in [
        "likeness by fashion",
        "colour",
        "togetherness",
        "all, with",
        "published: OutfitTransformer (",
    ] {
        assert!(text.contains(&format!("\n| {name}")), "{name} in:\n{text}");
    }
    let part = ["eval", "outfits", "--polyvore", &folder, "--limit", "2"];
    let part = place.run(&part).await.expect_success();
    assert!(
        !part.contains("published:") && part.contains("not comparable"),
        "{part}"
    );
}

#[tokio::test]
async fn pictures_by_outfit_are_maryland_polyvore() {
    let place = Place::new();
    let pictures = Pictures::draw();
    for number in 0..6 {
        let name = format!("maryland/images/{}/{}.jpg", number / 3 + 1, number % 3 + 1);
        place.write(&name, pictures.jpeg(number));
    }
    write_questions(&place, "maryland", "fashion_compatibility_prediction.txt");
    let folder = place
        .write("maryland/x", "")
        .parent()
        .unwrap()
        .display()
        .to_string();
    let text = place
        .run(&["eval", "outfits", "--polyvore", &folder])
        .await
        .expect_success();
    assert!(text.starts_with("Maryland Polyvore"), "{text}");
    assert!(
        text.contains("published: Bi-LSTM") && !text.contains("CSA-Net"),
        "{text}"
    );
}
