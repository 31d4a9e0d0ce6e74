//! Half an hour of rounds: as it grows, and packed when it is full.
//!
//! The times of the rounds are kept once for all series. The values of a series within a block have no gaps: where it
//! was away they are markers of staleness, of which only the first is ever shown.
use super::pack;
use crate::engines::promql::{Sample, is_stale, stale_marker};

/// Rounds in a block.
pub(super) const ROUNDS: usize = 120;

/// The newest rounds, not packed.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    times: Vec<i64>,
    /// By the place of the series; empty for those that are not here.
    columns: Vec<Column>,
}

/// The values of a series from a round on.
#[derive(Debug, Clone, Default)]
struct Column {
    first: u16,
    values: Vec<f64>,
}

/// Rounds that will not change any more.
#[derive(Debug)]
pub(super) struct Block {
    times: Box<[i64]>,
    /// In the order of the places.
    columns: Box<[Packed]>,
    bytes: Box<[u8]>,
}

/// Where the values of a series are.
#[derive(Debug, Clone, Copy)]
struct Packed {
    place: u32,
    at: u32,
    first: u16,
    len: u16,
}

/// A time span, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
}

impl Between {
    const fn holds(self, at_ms: i64) -> bool {
        self.from_ms <= at_ms && at_ms <= self.to_ms
    }

    fn meets(self, times: &[i64]) -> bool {
        match (times.first(), times.last()) {
            (Some(first), Some(last)) => *first <= self.to_ms && self.from_ms <= *last,
            _ => false,
        }
    }
}

impl Head {
    pub(super) fn is_full(&self) -> bool {
        self.times.len() >= ROUNDS
    }

    pub(super) fn last_ms(&self) -> Option<i64> {
        self.times.last().copied()
    }

    /// Begins a round, which is later than all before.
    pub(super) fn begin(&mut self, at_ms: i64) {
        self.times.push(at_ms);
    }

    /// The value of a series in the round that was begun last; the first one given counts.
    pub(super) fn put(&mut self, place: usize, value: f64) {
        let round = self.times.len().saturating_sub(1);
        if self.columns.len() <= place {
            self.columns.resize_with(place + 1, Column::default);
        }
        let Some(column) = self.columns.get_mut(place) else {
            return;
        };
        if column.values.is_empty() {
            column.first = u16::try_from(round).unwrap_or(u16::MAX);
            column.values.reserve_exact(ROUNDS.saturating_sub(round));
        }
        let next = usize::from(column.first) + column.values.len();
        if next <= round {
            column
                .values
                .resize(round - usize::from(column.first), stale_marker());
            column.values.push(value);
        }
    }

    /// Forgets the rounds of this time and later ones.
    pub(super) fn forget_from(&mut self, at_ms: i64) {
        let rounds = self.times.partition_point(|t| *t < at_ms);
        self.times.truncate(rounds);
        for column in &mut self.columns {
            column
                .values
                .truncate(rounds.saturating_sub(usize::from(column.first)));
        }
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.columns
            .get(place)
            .is_some_and(|c| !c.values.is_empty())
    }

    pub(super) fn count(&self, place: usize) -> usize {
        self.columns.get(place).map_or(0, |c| c.values.len())
    }

    pub(super) fn meets(&self, between: Between) -> bool {
        between.meets(&self.times)
    }

    pub(super) fn read(&self, place: usize, between: Between, out: &mut Vec<Sample>) {
        if let Some(column) = self.columns.get(place) {
            let times = self
                .times
                .get(usize::from(column.first)..)
                .unwrap_or_default();
            show(times, &column.values, between, out);
        }
    }

    /// What it holds, packed.
    pub(super) fn seal(&self) -> Block {
        let mut columns = Vec::with_capacity(self.columns.len());
        let mut bytes = vec![];
        for (place, column) in self.columns.iter().enumerate() {
            let (Ok(place), Ok(at)) = (u32::try_from(place), u32::try_from(bytes.len())) else {
                continue;
            };
            if column.values.is_empty() {
                continue;
            }
            pack::pack(&column.values, &mut bytes);
            let len = u16::try_from(column.values.len()).unwrap_or(u16::MAX);
            columns.push(Packed {
                place,
                at,
                first: column.first,
                len,
            });
        }
        Block {
            times: self.times.as_slice().into(),
            columns: columns.into(),
            bytes: bytes.into(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let values: usize = self.columns.iter().map(|c| c.values.capacity()).sum();
        (values + self.times.capacity()) * size_of::<f64>()
            + self.columns.capacity() * size_of::<Column>()
    }
}

impl Block {
    pub(super) fn last_ms(&self) -> Option<i64> {
        self.times.last().copied()
    }

    pub(super) fn meets(&self, between: Between) -> bool {
        between.meets(&self.times)
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.find(place).is_some()
    }

    pub(super) fn count(&self, place: usize) -> usize {
        self.find(place).map_or(0, |packed| usize::from(packed.len))
    }

    fn find(&self, place: usize) -> Option<Packed> {
        let place = u32::try_from(place).ok()?;
        let at = self
            .columns
            .binary_search_by_key(&place, |c| c.place)
            .ok()?;
        self.columns.get(at).copied()
    }

    pub(super) fn read(&self, place: usize, between: Between, out: &mut Vec<Sample>) {
        let Some(packed) = self.find(place) else {
            return;
        };
        let at = usize::try_from(packed.at).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(at..).unwrap_or_default();
        let values = pack::unpack(bytes, usize::from(packed.len));
        let times = self
            .times
            .get(usize::from(packed.first)..)
            .unwrap_or_default();
        show(times, &values, between, out);
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val::<[i64]>(&self.times)
            + size_of_val::<[Packed]>(&self.columns)
            + self.bytes.len()
    }
}

/// What lies between two times, without the markers that follow another.
fn show(times: &[i64], values: &[f64], between: Between, out: &mut Vec<Sample>) {
    let mut was_stale = false;
    for (at_ms, value) in times.iter().zip(values) {
        let is_stale = is_stale(*value);
        if between.holds(*at_ms) && !(is_stale && was_stale) {
            out.push(Sample {
                at_ms: *at_ms,
                value: *value,
            });
        }
        was_stale = is_stale;
    }
}
