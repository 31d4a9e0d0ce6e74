//! What people of like taste like: from five people on, for newcomers too, and gone with those who leave.
use crate::{
    outfits::WARDROBE,
    prior::others,
    support::{Person, TestApp},
};
use serde_json::{Value, json};

/// What everybody likes here, and what they do not.
const FAVOURITE: usize = 1;
const RIVALS: [usize; 2] = [0, 2];

/// The first of eight demo garments is a t-shirt, then come a shirt and a sweater.
async fn dressed(app: &TestApp, email: &str) -> (Person, Vec<String>) {
    let person = app.register(email).await;
    let items = person.dress(WARDROBE).await;
    let ids = items.iter().map(|item| item["id"].as_str().unwrap());
    let ids = ids.map(str::to_owned).collect();
    (person, ids)
}

async fn outfits(person: &Person, request: Value) -> Vec<Value> {
    let answer = person.post("/api/recommend", &request).await.expect(200);
    answer["outfits"].as_array().unwrap().clone()
}

async fn say(person: &Person, kind: &str, item: &str) {
    let request = json!({ "count": 1, "must_include": [item] });
    let outfit = outfits(person, request).await[0]["id"].clone();
    let said = json!({ "outfit_id": outfit, "kind": kind });
    person.post("/api/feedback", &said).await.expect(201);
}

/// Somebody who likes shirts and says so, and does not like other tops.
async fn talker(app: &TestApp) -> Person {
    let (person, ids) = dressed(app, "talker@example.org").await;
    for _ in 0..5 {
        say(&person, "like", &ids[FAVOURITE]).await;
        for rival in RIVALS {
            say(&person, "dislike", &ids[rival]).await;
        }
    }
    person
}

/// Who has two likes so far.
async fn newcomer(app: &TestApp) -> (Person, Vec<String>) {
    let (person, ids) = dressed(app, "new@example.org").await;
    say(&person, "like", &ids[FAVOURITE]).await;
    say(&person, "save", &ids[FAVOURITE]).await;
    (person, ids)
}

/// What people of like taste say of a garment to this person.
async fn crowd_says(person: &Person, item: &str) -> Option<f64> {
    let request = json!({ "count": 1, "must_include": [item] });
    let outfit = outfits(person, request).await.remove(0);
    let items = outfit["items"].as_array().unwrap();
    let pick = items.iter().find(|pick| pick["item"]["id"] == *item);
    let parts = pick.unwrap()["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["feature"] == "crowd")?;
    part["contribution"].as_f64()
}

async fn renew(app: &TestApp) {
    app.app.recommend.renew_crowds().await.unwrap();
}

async fn leave(person: &Person) {
    let password = json!({ "password": "correct horse battery" });
    let request = person.request(reqwest::Method::DELETE, "/api/auth/account");
    let answer = request.json(&password).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_seven_alike_like_rises_for_a_newcomer_of_their_taste() {
    let app = TestApp::start().await;
    talker(&app).await;
    others(&app, 0..3).await;
    let (person, ids) = newcomer(&app).await;
    renew(&app).await;
    assert_eq!(app.number("select count(*) from crowds").await, 0);
    assert_eq!(crowd_says(&person, &ids[FAVOURITE]).await, None, "four");

    others(&app, 3..6).await;
    tokio::join!(renew(&app), renew(&app));
    assert_eq!(app.number("select count(*) from crowds").await, 1);
    let people = "select sum(people) from crowd_groups";
    assert_eq!(app.number(people).await, 7, "the newcomer said too little");
    let favourite = crowd_says(&person, &ids[FAVOURITE]).await.unwrap();
    assert!(favourite > 0.01, "{favourite}");
    for rival in RIVALS {
        let rival = crowd_says(&person, &ids[rival]).await.unwrap();
        assert!(rival < favourite, "{rival} is not below {favourite}");
    }
    renew(&app).await;
    assert_eq!(app.number("select max(version) from crowds").await, 1);

    let stranger = dressed(&app, "stranger@example.org").await;
    let unknown = crowd_says(&stranger.0, &stranger.1[FAVOURITE]).await;
    assert_eq!(unknown, None, "nothing is known of their taste");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_is_in_no_group_after_the_next_run() {
    let app = TestApp::start().await;
    // The first account is the administrator's, who stays.
    app.register("admin@example.org").await;
    let talker = talker(&app).await;
    others(&app, 0..5).await;
    let (person, ids) = newcomer(&app).await;
    renew(&app).await;
    assert_eq!(app.number("select sum(people) from crowds").await, 6);
    leave(&talker).await;
    renew(&app).await;
    assert_eq!(app.number("select count(*) from crowds").await, 1);
    assert_eq!(app.number("select sum(people) from crowds").await, 5);
    assert!(crowd_says(&person, &ids[FAVOURITE]).await.is_some());

    app.sql("delete from users where email = 'other0@example.org'")
        .await;
    renew(&app).await;
    assert_eq!(app.number("select count(*) from crowd_centres").await, 0);
    assert_eq!(crowd_says(&person, &ids[FAVOURITE]).await, None, "four");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_crowd_likes_leaves_no_trace_in_what_is_learned() {
    let app = TestApp::start().await;
    talker(&app).await;
    others(&app, 0..6).await;
    let (person, ids) = newcomer(&app).await;
    renew(&app).await;
    let taste = || async { person.get("/api/taste").await.expect(200) };
    let before = taste().await;
    let request = json!({ "count": 1, "must_include": [ids[FAVOURITE]] });
    let outfit = outfits(&person, request).await[0]["id"].clone();
    let said = json!({ "outfit_id": outfit, "kind": "wear" });
    let given = person.post("/api/feedback", &said).await.expect(201);
    // The event keeps what was measured, so what becomes of the groups does not matter.
    let learned = taste().await;
    assert_ne!(learned, before);
    app.sql("delete from crowds").await;
    for user in app.app.accounts.list_users().await.unwrap() {
        assert!(app.app.recommend.relearn(user.id).await.unwrap());
    }
    assert_eq!(taste().await, learned);
    let path = format!("/api/feedback/{}", given["event"]["id"].as_str().unwrap());
    person.delete(&path).await.expect(204);
    assert_eq!(taste().await, before);
}
