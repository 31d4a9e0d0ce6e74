//! What a person likes and dislikes to look at, as a few directions in one embedding space.
//!
//! Online clustering in the manner of sequential k-means (MacQueen 1967) with a bounded number of centres:
//! evidence joins the nearest interest of its sign if it is near, founds a new one while there is room, and
//! otherwise the two closest of all merge. Likes and dislikes are kept apart: a disliked parka among liked
//! parkas must not pull the centre, it must stand beside it. Evidence halves with time.
use super::model::Interest;
use crate::base::embedding::Embedding;

/// Interests per space and sign.
pub(super) const MOST_INTERESTS: usize = 4;
/// Evidence halves in so many days.
const HALF_LIFE_DAYS: f64 = 60.0;
/// Evidence this close to an interest belongs to it.
const NEAR: f32 = 0.8;
/// Weaker interests are forgotten.
const LEAST_WEIGHT: f32 = 0.02;
/// More evidence than this makes no interest stronger, so that a change of mind is possible.
const MOST_WEIGHT: f32 = 20.0;
/// So much evidence counts half.
const HALF_CERTAIN: f32 = 15.0;
/// How quickly likeness fades with 1 − cosine.
const REACH: f32 = 0.35;
/// Means of likeness differ little: stretched so that they fill the range.
const CONTRAST: f32 = 4.0;

/// The interests of one person in one space.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Taste {
    /// At most [`MOST_INTERESTS`] with a positive weight and as many with a negative one.
    pub(super) interests: Vec<Interest>,
}

/// A weighted mean, drawn to zero while there is little evidence.
#[derive(Default)]
struct Likeness {
    sum: f32,
    weight: f32,
}

impl Likeness {
    fn mean(&self) -> f32 {
        self.sum / (self.weight + HALF_CERTAIN)
    }
}

impl Taste {
    /// Lets `days` pass.
    pub(super) fn fade(&mut self, days: f64) {
        let factor = (-days / HALF_LIFE_DAYS).exp2() as f32;
        for interest in &mut self.interests {
            interest.weight *= factor;
        }
        self.interests
            .retain(|interest| interest.weight.abs() >= LEAST_WEIGHT);
    }

    /// Takes in evidence for (positive) or against (negative) what `embedding` shows.
    pub(super) fn learn(&mut self, embedding: &Embedding, evidence: f32) {
        if evidence == 0.0 || !evidence.is_finite() {
            return;
        }
        // Another pack's vectors cannot be compared with these; its events come again with new ones.
        let dimension = embedding.dimension();
        self.interests
            .retain(|interest| interest.centre.dimension() == dimension);
        let fresh = Interest {
            centre: embedding.clone(),
            weight: evidence.clamp(-MOST_WEIGHT, MOST_WEIGHT),
        };
        let same: Vec<usize> = self.of_sign(evidence);
        let nearest = same
            .iter()
            .map(|i| (*i, self.interests[*i].centre.cosine(embedding)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match nearest {
            Some((at, cosine)) if cosine >= NEAR => self.merge_into(at, &fresh),
            _ if same.len() < MOST_INTERESTS => self.interests.push(fresh),
            _ => {
                self.interests.push(fresh);
                self.merge_closest(evidence);
            }
        }
    }

    /// −1 (close to what is disliked) to 1 (close to what is liked); 0 when nothing is known.
    ///
    /// The mean likeness to what was liked minus that to what was disliked (Rocchio 1971, with a kernel): among
    /// dozens of interests of both signs the mean tells more than the nearest one does.
    pub(super) fn affinity(&self, embedding: &Embedding) -> f32 {
        let (mut liked, mut disliked) = (Likeness::default(), Likeness::default());
        for interest in &self.interests {
            if interest.centre.dimension() != embedding.dimension() {
                continue;
            }
            let likeness = ((interest.centre.cosine(embedding) - 1.0) / REACH)
                .exp()
                .min(1.0);
            let side = if interest.weight > 0.0 {
                &mut liked
            } else {
                &mut disliked
            };
            side.sum += interest.weight.abs() * likeness;
            side.weight += interest.weight.abs();
        }
        (CONTRAST * (liked.mean() - disliked.mean())).clamp(-1.0, 1.0)
    }

    fn of_sign(&self, sign: f32) -> Vec<usize> {
        (0..self.interests.len())
            .filter(|i| (self.interests[*i].weight > 0.0) == (sign > 0.0))
            .collect()
    }

    fn merge_closest(&mut self, sign: f32) {
        let same = self.of_sign(sign);
        let mut closest = None;
        for (n, a) in same.iter().enumerate() {
            for b in &same[n + 1..] {
                let cosine = self.interests[*a].centre.cosine(&self.interests[*b].centre);
                if closest.is_none_or(|(_, _, best)| cosine > best) {
                    closest = Some((*a, *b, cosine));
                }
            }
        }
        if let Some((a, b, _)) = closest {
            let gone = self.interests.remove(b);
            self.merge_into(a, &gone);
        }
    }

    fn merge_into(&mut self, at: usize, other: &Interest) {
        let interest = &mut self.interests[at];
        let (a, b) = (interest.weight.abs(), other.weight.abs());
        let values = interest
            .centre
            .values()
            .iter()
            .zip(other.centre.values())
            .map(|(x, y)| a * x + b * y)
            .collect();
        // Opposite directions of equal weight have no middle: the older one stays.
        if let Ok(centre) = Embedding::new(interest.centre.space(), values) {
            interest.centre = centre;
        }
        interest.weight = (interest.weight + other.weight).clamp(-MOST_WEIGHT, MOST_WEIGHT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::embedding::Space;

    fn at(degrees: f32) -> Embedding {
        let radians = degrees.to_radians();
        Embedding::new(Space::Clip, vec![radians.cos(), radians.sin()]).unwrap()
    }

    #[test]
    fn several_interests_stay_apart() {
        let mut taste = Taste::default();
        for degrees in [0.0, 90.0, 180.0] {
            taste.learn(&at(degrees), 1.0);
        }
        assert_eq!(taste.interests.len(), 3);
        taste.learn(&at(270.0), -2.0);
        assert!(taste.affinity(&at(92.0)) > 0.1);
        assert!(
            taste.affinity(&at(45.0)) < taste.affinity(&at(92.0)),
            "between two interests is neither"
        );
        assert!(taste.affinity(&at(270.0)) < 0.0);
    }

    #[test]
    fn dislikes_stand_beside_likes() {
        let mut taste = Taste::default();
        taste.learn(&at(0.0), 2.0);
        taste.learn(&at(60.0), -2.0);
        assert!(taste.affinity(&at(0.0)) > 0.2 && taste.affinity(&at(60.0)) < -0.2);
        taste.fade(60.0);
        assert!((taste.interests[0].weight - 1.0).abs() < 1e-6);
        taste.fade(10_000.0);
        assert!(taste.interests.is_empty());
    }

    #[test]
    fn there_are_never_more_than_four_of_a_sign() {
        let mut taste = Taste::default();
        for n in 0..100 {
            let sign = if n % 3 == 0 { -1.0 } else { 1.0 };
            taste.learn(&at(n as f32 * 37.0), sign);
            assert!(taste.of_sign(1.0).len() <= MOST_INTERESTS);
            assert!(taste.of_sign(-1.0).len() <= MOST_INTERESTS);
        }
    }
}
