//! `/api/recommend` and `/api/outfits`: "what shall I wear?".
use crate::support::{Person, TestApp, pictures};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Enough for several outfits.
pub(crate) const WARDROBE: &[&str] = &[
    "t-shirt", "shirt", "sweater", "jeans", "trousers", "sneakers", "boots", "coat",
];

async fn ask(person: &Person, request: Value) -> Value {
    person.post("/api/recommend", &request).await.expect(200)
}

fn slots(outfit: &Value) -> Vec<&str> {
    let items = outfit["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["slot"].as_str().unwrap())
        .collect()
}

pub(crate) fn ids(outfit: &Value) -> BTreeSet<String> {
    let items = outfit["items"].as_array().unwrap();
    let id = |item: &Value| item["item"]["id"].as_str().unwrap().to_owned();
    items.iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_complete_outfits_from_ones_own_clothes() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(WARDROBE).await;
    let mine: BTreeSet<String> = items
        .iter()
        .map(|i| i["id"].as_str().unwrap().to_owned())
        .collect();
    let answer = ask(
        &person,
        json!({ "occasion": "casual", "weather": { "temperature_c": 4 } }),
    )
    .await;
    let outfits = answer["outfits"].as_array().unwrap();
    assert_eq!(outfits.len(), 3, "{answer:#}");
    assert!(answer["pack"].as_str().unwrap().contains('@'));
    let different: BTreeSet<_> = outfits.iter().map(ids).collect();
    assert_eq!(different.len(), 3, "three suggestions are three ideas");
    for outfit in outfits {
        let slots = slots(outfit);
        for needed in ["top", "bottom", "shoes", "outer"] {
            assert!(slots.contains(&needed), "{slots:?} at 4 °C has no {needed}");
        }
        assert!(ids(outfit).is_subset(&mine));
        assert!(!outfit["sentence"].as_str().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parts_shown_add_up_to_the_score() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    for outfit in ask(&person, json!({ "text": "something warm" })).await["outfits"]
        .as_array()
        .unwrap()
    {
        let parts = outfit["parts"].as_array().unwrap();
        let sum: f64 = parts
            .iter()
            .map(|p| p["contribution"].as_f64().unwrap())
            .sum();
        let score = outfit["score"].as_f64().unwrap();
        assert!((sum - score).abs() < 1e-4, "{sum} is not {score}");
        let again = person
            .get(&format!("/api/outfits/{}", outfit["id"].as_str().unwrap()))
            .await
            .expect(200);
        assert_eq!(again["parts"], outfit["parts"]);
        assert_eq!(ids(&again), ids(outfit));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_change_an_outfit_does() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(WARDROBE).await;
    let all: BTreeSet<String> = items
        .iter()
        .map(|i| i["id"].as_str().unwrap().to_owned())
        .collect();
    let weather = json!({ "temperature_c": 4 });
    let answer = ask(&person, json!({ "weather": weather })).await;
    let mut told = 0;
    for outfit in answer["outfits"].as_array().unwrap() {
        let path = format!("/api/outfits/{}", outfit["id"].as_str().unwrap());
        let again = person.get(&path).await.expect(200);
        let changes = &outfit["what_would_change_it"];
        assert_eq!(&again["what_would_change_it"], changes);
        for change in changes.as_array().unwrap() {
            told += 1;
            let mut worn = ids(outfit);
            assert!(worn.remove(change["without"].as_str().unwrap()));
            if let Some(with) = change["with"].as_str() {
                assert!(all.contains(with) && worn.insert(with.to_owned()));
            }
            let others: Vec<&String> = all.difference(&worn).collect();
            let request = json!({ "weather": weather, "must_include": worn, "exclude": others });
            let changed = ask(&person, request).await;
            let changed = &changed["outfits"][0];
            assert_eq!(ids(changed), worn, "{change:#}");
            let then = change["probability"].as_f64().unwrap();
            let really = changed["probability"].as_f64().unwrap();
            assert!((then - really).abs() < 1e-4, "{really}: {change:#}");
            let percent = format!("{:.0}\u{a0}%", 100.0 * then);
            assert!(change["sentence"].as_str().unwrap().contains(&percent));
        }
    }
    assert!(told > 0, "nothing would change anything: {answer:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wishes_are_granted() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(WARDROBE).await;
    let id = |at: usize| items[at]["id"].as_str().unwrap().to_owned();
    let answer = ask(
        &person,
        json!({ "anchor_item_id": id(1), "exclude": [id(3)] }),
    )
    .await;
    for outfit in answer["outfits"].as_array().unwrap() {
        assert!(ids(outfit).contains(&id(1)));
        assert!(!ids(outfit).contains(&id(3)));
    }
    let wash = format!("/api/wardrobe/{}", id(5));
    person
        .patch(&wash, &json!({ "is_clean": false }))
        .await
        .expect(200);
    let answer = ask(&person, json!({ "count": 5 })).await;
    for outfit in answer["outfits"].as_array().unwrap() {
        assert!(!ids(outfit).contains(&id(5)), "it is in the wash");
    }
    let answer = ask(
        &person,
        json!({ "must_include": [id(5)], "include_unclean": true }),
    )
    .await;
    for outfit in answer["outfits"].as_array().unwrap() {
        assert!(ids(outfit).contains(&id(5)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lent_or_packed_is_in_no_outfit_until_it_is_back() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person
        .dress(&["t-shirt", "jeans", "sneakers", "boots"])
        .await;
    assert_eq!(items[2]["whereabouts"], "at-hand");
    let path = format!("/api/wardrobe/{}", items[2]["id"].as_str().unwrap());
    let put = async |whereabouts: &str| {
        let body = json!({ "whereabouts": whereabouts });
        person.patch(&path, &body).await
    };
    let worn = async || {
        let answer = ask(&person, json!({ "count": 5, "include_unclean": true })).await;
        let outfits = answer["outfits"].as_array().unwrap();
        assert!(!outfits.is_empty());
        outfits.iter().flat_map(ids).collect::<BTreeSet<String>>()
    };
    let sneakers = items[2]["id"].as_str().unwrap();
    for away in ["lent", "packed"] {
        assert_eq!(put(away).await.expect(200)["whereabouts"], away);
        assert!(!worn().await.contains(sneakers), "{away}");
        let named = ask(&person, json!({ "must_include": [sneakers] })).await;
        let note = named["notes"][0].as_str().unwrap();
        assert!(note.contains(away), "{note}");
    }
    put("at-hand").await.expect(200);
    assert!(worn().await.contains(sneakers));
    put("stolen")
        .await
        .expect_problem(422, "wrong-field", "stolen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_and_dress_codes_are_kept_or_it_is_said_why_not() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let all = ask(&person, json!({ "count": 10 })).await;
    let main = |outfit: &Value| -> Vec<String> {
        let items = outfit["items"].as_array().unwrap().iter();
        let clothes = items.filter(|one| one["slot"] == "top");
        let colour = |one: &Value| {
            one["item"]["colours"][0]["name"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        clothes.map(colour).collect()
    };
    let family = |colour: &str| flashfit::base::garment::ColourFamily::of(colour).unwrap();
    let unwanted = family(&main(&all["outfits"][0])[0]);
    let without = ask(
        &person,
        json!({ "count": 10, "without_colours": [unwanted] }),
    )
    .await;
    let outfits = without["outfits"].as_array().unwrap();
    let tops: Vec<String> = outfits.iter().flat_map(main).collect();
    assert!(tops.iter().all(|top| family(top) != unwanted), "{tops:?}");
    assert!(
        !outfits.is_empty() || without["missing"][0] == "top",
        "{without:#}"
    );
    let formal = ask(
        &person,
        json!({ "dress_code": "formal", "colours": ["yellow"] }),
    )
    .await;
    assert_eq!(formal["outfits"], json!([]), "{formal:#}");
    let note = formal["notes"][0].as_str().unwrap();
    assert!(note.contains("the dress code you asked for"), "{note}");
    let both = json!({ "colours": ["red"], "without_colours": ["red"] });
    person
        .post("/api/recommend", &both)
        .await
        .expect_problem(422, "wrong-value", "both");
    person
        .post("/api/recommend", &json!({ "colours": ["infrared"] }))
        .await
        .expect_problem(422, "wrong-field", "infrared");
    let week = json!({ "days": [{ "date": "2026-12-01", "colours": ["red"], "without_colours": ["red"] }] });
    person
        .post("/api/recommend/week", &week)
        .await
        .expect_problem(422, "wrong-value", "days[0]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_without_a_garment_is_called_so() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let grey = flashfit::engines::vision::Photo::from_rgb(400, 300, vec![128; 400 * 300 * 3]);
    let grey = ("grey.jpg".to_owned(), grey.unwrap().to_jpeg(95).unwrap());
    let files = vec![grey];
    let answer = person
        .send_files("/api/recommend/photo", "photo", files)
        .await;
    let answer = answer.expect(200);
    assert_eq!(answer["outfits"].as_array().unwrap().len(), 1);
    let note = answer["notes"].as_array().unwrap().last().unwrap();
    assert!(note.as_str().unwrap().contains("no garment"), "{note}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_wardrobe_gets_an_honest_answer() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let empty = ask(&person, json!({})).await;
    assert_eq!(empty["outfits"], json!([]));
    assert!(!empty["notes"].as_array().unwrap().is_empty());

    person.dress(&["t-shirt", "jeans"]).await;
    let answer = ask(&person, json!({})).await;
    assert_eq!(answer["outfits"].as_array().unwrap().len(), 1);
    assert!(
        answer["missing"]
            .as_array()
            .unwrap()
            .contains(&json!("shoes"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_from_the_shop_finds_what_goes_with_it() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let answer = person
        .send_files("/api/recommend/photo", "photo", vec![pictures::garment(77)])
        .await
        .expect(200);
    assert!(!answer["outfits"].as_array().unwrap().is_empty());
    assert_eq!(
        app.number("select count(*) from images").await,
        8,
        "it is not kept"
    );
    let bad = vec![("a.jpg".to_owned(), b"nonsense".to_vec())];
    let answer = person
        .send_files("/api/recommend/photo", "photo", bad)
        .await;
    answer.expect_problem(415, "not-a-photo", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asks_that_make_no_sense_are_named() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(&["t-shirt", "jeans"]).await;
    let id = items[0]["id"].clone();
    let post = async |body: Value| person.post("/api/recommend", &body).await;
    post(json!({ "count": 0 }))
        .await
        .expect_problem(422, "wrong-value", "count");
    post(json!({ "count": 11 }))
        .await
        .expect_problem(422, "wrong-value", "count");
    post(json!({ "occasion": "coronation" }))
        .await
        .expect_problem(422, "wrong-field", "coronation");
    post(json!({ "weather": { "temperature_c": -80 } }))
        .await
        .expect_problem(422, "wrong-value", "temperature");
    post(json!({ "text": "x".repeat(301) }))
        .await
        .expect_problem(422, "wrong-value", "text");
    post(json!({ "must_include": [id], "exclude": [id] }))
        .await
        .expect_problem(422, "wrong-value", "both");
    post(json!({ "colour": "red" }))
        .await
        .expect_problem(422, "wrong-field", "colour");
}
