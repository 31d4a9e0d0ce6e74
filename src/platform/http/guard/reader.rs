//! Reads the requests of a connection of HTTP/1, and decides when it has waited long enough for them.
use super::{
    Limits, ended,
    framing::{Framing, Refusal, Waits},
    patience::Patience,
};
use bytes::{Buf as _, Bytes};
use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::io::{AsyncRead, ReadBuf};

/// Read from a connection at once.
const PIECE: usize = 16 * 1024;
/// A body that comes more slowly takes too long. No network that people have is as slow.
const LEAST_BYTES_PER_SECOND: u64 = 500;
/// No method begins like this: the server answers it with 400, after the answers that are due before, and closes.
const NONSENSE: &[u8] = b"\0\r\n\r\n";
/// More fields than the server reads: likewise, with 431.
const TOO_MANY_FIELDS: usize = 100;

/// What is read of one connection.
pub(super) struct Reader {
    limits: Limits,
    framing: Framing,
    /// What the server has not taken yet.
    passed: Bytes,
    /// Nothing more is read.
    is_over: bool,
    patience: Patience,
    body: Body,
}

/// The body that is coming.
#[derive(Default)]
struct Body {
    bytes: u64,
    /// How long the client was waited for, and not the server.
    waited: Duration,
}

impl Reader {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            framing: Framing::new(limits.head_bytes),
            passed: Bytes::new(),
            is_over: false,
            patience: Patience::default(),
            body: Body::default(),
        }
    }

    /// Fills the buffer with what may pass; with nothing when nothing more will.
    pub(super) fn poll<T: AsyncRead + Unpin>(
        &mut self,
        io: &mut T,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut space = [const { MaybeUninit::uninit() }; PIECE];
        while self.passed.is_empty() && !self.is_over {
            let mut piece = ReadBuf::uninit(&mut space);
            match Pin::new(&mut *io).poll_read(context, &mut piece) {
                Poll::Ready(Ok(())) if piece.filled().is_empty() => self.is_over = true,
                Poll::Ready(Ok(())) => self.take(piece.filled()),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => ready!(self.wait(context)),
            }
        }
        let count = self.passed.len().min(buffer.remaining());
        buffer.put_slice(self.passed.get(..count).unwrap_or_default());
        self.passed.advance(count);
        Poll::Ready(Ok(()))
    }

    fn take(&mut self, bytes: &[u8]) {
        let before = self.framing.waits_for();
        let progress = self.framing.take(bytes);
        let after = self.framing.waits_for();
        self.passed = progress.passed.unwrap_or_default();
        self.measure(before, after, bytes.len());
        let Some(refusal) = progress.refused else {
            return;
        };
        let (nonsense, why) = match refusal {
            Refusal::Malformed => (NONSENSE.to_vec(), "malformed"),
            Refusal::TooLarge => (too_large(), "too-large"),
        };
        // A server that waits for a head answers the nonsense. One that waits for a body misses the rest of it, which
        // it answers with 400 as well.
        if after != Waits::Body {
            let passed = std::mem::take(&mut self.passed);
            self.passed = [passed.as_ref(), &nonsense].concat().into();
        }
        self.end(why);
    }

    /// Measures the waits: for a head from its first byte to its last, for a body between its bytes.
    fn measure(&mut self, before: Waits, after: Waits, bytes: usize) {
        if (before, after) == (Waits::Head, Waits::Head) {
            return;
        }
        let waited = self.patience.end();
        if (before, after) == (Waits::Body, Waits::Body) {
            self.body.bytes += bytes as u64;
            self.body.waited += waited;
        } else {
            self.body = Body::default();
        }
        if after == Waits::Head {
            self.patience.begin();
        }
    }

    /// Ready when the client has taken too long.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let (at_most, why) = match self.framing.waits_for() {
            // The server itself ends connections on which no request begins.
            Waits::Idle => return Poll::Pending,
            Waits::Head => (self.limits.head, "slow-head"),
            Waits::Body => (self.left_for_body(), "slow-body"),
        };
        ready!(self.patience.poll(at_most, context));
        self.end(why);
        Poll::Ready(())
    }

    /// How long the next bytes of a body may take: each byte that came earns a little time for the whole.
    fn left_for_body(&self) -> Duration {
        let earned = Duration::from_secs(self.body.bytes / LEAST_BYTES_PER_SECOND);
        let left = (self.limits.stall + earned).saturating_sub(self.body.waited);
        left.min(self.limits.stall)
    }

    fn end(&mut self, why: &'static str) {
        ended(why);
        self.is_over = true;
    }
}

fn too_large() -> Vec<u8> {
    let fields = "x:\r\n".repeat(TOO_MANY_FIELDS);
    format!("GET / HTTP/1.1\r\n{fields}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::{
        io::{AsyncWriteExt as _, DuplexStream, duplex},
        time::{Instant, sleep},
    };

    const HEAD: Duration = Duration::from_millis(300);
    const LIMITS: Limits = Limits {
        head_bytes: 1000,
        head: HEAD,
        stall: Duration::from_secs(30),
    };

    /// Reads until the end, and says what passed and after how long it ended.
    async fn outcome(mut io: DuplexStream) -> (Vec<u8>, Duration) {
        let mut reader = Reader::new(LIMITS);
        let started = Instant::now();
        let mut all = vec![];
        loop {
            let mut space = [0; 100];
            let mut buffer = ReadBuf::new(&mut space);
            poll_fn(|context| reader.poll(&mut io, context, &mut buffer))
                .await
                .unwrap();
            if buffer.filled().is_empty() {
                return (all, started.elapsed());
            }
            all.extend_from_slice(buffer.filled());
        }
    }

    /// A client that sends this and then a letter now and then, for ever.
    async fn drip(start: &[u8]) -> (Vec<u8>, Duration) {
        let (mut client, server) = duplex(1 << 20);
        client.write_all(start).await.unwrap();
        let send = async {
            loop {
                // The other side may have hung up.
                let _gone = client.write_all(b"y").await;
                sleep(HEAD / 20).await;
            }
        };
        tokio::select! {
            outcome = outcome(server) => outcome,
            () = send => unreachable!("it goes on for ever"),
        }
    }

    #[tokio::test]
    async fn a_head_that_drips_in_is_ended_at_its_time_and_passes_nothing() {
        let (passed, took) = drip(b"GET / HTTP/1.1\r\nX: ").await;
        assert!(passed.is_empty() && took >= HEAD, "{took:?}");
        // Likewise on a connection that has behaved well before.
        let good = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let (passed, took) = drip(good).await;
        assert!(passed == good && took >= HEAD, "{took:?}");
    }

    #[test]
    fn each_byte_of_a_body_earns_a_little_time_for_the_whole_but_none_to_stand_still() {
        let mut reader = Reader::new(LIMITS);
        let mut left = |bytes, waited| {
            let waited = Duration::from_secs(waited);
            reader.body = Body { bytes, waited };
            reader.left_for_body().as_secs()
        };
        assert_eq!(left(0, 0), 30);
        assert_eq!(left(499, 25), 5);
        assert_eq!(left(500, 25), 6);
        assert_eq!(left(1000, 40), 0, "it crawls");
        assert_eq!(left(1_000_000, 1000), 30, "slow, and good enough");
        assert_eq!(left(1_000_000, 2020), 10);
    }

    #[tokio::test]
    async fn what_is_refused_ends_in_nonsense_that_no_server_takes_for_a_request() {
        let good = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let bad = format!("{good}GET / HTTP/1.1\nHost: x\r\n\r\n{good}");
        let (passed, _) = drip(bad.as_bytes()).await;
        assert_eq!(passed, [good.as_bytes(), NONSENSE].concat());
        let (passed, _) = drip(&[b'x'; 1001]).await;
        assert_eq!(passed, too_large());
    }
}
