//! Servers that follow a script to a bad end.
use std::io;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How a server behaves towards each who calls.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Script {
    /// Says these lines, each after the caller's next one, then nothing any more.
    Hang(&'static [&'static str]),
    /// Says these lines, then hangs up once the caller has said more; at once if there are none.
    HangUp(&'static [&'static str]),
    /// Says the first, then this for ever.
    Flood(&'static str, &'static str),
}

/// A server on the loopback.
pub(crate) struct Scripted {
    pub(crate) port: u16,
    serving: JoinHandle<()>,
}

impl Scripted {
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                // Who is called hangs up when it has had enough.
                tokio::spawn(async move { drop(play(script, caller).await) });
            }
        });
        Self { port, serving }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn play(script: Script, caller: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = caller.into_split();
    let mut reader = BufReader::new(reader);
    let lines = match script {
        Script::Hang(lines) | Script::HangUp(lines) => lines,
        Script::Flood(first, more) => {
            writer.write_all(first.as_bytes()).await?;
            loop {
                writer.write_all(more.as_bytes()).await?;
            }
        }
    };
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            reader.read_line(&mut String::new()).await?;
        }
        writer.write_all(line.as_bytes()).await?;
    }
    match script {
        Script::HangUp([]) => Ok(()),
        Script::HangUp(_) => reader.read_line(&mut String::new()).await.map(drop),
        Script::Hang(_) | Script::Flood(..) => reader.read_to_end(&mut vec![]).await.map(drop),
    }
}
