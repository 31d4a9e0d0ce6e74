//! Very many connections at once.
use super::PATIENCE;
use crate::support::TestApp;
use futures_util::{StreamExt as _, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::{Duration, Instant};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

/// What should be borne.
const WANTED: usize = 10_000;
/// Files that this process needs for all else, other tests among it.
const RESERVE: u64 = 3000;

/// As many as this machine lets a process have on both ends, in one and the same process.
fn as_many_as_possible() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let _as_it_is = setrlimit(Resource::Nofile, most);
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let pairs = usize::try_from(files.saturating_sub(RESERVE) / 2).unwrap();
    if pairs < WANTED {
        println!("only {pairs} of {WANTED} connections: this process may have {files} files open");
    }
    pairs.min(WANTED)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_break_nothing_and_block_nobody() {
    let count = as_many_as_possible();
    let app = TestApp::with(|settings| {
        settings.http.max_connections = 2 * WANTED;
        settings.http.header_timeout = Duration::from_secs(30);
    })
    .await;
    let address = app.url.rsplit('/').next().unwrap();
    let idle: Vec<TcpStream> = stream::iter(0..count)
        .map(async |at| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // A third says nothing, a third begins, a third has asked once.
            match at % 3 {
                0 => {}
                1 => stream.write_all(b"GET / HTTP/1.1\r\nX").await.unwrap(),
                _ => {
                    let ask = b"GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
                    stream.write_all(ask).await.unwrap();
                }
            }
            stream
        })
        .buffer_unordered(100)
        .collect()
        .await;
    assert_eq!(idle.len(), count);
    let client = app.client();
    let started = Instant::now();
    for _ in 0..50 {
        let answer = client.get(format!("{}/api/health/live", app.url)).send();
        let answer = tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(answer.status(), 200);
    }
    let each = started.elapsed() / 50;
    println!("{count} idle connections; others are answered within {each:?}");
    assert!(each < Duration::from_secs(1), "{each:?}");
    drop(idle);
    app.register("a@example.org")
        .await
        .get("/api/wardrobe")
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_when_all_places_are_taken_waits_and_is_answered() {
    let app = TestApp::with(|settings| {
        settings.http.max_connections = 20;
        settings.http.header_timeout = Duration::from_secs(2);
    })
    .await;
    let address = app.url.rsplit('/').next().unwrap();
    let idle = stream::iter(0..60).then(|_| TcpStream::connect(address));
    let _idle: Vec<_> = idle.collect().await;
    let answer = app
        .client()
        .get(format!("{}/api/health/live", app.url))
        .send();
    let answer = tokio::time::timeout(PATIENCE, answer).await.unwrap();
    assert_eq!(answer.unwrap().status(), 200);
}
