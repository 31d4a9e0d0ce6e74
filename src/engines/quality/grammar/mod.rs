//! The grammar of outfits: which kinds of pieces complete which others, learned from outfits people put together.
//!
//! Kinds are the numbered categories of Polyvore; [`Kinds`] says what each is to FlashFit. Three scorers answer the
//! same question, how well a kind goes with others: how common it is, counts of pairs, and a set model trained by
//! `models/train/compat.py`.
mod baselines;
mod kinds;
mod learned;
mod questions;

pub use baselines::{Frequency, Pairs};
pub use kinds::{Kind, Kinds};
pub use learned::{Grammar, GrammarError, InPlace};
pub use questions::{Blank, Double, Examiner, Wrong};

use std::collections::BTreeSet;

/// Numbers of the kinds of an outfit, each once.
pub type Outfit = BTreeSet<u32>;

/// Says how well kinds go together.
pub trait Scorer: Sync {
    /// How much better `kind` goes with `others` than with anything; the larger, the better. The order of `others`
    /// does not matter.
    fn fit(&self, kind: u32, others: &Outfit) -> f64;

    /// How well an outfit holds together: the mean of how each piece fits the rest; 0 of nothing.
    fn together(&self, outfit: &Outfit) -> f64 {
        let sum: f64 = outfit
            .iter()
            .map(|kind| {
                let mut others = outfit.clone();
                others.remove(kind);
                self.fit(*kind, &others)
            })
            .sum();
        sum / outfit.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outfits() -> Vec<Outfit> {
        let (jeans, shirt, sneakers, dress, heels) = (27, 21, 49, 3, 43);
        let casual = Outfit::from([jeans, shirt, sneakers]);
        let dressed = Outfit::from([dress, heels]);
        (0..20)
            .map(|i| [casual.clone(), dressed.clone()][i % 2].clone())
            .collect()
    }

    #[test]
    fn pairs_prefer_what_was_worn_together() {
        let pairs = Pairs::count(&outfits());
        assert!(pairs.fit(49, &Outfit::from([27])) > pairs.fit(43, &Outfit::from([27])));
        assert!(pairs.together(&Outfit::from([3, 43])) > pairs.together(&Outfit::from([3, 49])));
        let common = Frequency::count(&outfits());
        assert_eq!(
            common.fit(27, &Outfit::new()),
            common.fit(27, &Outfit::from([3]))
        );
        assert!(common.fit(27, &Outfit::new()) > common.fit(999, &Outfit::new()));
    }

    #[test]
    fn the_learned_grammar_knows_sport_from_evening() {
        let grammar = Grammar::built_in().unwrap();
        // Sneakers rather than pumps with hoodie and leggings; the reverse with a cocktail dress and a clutch.
        let (sneakers, pumps) = (49, 43);
        let (sporty, dressy) = (Outfit::from([4496, 241]), Outfit::from([5, 38]));
        assert!(grammar.fit(sneakers, &sporty) > grammar.fit(pumps, &sporty));
        assert!(grammar.fit(pumps, &dressy) > grammar.fit(sneakers, &dressy));
    }

    fn some() -> impl Strategy<Value = Outfit> {
        let ids: Vec<u32> = Kinds::built_in()
            .unwrap()
            .iter()
            .map(|kind| kind.id)
            .collect();
        proptest::collection::btree_set(proptest::sample::select(ids), 0..9)
    }

    proptest! {
        #[test]
        fn scores_are_finite_and_repeat(outfit in some(), kind in 0_u32..5000) {
            let grammar = Grammar::built_in().unwrap();
            let pairs = Pairs::count(&outfits());
            let in_place = Grammar::built_in().unwrap().given_the_place(&Kinds::built_in().unwrap());
            for scorer in [&grammar as &dyn Scorer, &in_place, &pairs] {
                let fit = scorer.fit(kind, &outfit);
                prop_assert!(fit.is_finite() && scorer.together(&outfit).is_finite());
                prop_assert_eq!(fit.to_bits(), scorer.fit(kind, &outfit).to_bits());
            }
        }
    }
}
