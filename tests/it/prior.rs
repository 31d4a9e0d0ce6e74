//! Where new people start: the shared prior, its versions, and who may know about whom.
use crate::{
    outfits::WARDROBE,
    support::{Person, TestApp},
};
use serde_json::{Value, json};

/// One person who says `events` things.
async fn talker(app: &TestApp, events: usize) -> Person {
    let person = app.register("talker@example.org").await;
    person.dress(WARDROBE).await;
    for n in 0..events {
        let answer = person
            .post("/api/recommend", &json!({ "count": 1 }))
            .await
            .expect(200);
        let id = &answer["outfits"][0]["id"];
        let said = json!({ "outfit_id": id, "kind": "rating", "rating": n % 5 + 1 });
        person.post("/api/feedback", &said).await.expect(201);
    }
    person
}

/// Others who said exactly the same, and whose logs were folded.
pub(crate) async fn others(app: &TestApp, numbers: std::ops::Range<usize>) {
    for n in numbers {
        app.register(&format!("other{n}@example.org")).await;
    }
    app.sql(
        "insert into feedback_events (id, owner, kind, rating, reason, evidence, sentence, created_at)
         select gen_random_uuid(), u.id, e.kind, e.rating, e.reason, e.evidence, e.sentence, e.created_at
           from users t join feedback_events e on e.owner = t.id, users u
          where t.email = 'talker@example.org' and u.email like 'other%'
            and not exists (select from feedback_events own where own.owner = u.id)
          order by e.seq",
    )
    .await;
    relearn(app).await;
}

/// Folds everybody's log again; true when nobody's state changed.
async fn relearn(app: &TestApp) -> bool {
    let mut same = true;
    for user in app.app.accounts.list_users().await.unwrap() {
        same &= app.app.recommend.relearn(user.id).await.unwrap();
    }
    same
}

async fn weights(person: &Person) -> Value {
    person.get("/api/taste").await.expect(200)["weights"].clone()
}

async fn states(app: &TestApp) -> i64 {
    app.number(
        "select ('x' || substr(md5(string_agg(state::text, ',' order by owner)), 1, 15))::bit(60)::bigint
           from user_states",
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_learn_from_each_other_once_there_are_enough_of_them() {
    let app = TestApp::start().await;
    let person = talker(&app, 13).await;
    let by_hand = weights(&person).await[0]["prior"].clone();
    others(&app, 0..3).await;
    assert_eq!(
        app.app.recommend.renew_prior().await.unwrap(),
        0,
        "four people"
    );

    others(&app, 3..6).await;
    let both = tokio::join!(
        app.app.recommend.renew_prior(),
        app.app.recommend.renew_prior()
    );
    assert!(both.0.unwrap() <= 1 && both.1.unwrap() <= 1);
    assert_eq!(app.app.recommend.renew_prior().await.unwrap(), 1);
    assert_eq!(app.number("select count(*) from shared_priors").await, 1);
    assert_eq!(
        app.number("select count(*) from user_states where prior is distinct from 1")
            .await,
        0,
        "everybody moved"
    );
    let newcomer = app.register("new@example.org").await;
    let start = weights(&newcomer).await;
    assert_ne!(start[0]["prior"], by_hand);
    assert_eq!(start[0]["prior"], start[0]["weight"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_is_still_the_fold_of_its_log_from_its_prior() {
    let app = TestApp::start().await;
    let person = talker(&app, 10).await;
    others(&app, 0..5).await;
    let before = states(&app).await;
    assert!(relearn(&app).await);
    assert_eq!(states(&app).await, before);
    assert_eq!(app.app.recommend.renew_prior().await.unwrap(), 1);
    let moved = states(&app).await;
    assert_ne!(moved, before);
    assert!(relearn(&app).await, "a move is a fold as well");
    assert_eq!(states(&app).await, moved);

    let answer = person
        .post("/api/recommend", &json!({ "count": 1 }))
        .await
        .expect(200);
    let said = json!({ "outfit_id": answer["outfits"][0]["id"], "kind": "rating", "rating": 4 });
    let event = person.post("/api/feedback", &said).await.expect(201)["event"]["id"].clone();
    assert_ne!(states(&app).await, moved);
    let path = format!("/api/feedback/{}", event.as_str().unwrap());
    person.delete(&path).await.expect(204);
    assert_eq!(states(&app).await, moved, "bit for bit");
}
