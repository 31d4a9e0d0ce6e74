//! What stands between connections and the server: refuses what can be read in two ways, and ends connections whose
//! clients take too long. What passes is read by the server once more.
mod framing;
mod head;
mod patience;
mod reader;

use super::Settings;
use crate::base::metrics as names;
use patience::Patience;
use reader::Reader;
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The labels of ended connections in metrics.
pub const ENDS: [&str; 5] = [
    "malformed",
    "too-large",
    "slow-head",
    "slow-body",
    "slow-reader",
];

/// How large heads may be, and how long clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    head_bytes: usize,
    head: Duration,
    stall: Duration,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            head_bytes: settings.header_limit_bytes,
            head: settings.header_timeout,
            stall: settings.body_timeout,
        }
    }
}

/// A connection under guard.
pub struct Guard<T> {
    io: T,
    /// None where another protocol than HTTP/1 is spoken: only its answers are watched.
    reader: Option<Reader>,
    writing: Patience,
    stall: Duration,
}

impl<T> Guard<T> {
    /// Guards a connection of HTTP/1.
    #[must_use]
    pub fn new(io: T, limits: Limits) -> Self {
        Self {
            reader: Some(Reader::new(limits)),
            ..Self::opaque(io, limits)
        }
    }

    /// Guards a connection of HTTP/2, whose frames have no two readings.
    #[must_use]
    pub fn opaque(io: T, limits: Limits) -> Self {
        Self {
            io,
            reader: None,
            writing: Patience::default(),
            stall: limits.stall,
        }
    }

    /// Ends the wait for a client that takes nothing for too long.
    fn written<R>(
        &mut self,
        polled: Poll<io::Result<R>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<R>> {
        if polled.is_ready() {
            self.writing.end();
            return polled;
        }
        ready!(self.writing.poll(self.stall, context));
        ended("slow-reader");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Counts a connection that was ended. It is the client's doing, so the log does not say it to everybody.
fn ended(why: &'static str) {
    metrics::counter!(names::HTTP_CONNECTIONS_ENDED, "reason" => why).increment(1);
    tracing::debug!(reason = why, "a connection was ended");
}

impl<T: AsyncRead + Unpin> AsyncRead for Guard<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        match &mut this.reader {
            Some(reader) => reader.poll(&mut this.io, context, buffer),
            None => Pin::new(&mut this.io).poll_read(context, buffer),
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Guard<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(context, bytes);
        self.written(polled, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(context, pieces);
        self.written(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_flush(context);
        self.written(polled, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_shutdown(context);
        self.written(polled, context)
    }
}
