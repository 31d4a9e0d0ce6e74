//! The file of a backup: a head, tables as COPY writes them in pieces, and a checksum of all that.
//!
//! ```text
//! "FLASHFIT BACKUP" version
//! piece*                      kind (1 byte), length (4 bytes, big-endian), content
//! ```
//!
//! The content of a piece is compressed by itself (zstd), of at most [`LARGEST`] bytes: whoever reads needs no more
//! memory than that, whatever a damaged file says. The last piece is the SHA-256 of all bytes before it, as it is.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};

const MAGIC: &[u8] = b"FLASHFIT BACKUP";
/// What this program writes, and the newest that it reads.
const VERSION: u8 = 1;
/// Most bytes in a piece, before compression.
const LARGEST: usize = 1 << 20;
/// Good enough: most of a backup is pictures, which no level makes smaller.
const LEVEL: i32 = 3;

const HEAD: u8 = b'H';
const TABLE: u8 = b'T';
const ROWS: u8 = b'R';
const SUM: u8 = b'S';

/// What a backup begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of FlashFit that made it.
    pub flashfit: String,
    /// The version of the database it was made from.
    pub postgres: String,
    /// The moment that it shows.
    pub made_at: DateTime<Utc>,
    /// Versions of the migrations that the tables had seen, in order.
    pub migrations: Vec<String>,
}

/// A table, before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns of each row, in this order.
    pub columns: Vec<String>,
    /// How many rows follow.
    pub rows: u64,
    /// The column that a sequence numbers, and the last number given.
    pub sequence: Option<(String, i64)>,
}

/// What comes next in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A table begins.
    Table(Table),
    /// Bytes of the rows of the table that began last, as COPY writes them in its binary form.
    Rows(Vec<u8>),
    /// That was all, and it is as it was written.
    End,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormatError {
    /// Something else.
    #[error("is no backup made by flashfit; a file of pg_dump is restored by pg_restore")]
    Foreign,
    /// A later form.
    #[error("was made by a newer FlashFit: use that version")]
    Newer,
    /// The end is missing.
    #[error("is cut short: use another backup")]
    Truncated,
    /// A piece is not what was written.
    #[error("is damaged: use another backup")]
    Damaged,
    /// The file itself cannot be read.
    #[error("cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for FormatError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Truncated
        } else if error.kind() == io::ErrorKind::InvalidData {
            // Whoever decrypts finds out first.
            Self::Damaged
        } else {
            Self::Io(error)
        }
    }
}

/// Writes a file from its beginning to its end.
pub(super) struct Writer<W> {
    out: W,
    hash: Sha256,
    zstd: zstd::bulk::Compressor<'static>,
    /// Rows that wait for a piece to be full.
    waiting: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(super) fn start(out: W, head: &Head) -> io::Result<Self> {
        let mut this = Self {
            out,
            hash: Sha256::new(),
            zstd: zstd::bulk::Compressor::new(LEVEL)?,
            waiting: Vec::with_capacity(LARGEST),
        };
        this.write(MAGIC)?;
        this.write(&[VERSION])?;
        this.piece(HEAD, &serde_json::to_vec(head)?)?;
        Ok(this)
    }

    pub(super) fn table(&mut self, table: &Table) -> io::Result<()> {
        self.flush_rows()?;
        self.piece(TABLE, &serde_json::to_vec(table)?)
    }

    pub(super) fn rows(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(LARGEST - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
            if self.waiting.len() == LARGEST {
                self.flush_rows()?;
            }
        }
        Ok(())
    }

    /// Writes the checksum; gives back what was written to.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.flush_rows()?;
        let sum = self.hash.clone().finalize();
        self.packed(SUM, &sum)?;
        Ok(self.out)
    }

    fn flush_rows(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut rows = std::mem::take(&mut self.waiting);
        self.piece(ROWS, &rows)?;
        rows.clear();
        self.waiting = rows;
        Ok(())
    }

    fn piece(&mut self, kind: u8, content: &[u8]) -> io::Result<()> {
        let packed = self.zstd.compress(content)?;
        self.packed(kind, &packed)
    }

    fn packed(&mut self, kind: u8, packed: &[u8]) -> io::Result<()> {
        let length = u32::try_from(packed.len()).map_err(io::Error::other)?;
        self.write(&[kind])?;
        self.write(&length.to_be_bytes())?;
        self.write(packed)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Reads what [`Writer`] wrote, and believes nothing.
pub(super) struct Reader<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(input: R) -> Result<(Head, Self), FormatError> {
        let mut this = Self {
            input,
            hash: Sha256::new(),
        };
        let mut start = [0; MAGIC.len() + 1];
        if let Err(error) = this.read(&mut start) {
            let is_short = matches!(error, FormatError::Truncated);
            return Err(if is_short {
                FormatError::Foreign
            } else {
                error
            });
        }
        match start.split_last() {
            Some((&VERSION, MAGIC)) => {}
            Some((_, MAGIC)) => return Err(FormatError::Newer),
            _ => return Err(FormatError::Foreign),
        }
        match this.piece()? {
            (HEAD, content) => Ok((from_json(&content)?, this)),
            _ => Err(FormatError::Damaged),
        }
    }

    pub(super) fn next(&mut self) -> Result<Piece, FormatError> {
        let sum = self.hash.clone().finalize();
        match self.piece()? {
            (TABLE, content) => Ok(Piece::Table(from_json(&content)?)),
            (ROWS, content) => Ok(Piece::Rows(content)),
            (SUM, content) if content == sum[..] && self.input.read(&mut [0])? == 0 => {
                Ok(Piece::End)
            }
            _ => Err(FormatError::Damaged),
        }
    }

    fn piece(&mut self) -> Result<(u8, Vec<u8>), FormatError> {
        let mut start = [0; 5];
        self.read(&mut start)?;
        let [kind, length @ ..] = start;
        let length = u32::from_be_bytes(length) as usize;
        if length > zstd::zstd_safe::compress_bound(LARGEST) {
            return Err(FormatError::Damaged);
        }
        let mut packed = vec![0; length];
        self.read(&mut packed)?;
        if kind == SUM {
            return Ok((kind, packed));
        }
        match zstd::bulk::decompress(&packed, LARGEST) {
            Ok(content) => Ok((kind, content)),
            Err(_) => Err(FormatError::Damaged),
        }
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), FormatError> {
        self.input.read_exact(bytes)?;
        self.hash.update(bytes);
        Ok(())
    }
}

fn from_json<T: DeserializeOwned>(content: &[u8]) -> Result<T, FormatError> {
    serde_json::from_slice(content).map_err(|_not_ours| FormatError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            columns: vec!["id".to_owned()],
            rows: 3,
            sequence: Some(("id".to_owned(), 7)),
        }
    }

    fn head() -> Head {
        Head {
            flashfit: "1".to_owned(),
            postgres: "2".to_owned(),
            made_at: DateTime::UNIX_EPOCH,
            migrations: vec!["3".to_owned()],
        }
    }

    /// A file of two tables, the second longer than a piece.
    fn file() -> (Vec<u8>, Vec<u8>) {
        let long: Vec<u8> = (0..LARGEST + 9).map(|i| (i * i / 7) as u8).collect();
        let mut writer = Writer::start(vec![], &head()).unwrap();
        writer.table(&table("a")).unwrap();
        writer.rows(b"few").unwrap();
        writer.table(&table("b")).unwrap();
        writer.rows(&long).unwrap();
        (writer.finish().unwrap(), long)
    }

    fn read(bytes: &[u8]) -> Result<Vec<Piece>, FormatError> {
        let (_, mut reader) = Reader::open(bytes)?;
        let mut pieces = vec![];
        loop {
            match reader.next()? {
                Piece::End => return Ok(pieces),
                piece @ (Piece::Table(_) | Piece::Rows(_)) => pieces.push(piece),
            }
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let (file, long) = file();
        assert_eq!(Reader::open(&file[..]).unwrap().0, head());
        let pieces = read(&file).unwrap();
        assert_eq!(pieces.len(), 5);
        assert_eq!(pieces[0], Piece::Table(table("a")));
        assert_eq!(pieces[1], Piece::Rows(b"few".to_vec()));
        assert_eq!(pieces[3], Piece::Rows(long[..LARGEST].to_vec()));
        assert_eq!(pieces[4], Piece::Rows(long[LARGEST..].to_vec()));
    }

    #[test]
    fn a_file_that_ends_early_anywhere_is_refused() {
        let (file, _) = file();
        for length in (0..file.len()).filter(|at| at % 997 == 0 || at + 60 > file.len()) {
            let refused = read(&file[..length]).unwrap_err();
            let fits = matches!(refused, FormatError::Truncated)
                || length <= MAGIC.len() && matches!(refused, FormatError::Foreign);
            assert!(fits, "{length}: {refused}");
        }
    }

    #[test]
    fn a_byte_that_differs_anywhere_is_noticed() {
        let (file, _) = file();
        for at in (0..file.len()).filter(|at| at % 997 == 0 || at + 60 > file.len()) {
            let mut other = file.clone();
            other[at] ^= 0x10;
            assert!(read(&other).is_err(), "{at}");
        }
        let longer = [&file[..], b"x"].concat();
        assert!(matches!(read(&longer), Err(FormatError::Damaged)));
    }

    #[test]
    fn other_files_and_newer_ones_are_told_apart() {
        let (mut file, _) = file();
        file[MAGIC.len()] = VERSION + 1;
        assert!(matches!(read(&file), Err(FormatError::Newer)));
        assert!(matches!(
            read(b"PGDMP and many more bytes"),
            Err(FormatError::Foreign)
        ));
        assert!(matches!(read(b""), Err(FormatError::Foreign)));
    }
}
