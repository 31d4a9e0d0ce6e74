//! What a search may return, and what it found.
use super::{planner::Plan, rows::Row};
use crate::base::id::{ItemId, UserId};
use std::collections::HashSet;

/// Which rows a search may return. All conditions hold at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Only this person's.
    pub owner: Option<UserId>,
    /// Only these.
    pub among: Option<&'a HashSet<ItemId>>,
    /// None of these.
    pub except: Option<&'a HashSet<ItemId>>,
}

impl Filter<'_> {
    pub(super) fn accepts(&self, row: &Row<'_>) -> bool {
        self.owner.is_none_or(|owner| owner == row.owner)
            && self.among.is_none_or(|among| among.contains(&row.key))
            && self.except.is_none_or(|except| !except.contains(&row.key))
    }
}

/// One neighbour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which garment.
    pub key: ItemId,
    /// Cosine to the query, −1 to 1, from the 32-bit rows whatever the plan was.
    pub cosine: f32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The nearest first; equal cosines in key order.
    pub hits: Vec<Hit>,
    /// How they were found.
    pub plan: Plan,
    /// Vectors looked at on the way.
    pub visited: usize,
}
