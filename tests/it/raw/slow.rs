//! Clients that take their time: for the head, for the body, for taking the answer.
use super::{connect, statuses, until_closed};
use crate::support::TestApp;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const SHORT: Duration = Duration::from_secs(1);
const LIVE: &[u8] = b"GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

async fn impatient() -> TestApp {
    TestApp::with(|settings| {
        settings.http.header_timeout = SHORT;
        settings.http.body_timeout = SHORT;
        settings.http.keep_alive = SHORT * 2;
    })
    .await
}

/// Sends a byte now and then until the server has had enough; says after how long, and what it said.
async fn drip(mut stream: TcpStream, byte: u8) -> (Duration, String) {
    let started = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let mut said = vec![];
    let drops = async {
        while writing.write_all(&[byte]).await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let read = async {
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = reading.read(&mut piece).await {
            said.extend_from_slice(&piece[..count]);
        }
    };
    let patience = tokio::time::timeout(super::PATIENCE, async {
        tokio::select! {
            () = drops => {}
            () = read => {}
        }
    });
    assert!(patience.await.is_ok(), "it may go on for ever");
    (
        started.elapsed(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_drips_a_head_is_shown_out_while_others_are_answered() {
    let app = impatient().await;
    let mut first = connect(&app).await;
    first.write_all(b"GET / HTTP/1.1\r\nX: ").await.unwrap();
    // One that has behaved well once is not trusted any further.
    let mut second = connect(&app).await;
    second.write_all(LIVE).await.unwrap();
    let mut start = [0; 12];
    second.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    second.write_all(b"GET / HTTP/1.1\r\nX: ").await.unwrap();
    let others = async {
        let mut times = vec![];
        for _ in 0..20 {
            let started = Instant::now();
            let answer = app
                .client()
                .get(format!("{}/api/health/live", app.url))
                .send()
                .await;
            assert_eq!(answer.unwrap().status(), 200);
            times.push(started.elapsed());
        }
        times.into_iter().max().unwrap()
    };
    let (first, second, slowest) = tokio::join!(drip(first, b'y'), drip(second, b'y'), others);
    for (took, said) in [&first, &second] {
        assert!(*took < SHORT * 10, "{took:?}: {said}");
    }
    assert!(slowest < SHORT, "others waited {slowest:?}");
    assert_eq!(statuses(&first.1), [408], "{}", first.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stands_still_or_crawls_ends() {
    let app = impatient().await;
    let post = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Content-Length: 5000\r\n\r\n{";
    let mut still = connect(&app).await;
    still.write_all(post).await.unwrap();
    let started = Instant::now();
    let said = until_closed(&mut still).await;
    assert!(started.elapsed() < SHORT * 10);
    assert_eq!(statuses(&said), [400], "{said}");
    let mut crawling = connect(&app).await;
    crawling.write_all(post).await.unwrap();
    let (took, said) = drip(crawling, b' ').await;
    assert!(took < SHORT * 10, "{took:?}: {said}");
    // A route that reads no body does not wait for it either.
    let mut unread = connect(&app).await;
    unread
        .write_all(b"GET /api/health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        .await
        .unwrap();
    let (took, said) = drip(unread, b' ').await;
    assert!(took < SHORT * 10, "{took:?}");
    assert_eq!(statuses(&said), [200], "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_requests_ends() {
    let app = impatient().await;
    let started = Instant::now();
    let mut silent = connect(&app).await;
    let said = until_closed(&mut silent).await;
    assert_eq!(statuses(&said), [408], "{said}");
    let mut idle = connect(&app).await;
    idle.write_all(LIVE).await.unwrap();
    let said = until_closed(&mut idle).await;
    assert_eq!(statuses(&said), [200], "{said}");
    assert!(started.elapsed() < SHORT * 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_no_answer_is_let_go() {
    let app = impatient().await;
    let ended = async || {
        let metrics = app
            .client()
            .get(format!("{}/metrics", app.url))
            .send()
            .await
            .unwrap();
        let metrics = metrics.text().await.unwrap();
        let line = metrics
            .lines()
            .find(|line| line.starts_with("http_connections_ended_total{reason=\"slow-reader\"}"));
        line.unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let before = ended().await;
    let stream = connect(&app).await;
    let (_reading, mut writing) = stream.into_split();
    // More answers than fit between us.
    let asks = async {
        let ask = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(10);
        while writing.write_all(&ask).await.is_ok() {}
    };
    let patience = tokio::time::timeout(super::PATIENCE, asks).await;
    assert!(patience.is_ok(), "the connection stays open");
    assert!(ended().await > before);
}
