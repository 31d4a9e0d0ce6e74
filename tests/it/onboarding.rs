//! `/api/onboarding`: what one would wear, before there is anything to say about outfits.
use crate::{
    outfits::ids,
    support::{Answer, Person, TestApp},
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

/// Numbers of some pieces, as the list has them.
const WHITE_SHIRT: u8 = 1;
const FLORAL_DRESS: u8 = 2;
const GREY_HOODIE: u8 = 3;
const PUFFER: u8 = 5;
const JEANS: u8 = 7;

const YES: Option<&str> = Some("would_wear");
const NO: Option<&str> = Some("would_not_wear");

async fn put(person: &Person, picks: &[(u8, Option<&str>)]) -> Answer {
    let picks: Vec<Value> = picks
        .iter()
        .map(|(piece, answer)| json!({ "piece": piece, "answer": answer }))
        .collect();
    person
        .put("/api/onboarding", &json!({ "picks": picks }))
        .await
}

async fn choose(person: &Person, picks: &[(u8, Option<&str>)]) -> Value {
    put(person, picks).await.expect(200)
}

async fn first(person: &Person) -> Value {
    let ask = json!({ "count": 1 });
    let answer = person.post("/api/recommend", &ask).await.expect(200);
    answer["outfits"][0].clone()
}

async fn lessons(person: &Person) -> Vec<Value> {
    let page = person.get("/api/feedback").await.expect(200);
    page["lessons"].as_array().unwrap().clone()
}

async fn weights(person: &Person) -> Value {
    person.get("/api/taste").await.expect(200)["weights"].clone()
}

/// A number that changes when anything learned about anybody does.
async fn state(app: &TestApp) -> i64 {
    let states = "select string_agg(state::text, '' order by owner) from user_states";
    let digest = format!("select ('x' || substr(md5(({states})), 1, 15))::bit(60)::bigint");
    app.number(&digest).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_pieces_are_shown_with_their_pictures() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let shown = person.get("/api/onboarding").await.expect(200);
    let pieces = shown["pieces"].as_array().unwrap();
    assert_eq!(pieces.len(), 12);
    assert_eq!(pieces[1]["description"], "a red floral dress");
    assert!(pieces.iter().all(|piece| piece["answer"].is_null()));

    let picture = pieces[1]["picture"].as_str().unwrap();
    let answer = person.request(Method::GET, picture).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/webp");
    let keep = answer.headers()[header::CACHE_CONTROL].to_str().unwrap();
    assert!(keep.contains("max-age="), "{keep}");
    let tag = answer.headers()[header::ETAG].clone();
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(bytes.get(8..12), Some(b"WEBP".as_slice()));
    let again = person
        .request(Method::GET, picture)
        .header(header::IF_NONE_MATCH, tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    let thirteenth = person.get("/api/onboarding/13/picture").await;
    thirteenth.expect_problem(404, "piece-not-found", "piece 13");
    let stranger = app.client().get(format!("{}{picture}", app.url));
    assert_eq!(stranger.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn picks_change_the_ranking_and_undo_restores_it() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let items = person
        .dress(&["shirt", "hoodie", "jeans", "sneakers"])
        .await;
    let (shirt, hoodie) = (&items[0]["id"], &items[1]["id"]);
    let wears = |outfit: &Value, item: &Value| ids(outfit).contains(item.as_str().unwrap());
    let (before, weights_before) = (first(&person).await, weights(&person).await);

    choose(&person, &[(GREY_HOODIE, YES), (WHITE_SHIRT, NO)]).await;
    let sporty = first(&person).await;
    assert!(wears(&sporty, hoodie) && !wears(&sporty, shirt));
    choose(&person, &[(GREY_HOODIE, NO), (WHITE_SHIRT, YES)]).await;
    let smart = first(&person).await;
    assert!(wears(&smart, shirt) && !wears(&smart, hoodie));

    for lesson in lessons(&person).await {
        let path = format!("/api/feedback/{}", lesson["id"].as_str().unwrap());
        person.delete(&path).await.expect(204);
    }
    let after = first(&person).await;
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(after["score"], before["score"]);
    assert_eq!(weights(&person).await, weights_before);
    let shown = person.get("/api/onboarding").await.expect(200);
    let pieces = shown["pieces"].as_array().unwrap();
    assert!(pieces.iter().all(|piece| piece["answer"].is_null()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saying_the_same_twice_is_saying_it_once() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    let picks = [(FLORAL_DRESS, YES), (PUFFER, NO), (JEANS, None)];
    let once = choose(&person, &picks).await;
    let (learned, log) = (state(&app).await, lessons(&person).await);
    assert_eq!(choose(&person, &picks).await, once);
    let many = (0..6).map(|_| choose(&person, &picks));
    futures_util::future::join_all(many).await;
    assert_eq!(state(&app).await, learned);
    assert_eq!(lessons(&person).await, log);
    let sentences: Vec<&str> = log
        .iter()
        .map(|lesson| lesson["sentence"].as_str().unwrap())
        .collect();
    assert_eq!(
        sentences,
        [
            "You would rather not wear a yellow puffer jacket.",
            "You would wear a red floral dress."
        ]
    );
    assert_eq!(person.get("/api/taste").await.expect(200)["events"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_mind_leaves_no_trace_of_the_first_answer() {
    let app = TestApp::start().await;
    let (fickle, firm) = tokio::join!(app.register("a@example.org"), app.register("b@example.org"));
    // The same moment for both: evidence fades with time.
    app.sql("create table moment as select now() as at").await;
    choose(&fickle, &[(FLORAL_DRESS, YES), (PUFFER, YES)]).await;
    choose(&fickle, &[(WHITE_SHIRT, YES)]).await;
    choose(&fickle, &[(PUFFER, None), (FLORAL_DRESS, NO)]).await;
    choose(&firm, &[(WHITE_SHIRT, YES), (FLORAL_DRESS, NO)]).await;
    assert_eq!(app.number("select count(*) from feedback_events").await, 4);
    app.sql("update feedback_events set created_at = (select at from moment)")
        .await;
    for email in ["a@example.org", "b@example.org"] {
        let user = app.app.accounts.find_user(email).await.unwrap().unwrap();
        app.app.recommend.relearn(user.id).await.unwrap();
    }
    let states = "select count(distinct state) from user_states";
    assert_eq!(app.number(states).await, 1, "the two are one");
    let shown = fickle.get("/api/onboarding").await.expect(200);
    assert_eq!(shown, firm.get("/api/onboarding").await.expect(200));
    assert_eq!(shown["pieces"][1]["answer"], "would_not_wear");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_answers_back_is_as_if_they_had_never_been_given() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(&["t-shirt", "jeans", "sneakers"]).await;
    let outfit = first(&person).await;
    let like = json!({ "outfit_id": outfit["id"], "kind": "like" });
    person.post("/api/feedback", &like).await.expect(201);
    let (before, shown) = (state(&app).await, first(&person).await);

    choose(
        &person,
        &[(FLORAL_DRESS, YES), (PUFFER, NO), (GREY_HOODIE, YES)],
    )
    .await;
    let taught = state(&app).await;
    assert_ne!(taught, before);
    let user = app.app.accounts.find_user("a@example.org").await;
    let user = user.unwrap().unwrap();
    assert!(app.app.recommend.relearn(user.id).await.unwrap());
    assert_eq!(state(&app).await, taught, "a replay gives the same bits");

    choose(
        &person,
        &[(FLORAL_DRESS, None), (PUFFER, None), (GREY_HOODIE, None)],
    )
    .await;
    assert_eq!(state(&app).await, before, "bit for bit");
    assert_eq!(first(&person).await["score"], shown["score"]);
    assert_eq!(lessons(&person).await.len(), 1, "the like stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_make_no_sense_are_named() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    put(&person, &[(JEANS, YES), (13, YES)])
        .await
        .expect_problem(404, "piece-not-found", "piece 13");
    put(&person, &[(0, None)])
        .await
        .expect_problem(404, "piece-not-found", "piece 0");
    put(&person, &[(JEANS, YES), (PUFFER, NO), (JEANS, NO)])
        .await
        .expect_problem(422, "wrong-value", "piece 7 is named twice");
    put(&person, &[(JEANS, Some("adore"))])
        .await
        .expect_problem(422, "wrong-field", "adore");
    let forgotten = json!({ "picks": [{ "piece": JEANS }] });
    let answer = person.put("/api/onboarding", &forgotten).await;
    answer.expect_problem(422, "wrong-field", "answer");
    let of_an_outfit = json!({
        "outfit_id": "0190a0a0-0000-7000-8000-000000000001",
        "kind": "would_wear",
    });
    let answer = person.post("/api/feedback", &of_an_outfit).await;
    answer.expect_problem(422, "wrong-value", "/api/onboarding");
    assert_eq!(app.number("select count(*) from feedback_events").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_said_is_theirs() {
    let app = TestApp::start().await;
    let (one, other) = tokio::join!(app.register("a@example.org"), app.register("b@example.org"));
    let mine = choose(&one, &[(JEANS, YES), (PUFFER, NO)]).await;
    let log = lessons(&one).await;
    let theirs = other.get("/api/onboarding").await.expect(200);
    let pieces = theirs["pieces"].as_array().unwrap();
    assert!(pieces.iter().all(|piece| piece["answer"].is_null()));
    choose(&other, &[(JEANS, None), (PUFFER, YES)]).await;
    let path = format!("/api/feedback/{}", log[0]["id"].as_str().unwrap());
    let answer = other.delete(&path).await;
    answer.expect_problem(404, "lesson-not-found", "no lesson");
    assert_eq!(one.get("/api/onboarding").await.expect(200), mine);
    assert_eq!(lessons(&one).await, log);
}
