//! What FlashFit itself goes by when it puts kinds of garments together.
use crate::{
    base::garment::Category,
    engines::{
        quality::grammar::{Kinds, Outfit, Scorer},
        ranking::Together,
    },
};

/// The table of kinds that ranking reads, asked about Polyvore's categories.
pub(super) struct Product<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) together: Together,
}

impl Product<'_> {
    fn ours(&self, kind: u32) -> &[Category] {
        self.kinds.find(kind).map_or(&[], |kind| &kind.ours)
    }

    /// The mean over what the two may be; nothing is known of what we have no word for.
    fn pair(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (self.ours(a), self.ours(b));
        let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y)));
        let sum: f64 = pairs.map(|(x, y)| f64::from(self.together.of(x, y))).sum();
        sum / (a.len() * b.len()).max(1) as f64
    }
}

impl Scorer for Product<'_> {
    fn fit(&self, kind: u32, others: &Outfit) -> f64 {
        let sum: f64 = others.iter().map(|other| self.pair(kind, *other)).sum();
        sum / others.len().max(1) as f64
    }
}
