//! An hour without a fault: what a healthy server records while it is used a little, again and again.
use crate::{drill::Drill, models::photo, operator::Operator, replay::Recording};
use flashfit::engines::illustrate::demo_wardrobe;
use serde_json::json;

/// How much is recorded, in seconds and so in samples of each series.
const ROUNDS: f64 = 70.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_without_a_fault_raises_nothing() {
    let _alone = crate::ALONE.lock().await;
    let drill = Drill::begin("none", &[]).await;
    let operator = &drill.operator;
    let recorded = async || {
        let recorded = operator.value("count_over_time(redis_up[5m])").await;
        recorded.is_some_and(|rounds| rounds >= ROUNDS)
    };
    let mut turn = 0;
    drill
        .wait("minute of samples", async || {
            use_it(operator, turn).await;
            turn += 1;
            recorded().await
        })
        .await;
    // Names of metrics, without what the rules themselves record.
    let all = operator.query("{__name__=~\"[a-z_]+\"}[2m]").await.unwrap();
    drill.expect_nothing().await;
    drill.end().await;

    let recording = Recording::read(&all);
    let (hour, quiet) = recording.replay(240, |_, _, value| value);
    assert_eq!(quiet, [""; 0]);
    assert!(hour > 500, "{hour} series are no server");
    // It would have been noticed.
    let (_, noticed) = recording.replay(240, |round, name, value| match name {
        "redis_up" if round >= 238 => 0.0,
        _ => value,
    });
    assert_eq!(noticed, ["RedisDown"]);
}

/// What somebody does now and then.
async fn use_it(operator: &Operator, turn: u32) {
    if turn.is_multiple_of(40) {
        let designs = demo_wardrobe();
        let design = &designs[turn as usize / 40 % designs.len()];
        operator.upload(photo(design)).await;
    }
    operator.get("/api/wardrobe?limit=20").await.unwrap();
    operator.get("/api/wardrobe/summary").await.unwrap();
    let outfits = operator
        .post("/api/recommend", &json!({ "count": 1 }))
        .await;
    if let Some(outfit) = outfits.filter(|found| found["outfits"][0].is_object()) {
        let said = json!({ "outfit_id": outfit["outfits"][0]["id"], "kind": "like" });
        operator.post("/api/feedback", &said).await;
    }
    let words = json!({ "text": "a blue shirt", "k": 5 });
    operator.post("/api/faiss/search", &words).await;
}
