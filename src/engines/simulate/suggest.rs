//! What a policy suggests on one day.
use super::{
    course::{Life, Question, SHOWN},
    outfits::is_valid,
    policy::Drawn,
};
use crate::{
    base::id::ItemId,
    engines::ranking::{Choice, compose, judge},
};
use rand::{SeedableRng as _, rngs::StdRng};
use std::time::Instant;

/// Random outfits among which the best is looked for.
pub(super) const SEARCHED: usize = 150;

/// Pieces, the predicted chance, and φ.
type Suggested = (Vec<usize>, f64, Vec<f32>);

impl Life<'_, '_> {
    /// Suggestions, best first, and how the first was chosen, if by the recommender.
    pub(super) fn suggest(
        &mut self,
        question: &Question<'_>,
        events: usize,
    ) -> (Vec<Suggested>, Option<Choice>) {
        let started = Instant::now();
        let (suggestions, choice): (Vec<_>, _) = match self.policy.drawn {
            Some(drawn) => (self.draw(drawn, question, events), None),
            None => {
                let ask = self.ask(question);
                let answer = compose(&ask, &self.garments, &self.learned);
                let outfits = answer.outfits.into_iter().map(|outfit| {
                    let items = outfit.picks.iter().map(|pick| pick.item);
                    let pieces = self.person.positions(items);
                    (pieces, f64::from(outfit.probability), outfit.features)
                });
                (outfits.collect(), answer.choice)
            }
        };
        let took = started.elapsed().as_secs_f64() * 1e3;
        self.course.latency_ms.push(took);
        for (outfit, _, _) in &suggestions {
            self.course.suggested += 1;
            self.course.invalid += usize::from(!is_valid(outfit, &self.garments));
            self.course.mistaken += usize::from(!self.person.is_outfit(outfit));
        }
        (suggestions, choice)
    }

    /// Random outfits, or the best of many.
    fn draw(&self, drawn: Drawn, question: &Question<'_>, events: usize) -> Vec<Suggested> {
        let chance = &mut StdRng::seed_from_u64(question.seed);
        let anchor = question.anchor.map(|at| (at, self.garments[at].slot));
        let number = if drawn == Drawn::Any { SHOWN } else { SEARCHED };
        let mut outfits: Vec<(f64, Vec<usize>)> = (0..number)
            .map(|_| {
                let places = &self.person.places;
                let outfit = places.draw(anchor, question.temperature, chance);
                let items = outfit.iter().map(|at| self.garments[*at].id);
                let items: Vec<ItemId> = items.collect();
                let worth = match drawn {
                    _ if self.avoided.contains(&items) => -1.0,
                    Drawn::Any => 0.5,
                    Drawn::BestForThem => self.acceptance(&outfit, question, events),
                    Drawn::BestForEverybody => self.person.sense(&outfit, &question.day()),
                };
                (worth, outfit)
            })
            .collect();
        outfits.sort_by(|a, b| b.0.total_cmp(&a.0));
        outfits.truncate(SHOWN);
        let items = |outfit: &Vec<usize>| outfit.iter().map(|at| self.garments[*at].id).collect();
        let judged: Vec<Vec<ItemId>> = outfits.iter().map(|(_, outfit)| items(outfit)).collect();
        let judged = judge(&self.ask(question), &self.garments, &self.learned, &judged);
        let all = outfits.into_iter().zip(judged);
        all.map(|((worth, outfit), judged)| {
            (
                outfit,
                worth,
                judged.map_or(vec![], |judged| judged.features),
            )
        })
        .collect()
    }
}
