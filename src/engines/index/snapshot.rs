//! An index on disk, so that a restart need not read every embedding from the database.
//!
//! Layout, little-endian: `FLASHIDX`, format version u32, space u32, dimension u32, length u32 and bytes of
//! the pack id, watermark u64, slots u64, rows u64, soft-deleted
//! entries of the graph u64, bytes of the graph u64; per row the key and the owner
//! (16 bytes each), the slot u32 and the vector; the graph as its library writes it (may be absent);
//! SHA-256 of all that. Written to a temporary file, synced, renamed: a reader sees the old or the new one.
//!
//! A file that is not exactly that is a typed error, and the caller rebuilds from the database. The checksum
//! finds damage, not malice: whoever can write to the data directory is trusted.
use super::{
    error::IndexError,
    graph::{Graph, Saved},
    rows::{Row, Rows},
    space::{Settings, SpaceIndex},
};
use crate::base::{
    embedding::Space,
    id::{ItemId, UserId},
};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    io::{self, BufRead as _, Read as _, Write},
    path::Path,
};
use uuid::Uuid;

const MAGIC: &[u8; 8] = b"FLASHIDX";
const FORMAT: u32 = 1;
const CHECKSUM_BYTES: usize = 32;
/// More free slots than this many per row are not worth keeping for the sake of the graph.
const MOST_SLOTS_PER_ROW: u64 = 4;
/// How far the squared length of a stored vector may be from one.
const LENGTH_TOLERANCE: f32 = 1e-2;

/// Why there is no snapshot to use.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is no such file.
    #[error("there is no snapshot")]
    Missing,
    /// The file system refused.
    #[error("the snapshot cannot be read or written")]
    Io(#[source] io::Error),
    /// The file is something else.
    #[error("the file is not a snapshot")]
    NotASnapshot,
    /// The file was written by another version of the program.
    #[error("the snapshot has format {0}, this program reads format {FORMAT}")]
    Version(u32),
    /// The file is cut short or altered.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
    /// The vectors come from another pack.
    #[error("the snapshot was made with pack {found}, the running pack is {expected}")]
    ForeignPack {
        /// The running pack.
        expected: String,
        /// The pack of the file.
        found: String,
    },
    /// The vectors are from another space or have another dimension.
    #[error("the snapshot holds {found}, expected {expected}")]
    ForeignSpace {
        /// Space and dimension that were asked for.
        expected: String,
        /// Space and dimension of the file.
        found: String,
    },
    /// The index refused the rows.
    #[error("the index refuses the snapshot")]
    Index(#[from] IndexError),
}

impl SnapshotError {
    /// Whether the file is broken, rather than absent or somebody else's.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Io(_) | Self::NotASnapshot | Self::Damaged(_) | Self::Index(_) => true,
            Self::Missing
            | Self::Version(_)
            | Self::ForeignPack { .. }
            | Self::ForeignSpace { .. } => false,
        }
    }
}

/// What a snapshot must be of.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Which space.
    pub space: Space,
    /// Numbers per vector.
    pub dimension: usize,
    /// The running pack, name and version.
    pub pack: &'a str,
}

/// A restored index.
pub struct Restored {
    /// The index, ready to be searched.
    pub index: SpaceIndex,
    /// Every change up to here is in it.
    pub watermark: u64,
}

/// Writes the index to `path`; returns the size in bytes. Take the watermark before calling: changes that
/// arrive meanwhile may be in the file, and applying them again does no harm.
///
/// # Errors
/// [`SnapshotError::Io`]; what was at `path` before is still there then.
pub fn write_snapshot(
    path: &Path,
    index: &SpaceIndex,
    pack: &str,
    watermark: u64,
) -> Result<u64, SnapshotError> {
    let mut bytes = encode(index, pack, watermark);
    bytes.extend_from_slice(&Sha256::digest(&bytes));
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(SnapshotError::Io)?;
    file.write_all(&bytes).map_err(SnapshotError::Io)?;
    file.as_file().sync_all().map_err(SnapshotError::Io)?;
    file.persist(path).map_err(|e| SnapshotError::Io(e.error))?;
    fs_err::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(SnapshotError::Io)?;
    Ok(bytes.len() as u64)
}

/// Reads what [`write_snapshot`] wrote, and checks everything. A graph that cannot be used is built anew.
///
/// # Errors
/// [`SnapshotError`]; never a panic, whatever the bytes are.
pub fn read_snapshot(
    path: &Path,
    expected: &Expected<'_>,
    settings: &Settings,
) -> Result<Restored, SnapshotError> {
    let bytes = fs_err::read(path).map_err(unreadable)?;
    decode(&bytes, expected, settings)
}

fn unreadable(error: io::Error) -> SnapshotError {
    match error.kind() == io::ErrorKind::NotFound {
        true => SnapshotError::Missing,
        false => SnapshotError::Io(error),
    }
}

/// Says whether the file at `path` is whole, as its checksum has it, without making an index of it.
///
/// # Errors
/// [`SnapshotError`] says what is wrong.
pub fn check_snapshot(path: &Path) -> Result<(), SnapshotError> {
    let file = fs_err::File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(SnapshotError::Io)?.len();
    let body = size.saturating_sub(CHECKSUM_BYTES as u64);
    let mut reader = io::BufReader::with_capacity(1 << 20, file);
    let starts = reader.fill_buf().map_err(SnapshotError::Io)?;
    if !starts.starts_with(MAGIC) {
        return Err(SnapshotError::NotASnapshot);
    }
    let mut hasher = Sha256::new();
    let copied = io::copy(&mut reader.by_ref().take(body), &mut Hash(&mut hasher))
        .map_err(SnapshotError::Io)?;
    let mut checksum = vec![];
    reader
        .read_to_end(&mut checksum)
        .map_err(SnapshotError::Io)?;
    match copied == body && hasher.finalize().as_slice() == checksum {
        true => Ok(()),
        false => Err(SnapshotError::Damaged("the checksum is wrong")),
    }
}

/// Writes into a checksum.
struct Hash<'a>(&'a mut Sha256);

impl Write for Hash<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn encode(index: &SpaceIndex, pack: &str, watermark: u64) -> Vec<u8> {
    let inner = index.read();
    let graph = inner
        .graph
        .as_ref()
        .and_then(|graph| graph.save().ok())
        .unwrap_or_default();
    let row_bytes = 36 + 4 * index.dimension();
    let mut out = Vec::with_capacity(128 + inner.rows.len() * row_bytes + graph.len());
    out.extend_from_slice(MAGIC);
    for number in [
        FORMAT,
        index.space().index() as u32,
        index.dimension() as u32,
        pack.len() as u32,
    ] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(pack.as_bytes());
    let removed = inner.graph.as_ref().map_or(0, Graph::removed);
    let sizes = [
        inner.rows.capacity(),
        inner.rows.len(),
        removed,
        graph.len(),
    ];
    out.extend_from_slice(&watermark.to_le_bytes());
    for size in sizes {
        out.extend_from_slice(&(size as u64).to_le_bytes());
    }
    for (slot, row) in inner.rows.iter() {
        out.extend_from_slice(row.key.0.as_bytes());
        out.extend_from_slice(row.owner.0.as_bytes());
        out.extend_from_slice(&slot.to_le_bytes());
        out.extend(row.values.iter().flat_map(|value| value.to_le_bytes()));
    }
    out.extend_from_slice(&graph);
    out
}

fn decode(
    bytes: &[u8],
    expected: &Expected<'_>,
    settings: &Settings,
) -> Result<Restored, SnapshotError> {
    if !bytes.starts_with(MAGIC) {
        return Err(SnapshotError::NotASnapshot);
    }
    let mut reader = Reader(bytes);
    reader.take(MAGIC.len())?;
    let format = reader.u32()?;
    if format != FORMAT {
        return Err(SnapshotError::Version(format));
    }
    let (body, checksum) = bytes
        .split_at_checked(bytes.len().saturating_sub(CHECKSUM_BYTES))
        .ok_or(SnapshotError::Damaged("it is cut short"))?;
    if Sha256::digest(body).as_slice() != checksum {
        return Err(SnapshotError::Damaged("the checksum is wrong"));
    }
    let mut reader = Reader(body);
    reader.take(MAGIC.len() + 4)?;
    check_origin(&mut reader, expected)?;
    let watermark = reader.u64()?;
    let (slots, count) = (reader.u64()?, reader.u64()?);
    let (removed, graph_bytes) = (reader.u64()?, reader.u64()?);
    // Without the graph nobody knows the slots, and the rows may close up.
    let keeps_slots = graph_bytes > 0 && slots <= count.saturating_mul(MOST_SLOTS_PER_ROW);
    let rows = read_rows(
        &mut reader,
        expected.dimension,
        count,
        keeps_slots.then_some(slots),
    )?;
    let graph = Saved {
        bytes: reader.take(graph_bytes as usize)?,
        removed: removed as usize,
    };
    if !reader.0.is_empty() {
        return Err(SnapshotError::Damaged("there is more than it says"));
    }
    let graph = keeps_slots
        .then(|| restore_graph(&rows, expected.dimension, settings.threads, &graph))
        .flatten();
    let index =
        SpaceIndex::from_parts(expected.space, expected.dimension, settings, (rows, graph))?;
    Ok(Restored { index, watermark })
}

fn check_origin(reader: &mut Reader<'_>, expected: &Expected<'_>) -> Result<(), SnapshotError> {
    let (space, dimension, length) = (reader.u32()?, reader.u32()?, reader.u32()?);
    let pack = String::from_utf8_lossy(reader.take(length as usize)?);
    if pack != expected.pack {
        return Err(SnapshotError::ForeignPack {
            expected: expected.pack.to_owned(),
            found: pack.into_owned(),
        });
    }
    if (space, dimension) == (expected.space.index() as u32, expected.dimension as u32) {
        return Ok(());
    }
    let name = |space: u32| Space::ALL.get(space as usize).map_or("?", |s| s.name());
    Err(SnapshotError::ForeignSpace {
        expected: format!("{} × {}", expected.space, expected.dimension),
        found: format!("{} × {dimension}", name(space)),
    })
}

fn read_rows(
    reader: &mut Reader<'_>,
    dimension: usize,
    count: u64,
    slots: Option<u64>,
) -> Result<Rows, SnapshotError> {
    let mut rows = Rows::new(dimension);
    let mut keys = HashSet::new();
    let mut next = 0_u32;
    for _ in 0..count {
        let key = ItemId(reader.uuid()?);
        let owner = UserId(reader.uuid()?);
        let slot = reader.u32()?;
        let values: Vec<f32> = reader
            .take(dimension.saturating_mul(4))?
            .as_chunks::<4>()
            .0
            .iter()
            .map(|chunk| f32::from_le_bytes(*chunk))
            .collect();
        let length: f32 = values.iter().map(|value| value * value).sum();
        if (length - 1.0).abs() > LENGTH_TOLERANCE || length.is_nan() {
            return Err(SnapshotError::Damaged("a vector has not length one"));
        }
        if slots.is_some_and(|slots| slot < next || u64::from(slot) >= slots) {
            return Err(SnapshotError::Damaged("the slots are out of order"));
        }
        if !keys.insert(key) {
            return Err(SnapshotError::Damaged("a key occurs twice"));
        }
        let slot = if slots.is_some() { slot } else { next };
        rows.place(
            slot,
            Row {
                key,
                owner,
                values: &values,
            },
        );
        next = slot + 1;
    }
    Ok(rows)
}

/// `None` when the graph is not one of these rows.
fn restore_graph(
    rows: &Rows,
    dimension: usize,
    threads: usize,
    saved: &Saved<'_>,
) -> Option<Graph> {
    let graph = Graph::load(dimension, threads, saved)
        .inspect_err(|error| tracing::warn!(%error, "the graph of a snapshot is built anew"))
        .ok()?;
    let agrees = graph.len() == rows.len() && rows.iter().all(|(slot, _)| graph.contains(slot));
    agrees.then_some(graph)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], SnapshotError> {
        let (head, rest) = self
            .0
            .split_at_checked(count)
            .ok_or(SnapshotError::Damaged("it is cut short"))?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    fn u32(&mut self) -> Result<u32, SnapshotError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, SnapshotError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn uuid(&mut self) -> Result<Uuid, SnapshotError> {
        Ok(Uuid::from_bytes(self.array()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::embedding::Embedding;
    use crate::engines::index::{Filter, Plan};

    const EXPECTED: Expected<'_> = Expected {
        space: Space::Fashion,
        dimension: 8,
        pack: "pack@1",
    };

    fn vector(seed: u32) -> Embedding {
        let values = (0..8).map(|i| ((seed * 31 + i * 7) as f32).sin()).collect();
        Embedding::new(Space::Fashion, values).unwrap()
    }

    fn filled(count: u32, settings: &Settings) -> SpaceIndex {
        let index = SpaceIndex::new(Space::Fashion, 8, settings).unwrap();
        for i in 0..count {
            let key = ItemId(Uuid::from_u128(u128::from(i)));
            let owner = UserId(Uuid::from_u128(u128::from(i % 5)));
            index.upsert(key, owner, &vector(i)).unwrap();
        }
        for i in (0..count).step_by(7) {
            index.remove(ItemId(Uuid::from_u128(u128::from(i))));
        }
        index
    }

    fn contents(index: &SpaceIndex) -> Vec<(ItemId, UserId, Vec<u32>)> {
        let mut out = vec![];
        index.for_each(|row| {
            let bits = row.values.iter().map(|v| v.to_bits()).collect();
            out.push((row.key, row.owner, bits));
        });
        out.sort();
        out
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fashion.idx");
        for exact_up_to in [16, 4096] {
            let settings = Settings {
                exact_up_to,
                ..Settings::default()
            };
            let index = filled(300, &settings);
            write_snapshot(&path, &index, "pack@1", 42).unwrap();
            let restored = read_snapshot(&path, &EXPECTED, &settings).unwrap();
            assert_eq!(restored.watermark, 42);
            assert_eq!(contents(&restored.index), contents(&index));
            assert_eq!(
                restored.index.stats().graph_vectors,
                index.stats().graph_vectors
            );
            let key = ItemId(Uuid::from_u128(9_999));
            let owner = UserId(Uuid::from_u128(1));
            restored.index.upsert(key, owner, &vector(9_999)).unwrap();
            let found = restored
                .index
                .search(&vector(9_999), 1, &Filter::default())
                .unwrap();
            assert_eq!(found.hits[0].key, key);
            assert_eq!(found.plan == Plan::Hnsw, exact_up_to == 16);
        }
    }

    #[test]
    fn whatever_is_damaged_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fashion.idx");
        let settings = Settings {
            exact_up_to: 8,
            ..Settings::default()
        };
        write_snapshot(&path, &filled(40, &settings), "pack@1", 7).unwrap();
        let good = fs_err::read(&path).unwrap();
        check_snapshot(&path).unwrap();
        let check = |bytes: &[u8]| {
            fs_err::write(&path, bytes).unwrap();
            check_snapshot(&path).unwrap_err().is_damage()
        };
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            assert!(decode(&bad, &EXPECTED, &settings).is_err(), "byte {at}");
            assert!(at % 97 > 0 || check(&bad), "byte {at}");
        }
        assert!(check(&good[..good.len() - 1]) && check(&good[..7]) && check(&[]));
        for length in 0..good.len() {
            assert!(decode(&good[..length], &EXPECTED, &settings).is_err());
        }
    }

    #[test]
    fn whatever_is_foreign_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fashion.idx");
        let settings = Settings::default();
        let read = |expected: &Expected<'_>| read_snapshot(&path, expected, &settings).err();
        assert!(matches!(read(&EXPECTED), Some(SnapshotError::Missing)));
        write_snapshot(&path, &filled(10, &settings), "pack@1", 7).unwrap();
        let other = Expected {
            pack: "pack@2",
            ..EXPECTED
        };
        assert!(matches!(
            read(&other),
            Some(SnapshotError::ForeignPack { .. })
        ));
        let other = Expected {
            dimension: 16,
            ..EXPECTED
        };
        assert!(matches!(
            read(&other),
            Some(SnapshotError::ForeignSpace { .. })
        ));
        let mut bytes = fs_err::read(&path).unwrap();
        bytes[8] = 9;
        fs_err::write(&path, &bytes).unwrap();
        assert!(matches!(read(&EXPECTED), Some(SnapshotError::Version(9))));
        fs_err::write(&path, b"hello").unwrap();
        assert!(matches!(read(&EXPECTED), Some(SnapshotError::NotASnapshot)));
    }
}
