//! Clients that are no good clients: bytes as no library would send them.
mod flood;
mod slow;
mod smuggling;

use crate::support::TestApp;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

async fn connect(app: &TestApp) -> TcpStream {
    let address = app.url.rsplit('/').next().unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Everything that the server says until it closes.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut said = vec![];
    let read = async {
        let mut piece = [0; 4096];
        // A server that closes before it has read everything resets the connection.
        while let Ok(count @ 1..) = stream.read(&mut piece).await {
            said.extend_from_slice(&piece[..count]);
        }
    };
    let closed = tokio::time::timeout(PATIENCE, read).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(closed.is_ok(), "the connection stays open: {said:?}");
    said
}

/// Sends all of this at once, and gives everything that comes until the server closes.
async fn exchange(app: &TestApp, bytes: &[u8]) -> String {
    let mut stream = connect(app).await;
    let _closed_already = stream.write_all(bytes).await;
    until_closed(&mut stream).await
}

/// The status of each answer.
fn statuses(said: &str) -> Vec<u16> {
    let parts = said.split("HTTP/1.1 ").skip(1);
    parts
        .map(|part| part.split(' ').next().unwrap().parse().unwrap())
        .collect()
}
