//! Directions that point the same way, in clusters of at least [`FEWEST`] people.
//!
//! Spherical k-means (Dhillon & Modha, "Concept decompositions for large sparse text data using clustering", 2001) from
//! a seeded start that prefers what is far apart (Arthur & Vassilvitskii, "k-means++", 2007). Then the smallest
//! cluster joins its nearest neighbour until none has too few people.
use super::FEWEST;
use crate::base::embedding::dot;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::BTreeSet;

/// Rounds of k-means; the few that would still move do not matter.
const MOST_ROUNDS: usize = 20;
/// Closer than this is the same.
const LEAST_DISTANCE: f32 = 1e-4;

/// A direction, and whose it is.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) person: usize,
    /// Of length one.
    pub(super) at: Vec<f32>,
    /// Above zero.
    pub(super) weight: f32,
}

/// At most `most` clusters, as positions of points; none when there are too few people for one.
pub(super) fn cluster(points: &[Point], most: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut centres = starts(points, most, seed);
    let mut nearest = vec![usize::MAX; points.len()];
    for _ in 0..MOST_ROUNDS {
        let now: Vec<usize> = points
            .iter()
            .map(|point| nearest_of(&centres, &point.at).unwrap_or(0))
            .collect();
        if now == nearest {
            break;
        }
        nearest = now;
        for (n, centre) in centres.iter_mut().enumerate() {
            let own = (0..points.len()).filter(|at| nearest[*at] == n);
            // Nothing, or opposites: it stays where it is.
            if let Some(mean) = mean(points, own) {
                *centre = mean;
            }
        }
    }
    let mut clusters: Vec<Vec<usize>> = (0..centres.len())
        .map(|n| (0..points.len()).filter(|at| nearest[*at] == n).collect())
        .collect();
    clusters.retain(|cluster| !cluster.is_empty());
    merge_small(points, clusters)
}

/// The first at random, each further one the likelier the farther it is from those before.
fn starts(points: &[Point], most: usize, seed: u64) -> Vec<Vec<f32>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut away: Vec<f32> = vec![1.0; points.len()];
    let mut starts: Vec<Vec<f32>> = vec![];
    while starts.len() < most {
        let chances = points.iter().zip(&away).map(|(p, away)| p.weight * away);
        let mut draw = random.random::<f32>() * chances.clone().sum::<f32>();
        let mut drawn = None;
        for (at, chance) in chances.enumerate().filter(|(_, chance)| *chance > 0.0) {
            drawn = Some(at);
            draw -= chance;
            if draw < 0.0 {
                break;
            }
        }
        let Some(start) = drawn.map(|at| &points[at].at) else {
            break;
        };
        for (point, away) in points.iter().zip(&mut away) {
            let distance = 1.0 - dot(&point.at, start);
            let is_apart = distance > LEAST_DISTANCE;
            *away = if is_apart { away.min(distance) } else { 0.0 };
        }
        starts.push(start.clone());
    }
    starts
}

/// The smallest joins its nearest neighbour until all have enough people.
fn merge_small(points: &[Point], mut clusters: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let people = |cluster: &[usize]| -> usize {
        let people: BTreeSet<usize> = cluster.iter().map(|at| points[*at].person).collect();
        people.len()
    };
    loop {
        let sizes = clusters.iter().map(|cluster| people(cluster));
        let smallest = sizes.enumerate().min_by_key(|(_, size)| *size);
        let Some((at, _)) = smallest.filter(|(_, size)| *size < FEWEST) else {
            return clusters;
        };
        let small = clusters.remove(at);
        let means: Vec<Vec<f32>> = clusters
            .iter()
            .map(|cluster| mean(points, cluster.iter().copied()).unwrap_or_default())
            .collect();
        let own = mean(points, small.iter().copied()).unwrap_or_default();
        let Some(to) = nearest_of(&means, &own) else {
            // Too few people for any.
            return vec![];
        };
        clusters[to].extend(small);
        clusters[to].sort_unstable();
    }
}

/// The first of the nearest; `None` of none.
fn nearest_of(centres: &[Vec<f32>], point: &[f32]) -> Option<usize> {
    let mut nearest: Option<(usize, f32)> = None;
    for (at, centre) in centres.iter().enumerate() {
        let cosine = dot(centre, point);
        if nearest.is_none_or(|(_, best)| cosine > best) {
            nearest = Some((at, cosine));
        }
    }
    nearest.map(|(at, _)| at)
}

fn mean(points: &[Point], of: impl Iterator<Item = usize>) -> Option<Vec<f32>> {
    super::sum(of.map(|at| (points[at].weight, &points[at].at))).map(|mean| mean.values().to_vec())
}
