//! How often one may call: one limit for all instances, and what becomes of it while Redis is away.
use crate::support::{Answer, TestApp, wait_until};
use flashfit::{
    base::secret::Secret,
    platform::cache::{Bucket, Cache, Taken},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{path::PathBuf, sync::Arc, time::Instant};
use tokio::{
    net::{TcpListener, UnixStream},
    sync::watch,
};

/// An address that nobody else has: the buckets are in a Redis that other tests use, too.
fn some_address() -> String {
    let id = flashfit::base::id::RequestId::new().0.as_u128();
    let [a, b, c, ..] = id.to_le_bytes();
    format!("10.{a}.{b}.{c}")
}

async fn limited(per_minute: u32) -> TestApp {
    TestApp::with(|settings| {
        settings.http.rate_per_minute = per_minute;
        settings.http.trust_proxy = true;
    })
    .await
}

/// Asks for what nobody need be signed in for.
async fn call(app: &TestApp, address: &str) -> Answer {
    let request = app.client().get(format!("{}/api/health/live", app.url));
    let request = request.header("x-forwarded-for", address);
    Answer::read(request.send().await.unwrap()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers[name].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_have_one_limit() {
    let one = limited(60).await;
    let other = one
        .beside(|settings| {
            settings.http.rate_per_minute = 60;
            settings.http.trust_proxy = true;
        })
        .await;
    let address = some_address();
    let started = Instant::now();
    let (mut granted, mut refused) = (0_u64, vec![]);
    for turn in 0..70 {
        let app = if turn % 2 == 0 { &one } else { &other };
        let answer = call(app, &address).await;
        match answer.status {
            200 if turn == 0 => {
                assert_eq!(
                    header(&answer, "ratelimit-policy"),
                    "\"requests\";q=60;w=60"
                );
                assert_eq!(header(&answer, "ratelimit"), "\"requests\";r=59;t=1");
                granted += 1;
            }
            200 => granted += 1,
            _ => refused.push((turn % 2, answer)),
        }
    }
    let flowed_in = started.elapsed().as_secs() + 1;
    assert!((60..=60 + flowed_in).contains(&granted), "{granted}");
    let mut told: Vec<i32> = refused.iter().map(|(instance, _)| *instance).collect();
    told.sort_unstable();
    told.dedup();
    if flowed_in < 9 {
        assert_eq!(
            told,
            [0, 1],
            "either instance refuses what the other granted"
        );
    }
    let (_, last) = refused.pop().unwrap();
    assert_eq!(header(&last, "retry-after"), "1");
    assert!(header(&last, "ratelimit").starts_with("\"requests\";r=0;t="));
    last.expect_problem(429, "too-many-requests", "more than 60");
    wait_until("a token has flowed in", async || {
        call(&other, &address).await.status == 200
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_nobody_vouches_for_change_no_limit() {
    let app = TestApp::with(|settings| settings.http.login_rate_per_minute = 4).await;
    let guess = async |attempt: usize| {
        let request = app.client().post(format!("{}/api/auth/login", app.url));
        let body = serde_json::json!({ "email": "a@example.org", "password": "wrong wrong wrong" });
        let request = match attempt % 4 {
            0 => request.header("x-forwarded-for", some_address()),
            1 => request.header("forwarded", format!("for={}", some_address())),
            2 => request.header(
                "x-forwarded-for",
                format!("{}, 10.0.0.1, ,;x", some_address()),
            ),
            _ => request.header("x-real-ip", some_address()),
        };
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    let mut seen = vec![];
    for attempt in 0..12 {
        seen.push(guess(attempt).await);
    }
    let refused = seen.iter().filter(|status| **status == 429).count();
    // A token flows in every fifteen seconds.
    assert!(refused >= 6, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_instance_counts_and_with_it_all_count_together_again() {
    let other = limited(10).await;
    let redis = other.app.settings.cache.url.expose();
    let redis = PathBuf::from(redis.strip_prefix("redis+unix://").unwrap());
    let valve = Valve::open(redis).await;
    let one = other
        .beside(|settings| {
            settings.http.rate_per_minute = 10;
            settings.http.trust_proxy = true;
            settings.cache.url = Secret::new(valve.url.clone());
        })
        .await;
    // A token flows in every six seconds, so an empty bucket stays one for as long as this takes.
    let empty = async |app: &TestApp, address: &str| {
        while call(app, address).await.status == 200 {}
    };
    let is_shared = async || {
        let address = some_address();
        empty(&one, &address).await;
        call(&other, &address).await.status == 429
    };
    assert!(is_shared().await);

    let address = some_address();
    empty(&other, &address).await;
    valve.set(false);
    wait_until("the instance counts by itself", async || {
        call(&one, &address).await.status == 200
    })
    .await;
    empty(&one, &address).await;
    let refused = call(&one, &address).await;
    refused.expect_problem(429, "too-many-requests", "");

    valve.set(true);
    wait_until("the limit is one again", is_shared).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_and_this_program_agree_about_buckets_which_vanish_when_they_are_full() {
    let app = TestApp::start().await;
    let cache: &Cache = &app.app.cache;
    let mut random = StdRng::seed_from_u64(11);
    let mut seen = [0, 0];
    for _ in 0..40 {
        // So fast that what flows in between two calls matters.
        let per_minute = random.random_range(20_000..2_000_000);
        // Small enough to be emptied: a bucket of another depth is what another instance with other settings has.
        let key = format!("bucket:test:{}", some_address());
        let mut full_at = i64::MIN / 2;
        for _ in 0..random.random_range(1..60) {
            let bucket = Bucket::per_minute(per_minute);
            let wanted = random.random_range(1..5);
            let theirs = cache.take(&key, bucket, wanted).await.unwrap();
            let ours = bucket.take(full_at, theirs.now_us, wanted);
            assert_eq!(ours, theirs, "{per_minute} per minute");
            full_at = theirs.full_at_us;
            seen[usize::from(theirs.granted > 0)] += 1;
        }
        // The same bucket nearly empty, by a limit that is much lower.
        let low = Bucket::per_minute(random.random_range(1..4));
        for _ in 0..6 {
            let theirs = cache.take(&key, low, 1).await.unwrap();
            assert_eq!(low.take(full_at, theirs.now_us, 1), theirs);
            full_at = theirs.full_at_us;
            seen[usize::from(theirs.granted > 0)] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
    let key = format!("bucket:test:{}", some_address());
    let fast = Bucket::per_minute(600);
    let taken: Taken = cache.take(&key, fast, 1).await.unwrap();
    assert!(taken.granted == 1 && cache.get(&key).await.is_some());
    wait_until("the bucket is forgotten", async || {
        cache.get(&key).await.is_none()
    })
    .await;
}

/// A way to Redis that can be shut.
struct Valve {
    url: String,
    is_open: watch::Sender<bool>,
}

impl Valve {
    async fn open(redis: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (is_open, watched) = watch::channel(true);
        let redis = Arc::new(redis);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut watched, redis) = (watched.clone(), redis.clone());
                tokio::spawn(async move {
                    if !*watched.borrow_and_update() {
                        return;
                    }
                    let mut server = UnixStream::connect(&*redis).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = watched.wait_for(|is_open| !is_open) => {}
                    }
                });
            }
        });
        Self { url, is_open }
    }

    fn set(&self, is_open: bool) {
        self.is_open.send_replace(is_open);
    }
}
