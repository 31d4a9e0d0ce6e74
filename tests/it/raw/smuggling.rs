//! Requests that two servers might read in two ways.
use super::{exchange, statuses};
use crate::support::TestApp;

/// What a second reading would make of the rest: a request that must never be answered.
const HIDDEN: &str = "GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// What stands behind a good beginning.
const FIELDS: &[(&str, &str)] = &[
    (
        "length and chunks",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunks and length",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    ),
    (
        "two lengths",
        "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
    ),
    (
        "twice the same length",
        "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    ),
    ("lengths in a list", "Content-Length: 0, 44\r\n\r\n"),
    ("a length with a sign", "Content-Length: +0\r\n\r\n"),
    (
        "a length that overflows",
        "Content-Length: 18446744073709551616\r\n\r\n",
    ),
    ("a folded line", "X: y\r\n Content-Length: 44\r\n\r\n"),
    (
        "a folded encoding",
        "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "a bare LF between lines",
        "X: y\nContent-Length: 44\r\n\r\n",
    ),
    ("bare LFs at the end", "X: y\n\n"),
    ("a bare CR", "X: y\rContent-Length: 44\r\n\r\n"),
    ("a blank before the colon", "Content-Length : 44\r\n\r\n"),
    (
        "an unknown encoding",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "a hidden encoding",
        "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "two encodings",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ),
    (
        "encoded twice",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n",
    ),
    ("a name with a zero", "X\0: y\r\n\r\n"),
    ("a value with a zero", "X: y\0\r\n\r\n"),
    ("a line without a colon", "X\r\n\r\n"),
    ("two hosts", "Host: y\r\n\r\n"),
];

/// Requests of their own.
const REQUESTS: &[(&str, &str)] = &[
    (
        "chunks in HTTP/1.0",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("no host", "GET /api/health/live HTTP/1.1\r\n\r\n"),
    ("no version", "GET /api/health/live\r\n\r\n"),
    (
        "two blanks",
        "GET  /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
    (
        "another version",
        "GET /api/health/live HTTP/1.2\r\nHost: x\r\n\r\n",
    ),
    ("HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("no HTTP at all", "\u{16}\u{3}\u{1}\u{2}nothing\r\n\r\n"),
    (
        "a bare LF first",
        "\nGET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_can_be_read_in_two_ways_is_refused_and_ends_the_connection() {
    let app = TestApp::start().await;
    let post = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for (name, fields) in FIELDS {
        let said = exchange(&app, format!("{post}{fields}{HIDDEN}").as_bytes()).await;
        assert_eq!(statuses(&said), [400], "{name}: {said}");
    }
    for (name, request) in REQUESTS {
        let said = exchange(&app, format!("{request}{HIDDEN}").as_bytes()).await;
        assert_eq!(statuses(&said), [400], "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_can_be_read_in_two_ways_are_refused_and_end_the_connection() {
    let app = TestApp::start().await;
    let post = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    for (name, chunks) in [
        ("a bare LF behind the size", "2\n{}\r\n0\r\n\r\n"),
        ("a bare LF in an extension", "2;\n{}\r\n0\r\n\r\n"),
        ("a bare CR in an extension", "2;a\rb\r\n{}\r\n0\r\n\r\n"),
        ("a zero in an extension", "2;\0\r\n{}\r\n0\r\n\r\n"),
        ("a prefix", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("a sign", "+2\r\n{}\r\n0\r\n\r\n"),
        ("a blank", "2 \r\n{}\r\n0\r\n\r\n"),
        ("no size", "\r\n{}\r\n0\r\n\r\n"),
        (
            "a size that overflows",
            "10000000000000002\r\n{}\r\n0\r\n\r\n",
        ),
        ("more than the size", "2\r\n{}x\r\n0\r\n\r\n"),
        ("a bare LF behind the chunk", "2\r\n{}\n0\r\n\r\n"),
    ] {
        let said = exchange(&app, format!("{post}{chunks}{HIDDEN}").as_bytes()).await;
        assert_eq!(statuses(&said), [400], "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_in_a_row_are_answered_up_to_the_first_that_is_refused() {
    let app = TestApp::start().await;
    let bad = "GET /api/health/live HTTP/1.1\nHost: x\r\n\r\n";
    let said = exchange(&app, format!("{HIDDEN}{HIDDEN}{bad}{HIDDEN}").as_bytes()).await;
    assert_eq!(statuses(&said), [200, 200, 400], "{said}");
    // What follows RFC 9112 is none of it.
    let good = "\r\nPOST /api/nowhere HTTP/1.1\r\nhost: x\r\ntransfer-encoding: CHUNKED\r\n\r\n\
                2;a=\"b\"\r\n{}\r\n0\r\ntrailer: x\r\n\r\n";
    let last = "GET /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let said = exchange(&app, format!("{good}{last}").as_bytes()).await;
    assert_eq!(statuses(&said).last(), Some(&200), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_that_are_too_large_are_refused() {
    let app = TestApp::with(|settings| settings.http.header_limit_bytes = 8192).await;
    let request = |field: &str| {
        format!("GET /api/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{field}\r\n")
    };
    let fits = request(&format!("X: {}\r\n", "y".repeat(8000)));
    assert_eq!(statuses(&exchange(&app, fits.as_bytes()).await), [200]);
    for field in [
        format!("X: {}\r\n", "y".repeat(8192)),
        "X: y\r\n".repeat(2000),
        "y".repeat(1_000_000),
    ] {
        let said = exchange(&app, request(&field).as_bytes()).await;
        assert_eq!(statuses(&said), [431], "{} bytes: {said}", field.len());
    }
    let many = request(&"X: y\r\n".repeat(300));
    let said = exchange(&app, many.as_bytes()).await;
    assert_eq!(statuses(&said), [431], "so many fields: {said}");
}
