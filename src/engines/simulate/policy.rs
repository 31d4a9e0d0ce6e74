//! What is compared: the product, and simpler ways to choose.
use super::course::Course;
use crate::{
    base::embedding::Space,
    engines::ranking::{Learned, Posterior, SharedPrior},
};
use std::sync::Arc;

/// Logits that a baseline with one idea only gives it; the order does not depend on it.
const ONLY: f64 = 2.0;
/// How much the weights of different people differ for whoever knows nobody.
const UNKNOWN: f64 = 1.0;

/// A way to choose outfits.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name in reports.
    pub name: &'static str,
    pub(super) prior: Arc<SharedPrior>,
    /// Whether answers are taken in.
    pub(super) learns: bool,
    /// Whether newcomers are asked about a few pieces first.
    pub(super) picks: bool,
    /// Whether outfits are drawn at random instead, and which of many are taken.
    pub(super) drawn: Option<Drawn>,
}

/// Which of many random outfits are taken, for bounds on what is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    /// Any.
    Any,
    /// The best by what everybody likes, as annotators see the garments.
    BestForEverybody,
    /// The best by this person's own taste.
    BestForThem,
}

impl Policy {
    fn new(name: &'static str, prior: SharedPrior) -> Self {
        Self {
            name,
            prior: Arc::new(prior),
            learns: false,
            picks: false,
            drawn: None,
        }
    }

    /// Where its weights start, or stay.
    #[must_use]
    pub fn prior(&self) -> &SharedPrior {
        &self.prior
    }

    fn learning(self) -> Self {
        Self {
            learns: true,
            ..self
        }
    }

    /// Weights that never move.
    fn fixed(name: &'static str, mean: impl Fn(&str) -> f64) -> Self {
        Self::new(
            name,
            SharedPrior::independent(|feature| (mean(feature), 0.0)),
        )
    }

    /// Any valid outfit.
    #[must_use]
    pub fn random() -> Self {
        Self::drawing("random", Drawn::Any)
    }

    /// The best of many random outfits by what everybody likes: a bound for whoever knows nobody.
    #[must_use]
    pub fn knowing_everybody() -> Self {
        Self::drawing("knows what everybody likes", Drawn::BestForEverybody)
    }

    /// The best of many random outfits by the hidden taste itself: a bound for whoever learns.
    #[must_use]
    pub fn knowing_them() -> Self {
        Self::drawing("knows the taste", Drawn::BestForThem)
    }

    fn drawing(name: &'static str, drawn: Drawn) -> Self {
        Self {
            drawn: Some(drawn),
            ..Self::fixed(name, |_| 0.0)
        }
    }

    /// Colour harmony, contrast and patterns by rule.
    #[must_use]
    pub fn colours() -> Self {
        Self::fixed("colour rules", |feature| match feature {
            "colour" | "contrast" | "pattern" => ONLY,
            _ => 0.0,
        })
    }

    /// Likeness to the ask in one space.
    #[must_use]
    pub fn alone(space: Space) -> Self {
        let (name, only) = match space {
            Space::Clip => ("CLIP alone", "similarity_clip"),
            Space::Blip => ("BLIP alone", "similarity_blip"),
            Space::Fashion => ("fashion alone", "similarity_fashion"),
        };
        Self::fixed(
            name,
            move |feature| {
                if feature == only { ONLY } else { 0.0 }
            },
        )
    }

    /// Closeness to what was liked, nothing else.
    #[must_use]
    pub fn taste() -> Self {
        Self::fixed("taste alone", |feature| {
            if feature.starts_with("taste_") {
                ONLY
            } else {
                0.0
            }
        })
        .learning()
    }

    /// Likeness to the ask in all spaces with the published weights.
    #[must_use]
    pub fn published() -> Self {
        Self::fixed("fixed 0.4/0.3/0.3", published)
    }

    /// Every feature with the weights set by hand, without learning.
    #[must_use]
    pub fn by_hand() -> Self {
        Self::new("hand-set weights, not learning", SharedPrior::hand_set())
    }

    /// Learns like the product, from the published weights and no idea about the rest.
    #[must_use]
    pub fn without_prior() -> Self {
        let prior = SharedPrior::independent(|feature| (published(feature), UNKNOWN));
        Self::new("learning, no prior", prior).learning()
    }

    /// The product before it has met enough people.
    #[must_use]
    pub fn with_hand_set_prior() -> Self {
        Self::new("learning, hand-set prior", SharedPrior::hand_set()).learning()
    }

    /// The product.
    #[must_use]
    pub fn product(prior: SharedPrior) -> Self {
        Self::new("FlashFit", prior).learning()
    }

    /// The product, when the newcomer has said of a few pieces whether they would wear them.
    #[must_use]
    pub fn product_with_picks(prior: SharedPrior) -> Self {
        Self {
            picks: true,
            ..Self::new("FlashFit after 12 picks", prior).learning()
        }
    }
}

fn published(feature: &str) -> f64 {
    match feature {
        "similarity_clip" => 0.4 * ONLY,
        "similarity_blip" | "similarity_fashion" => 0.3 * ONLY,
        _ => 0.0,
    }
}

/// The prior that these people's courses give: estimated, then everybody's log folded again from it, and so on.
#[must_use]
pub fn prior_from(courses: &[Course], rounds: usize) -> SharedPrior {
    let mut prior = SharedPrior::hand_set();
    for round in 1..=rounds {
        let start = Arc::new(prior);
        let people: Vec<Posterior> = courses
            .iter()
            .map(|course| Learned::replay_from(&start, &course.log).posterior())
            .collect();
        prior = SharedPrior::estimate(round as i64, &people);
    }
    prior
}
