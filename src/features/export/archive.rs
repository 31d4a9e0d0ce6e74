//! A zip archive that is sent as it grows.
use bytes::Bytes;
use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// A piece of the archive.
pub(super) type Chunk = Bytes;

/// Pieces that wait for the client; what is written while it is slow waits, too.
const WAITING: usize = 2;

/// An archive on its way.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Sink>>,
    sink: Sink,
    chunks: Sender<Chunk>,
}

/// What is written and not sent yet.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Archive {
    /// An empty archive, and where its pieces come out.
    pub(super) fn new() -> (Self, Receiver<Chunk>) {
        let (chunks, out) = channel(WAITING);
        let sink = Sink::default();
        let archive = Self {
            zip: ZipWriter::new_stream(sink.clone()),
            sink,
            chunks,
        };
        (archive, out)
    }

    /// Begins a file of text.
    pub(super) fn begin(&mut self, name: &str) -> anyhow::Result<()> {
        self.start(name, CompressionMethod::Deflated)
    }

    /// Begins a file that is compressed already.
    pub(super) fn begin_photo(&mut self, name: &str) -> anyhow::Result<()> {
        self.start(name, CompressionMethod::Stored)
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> anyhow::Result<()> {
        let options = SimpleFileOptions::default().compression_method(method);
        Ok(self.zip.start_file(name, options)?)
    }

    /// Writes to the file that was begun last.
    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.zip.write_all(bytes)?)
    }

    /// Sends what was written; waits while the client is slow.
    pub(super) async fn send(&self) -> anyhow::Result<()> {
        let bytes = self.sink.take();
        if !bytes.is_empty() {
            self.chunks.send(bytes.into()).await?;
        }
        Ok(())
    }

    /// Writes the table of contents, without which no archive is whole.
    pub(super) async fn finish(self) -> anyhow::Result<()> {
        self.zip.finish()?;
        let bytes = self.sink.take();
        Ok(self.chunks.send(bytes.into()).await?)
    }
}
