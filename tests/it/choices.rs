//! How first suggestions are chosen is remembered with its odds, so that other ways to choose can be judged by it.
use crate::{
    outfits::WARDROBE,
    support::{Person, TestApp},
};
use serde_json::{Value, json};

async fn exploring() -> TestApp {
    TestApp::with(|settings| settings.recommend.explore = true).await
}

async fn first(person: &Person) -> Value {
    let answer = person.post("/api/recommend", &json!({})).await.expect(200);
    answer["outfits"][0].clone()
}

async fn say(person: &Person, outfit: &Value, said: Value) {
    let mut said = said;
    said["outfit_id"] = outfit["id"].clone();
    person.post("/api/feedback", &said).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answered_first_suggestion_is_known_with_its_odds() {
    let app = exploring().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let mut shown = vec![];
    for said in [
        json!({ "kind": "like" }),
        json!({ "kind": "skip" }),
        json!({ "kind": "rating", "rating": 4 }),
    ] {
        let outfit = first(&person).await;
        say(&person, &outfit, said).await;
        shown.push(outfit);
    }
    let unanswered = first(&person).await;
    assert!(unanswered["id"].is_string());
    // The last word counts.
    say(&person, &shown[0], json!({ "kind": "wear" })).await;

    let mut answered = app.app.recommend.answered_choices().await.unwrap();
    answered.sort_by(|a, b| a.reward.total_cmp(&b.reward));
    let rewards: Vec<f64> = answered.iter().map(|a| a.reward).collect();
    assert_eq!(rewards, [0.0, 0.75, 1.0]);
    for answered in &answered {
        let choice = &answered.choice;
        assert!(choice.propensity > 0.0 && choice.propensity <= 1.0);
        assert!(
            choice.considered.len() > 1,
            "there was something to choose from"
        );
        let score = |at: usize| -> f32 { choice.considered[at].features.iter().sum() };
        assert!(score(choice.chosen).is_finite());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_exploration_nothing_is_claimed_about_odds() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let outfit = first(&person).await;
    say(&person, &outfit, json!({ "kind": "like" })).await;
    assert!(
        app.app
            .recommend
            .answered_choices()
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_to_others_of_the_answer_is_no_word_on_the_first() {
    let app = exploring().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let answer = person.post("/api/recommend", &json!({})).await.expect(200);
    say(&person, &answer["outfits"][1], json!({ "kind": "like" })).await;
    assert!(
        app.app
            .recommend
            .answered_choices()
            .await
            .unwrap()
            .is_empty()
    );
}
