//! Scores pieces put together, by each of the product's measures alone and by all of them.
use crate::engines::ranking::{Garment, Together, appraise};
use std::{collections::HashMap, sync::Arc};

/// Each thing an outfit is scored by, in the order of [`Judge::scores`].
pub(super) const JUDGES: [&str; 9] = [
    "likeness by clip",
    "likeness by blip",
    "likeness by fashion",
    "colour",
    "contrast",
    "pattern",
    "formality",
    "togetherness",
    "all, with the starting weights",
];
/// How much each space counts: the published weights.
const SPACES: [f64; 3] = [0.4, 0.3, 0.3];
/// Logits per unit of likeness, as in the prior of the fused similarity.
const LIKENESS_SCALE: f64 = 2.0;

/// Knows how each piece looks.
pub(super) struct Judge<'a> {
    seen: &'a HashMap<String, Garment>,
    together: Arc<Together>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(seen: &'a HashMap<String, Garment>, together: Arc<Together>) -> Self {
        Self { seen, together }
    }

    /// One score per entry of [`JUDGES`]; pieces nobody has seen are left out.
    pub(super) fn scores<'b>(&self, pieces: impl Iterator<Item = &'b str>) -> Vec<f64> {
        let worn: Vec<Garment> = pieces
            .filter_map(|piece| self.seen.get(piece).cloned())
            .collect();
        let likeness = [0, 1, 2].map(|space| likeness(&worn, space));
        let parts = appraise(&worn, &self.together);
        let values = parts.iter().map(|part| f64::from(part.value));
        let by_rules: f64 = parts.iter().map(|part| f64::from(part.contribution)).sum();
        let alike: f64 = likeness.iter().zip(SPACES).map(|(v, w)| v * w).sum();
        let all = by_rules + LIKENESS_SCALE * alike;
        likeness.into_iter().chain(values).chain([all]).collect()
    }
}

/// The mean cosine of each two pieces.
fn likeness(worn: &[Garment], space: usize) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for (n, a) in worn.iter().enumerate() {
        for b in worn.iter().skip(n + 1) {
            if let (Some(a), Some(b)) = (&a.embeddings[space], &b.embeddings[space]) {
                sum += f64::from(a.cosine(b));
                count += 1.0;
            }
        }
    }
    sum / count.max(1.0)
}
