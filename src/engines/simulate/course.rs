//! The protocol: ask, show, answer, learn; and every so often look how good the answers have become.
use super::{
    Photo,
    person::{Person, logistic},
    policy::Policy,
    taste::Day,
};
use crate::{
    base::id::{EventId, ItemId},
    engines::ranking::{
        Ask, Choice, Event, EventItem, Garment, Kind, Learned, Reason, Weather, taste_of,
    },
};
use chrono::{DateTime, Duration, Utc};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Answers given, and what is measured after how many.
pub const EVENTS: usize = 50;
/// After so many answers the answers are measured.
pub const CHECKPOINTS: [usize; 7] = [0, 1, 3, 5, 10, 20, 50];
/// After so many answers drifting people change their taste.
pub const FLIP: usize = 25;

/// Suggestions per ask.
pub(super) const SHOWN: usize = 3;
/// Disliked outfits that are not shown again, as the server has it.
const MOST_AVOIDED: usize = 200;
/// The share of asks around a garment of one's own; the others hold up a photo.
const ANCHORED: f64 = 0.5;
/// The share of dislikes that come with a reason.
const TOLD: f64 = 0.5;
/// Pieces that newcomers may be asked about.
const PICKED_FROM: usize = 12;
/// Photos from which people hold up the one they like most.
const LOOKED_AT: usize = 3;

/// What was measured after some answers.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Answers learned from.
    pub events: usize,
    /// NDCG@10 over the pool.
    pub ndcg: f64,
    /// Chance that the first suggestion is liked.
    pub acceptance: f64,
    /// Chance that the best of many random outfits is liked, minus that.
    pub regret: f64,
    /// Mean share of garments that two suggestions of one answer have in common.
    pub overlap: f64,
}

/// One person with one policy.
#[derive(Debug, Clone)]
pub struct Course {
    /// One per entry of [`CHECKPOINTS`].
    pub checkpoints: Vec<Checkpoint>,
    /// Chance that the first suggestion is liked, ask by ask.
    pub acceptance: Vec<f64>,
    /// What was predicted for it and whether it came true.
    pub predicted: Vec<(f64, bool)>,
    /// Suggestions that are no outfit by what the models recognised.
    pub invalid: usize,
    /// Suggestions that are no outfit by what annotators wrote.
    pub mistaken: usize,
    /// Outfits suggested.
    pub suggested: usize,
    /// The share of usable garments that were first suggestions at least once.
    pub coverage: f64,
    /// The share of first suggestions that had been first before.
    pub repetition: f64,
    /// Time per recommendation, milliseconds.
    pub latency_ms: Vec<f64>,
    /// Everything said.
    pub log: Vec<Event>,
    /// How each first suggestion was chosen.
    pub decisions: Vec<Decided>,
}

/// How a first suggestion was chosen, and what would have come of the others.
#[derive(Debug, Clone)]
pub struct Decided {
    /// What the recommender knew.
    pub choice: Choice,
    /// What the person said.
    pub liked: bool,
    /// The chance that the person says yes to each outfit considered.
    pub yes: Vec<f64>,
}

/// Somebody's wardrobe on its way through the days.
pub(super) struct Life<'a, 'b> {
    pub(super) person: &'b Person<'a>,
    pub(super) policy: &'b Policy,
    pub(super) learned: Learned,
    pub(super) garments: Vec<Garment>,
    /// The days each garment was worn.
    worn: Vec<Vec<usize>>,
    pub(super) avoided: Vec<Vec<ItemId>>,
    today: usize,
    pub(super) course: Course,
}

/// What is asked for on one day.
pub(super) struct Question<'a> {
    pub(super) temperature: f64,
    pub(super) anchor: Option<usize>,
    pub(super) photo: Option<&'a Photo>,
    pub(super) seed: u64,
}

impl<'a> Question<'a> {
    pub(super) fn day(&self) -> Day<'a> {
        Day {
            temperature: self.temperature,
            photo: self.photo.map(|photo| &photo.truth),
        }
    }
}

/// Takes one person through the protocol with one policy. `seed` draws the asks and the answers.
#[must_use]
pub fn run(person: &Person<'_>, policy: &Policy, seed: u64) -> Course {
    let mut life = Life::new(person, policy);
    let chance = &mut StdRng::seed_from_u64(person.seed ^ seed.wrapping_mul(0x9e37_79b9));
    if policy.picks {
        life.pick();
    }
    for events in 0..=EVENTS {
        if CHECKPOINTS.contains(&events) {
            let checkpoint = life.measure(events);
            life.course.checkpoints.push(checkpoint);
        }
        if events < EVENTS {
            // Every policy meets the same asks and, for the same chance of being liked, the same answers.
            let question = life.question(chance);
            let answers = &mut StdRng::seed_from_u64(chance.random());
            life.live(&question, events, answers);
        }
    }
    life.finish()
}

impl<'a, 'b> Life<'a, 'b> {
    fn new(person: &'b Person<'a>, policy: &'b Policy) -> Self {
        let garments: Vec<Garment> = person
            .wardrobe
            .pieces
            .iter()
            .map(|piece| piece.garment.clone())
            .collect();
        Self {
            person,
            policy,
            learned: Learned::starting_from(policy.prior.clone()),
            worn: vec![vec![]; garments.len()],
            garments,
            avoided: vec![],
            today: 0,
            course: Course {
                checkpoints: vec![],
                acceptance: vec![],
                predicted: vec![],
                invalid: 0,
                mistaken: 0,
                suggested: 0,
                coverage: 0.0,
                repetition: 0.0,
                latency_ms: vec![],
                log: vec![],
                decisions: vec![],
            },
        }
    }

    pub(super) fn question(&self, chance: &mut StdRng) -> Question<'a> {
        let pieces = &self.person.wardrobe.pieces;
        let temperature = chance.random_range(8.0..26.0);
        let anchor = chance.random_range(0..pieces.len());
        let slot = pieces[anchor].garment.slot;
        let is_anchored = chance.random_bool(ANCHORED) && self.person.places.can_anchor(slot);
        let photos = self.person.photos;
        let looked_at = (0..LOOKED_AT).map(|_| &photos[chance.random_range(0..photos.len())]);
        let liked = looked_at.max_by(|a, b| {
            let fancies = |photo| self.person.fancies(photo, self.today);
            fancies(a).total_cmp(&fancies(b))
        });
        Question {
            temperature,
            anchor: is_anchored.then_some(anchor),
            photo: liked.filter(|_| !is_anchored),
            seed: chance.random(),
        }
    }

    pub(super) fn ask(&self, question: &Question<'_>) -> Ask {
        let anchor = question.anchor.map(|at| &self.garments[at]);
        let targets = match (anchor, question.photo) {
            (Some(garment), _) => garment.embeddings.clone(),
            (None, Some(photo)) => photo.garment.embeddings.clone(),
            (None, None) => [None, None, None],
        };
        let recent = self.avoided.len().saturating_sub(MOST_AVOIDED);
        Ask {
            targets,
            anchor: anchor.map(|garment| garment.id),
            explores: true,
            example: question.photo.map(|photo| Box::new(photo.garment.clone())),
            weather: Some(Weather {
                temperature_c: question.temperature as f32,
                is_wet: false,
            }),
            avoid_outfits: self.avoided[recent..].to_vec(),
            ..Ask::new(SHOWN, question.seed, self.now())
        }
    }

    /// A newcomer looks at a few pieces by themselves and says which they would wear.
    fn pick(&mut self) {
        let photos = self.person.photos;
        let worths: Vec<f64> = photos.iter().map(|p| self.person.fancies(p, 0)).collect();
        let usual = worths.iter().sum::<f64>() / worths.len().max(1) as f64;
        let chance = &mut StdRng::seed_from_u64(self.person.seed ^ 0x9c1c);
        for n in 0..PICKED_FROM {
            let at = n * photos.len() / PICKED_FROM;
            let piece = &photos[at].garment;
            let liked = self.person.says(logistic(worths[at] - usual), chance);
            let event = Event {
                id: EventId(Uuid::from_u128(n as u128)),
                at: self.now(),
                kind: if liked {
                    Kind::WouldWear
                } else {
                    Kind::WouldNotWear
                },
                rating: None,
                reason: None,
                features: taste_of(piece, &self.learned),
                other_features: None,
                items: vec![EventItem {
                    item: piece.id,
                    slot: piece.slot,
                    embeddings: piece.embeddings.clone(),
                }],
                other_items: vec![],
            };
            self.learned.learn(&event);
            self.course.log.push(event);
        }
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(20_000 + self.today as i64)
    }

    /// Days since each garment was worn.
    fn days(&self) -> Vec<Option<f64>> {
        let since = |days: &Vec<usize>| days.last().map(|day| (self.today - day) as f64);
        self.worn.iter().map(since).collect()
    }

    pub(super) fn acceptance(
        &self,
        outfit: &[usize],
        question: &Question<'_>,
        events: usize,
    ) -> f64 {
        let day = question.day();
        self.person.acceptance(outfit, &day, &self.days(), events)
    }

    /// One day: what is shown first is answered, worn if liked, and learned from.
    fn live(&mut self, question: &Question<'_>, events: usize, chance: &mut StdRng) {
        let (suggestions, choice) = self.suggest(question, events);
        let first = suggestions.into_iter().next();
        let Some((outfit, predicted, features)) = first else {
            self.course.acceptance.push(0.0);
            self.today += 1;
            return;
        };
        let acceptance = self.acceptance(&outfit, question, events);
        let liked = self.person.says(acceptance, chance);
        self.course.acceptance.push(acceptance);
        self.course.predicted.push((predicted, liked));
        if let Some(choice) = choice {
            let outfits = choice.considered.iter();
            let positions = outfits.map(|o| self.person.positions(o.items.iter().copied()));
            let yes = positions.map(|at| {
                let acceptance = self.acceptance(&at, question, events);
                self.person.chance_of_yes(acceptance)
            });
            let yes = yes.collect();
            self.course.decisions.push(Decided { choice, liked, yes });
        }
        let reason = self
            .person
            .complains(&outfit, &question.day(), &self.days(), events);
        let is_told = chance.random_bool(TOLD) && !liked;
        let event = self.event(&outfit, features, (liked, reason.filter(|_| is_told)));
        if self.policy.learns {
            self.learned.learn(&event);
        }
        if liked {
            for at in &outfit {
                self.worn[*at].push(self.today);
            }
        } else {
            let items = outfit.iter().map(|at| self.garments[*at].id);
            self.avoided.push(items.collect());
        }
        self.course.log.push(event);
        self.today += 1;
        self.dress();
    }

    /// What the wardrobe knows about wears on the new day.
    fn dress(&mut self) {
        let now = self.now();
        for (garment, days) in self.garments.iter_mut().zip(&self.worn) {
            let ago = days.last().map(|day| (self.today - day) as i64);
            garment.last_worn = ago.map(|ago| now - Duration::days(ago));
            let recent = days.iter().filter(|day| self.today - **day <= 30);
            garment.wears_30d = recent.count() as u32;
        }
    }

    fn event(
        &self,
        outfit: &[usize],
        features: Vec<f32>,
        (liked, reason): (bool, Option<Reason>),
    ) -> Event {
        let wears = self.person.family == super::Family::Rotating;
        Event {
            id: EventId(Uuid::from_u128(self.course.log.len() as u128)),
            at: self.now(),
            kind: match (liked, wears) {
                (true, true) => Kind::Wear,
                (true, false) => Kind::Like,
                (false, _) => Kind::Dislike,
            },
            rating: None,
            reason,
            features,
            other_features: None,
            items: outfit
                .iter()
                .map(|at| EventItem {
                    item: self.garments[*at].id,
                    slot: self.garments[*at].slot,
                    embeddings: self.garments[*at].embeddings.clone(),
                })
                .collect(),
            other_items: vec![],
        }
    }

    fn finish(mut self) -> Course {
        let mut seen = BTreeSet::new();
        let mut pieces = BTreeSet::new();
        let mut again = 0;
        let outfits = self
            .course
            .log
            .iter()
            .filter(|event| !event.kind.is_of_a_piece());
        for event in outfits {
            let mut outfit: Vec<ItemId> = event.items.iter().map(|item| item.item).collect();
            outfit.sort_unstable();
            pieces.extend(outfit.iter().copied());
            again += usize::from(!seen.insert(outfit));
        }
        self.course.coverage = pieces.len() as f64 / self.garments.len().max(1) as f64;
        self.course.repetition = again as f64 / self.course.log.len().max(1) as f64;
        self.course
    }
}
