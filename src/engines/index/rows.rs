//! The vectors themselves: contiguous 32-bit floats, and who owns which.
//!
//! A row keeps its position (`slot`) for as long as it lives, because the graph names it so; freed slots
//! are used again. Per-owner lists let a search of one wardrobe touch nothing else.
use super::error::IndexError;
use crate::base::{
    embedding::dot,
    id::{ItemId, UserId},
};
use std::collections::HashMap;

/// One stored vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Which garment.
    pub key: ItemId,
    /// Whose it is.
    pub owner: UserId,
    /// The unit vector.
    pub values: &'a [f32],
}

/// What an upsert did to a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// The slot holds a vector that was not there before.
    Added(u32),
    /// The slot's vector was exchanged.
    Replaced(u32),
    /// The vector is as it was.
    Same,
}

#[derive(Debug, Clone, Copy)]
struct Meta {
    key: ItemId,
    owner: UserId,
    /// Position in the owner's list.
    at: u32,
}

/// See the file's head.
#[derive(Debug, Default)]
pub(super) struct Rows {
    dimension: usize,
    values: Vec<f32>,
    metas: Vec<Option<Meta>>,
    free: Vec<u32>,
    slots: HashMap<ItemId, u32>,
    owners: HashMap<UserId, Vec<u32>>,
}

impl Rows {
    pub(super) fn new(dimension: usize) -> Self {
        Self {
            dimension,
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Slots in use and free.
    pub(super) fn capacity(&self) -> usize {
        self.metas.len()
    }

    pub(super) fn owned(&self, owner: UserId) -> &[u32] {
        self.owners.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// People who own at least one row.
    pub(super) fn owners(&self) -> usize {
        self.owners.len()
    }

    pub(super) fn slot(&self, key: ItemId) -> Option<u32> {
        self.slots.get(&key).copied()
    }

    pub(super) fn get(&self, slot: u32) -> Option<Row<'_>> {
        let meta = (*self.metas.get(slot as usize)?)?;
        Some(Row {
            key: meta.key,
            owner: meta.owner,
            values: self.at(slot),
        })
    }

    /// Every living row with its slot, in slot order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Row<'_>)> {
        (0..self.metas.len() as u32).filter_map(|slot| Some((slot, self.get(slot)?)))
    }

    /// Cosine of a living row to a unit vector.
    pub(super) fn cosine(&self, slot: u32, query: &[f32]) -> f32 {
        dot(self.at(slot), query)
    }

    pub(super) fn upsert(&mut self, row: Row<'_>) -> Result<Change, IndexError> {
        if let Some(slot) = self.slot(row.key) {
            self.give(slot, row.owner);
            if self.at(slot) == row.values {
                return Ok(Change::Same);
            }
            let from = slot as usize * self.dimension;
            self.values[from..from + self.dimension].copy_from_slice(row.values);
            return Ok(Change::Replaced(slot));
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => u32::try_from(self.metas.len())
                .ok()
                .filter(|slot| *slot < u32::MAX)
                .ok_or(IndexError::Full(self.metas.len()))?,
        };
        self.place(slot, row);
        Ok(Change::Added(slot))
    }

    /// Puts a row at a slot that is on no list: just taken off the free ones, or past the end. Grows up to
    /// it; the slots jumped over become free.
    pub(super) fn place(&mut self, slot: u32, row: Row<'_>) {
        let until = slot as usize + 1;
        if self.metas.len() < until {
            self.free.extend(self.metas.len() as u32..slot);
            self.metas.resize(until, None);
            self.values.resize(until * self.dimension, 0.0);
        }
        let from = slot as usize * self.dimension;
        self.values[from..from + self.dimension].copy_from_slice(row.values);
        let list = self.owners.entry(row.owner).or_default();
        self.metas[slot as usize] = Some(Meta {
            key: row.key,
            owner: row.owner,
            at: list.len() as u32,
        });
        list.push(slot);
        self.slots.insert(row.key, slot);
    }

    pub(super) fn remove(&mut self, key: ItemId) -> Option<u32> {
        let slot = self.slots.remove(&key)?;
        self.leave(slot);
        self.metas[slot as usize] = None;
        self.free.push(slot);
        Some(slot)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let per_key = size_of::<(ItemId, u32)>() + size_of::<u32>();
        self.values.capacity() * size_of::<f32>()
            + self.metas.capacity() * size_of::<Option<Meta>>()
            + self.free.capacity() * size_of::<u32>()
            + self.slots.capacity() * per_key
            + self.owners.capacity() * size_of::<(UserId, Vec<u32>)>()
    }

    fn at(&self, slot: u32) -> &[f32] {
        let from = slot as usize * self.dimension;
        &self.values[from..from + self.dimension]
    }

    fn give(&mut self, slot: u32, owner: UserId) {
        let Some(meta) = self.metas[slot as usize] else {
            return;
        };
        if meta.owner == owner {
            return;
        }
        self.leave(slot);
        let list = self.owners.entry(owner).or_default();
        self.metas[slot as usize] = Some(Meta {
            owner,
            at: list.len() as u32,
            ..meta
        });
        list.push(slot);
    }

    /// Takes the slot off its owner's list.
    fn leave(&mut self, slot: u32) {
        let Some(meta) = self.metas[slot as usize] else {
            return;
        };
        let Some(list) = self.owners.get_mut(&meta.owner) else {
            return;
        };
        list.swap_remove(meta.at as usize);
        if let Some(moved) = list.get(meta.at as usize).copied() {
            if let Some(other) = self.metas[moved as usize].as_mut() {
                other.at = meta.at;
            }
        } else if list.is_empty() {
            self.owners.remove(&meta.owner);
        }
    }
}
