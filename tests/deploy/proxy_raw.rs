//! Bytes that no good client sends, through the proxy: it and FlashFit read the same, or nothing.
use crate::{
    nginx::Nginx,
    program::{PATIENCE, Place},
    proxy::serve,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// What a second reading would make of the rest.
const HIDDEN: &str = "GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// The statuses of all answers until the connection ends.
async fn exchange(nginx: &Nginx, request: &str) -> Vec<String> {
    let mut stream = nginx.raw().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = vec![];
    // The end may come without a farewell.
    let read = stream.read_to_end(&mut said);
    let _cut = tokio::time::timeout(PATIENCE, read).await.unwrap();
    let said = String::from_utf8_lossy(&said).into_owned();
    let answers = said.split("HTTP/1.1 ").skip(1);
    answers
        .map(|answer| answer.chars().take(3).collect())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proxy_lets_no_request_through_that_can_be_read_in_two_ways() {
    let place = Place::new();
    let server = serve(&place, &[]).await;
    let nginx = Nginx::before(&server.url).await;
    let post = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for (name, fields) in [
        (
            "length and chunks",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            "two lengths",
            "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        ),
        (
            "an unknown encoding",
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        ),
        (
            "two encodings",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n",
        ),
        (
            "a size that overflows",
            "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n",
        ),
        (
            "more than the size",
            "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
        ),
    ] {
        let seen = exchange(&nginx, &format!("{post}{fields}{HIDDEN}")).await;
        assert!(
            matches!(seen.as_slice(), [one] if ["400", "501"].contains(&one.as_str())),
            "{name}: {seen:?}"
        );
    }
    // What nginx forgives, it writes anew: FlashFit reads what nginx read, here two requests.
    let last = HIDDEN.replace("Host: x", "Host: x\r\nConnection: close");
    for (name, fields) in [
        ("bare LFs", "X: y\nContent-Length: 2\n\n{}"),
        (
            "a folded line",
            "Content-Length: 2\r\nX: y\r\n Content-Length: 44\r\n\r\n{}",
        ),
        (
            "a blank before the colon",
            "Content-Length: 2\r\nX : y\r\n\r\n{}",
        ),
        (
            "an extension",
            "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
        ),
    ] {
        let seen = exchange(&nginx, &format!("{post}{fields}{last}")).await;
        let is_refused = seen == ["400"];
        let is_read_as_two = seen.len() == 2 && seen[1] == "200";
        assert!(is_refused || is_read_as_two, "{name}: {seen:?}");
    }
}
