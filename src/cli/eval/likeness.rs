//! Photos of the same type, colour and pattern, found by likeness: each space alone, and all three.
use super::{photos::Seen, table::Table};
use crate::{
    base::embedding::{Embedding, Space},
    engines::quality::{Estimate, average_precision, estimate},
};

/// How much each space counts where all three are asked: the published weights.
pub(super) const FUSED: [f32; 3] = [0.4, 0.3, 0.3];
const ALONE: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// The average precision of each photo as a question; none where nothing is like it.
type Precisions = Vec<Option<f64>>;

/// Adds the rows on likeness.
pub(super) fn likeness(table: &mut Table, seen: &[Seen]) {
    let spaces = Space::ALL.map(|space| standardised(seen, space));
    let alone = ALONE.map(|weights| precisions(seen, &spaces, weights));
    for (space, values) in Space::ALL.iter().zip(&alone) {
        let name = format!("same type, colour and pattern by {space}, mAP");
        table.number(&name, over_people(seen, values));
    }
    let fused = precisions(seen, &spaces, FUSED);
    let name = "same type, colour and pattern by all three, mAP";
    table.number(name, over_people(seen, &fused));
    let mean = |values: &&Precisions| over_people(seen, values).mean;
    if let Some(best) = alone.iter().max_by(|a, b| mean(a).total_cmp(&mean(b))) {
        let gain = |(f, b): (&Option<f64>, &Option<f64>)| Some((*f)? - (*b)?);
        let gains: Precisions = fused.iter().zip(best).map(gain).collect();
        let name = "all three over the best alone, difference in mAP";
        table.number(name, over_people(seen, &gains)).above(0.0);
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let [one, other] = [a, b].map(|space: usize| Space::ALL[space]);
        let pairs = alone[a].iter().zip(&alone[b]);
        let both: Vec<(f64, f64)> = pairs.filter_map(|(x, y)| Some(((*x)?, (*y)?))).collect();
        let name = format!("mistakes of {one} and {other}, correlation");
        table.plain(&name, correlation(&both), both.len());
    }
}

fn over_people(seen: &[Seen], values: &[Option<f64>]) -> Estimate {
    let all = seen.iter().zip(values);
    estimate(all.filter_map(|(s, value)| Some((s.person.as_str(), (*value)?))))
}

fn are_alike(a: &Seen, b: &Seen) -> bool {
    (&a.note.category, &a.note.colour, &a.note.pattern)
        == (&b.note.category, &b.note.colour, &b.note.pattern)
}

fn precisions(seen: &[Seen], spaces: &[Vec<Vec<f32>>; 3], weights: [f32; 3]) -> Precisions {
    let score = |a: usize, b: usize| {
        let weighed = spaces.iter().zip(weights);
        weighed
            .map(|(space, weight)| weight * space[a][b])
            .sum::<f32>()
    };
    let one = |at: usize| {
        let others = (0..seen.len()).filter(|other| *other != at);
        let scored = others.map(|other| (score(at, other), are_alike(&seen[at], &seen[other])));
        average_precision(scored.collect())
    };
    (0..seen.len()).map(one).collect()
}

/// The cosines of every photo with every other, per photo brought to mean 0 and spread 1: spaces differ in how
/// alike everything is.
fn standardised(seen: &[Seen], space: Space) -> Vec<Vec<f32>> {
    let place = |s: &Seen| s.sight.embeddings[space.index()].clone();
    let places: Vec<_> = seen.iter().map(place).collect();
    let row = |a: &Embedding| {
        let mut row: Vec<f32> = places.iter().map(|b| a.cosine(b)).collect();
        let mean = row.iter().sum::<f32>() / row.len() as f32;
        let squares: f32 = row.iter().map(|v| (v - mean).powi(2)).sum();
        let spread = (squares / row.len() as f32).sqrt().max(1e-6);
        row.iter_mut().for_each(|v| *v = (*v - mean) / spread);
        row
    };
    places.iter().map(row).collect()
}

/// Pearson's.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len().max(1) as f64;
    let (x, y) = pairs
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (dx, dy) = (pair.0 - x, pair.1 - y);
        (xy, xx, yy) = (xy + dx * dy, xx + dx * dx, yy + dy * dy);
    }
    xy / (xx * yy).sqrt().max(f64::MIN_POSITIVE)
}
