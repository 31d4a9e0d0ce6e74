//! A simulated person: a real wardrobe, a hidden taste, and answers drawn from it.
use super::{
    Photo, Wardrobe,
    course::FLIP,
    outfits::Places,
    taste::{Day, Liking, Worn, is_outfit},
};
use crate::{base::id::ItemId, engines::ranking::Reason};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::collections::HashMap;

/// Of random outfits, so many are accepted on average.
const ACCEPTED_AT_RANDOM: f64 = 0.25;
/// Random outfits that strictness is set on.
const SAMPLE: usize = 200;
/// The share of answers that noisy people get wrong.
const NOISE: f64 = 0.2;

/// What kind of taste.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Bright colours, patterns welcome.
    ColourLover,
    /// Neutral colours, plain cloth.
    Minimalist,
    /// Dressed up.
    Formal,
    /// Hates to wear the same again.
    Rotating,
    /// Colours until the flip, then none.
    Drifting,
    /// One of the first three, but a fifth of the answers are wrong.
    Noisy,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] = [
        Self::ColourLover,
        Self::Minimalist,
        Self::Formal,
        Self::Rotating,
        Self::Drifting,
        Self::Noisy,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ColourLover => "colour lover",
            Self::Minimalist => "minimalist",
            Self::Formal => "formal",
            Self::Rotating => "rotating",
            Self::Drifting => "drifting",
            Self::Noisy => "noisy",
        }
    }

    fn liking(self, chance: &mut StdRng) -> Liking {
        let none = Liking::default;
        let liking = match self {
            Self::ColourLover | Self::Drifting => Liking {
                colourful: 1.6,
                plain: -0.4,
                ..none()
            },
            Self::Minimalist => Liking {
                colourful: -1.2,
                plain: 1.0,
                ..none()
            },
            Self::Formal => Liking {
                formal: 1.8,
                plain: 0.3,
                ..none()
            },
            Self::Rotating => Liking {
                repeats: -2.5,
                ..none()
            },
            Self::Noisy => {
                let three = [Self::ColourLover, Self::Minimalist, Self::Formal];
                return three[chance.random_range(0..three.len())].liking(chance);
            }
        };
        liking.with_fancies(chance)
    }
}

/// Somebody with clothes and a taste that the recommender does not know.
pub struct Person<'a> {
    /// Unique; names the wardrobe, the family and the draw.
    pub name: String,
    /// The kind of taste.
    pub family: Family,
    pub(super) wardrobe: &'a Wardrobe,
    pub(super) photos: &'a [Photo],
    pub(super) places: Places,
    pub(super) seed: u64,
    by_id: HashMap<ItemId, usize>,
    /// Before and after the flip.
    minds: [(Liking, f64); 2],
}

impl<'a> Person<'a> {
    /// The `number`th person of a family with these clothes; `None` when the clothes make no outfits.
    /// `photos` are what they may hold up when asking.
    #[must_use]
    pub fn new(
        wardrobe: &'a Wardrobe,
        photos: &'a [Photo],
        family: Family,
        number: u64,
    ) -> Option<Self> {
        let places = Places::of(&wardrobe.pieces);
        if !places.can_dress() || photos.is_empty() {
            return None;
        }
        let name = format!("{}/{}/{number}", wardrobe.name, family.name());
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            // FNV-1a: a seed that depends on the name alone.
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let chance = &mut StdRng::seed_from_u64(seed);
        let first = family.liking(chance);
        let second = if family == Family::Drifting {
            Family::Minimalist.liking(chance)
        } else {
            first.clone()
        };
        let pieces = wardrobe.pieces.iter().enumerate();
        let mut person = Self {
            name,
            family,
            wardrobe,
            photos,
            places,
            seed,
            by_id: pieces.map(|(at, piece)| (piece.garment.id, at)).collect(),
            minds: [(first, 0.0), (second, 0.0)],
        };
        for mind in 0..2 {
            person.minds[mind].1 = person.strictness(mind);
        }
        Some(person)
    }

    /// Whether this person's taste changes at [`FLIP`].
    #[must_use]
    pub fn drifts(&self) -> bool {
        self.family == Family::Drifting
    }

    /// The chance that the person likes an outfit after so many events.
    pub(super) fn acceptance(
        &self,
        outfit: &[usize],
        day: &Day<'_>,
        worn: &[Option<f64>],
        events: usize,
    ) -> f64 {
        let (liking, strictness) = &self.minds[usize::from(self.drifts() && events >= FLIP)];
        logistic(liking.worth(&self.see(outfit, worn), day) - strictness)
    }

    /// What an outfit is worth to somebody without a taste, logistic of its logits.
    pub(super) fn sense(&self, outfit: &[usize], day: &Day<'_>) -> f64 {
        logistic(Liking::default().worth(&self.see(outfit, &[]), day))
    }

    /// What the person says: their mind, or by mistake the opposite.
    pub(super) fn says(&self, acceptance: f64, chance: &mut StdRng) -> bool {
        let likes = chance.random_bool(acceptance.clamp(0.0, 1.0));
        let slips = chance.random_bool(NOISE) && self.family == Family::Noisy;
        likes != slips
    }

    /// What the person would name as the reason for a dislike; `None` when nothing stands out.
    pub(super) fn complains(
        &self,
        outfit: &[usize],
        day: &Day<'_>,
        worn: &[Option<f64>],
        events: usize,
    ) -> Option<Reason> {
        let (liking, _) = &self.minds[usize::from(self.drifts() && events >= FLIP)];
        liking.worst(&self.see(outfit, worn), day)
    }

    /// The chance of a yes, mistakes included.
    pub(super) fn chance_of_yes(&self, acceptance: f64) -> f64 {
        let slips = if self.family == Family::Noisy {
            NOISE
        } else {
            0.0
        };
        acceptance * (1.0 - slips) + (1.0 - acceptance) * slips
    }

    /// The positions of garments in the wardrobe.
    pub(super) fn positions(&self, items: impl Iterator<Item = ItemId>) -> Vec<usize> {
        items
            .filter_map(|id| self.by_id.get(&id).copied())
            .collect()
    }

    /// Whether a set of pieces is an outfit by what annotators wrote.
    pub(super) fn is_outfit(&self, outfit: &[usize]) -> bool {
        let truths: Vec<_> = outfit
            .iter()
            .map(|at| &self.wardrobe.pieces[*at].truth)
            .collect();
        is_outfit(&truths)
    }

    /// What a photo alone is worth: people hold up what they like.
    pub(super) fn fancies(&self, photo: &Photo, events: usize) -> f64 {
        let (liking, _) = &self.minds[usize::from(self.drifts() && events >= FLIP)];
        let day = Day {
            temperature: 18.0,
            photo: None,
        };
        let alone = Worn {
            truth: &photo.truth,
            days: None,
        };
        liking.worth(&[alone], &day)
    }

    fn see(&self, outfit: &[usize], worn: &[Option<f64>]) -> Vec<Worn<'a>> {
        let pieces = outfit.iter();
        pieces
            .map(|at| Worn {
                truth: &self.wardrobe.pieces[*at].truth,
                days: worn.get(*at).copied().flatten(),
            })
            .collect()
    }

    /// What makes a random outfit on an ordinary day as likely to be accepted as anybody's.
    fn strictness(&self, mind: usize) -> f64 {
        let chance = &mut StdRng::seed_from_u64(self.seed ^ 0x57a1);
        let liking = &self.minds[mind].0;
        let worths: Vec<f64> = (0..SAMPLE)
            .map(|_| {
                let temperature = chance.random_range(8.0..26.0);
                let photo = &self.photos[chance.random_range(0..self.photos.len())];
                let day = Day {
                    temperature,
                    photo: Some(&photo.truth),
                };
                let outfit = self.places.draw(None, temperature, chance);
                liking.worth(&self.see(&outfit, &[]), &day)
            })
            .collect();
        let (mut low, mut high) = (-20.0, 20.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let mean: f64 =
                worths.iter().map(|w| logistic(w - middle)).sum::<f64>() / SAMPLE as f64;
            if mean > ACCEPTED_AT_RANDOM {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
