//! `/api/recommend/week`: "what shall I wear this week?".
use crate::{
    outfits::ids,
    support::{Person, TestApp},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Enough for three days without a repeat.
const WARDROBE: &[&str] = &[
    "t-shirt", "shirt", "sweater", "jeans", "trousers", "skirt", "sneakers", "boots",
];

async fn plan(person: &Person, request: &Value) -> Value {
    person
        .post("/api/recommend/week", request)
        .await
        .expect(200)
}

fn days(dates: &[&str]) -> Vec<Value> {
    dates.iter().map(|date| json!({ "date": date })).collect()
}

fn mains(outfit: &Value) -> BTreeSet<String> {
    let items = outfit["items"].as_array().unwrap().iter();
    let main = |item: &&Value| {
        matches!(
            item["slot"].as_str().unwrap(),
            "top" | "bottom" | "one-piece"
        )
    };
    let id = |item: &Value| item["item"]["id"].as_str().unwrap().to_owned();
    items.filter(main).map(id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_days_wear_nothing_twice_and_are_stored_like_any_outfit() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let mut asked = days(&["2026-05-04", "2026-05-05", "2026-05-07"]);
    asked[1]["occasion"] = json!("work");
    asked[1]["weather"] = json!({ "temperature_c": 18 });
    let answer = plan(&person, &json!({ "days": asked })).await;
    let answered = answer["days"].as_array().unwrap();
    assert_eq!(answered.len(), 3);
    assert!(answer["pack"].as_str().unwrap().contains('@'));
    let mut worn = BTreeSet::new();
    for (day, asked) in answered.iter().zip(&asked) {
        assert_eq!(day["date"], asked["date"]);
        assert_eq!(day["notes"], json!([]), "{day:#}");
        let outfit = &day["outfit"];
        for id in mains(outfit) {
            assert!(worn.insert(id), "worn before: {answer:#}");
        }
        let path = format!("/api/outfits/{}", outfit["id"].as_str().unwrap());
        let stored = person.get(&path).await.expect(200);
        assert_eq!(stored["parts"], outfit["parts"]);
        assert_eq!(ids(&stored), ids(outfit));
    }
    let liked = json!({ "outfit_id": answered[2]["outfit"]["id"], "kind": "like" });
    person.post("/api/feedback", &liked).await.expect(201);
    let stored = "select count(*) from outfits where request->>'date' = '2026-05-05'";
    assert_eq!(app.number(stored).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_day_is_planned_again_while_the_others_stay() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(WARDROBE).await;
    let dates = ["2026-05-04", "2026-05-05", "2026-05-06"];
    let first = plan(&person, &json!({ "days": days(&dates[..2]) })).await;
    let outfit = |n: usize| first["days"][n]["outfit"].clone();
    let again = json!({
        "days": [{ "date": dates[1], "instead_of": [outfit(1)["id"]] }],
        "keep": [{ "date": dates[0], "outfit_id": outfit(0)["id"] }],
    });
    let second = plan(&person, &again).await;
    assert_eq!(second["days"].as_array().unwrap().len(), 1);
    let new = mains(&second["days"][0]["outfit"]);
    assert!(!new.is_empty());
    for before in [outfit(0), outfit(1)] {
        assert!(new.is_disjoint(&mains(&before)), "{second:#}");
    }

    // Wishes of a day hold for that day.
    let id = |at: usize| items[at]["id"].as_str().unwrap().to_owned();
    let mut asked = days(&dates);
    asked[2]["must_include"] = json!([id(1)]);
    asked[0]["exclude"] = json!([id(3), id(6)]);
    let answer = plan(&person, &json!({ "days": asked })).await;
    assert!(mains(&answer["days"][2]["outfit"]).contains(&id(1)));
    let worn = ids(&answer["days"][0]["outfit"]);
    assert!(!worn.contains(&id(3)) && !worn.contains(&id(6)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_wardrobe_is_told_what_repeats_and_what_is_missing() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let week = json!({ "days": days(&["2026-05-04", "2026-05-05"]) });
    let empty = plan(&person, &week).await;
    assert!(empty["days"][0].get("outfit").is_none());
    assert!(
        empty["days"][1]["notes"][0]
            .as_str()
            .unwrap()
            .contains("empty")
    );

    person.dress(&["t-shirt", "shirt", "jeans"]).await;
    let answer = plan(&person, &week).await;
    for day in answer["days"].as_array().unwrap() {
        assert_eq!(day["outfit"]["items"].as_array().unwrap().len(), 2);
        assert_eq!(day["missing"], json!(["shoes"]));
    }
    let notes = answer["days"][1]["notes"].to_string();
    assert!(notes.contains("as on Monday 4 May"), "{notes}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_makes_one_plan() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let week = json!({ "days": days(&["2026-05-04"]) });
    let mut answers = vec![];
    for _ in 0..2 {
        let request = person
            .request(reqwest::Method::POST, "/api/recommend/week")
            .header("idempotency-key", "monday");
        let response = request.json(&week).send().await.unwrap();
        assert_eq!(response.status(), 200);
        answers.push(response.json::<Value>().await.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(app.number("select count(*) from outfits").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weeks_that_make_no_sense_are_named_with_the_day() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let post = async |body: Value| person.post("/api/recommend/week", &body).await;
    let with = |second: Value| json!({ "days": [{ "date": "2026-05-04" }, second] });
    let wrong = async |body: Value, about: &str| {
        post(body).await.expect_problem(422, "wrong-value", about);
    };
    wrong(json!({ "days": [] }), "days has 0; expected 1 to 14").await;
    let many: Vec<Value> = (1..=15)
        .map(|day| json!({ "date": format!("2026-05-{day:02}") }))
        .collect();
    wrong(json!({ "days": many }), "days has 15").await;
    wrong(with(json!({ "date": "2026-05-04" })), "days[1]: date").await;
    wrong(with(json!({ "date": "2026-05-03" })), "days[1]: date").await;
    let frozen = json!({ "date": "2026-05-05", "weather": { "temperature_c": -60.5 } });
    wrong(with(frozen), "days[1]: weather.temperature_c").await;
    let wordy = json!({ "date": "2026-05-05", "text": "x".repeat(301) });
    wrong(with(wordy), "days[1]: text").await;
    let kept = |date: &str| json!({ "date": date, "outfit_id": uuid::Uuid::nil() });
    let keep = |keep: Vec<Value>| json!({ "days": days(&["2026-05-04"]), "keep": keep });
    wrong(keep(vec![kept("2026-05-04")]), "keep[0]: date").await;
    wrong(
        keep(vec![kept("2026-05-05"), kept("2026-05-05")]),
        "keep[1]",
    )
    .await;

    let occasion = with(json!({ "date": "2026-05-05", "occasion": "coronation" }));
    post(occasion)
        .await
        .expect_problem(422, "wrong-field", "days[1].occasion");
    let no_date = with(json!({ "date": "tomorrow" }));
    post(no_date)
        .await
        .expect_problem(422, "wrong-field", "days[1].date");
    let answer = post(keep(vec![kept("2026-05-05")])).await;
    answer.expect_problem(404, "outfit-not-found", "suggested to you");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_someone_elses_does_not_exist() {
    let app = TestApp::start().await;
    let other = app.register("b@example.org").await;
    let theirs = other.dress(&["t-shirt", "jeans"]).await;
    let planned = plan(&other, &json!({ "days": days(&["2026-05-04"]) })).await;
    let outfit = &planned["days"][0]["outfit"]["id"];

    let person = app.register("a@example.org").await;
    let mut asked = days(&["2026-05-05", "2026-05-06"]);
    asked[1]["must_include"] = json!([theirs[0]["id"]]);
    let answer = person
        .post("/api/recommend/week", &json!({ "days": asked }))
        .await;
    answer.expect_problem(404, "item-not-found", "days[1]: there is no garment");
    for request in [
        json!({ "days": days(&["2026-05-05"]), "keep": [{ "date": "2026-05-04", "outfit_id": outfit }] }),
        json!({ "days": [{ "date": "2026-05-05", "instead_of": [outfit] }] }),
    ] {
        let answer = person.post("/api/recommend/week", &request).await;
        answer.expect_problem(404, "outfit-not-found", "");
    }
}
