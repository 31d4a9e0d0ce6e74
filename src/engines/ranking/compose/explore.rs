//! Which outfit comes first, and how likely it was to be that one.
//!
//! Thompson sampling among the best few: the first is the best by weights drawn from what might be true of the person.
//! How likely each was to be first is the share of many draws in which it wins; with that, logged answers tell what
//! other ways to choose would have earned (Li et al., "Unbiased offline evaluation of contextual-bandit-based news
//! article recommendation algorithms", WSDM 2011).
use super::{choose::Final, score::Scorer, worth};
use crate::engines::ranking::{
    features::Phi,
    fusion::Weights,
    model::{Choice, Considered},
};

/// Outfits that may be first, the best by what is known.
const CONSIDERED: usize = 12;
/// Draws by which the propensity is measured; the first of them decides.
pub(super) const DRAWS: usize = 100;

/// The position of the outfit that comes first, and how it was chosen; `None` of no outfits. `finals` are sorted by
/// score. What is to be avoided is not considered while there is anything else.
pub(super) fn explore(
    scorer: &Scorer<'_>,
    finals: &[Final],
    dreamt: &[Weights],
) -> Option<(usize, Choice)> {
    let is_fresh = finals.iter().any(|last| !last.is_avoided);
    let considered: Vec<(usize, Phi)> = finals
        .iter()
        .enumerate()
        .filter(|(_, last)| !(is_fresh && last.is_avoided))
        .take(CONSIDERED)
        .map(|(at, last)| (at, scorer.phi(&last.picks)))
        .collect();
    let best_by = |weights: &Weights| {
        let worths = considered.iter().map(|(_, phi)| worth(phi, weights));
        let mut best = (0, f32::MIN);
        for (n, worth) in worths.enumerate() {
            if worth > best.1 {
                best = (n, worth);
            }
        }
        best.0
    };
    let (chosen, propensity) = match dreamt.split_first() {
        Some((decisive, _)) if scorer.ask.explores => {
            let chosen = best_by(decisive);
            let wins = dreamt.iter().filter(|weights| best_by(weights) == chosen);
            (chosen, wins.count() as f32 / dreamt.len() as f32)
        }
        _ => (0, 1.0),
    };
    let (first, _) = considered.get(chosen)?;
    let considered = considered
        .iter()
        .map(|(at, phi)| Considered {
            items: finals[*at]
                .picks
                .iter()
                .map(|at| scorer.garment(*at).id)
                .collect(),
            features: phi.to_vec(),
        })
        .collect();
    let choice = Choice {
        considered,
        chosen,
        propensity,
    };
    Some((*first, choice))
}
