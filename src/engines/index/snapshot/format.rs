//! How an index is laid out in a file.
//!
//! Little-endian: `FLASHIDX`, format version u32, space u32, dimension u32, length u32 and bytes of the pack id,
//! watermark u64, slots u64, rows u64, soft-deleted entries of the graph u64, bytes of the graph u64; per row the key and
//! the owner (16 bytes each), the slot u32 and the vector; the graph as its library writes it (may be absent); SHA-256 of
//! all that.
use super::error::{FORMAT, SnapshotError};
use crate::{
    base::{
        embedding::Space,
        id::{ItemId, UserId},
    },
    engines::index::{
        graph::{Graph, Saved},
        rows::{Row, Rows},
        space::{Settings, SpaceIndex},
    },
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use uuid::Uuid;

/// How the file begins.
pub(super) const MAGIC: &[u8; 8] = b"FLASHIDX";
/// How it ends.
pub(super) const CHECKSUM_BYTES: usize = 32;
/// More free slots than this many per row are not worth keeping for the sake of the graph.
const MOST_SLOTS_PER_ROW: u64 = 4;
/// How far the squared length of a stored vector may be from one.
const LENGTH_TOLERANCE: f32 = 1e-2;

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

/// The index as bytes, without the checksum.
pub(super) fn encode(index: &SpaceIndex, pack: &str, watermark: u64) -> Vec<u8> {
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

/// The index that bytes with their checksum hold; a graph that cannot be used is built anew.
pub(super) fn decode(
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
