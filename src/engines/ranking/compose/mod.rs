//! From a wardrobe and an ask to outfits: wishes → candidates per slot → beam search → choice → explanation.
mod appraise;
mod beam;
mod changes;
mod choose;
mod explore;
mod judge;
mod limits;
mod plan;
mod rules;
mod score;
#[cfg(test)]
mod tests;
mod wishes;

use super::{
    explain,
    features::{COUNT, FEATURES, OF_ITEMS, Phi, asked},
    fusion::Weights,
    learned::Learned,
    model::{Answer, Ask, Choice, Garment, MAX_COUNT, Outfit, Part, Pick},
};
use beam::{Beam, Width};
use changes::Changer;
use choose::{Chooser, Final};
use explore::explore;
use score::{Sight, measure};
use wishes::Wishes;

pub use appraise::{appraise, taste_of};
pub use judge::{Judged, judge};
pub use plan::{Day, Kept, MAX_DAYS, plan};
pub(super) use score::Scorer;
pub(super) use wishes::name;

/// Answers "what shall I wear?" with valid outfits, the best first and each a different idea, and says plainly
/// what could not be done. Never panics, whatever the wardrobe and the ask are.
///
/// The first outfit is the best by what is known, or, if the ask explores, by a draw from what might be true of this
/// person; the others weigh their closeness to it and the same draw, so that something can be learned. O(garments × spaces) to measure, then
/// independent of the wardrobe's size: a beam of bounded width over at most a few dozen candidates per slot.
#[must_use]
pub fn compose(ask: &Ask, wardrobe: &[Garment], learned: &Learned) -> Answer {
    let mut wishes = Wishes::new(ask, wardrobe, learned);
    let missing = wishes.note_missing(wardrobe);
    let count = ask.count.clamp(1, MAX_COUNT);
    let sights = measure(&wishes, learned);
    let (mut outfits, mut choice) = search(&wishes, learned, &sights, Width::usual(count), count);
    let is_repeating = outfits.iter().any(|outfit| wishes.is_avoided(outfit));
    if is_repeating || (outfits.is_empty() && !wishes.avoided.is_empty()) {
        // Wide enough to reach past everything that is to be avoided.
        let width = Width::usual(count).wider_by(wishes.avoided.len());
        (outfits, choice) = search(&wishes, learned, &sights, width, count);
    }
    if outfits.iter().any(|outfit| wishes.is_avoided(outfit)) {
        let note = "There is nothing else left, so something you were shown before is here again.";
        wishes.notes.push(note.to_owned());
    }
    if !outfits.is_empty() && outfits.len() < count {
        let number = outfits.len();
        let are = if number == 1 {
            "outfit is"
        } else {
            "outfits are"
        };
        wishes
            .notes
            .push(format!("Only {number} different {are} possible here."));
    }
    Answer {
        outfits,
        missing,
        notes: wishes.notes,
        choice,
    }
}

fn search(
    wishes: &Wishes<'_>,
    learned: &Learned,
    sights: &[Sight<'_>],
    width: Width,
    count: usize,
) -> (Vec<Outfit>, Option<Choice>) {
    let scorer = Scorer::new(wishes, learned, sights, width);
    let count_of_draws = if wishes.ask.explores {
        explore::DRAWS
    } else {
        1
    };
    let asked = asked(wishes.ask);
    let dreamt = learned
        .fusion
        .draws(wishes.ask.seed, count_of_draws, &asked);
    let finals: Vec<Final> = Beam::new(wishes, &scorer, width)
        .run()
        .into_iter()
        .map(|look| {
            let phi = scorer.phi(&look.picks);
            let items = look.picks.iter().map(|at| scorer.garment(*at).id);
            Final {
                is_avoided: wishes.is_avoided_set(items),
                score: look.score,
                drawn: dreamt.first().map_or(0.0, |weights| worth(&phi, weights)),
                picks: look.picks,
            }
        })
        .collect();
    let Some((first, choice)) = explore(&scorer, &finals, &dreamt) else {
        return (vec![], None);
    };
    let chosen = Chooser::new(wishes, &scorer, &finals, first).pick(count);
    let looks: Vec<&[u16]> = chosen.iter().map(|at| &finals[*at].picks[..]).collect();
    let common = common(&scorer, &looks);
    let changer = Changer::new(wishes, &scorer, learned, &looks);
    let outfits = looks
        .iter()
        .enumerate()
        .map(|(rank, picks)| Outfit {
            changes: changer.of(picks, rank == 0),
            ..outfit(&scorer, learned, picks, &common)
        })
        .collect();
    (outfits, Some(choice))
}

fn worth(phi: &Phi, weights: &Weights) -> f32 {
    phi.iter().zip(weights).map(|(v, w)| v * *w as f32).sum()
}

/// What each feature adds to every one of the looks: it does not tell them apart.
fn common(scorer: &Scorer<'_>, looks: &[&[u16]]) -> Phi {
    if looks.len() < 2 {
        return [0.0; COUNT];
    }
    let adds = |picks: &&[u16]| {
        let phi = scorer.phi(picks);
        std::array::from_fn(|i| scorer.weights[i] * phi[i])
    };
    let least = |a: Phi, b: Phi| std::array::from_fn(|i| a[i].min(b[i]));
    looks.iter().map(adds).reduce(least).unwrap_or([0.0; COUNT])
}

fn outfit(scorer: &Scorer<'_>, learned: &Learned, picks: &[u16], common: &Phi) -> Outfit {
    let phi = scorer.phi(picks);
    let parts: Vec<Part> = (0..COUNT)
        .map(|i| scorer.part(i, phi[i], scorer.weights[i] * phi[i]))
        .collect();
    let score = parts.iter().map(|part| part.contribution).sum();
    let mut worn: Vec<Pick> = picks
        .iter()
        .map(|at| pick(scorer, *at, scorer.share(*at, picks)))
        .collect();
    worn.sort_by_key(|pick| dressing_order(pick.slot));
    Outfit {
        sentence: explain::sentence(scorer, picks, &parts, common),
        changes: vec![],
        picks: worn,
        score,
        probability: learned.fusion.probability(&phi) as f32,
        features: phi.to_vec(),
        parts,
    }
}

/// `share` is how much of the outfit it is.
fn pick(scorer: &Scorer<'_>, at: u16, share: f32) -> Pick {
    let values: &Phi = scorer.values(at);
    let parts: Vec<Part> = OF_ITEMS
        .iter()
        .map(|&i| {
            let contribution = scorer.weights[i] * values[i] * share;
            scorer.part(i, values[i], contribution)
        })
        .collect();
    let garment = scorer.garment(at);
    Pick {
        item: garment.id,
        slot: garment.slot,
        score: parts.iter().map(|part| part.contribution).sum(),
        parts,
    }
}

impl Scorer<'_> {
    fn part(&self, feature: usize, value: f32, contribution: f32) -> Part {
        Part {
            feature: FEATURES[feature].name,
            label: FEATURES[feature].label,
            value,
            weight: self.weights[feature],
            contribution,
        }
    }
}

fn dressing_order(slot: crate::base::garment::Slot) -> u8 {
    use crate::base::garment::Slot;
    match slot {
        Slot::OnePiece | Slot::Top => 0,
        Slot::Bottom => 1,
        Slot::Outer => 2,
        Slot::Shoes => 3,
        Slot::Headwear => 4,
        Slot::Bag => 5,
        Slot::Accessory => 6,
    }
}
