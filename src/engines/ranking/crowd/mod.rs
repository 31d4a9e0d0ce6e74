//! What people of like taste like: groups of at least five people, and what is common in each.
//!
//! People are compared by one direction each: what they like minus what they dislike, as seen from where everybody's
//! interests lie on average. A group keeps no person: a mean direction, by which newcomers find it, and at most eight
//! centres, the interests of its members summarised.
//!
//! **k-anonymity** (Sweeney, "k-anonymity: a model for protecting privacy", 2002), k = [`FEWEST`]: no number here comes
//! from fewer than five people. Smaller groups are merged into their nearest neighbour, and so are centres; where
//! that does not help there is nothing. Nobody dominates either: all members have the same say, and in a centre nobody
//! counts for more than the fifth of those who count most, so that nobody is more than a fifth of it. This does not
//! hide somebody from the four others of a group of five who put together what they know.
mod cluster;
#[cfg(test)]
mod tests;

use super::{model::Interest, taste::Taste};
use crate::base::embedding::{Embedding, Space, dot};
use cluster::{Point, cluster};
use std::collections::BTreeMap;

/// The k of k-anonymity.
pub(super) const FEWEST: usize = 5;
/// The space in which people and pieces are compared.
const SPACE: Space = Space::Fashion;
/// Groups, however many people there are.
const MOST_GROUPS: usize = 64;
/// Centres of one sign a group keeps.
const MOST_CENTRES: usize = 4;
/// Weights beyond this are damage, not taste.
const MOST_WEIGHT: f32 = 1e3;
/// Evidence of one member beyond this adds nothing.
const MOST_SAY: f32 = 4.0;
/// Where interests lie on average counts as known half when so many people were asked.
const HALF_KNOWN: f32 = 5.0;
/// From this cosine on a person is as a group is.
const ALIKE: f32 = 0.5;
/// So much evidence tells half which group a person belongs to.
const HALF_CERTAIN: f32 = 1.0;

/// Groups of people of like taste.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowds {
    /// Where everybody's interests lie on average, drawn to zero while there are few people.
    origin: Vec<f32>,
    groups: Vec<Group>,
}

/// At least five people of like taste.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How many they are.
    pub people: u32,
    /// Where their tastes point on average.
    pub mean: Embedding,
    /// What they like and dislike, at most four of each.
    pub centres: Vec<Centre>,
}

/// What several members of a group like or dislike.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    /// How many members it comes from, at least five.
    pub people: u32,
    /// What it is, and how much they say for or against it together.
    pub interest: Interest,
}

/// The group a person is like.
#[derive(Debug)]
pub(super) struct Near {
    /// How surely and how much they are alike, 0 to 1.
    share: f32,
    taste: Taste,
}

impl Crowds {
    /// People with fewer events about outfits than this say nothing yet.
    pub const FEWEST_EVENTS: i64 = 5;

    /// Groups people by their interests; `None` when there are too few for a group. The same people in the same
    /// order and the same seed give the same groups. O(people × groups) per round, of which there are few.
    #[must_use]
    pub fn estimate(people: &[Vec<Interest>], seed: u64) -> Option<Self> {
        let people = comparable(people);
        let origin = origin(&people)?;
        let points: Vec<Point> = people
            .iter()
            .enumerate()
            .filter_map(|(person, interests)| {
                Some(Point {
                    person,
                    at: direction(interests, &origin)?,
                    weight: 1.0,
                })
            })
            .collect();
        let most = (points.len() as f64 / 2.0).sqrt() as usize;
        let groups: Vec<Group> = cluster(&points, most.clamp(1, MOST_GROUPS), seed)
            .into_iter()
            .filter_map(|members| {
                let mean = sum(members.iter().map(|at| (1.0, &points[*at].at)))?;
                let members: Vec<&[Interest]> = members
                    .iter()
                    .map(|at| people[points[*at].person].as_slice())
                    .collect();
                Some(Group {
                    people: count(members.len()),
                    mean,
                    centres: [1.0, -1.0]
                        .into_iter()
                        .flat_map(|sign| centres(&members, sign, seed))
                        .collect(),
                })
            })
            .collect();
        Self::from_parts(origin, groups)
    }

    /// Puts together what was stored; `None` when that makes no groups or a group tells about fewer than five.
    #[must_use]
    pub fn from_parts(origin: Vec<f32>, groups: Vec<Group>) -> Option<Self> {
        let is_shared = |people: u32| people as usize >= FEWEST;
        let is_sound = |group: &Group| {
            let centres = group.centres.iter();
            is_shared(group.people)
                && group.mean.dimension() == origin.len()
                && group.centres.len() <= 2 * MOST_CENTRES
                && centres.clone().all(|centre| {
                    is_shared(centre.people) && centre.people <= group.people && {
                        let Interest { centre, weight } = &centre.interest;
                        centre.dimension() == origin.len() && weight.is_finite()
                    }
                })
        };
        let is_finite = origin.iter().all(|value| value.is_finite());
        (is_finite && !groups.is_empty() && groups.iter().all(is_sound))
            .then_some(Self { origin, groups })
    }

    /// Where everybody's interests lie on average, for storage.
    #[must_use]
    pub fn origin(&self) -> &[f32] {
        &self.origin
    }

    /// The groups.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group whose members are most like a person with these interests; `None` when none is at all.
    pub(super) fn near(&self, interests: &[Interest]) -> Option<Near> {
        let own = direction(interests, &self.origin)?;
        let likeness = |group: &Group| dot(&own, group.mean.values());
        let nearest = self
            .groups
            .iter()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        let alike = (likeness(nearest) / ALIKE).clamp(0.0, 1.0);
        let said: f32 = interests.iter().map(|i| i.weight.abs()).sum();
        let centres = nearest.centres.iter();
        (alike > 0.0).then(|| Near {
            share: alike * said / (said + HALF_CERTAIN),
            taste: Taste {
                interests: centres.map(|centre| centre.interest.clone()).collect(),
            },
        })
    }
}

impl Near {
    /// −1 (they dislike such pieces) to 1 (they like them). O(8).
    pub(super) fn affinity(&self, piece: &Embedding) -> f32 {
        self.share * self.taste.affinity(piece)
    }
}

/// The interests that can be compared with each other.
fn comparable(people: &[Vec<Interest>]) -> Vec<Vec<Interest>> {
    let is_usable = |interest: &Interest| {
        let weight = interest.weight.abs();
        interest.centre.space() == SPACE && weight > 0.0 && weight <= MOST_WEIGHT
    };
    let all = people.iter().flatten();
    let dimension = all.clone().find(|i| is_usable(i));
    let dimension = dimension.map(|interest| interest.centre.dimension());
    people
        .iter()
        .map(|interests| {
            let usable = interests.iter().filter(|i| is_usable(i));
            usable
                .filter(|i| Some(i.centre.dimension()) == dimension)
                .cloned()
                .collect()
        })
        .collect()
}

/// Where the interests of all lie on average, each person counting once; `None` of fewer than five.
fn origin(people: &[Vec<Interest>]) -> Option<Vec<f32>> {
    let means: Vec<Embedding> = people
        .iter()
        .filter_map(|interests| {
            let weighed = interests.iter();
            sum(weighed.map(|i| (i.weight.abs(), i.centre.values())))
        })
        .collect();
    if means.len() < FEWEST {
        return None;
    }
    let share = 1.0 / (means.len() as f32 + HALF_KNOWN);
    let mut origin = vec![0.0; means.first()?.dimension()];
    for mean in &means {
        add(&mut origin, share, mean.values());
    }
    Some(origin)
}

/// What somebody likes minus what they dislike, seen from the origin.
fn direction(interests: &[Interest], origin: &[f32]) -> Option<Vec<f32>> {
    let mut all = vec![0.0; origin.len()];
    for interest in interests {
        if interest.centre.dimension() == origin.len() {
            add(&mut all, interest.weight, interest.centre.values());
            add(&mut all, -interest.weight, origin);
        }
    }
    let direction = Embedding::new(SPACE, all).ok()?;
    Some(direction.values().to_vec())
}

/// What members like (sign 1) or dislike (−1), summarised.
fn centres(members: &[&[Interest]], sign: f32, seed: u64) -> Vec<Centre> {
    let points: Vec<Point> = members
        .iter()
        .enumerate()
        .flat_map(|(person, interests)| {
            let said: f32 = interests.iter().map(|i| i.weight.abs()).sum();
            let say = (MOST_SAY / said).min(1.0);
            let own = interests.iter().filter(move |i| i.weight * sign > 0.0);
            own.map(move |interest| Point {
                person,
                at: interest.centre.values().to_vec(),
                weight: say * interest.weight.abs(),
            })
        })
        .collect();
    cluster(&points, MOST_CENTRES, seed)
        .into_iter()
        .filter_map(|of| {
            let mut said: BTreeMap<usize, f32> = BTreeMap::new();
            for at in &of {
                *said.entry(points[*at].person).or_default() += points[*at].weight;
            }
            let most = fifth_largest(said.values().copied())?;
            let counts = |at: &usize| {
                let point = &points[*at];
                let all = said.get(&point.person).copied().unwrap_or(f32::MAX);
                (point.weight * (most / all).min(1.0), &point.at)
            };
            Some(Centre {
                people: count(said.len()),
                interest: Interest {
                    centre: sum(of.iter().map(counts))?,
                    weight: sign * said.values().map(|own| own.min(most)).sum::<f32>(),
                },
            })
        })
        .collect()
}

/// What at least five say at least; more than that counts for nobody.
fn fifth_largest(said: impl Iterator<Item = f32>) -> Option<f32> {
    let mut said: Vec<f32> = said.collect();
    said.sort_by(|a, b| b.total_cmp(a));
    said.get(FEWEST - 1).copied()
}

/// The direction of a weighted sum; `None` of nothing, or of opposites.
fn sum<'a, V: AsRef<[f32]> + ?Sized + 'a>(
    parts: impl Iterator<Item = (f32, &'a V)>,
) -> Option<Embedding> {
    let mut all = vec![];
    for (weight, values) in parts {
        let values = values.as_ref();
        all.resize(values.len(), 0.0);
        add(&mut all, weight, values);
    }
    Embedding::new(SPACE, all).ok()
}

fn add(to: &mut [f32], weight: f32, values: &[f32]) {
    for (total, value) in to.iter_mut().zip(values) {
        *total += weight * value;
    }
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
