//! `/api/feedback` and `/api/taste`: learning, at once and reversibly.
use crate::{
    outfits::{WARDROBE, ids},
    support::{Person, TestApp, wait_until},
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

async fn first(person: &Person) -> Value {
    let answer = person
        .post("/api/recommend", &json!({ "count": 1 }))
        .await
        .expect(200);
    answer["outfits"][0].clone()
}

async fn say(person: &Person, outfit: &Value, kind: &str) -> Value {
    let said = json!({ "outfit_id": outfit["id"], "kind": kind });
    person.post("/api/feedback", &said).await.expect(201)["event"].clone()
}

async fn weights(person: &Person) -> Value {
    person.get("/api/taste").await.expect(200)["weights"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disliked_outfit_makes_room_for_a_different_one_at_once() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let before = first(&person).await;
    let unchanged = first(&person).await;
    assert_eq!(
        ids(&before),
        ids(&unchanged),
        "without exploration, the same ask, the same answer"
    );
    say(&person, &before, "dislike").await;
    let after = first(&person).await;
    assert_ne!(ids(&before), ids(&after));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undo_leaves_no_trace() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let outfit = first(&person).await;
    say(&person, &outfit, "like").await;
    let (weights_before, first_before) = (weights(&person).await, first(&person).await);
    let state_before = state(&app).await;

    let lesson = say(&person, &first_before, "dislike").await;
    assert_ne!(state(&app).await, state_before);
    let path = format!("/api/feedback/{}", lesson["id"].as_str().unwrap());
    person.delete(&path).await.expect(204);
    assert_eq!(state(&app).await, state_before, "bit for bit");
    assert_eq!(weights(&person).await, weights_before);
    let after = first(&person).await;
    assert_eq!(ids(&after), ids(&first_before));
    assert_eq!(after["score"], first_before["score"]);
    person
        .delete(&path)
        .await
        .expect_problem(404, "lesson-not-found", "no lesson");
}

/// A number that changes when the learned state does.
async fn state(app: &TestApp) -> i64 {
    app.number("select ('x' || substr(md5(state::text), 1, 15))::bit(60)::bigint from user_states")
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lessons_taken_back_in_any_order_leave_no_trace() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let outfit = first(&person).await;
    say(&person, &outfit, "like").await;
    let before = state(&app).await;
    let mut lessons = vec![];
    for kind in ["dislike", "wear", "too_cold", "skip", "save", "too_warm"] {
        let outfit = first(&person).await;
        lessons.push(say(&person, &outfit, kind).await["id"].clone());
    }
    assert_ne!(state(&app).await, before);
    for at in [2, 0, 5, 4, 1, 3] {
        let path = format!("/api/feedback/{}", lessons[at].as_str().unwrap());
        person.delete(&path).await.expect(204);
    }
    assert_eq!(state(&app).await, before, "bit for bit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_feedback_is_dammed_and_what_is_learned_stays_sound() {
    // Dressed where nothing is counted, since waiting for the models would be taken for a flood.
    let calm = TestApp::start().await;
    let person = calm.register("a@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let app = calm
        .beside(|settings| settings.http.rate_per_minute = 150)
        .await;
    let person = person.at(&app.url);
    let outfit = first(&person).await;
    let stars =
        |n: usize| json!({ "outfit_id": outfit["id"], "kind": "rating", "rating": n % 5 + 1 });
    let bodies: Vec<Value> = (0..30).map(stars).collect();
    let said = bodies.iter().map(|body| person.post("/api/feedback", body));
    let answers: Vec<_> = stream::iter(said).buffer_unordered(6).collect().await;
    for answer in answers {
        // The same stars twice in a row are no news.
        assert!(matches!(answer.status, 200 | 201), "{:#}", answer.body);
    }
    let mut calls = 30;
    while person.get("/api/taste").await.status != 429 {
        calls += 1;
        assert!(calls < 1000, "nothing dams it");
    }
    let refused = person.post("/api/feedback", &bodies[0]).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.expect_problem(429, "too-many-requests", "more than 150");
    let folded = state(&app).await;
    let user = app.app.accounts.find_user("a@example.org").await;
    let user = user.unwrap().unwrap();
    assert!(app.app.recommend.relearn(user.id).await.unwrap());
    assert_eq!(state(&app).await, folded);
    wait_until("somebody is let in again", async || {
        let ask = json!({ "count": 1 });
        person.post("/api/recommend", &ask).await.status == 200
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn having_been_cold_is_a_lesson_and_saying_it_twice_is_saying_it_once() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let outfit = first(&person).await;
    say(&person, &outfit, "wear").await;
    let before = weights(&person).await;
    let lesson = say(&person, &outfit, "too_cold").await;
    let sentence = lesson["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("You were too cold in "), "{sentence}");
    assert_eq!(
        weights(&person).await,
        before,
        "it is no word on the outfit"
    );
    let said = json!({ "outfit_id": outfit["id"], "kind": "too_cold" });
    let again = person.post("/api/feedback", &said).await.expect(200);
    assert_eq!(again["event"]["id"], lesson["id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folding_the_log_again_gives_the_same_state() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    for kind in ["like", "dislike", "save", "skip", "wear", "dislike"] {
        let outfit = first(&person).await;
        say(&person, &outfit, kind).await;
    }
    let before = state(&app).await;
    let user = app
        .app
        .accounts
        .find_user("a@example.org")
        .await
        .unwrap()
        .unwrap();
    assert!(app.app.recommend.relearn(user.id).await.unwrap());
    assert_eq!(state(&app).await, before);
    app.sql("update user_states set watermark = 0, events = 0, version = 'none', state = '{}'")
        .await;
    assert_eq!(
        person.get("/api/taste").await.expect(200)["weights"],
        weights(&person).await
    );
    app.app.recommend.relearn(user.id).await.unwrap();
    assert_eq!(state(&app).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saying_the_same_twice_is_saying_it_once() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let outfit = first(&person).await;
    let lesson = say(&person, &outfit, "like").await;
    let said = json!({ "outfit_id": outfit["id"], "kind": "like" });
    let again = person.post("/api/feedback", &said).await.expect(200);
    assert_eq!(again["event"]["id"], lesson["id"]);
    let many = (0..10).map(|_| person.post("/api/feedback", &said));
    for answer in futures_util::future::join_all(many).await {
        answer.expect(200);
    }
    assert_eq!(app.number("select count(*) from feedback_events").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wearing_counts_and_lessons_are_told_in_words() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person.dress(WARDROBE).await;
    let outfit = first(&person).await;
    say(&person, &outfit, "wear").await;
    let worn = outfit["items"][0]["item"]["id"].as_str().unwrap();
    let item = person
        .get(&format!("/api/wardrobe/{worn}"))
        .await
        .expect(200);
    assert_eq!(item["wears"], 1);
    assert!(item["last_worn_at"].is_string());

    let second = first(&person).await;
    let instead = json!([items[1]["id"], items[4]["id"], items[6]["id"]]);
    let said =
        json!({ "outfit_id": second["id"], "kind": "wore_instead", "worn_item_ids": instead });
    let event = person.post("/api/feedback", &said).await.expect(201)["event"].clone();
    let sentence = event["sentence"].as_str().unwrap();
    assert!(
        sentence.contains(items[1]["name"].as_str().unwrap()),
        "{sentence}"
    );
    assert!(sentence.contains("instead of"), "{sentence}");

    let lessons = person.get("/api/feedback").await.expect(200);
    assert_eq!(lessons["lessons"].as_array().unwrap().len(), 2);
    let worn = person.get("/api/outfits?worn=true").await.expect(200);
    assert_eq!(worn["outfits"][0]["id"], outfit["id"]);
    say(&person, &second, "save").await;
    let saved = person.get("/api/outfits?saved=true").await.expect(200);
    assert_eq!(saved["outfits"][0]["id"], second["id"]);
    assert_eq!(saved["outfits"][0]["is_saved"], true);
    assert_eq!(person.get("/api/taste").await.expect(200)["events"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feedback_that_makes_no_sense_is_named() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let other = app.register("b@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let outfit = first(&person).await;
    let id = &outfit["id"];
    let post = async |body: Value| person.post("/api/feedback", &body).await;
    for (body, about) in [
        (json!({ "outfit_id": id, "kind": "rating" }), "rating"),
        (
            json!({ "outfit_id": id, "kind": "rating", "rating": 6 }),
            "rating",
        ),
        (
            json!({ "outfit_id": id, "kind": "like", "rating": 3 }),
            "rating",
        ),
        (
            json!({ "outfit_id": id, "kind": "like", "reason": "colour" }),
            "reason",
        ),
        (
            json!({ "outfit_id": id, "kind": "wore_instead" }),
            "worn_item_ids",
        ),
        (
            json!({ "outfit_id": id, "kind": "like", "worn_item_ids": [] }),
            "worn_item_ids",
        ),
    ] {
        post(body).await.expect_problem(422, "wrong-value", about);
    }
    post(json!({ "outfit_id": id, "kind": "adore" }))
        .await
        .expect_problem(422, "wrong-field", "adore");
    let said = json!({ "outfit_id": id, "kind": "like" });
    let answer = other.post("/api/feedback", &said).await;
    answer.expect_problem(404, "outfit-not-found", "no outfit");
    let never = json!({ "outfit_id": "0190a0a0-0000-7000-8000-000000000001", "kind": "like" });
    post(never)
        .await
        .expect_problem(404, "outfit-not-found", "no outfit");
    assert_eq!(app.number("select count(*) from feedback_events").await, 0);
}
