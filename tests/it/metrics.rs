//! What a loaded server says of itself. The metrics are those of the process, which all tests share: what is claimed here
//! holds whatever the others do.
use crate::{
    outfits::WARDROBE,
    support::{TestApp, packs, pictures, wait_until},
};
use flashfit::{
    app,
    base::{metrics::ALL, secret::Secret},
    features::wardrobe::Wardrobe,
    platform::{cache::Cache, db::Probe},
};
use serde_json::json;
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

/// Rows that the journey below does not move, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("tls_", "there is no certificate to expire"),
    ("alert", "set by what evaluates and sends alerts"),
    ("monitoring_", "set by what keeps samples"),
    ("health_check_up", "set by the periodic health checks"),
];

/// The values of a metric, summed over the series that have all these labels; none when there is no such series.
fn value(text: &str, name: &str, labels: &str) -> Option<f64> {
    let values = text.lines().filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let (found, of) = series.split_once('{').unwrap_or((series, ""));
        let is_it = found == name && labels.split(',').all(|label| of.contains(label));
        is_it.then(|| value.parse::<f64>().unwrap())
    });
    values.reduce(|a, b| a + b)
}

fn is_served(text: &str, name: &str) -> bool {
    value(text, name, "").is_some() || value(text, &format!("{name}_count"), "").is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loaded_server_serves_every_row_of_the_table() {
    let app = TestApp::with(|settings| {
        settings.models.self_test_interval = Duration::from_secs(3600);
    })
    .await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let glance = vec![pictures::garment(5)];
    let seen = person.send_files("/api/recommend/photo", "photo", glance);
    seen.await.expect(200);
    let search = json!({ "text": "a dark blue coat" });
    person.post("/api/faiss/search", &search).await.expect(200);
    for kind in ["like", "dislike"] {
        let asked = person.post("/api/recommend", &json!({ "count": 1 })).await;
        let outfit = asked.expect(200)["outfits"][0]["id"].clone();
        let said = json!({ "outfit_id": outfit, "kind": kind });
        person.post("/api/feedback", &said).await.expect(201);
    }
    app.app.search.save().await.unwrap();
    app.app.search.measure_thoroughly().await.unwrap();
    app.app.recommend.measure().await.unwrap();
    wait_until("the self test and the collector are through", async || {
        let text = app::metrics(&app.app);
        [
            "model_self_test_accuracy_ratio",
            "db_size_bytes",
            "redis_up",
        ]
        .iter()
        .all(|name| is_served(&text, name))
    })
    .await;
    let text = app::metrics(&app.app);
    let missing: Vec<&str> = ALL
        .iter()
        .map(|metric| metric.name)
        .filter(|name| !ELSEWHERE.iter().any(|(start, _)| name.starts_with(start)))
        .filter(|name| !is_served(&text, name))
        .collect();
    assert!(missing.is_empty(), "nothing ever served {missing:?}");
    for metric in ALL.iter().filter(|metric| is_served(&text, metric.name)) {
        let line = format!("# TYPE {} {}\n", metric.name, metric.kind.name());
        assert!(text.contains(&line), "{line}");
        let named = text
            .lines()
            .filter(|line| line.split(['{', ' ']).next() == Some(metric.name));
        for line in named {
            for label in metric.labels {
                assert!(
                    line.contains(&format!("{label}=\"")),
                    "{line} lacks {label}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_of_machine_and_services_make_sense() {
    let app = TestApp::start().await;
    app.register("a@example.org").await;
    wait_until("Postgres and Redis were asked", async || {
        let text = app::metrics(&app.app);
        let is_up = |name| value(&text, name, "") == Some(1.0);
        is_up("db_up") && is_up("redis_up") && is_served(&text, "db_size_bytes")
    })
    .await;
    let text = app::metrics(&app.app);
    let of = |name| value(&text, name, "").unwrap();
    assert!(of("system_cpu_seconds_total") > of("process_cpu_seconds_total"));
    assert!(of("process_cpu_seconds_total") > 0.0 && of("process_uptime_seconds") > 0.0);
    assert!(of("system_memory_available_bytes") < of("system_memory_total_bytes"));
    assert!(of("process_resident_memory_bytes") < of("system_memory_total_bytes"));
    assert!(of("disk_available_bytes") <= of("disk_total_bytes"));
    assert!(of("db_size_bytes") > 1e6);
    assert!(of("db_server_connections") >= 1.0);
    assert!(of("db_server_connections") <= of("db_server_connections_max"));
    assert!(of("clock_skew_seconds").abs() < 3600.0);
    assert!(of("redis_memory_used_bytes") > 1e5 && of("redis_connected_clients") >= 1.0);
    let inserted = "statement=\"insert users\"";
    assert!(value(&text, "db_query_duration_seconds_count", inserted).unwrap() >= 1.0);
    let sessions = value(
        &text,
        "db_query_duration_seconds_sum",
        "statement=\"insert sessions\"",
    );
    assert!((0.0..60.0).contains(&sessions.unwrap()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_away_is_said_to_be_away_in_time() {
    let app = TestApp::start().await;
    let mut settings = app.app.settings.cache.clone();
    settings.url = Secret::new("redis://127.0.0.1:1".to_owned());
    let errors = || value(&app::metrics(&app.app), "cache_errors_total", "").unwrap();
    let (before, started) = (errors(), Instant::now());
    assert_eq!(Cache::new(&settings).unwrap().info().await, None);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(errors() > before);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    settings.url = Secret::new(format!("redis://{}", silent.local_addr().unwrap()));
    let started = Instant::now();
    assert_eq!(Cache::new(&settings).unwrap().info().await, None);
    assert!(started.elapsed() < Duration::from_secs(5), "it hangs");
    let there = app.app.cache.info().await.unwrap();
    assert!(there.memory_used_bytes > 100_000 && there.clients >= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_hangs_is_given_up_in_time_and_asked_again() {
    let app = TestApp::start().await;
    let mut settings = app.app.settings.database.clone();
    let mut probe = Probe::new(&settings);
    for _ in 0..2 {
        let server = probe.server().await.unwrap();
        assert!(server.connections >= 1 && server.connections_max >= server.connections);
    }
    assert!(probe.size().await.unwrap() > 1_000_000);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    settings.url = Secret::new(format!("postgres://flashfit@{address}/flashfit"));
    settings.wait_timeout = Duration::from_millis(300);
    let mut probe = Probe::new(&settings);
    let started = Instant::now();
    for _ in 0..2 {
        assert!(probe.server().await.is_err());
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drawn_garments_tell_a_pack_from_one_with_shuffled_weights() {
    let app = TestApp::start().await;
    let good = app.app.wardrobe.self_test().await.unwrap();
    assert!(good.accuracy > 0.9, "{good:?}");
    let settings = app.app.settings.wardrobe.clone();
    let (db, cache) = (app.app.db.clone(), app.app.cache.clone());
    let clock = flashfit::base::clock::Clock::system();
    let vision = tokio::task::spawn_blocking(packs::shuffled).await.unwrap();
    let bad = Wardrobe::new(db, cache, vision, clock, settings);
    let bad = bad.self_test().await.unwrap();
    assert!(bad.accuracy < 0.2, "{bad:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_damaged_on_disk_is_noticed_and_the_next_one_is_sound() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.add(vec![pictures::garment(1)]).await;
    let search = &app.app.search;
    search.save().await.unwrap();
    search.measure().await.unwrap();
    assert!(!search.is_snapshot_damaged());
    let folder = app.app.settings.data_dir.join("index");
    let folder = fs_err::read_dir(folder).unwrap().next().unwrap().unwrap();
    let file = folder.path().join("blip.snapshot");
    let mut bytes = fs_err::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    search.measure().await.unwrap();
    assert!(search.is_snapshot_damaged(), "one bit");
    search.save().await.unwrap();
    search.measure().await.unwrap();
    assert!(!search.is_snapshot_damaged());
    fs_err::remove_file(&file).unwrap();
    search.measure().await.unwrap();
    assert!(search.is_snapshot_damaged(), "gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_say_is_compared_with_what_was_predicted() {
    let app = TestApp::start().await;
    let person = app.register("a@example.org").await;
    person.dress(WARDROBE).await;
    let of = |name: &str, labels: &str| value(&app::metrics(&app.app), name, labels).unwrap();
    let figures = || {
        [
            of("fusion_predictions_total", ""),
            of("fusion_log_loss_nats_total", ""),
            of("recommendation_outcomes_total", "outcome=\"rejected\""),
            of("fusion_predicted_accepts_total", ""),
        ]
    };
    let before = figures();
    let asked = person.post("/api/recommend", &json!({ "count": 1 })).await;
    let outfit = asked.expect(200)["outfits"][0].clone();
    let said = json!({ "outfit_id": outfit["id"], "kind": "dislike" });
    person.post("/api/feedback", &said).await.expect(201);
    let after = figures();
    assert!(
        (0..4).all(|at| after[at] > before[at]),
        "{before:?} {after:?}"
    );
    let corrected = of("attribute_corrections_total", "attribute=\"category\"");
    let items = person.get("/api/wardrobe").await.expect(200);
    let path = format!(
        "/api/wardrobe/{}",
        items["items"][0]["id"].as_str().unwrap()
    );
    let truth = json!({ "attributes": { "category": "coat" } });
    person.patch(&path, &truth).await.expect(200);
    assert!(of("attribute_corrections_total", "attribute=\"category\"") > corrected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_compressed_are_timed_and_weighed_too() {
    let app = TestApp::start().await;
    let of = |name: &str, labels: &str| value(&app::metrics(&app.app), name, labels).unwrap_or(0.0);
    let route = "route=\"/api/openapi.json\"";
    let figures = || {
        [
            of("http_request_duration_seconds_count", route),
            of("http_response_body_bytes_count", ""),
        ]
    };
    let before = figures();
    let request = app
        .client()
        .get(format!("{}/api/openapi.json", app.url))
        .header("accept-encoding", "gzip");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert!(answer.bytes().await.unwrap().len() > 1000);
    wait_until("the answer is counted", async || {
        let after = figures();
        after[0] > before[0] && after[1] > before[1]
    })
    .await;
}
