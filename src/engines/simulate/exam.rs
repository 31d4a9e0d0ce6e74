//! How good a policy's answers are at some moment.
use super::{
    course::{Checkpoint, Life, Question},
    evaluate::discounted_gain,
    outfits::shared,
    policy::Drawn,
    suggest::SEARCHED,
};
use crate::{base::id::ItemId, engines::ranking::judge};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Asks that are measured but not learned from, the same for every policy.
const TRIALS: usize = 8;
/// Asks over which the pool is ranked.
const RANKINGS: usize = 3;
/// Outfits in the pool.
const POOL: usize = 60;

impl Life<'_, '_> {
    /// Looks how good the answers are now; learns nothing from it.
    pub(super) fn measure(&mut self, events: usize) -> Checkpoint {
        let chance = &mut StdRng::seed_from_u64(self.person.seed ^ 0x7e57);
        let (mut acceptance, mut regret, mut overlap, mut pairs) = (0.0, 0.0, 0.0, 0.0_f64);
        for _ in 0..TRIALS {
            let question = self.question(chance);
            let searching = &mut StdRng::seed_from_u64(chance.random());
            let (suggestions, _) = self.suggest(&question, events);
            let first = suggestions.first().map_or(0.0, |(outfit, _, _)| {
                self.acceptance(outfit, &question, events)
            });
            let anchor = question.anchor.map(|at| (at, self.garments[at].slot));
            let best = (0..SEARCHED)
                .map(|_| {
                    let outfit = self
                        .person
                        .places
                        .draw(anchor, question.temperature, searching);
                    self.acceptance(&outfit, &question, events)
                })
                .fold(0.0, f64::max);
            acceptance += first / TRIALS as f64;
            regret += (best - first) / TRIALS as f64;
            for (n, (a, _, _)) in suggestions.iter().enumerate() {
                for (b, _, _) in &suggestions[n + 1..] {
                    overlap += shared(a, b);
                    pairs += 1.0;
                }
            }
        }
        Checkpoint {
            events,
            ndcg: self.rank_pool(events, chance),
            acceptance,
            regret,
            overlap: overlap / pairs.max(1.0),
        }
    }

    /// NDCG@10 over a fixed pool of outfits, mean over some asks with a photo.
    fn rank_pool(&self, events: usize, chance: &mut StdRng) -> f64 {
        let mut sum = 0.0;
        for _ in 0..RANKINGS {
            let question = Question {
                anchor: None,
                photo: Some(&self.person.photos[chance.random_range(0..self.person.photos.len())]),
                ..self.question(chance)
            };
            let draw = |_| self.person.places.draw(None, question.temperature, chance);
            let pool: Vec<Vec<usize>> = (0..POOL).map(draw).collect();
            let gains: Vec<f64> = pool
                .iter()
                .map(|outfit| self.acceptance(outfit, &question, events))
                .collect();
            let scores: Vec<f64> = match self.policy.drawn {
                Some(Drawn::Any) => (0..POOL).map(|_| chance.random()).collect(),
                Some(Drawn::BestForThem) => gains.clone(),
                Some(Drawn::BestForEverybody) => {
                    let day = question.day();
                    pool.iter()
                        .map(|outfit| self.person.sense(outfit, &day))
                        .collect()
                }
                None => {
                    let items: Vec<Vec<ItemId>> = pool
                        .iter()
                        .map(|outfit| outfit.iter().map(|at| self.garments[*at].id).collect())
                        .collect();
                    let ask = self.ask(&question);
                    let judged = judge(&ask, &self.garments, &self.learned, &items);
                    judged
                        .iter()
                        .map(|judged| judged.as_ref().map_or(f64::MIN, |j| f64::from(j.score)))
                        .collect()
                }
            };
            sum += discounted_gain(&scores, &gains);
        }
        sum / RANKINGS as f64
    }
}
