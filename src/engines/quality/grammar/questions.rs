//! Questions whose right answer is known: a real outfit with a blank, and real outfits beside made-up ones.
//!
//! Wrong pieces are drawn as often as people use them, so that being common is no clue. No kind comes twice in an
//! outfit: the data has none that does.
use super::{Frequency, Kinds, Outfit};
use rand::{
    SeedableRng as _,
    rngs::StdRng,
    seq::{IndexedRandom as _, IteratorRandom as _},
};

/// Wrong answers per question.
const WRONG: usize = 3;

/// Where wrong pieces come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Any kind.
    Any,
    /// Kinds that take the same place as the right one.
    SameSlot,
}

/// An outfit with a blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Blank {
    /// Which outfit it was made of.
    pub outfit: usize,
    /// What is left of it.
    pub others: Outfit,
    /// What may fill the blank; the first is right.
    pub choices: Vec<u32>,
}

/// An outfit and one made up in its place, of the same size.
#[derive(Debug, Clone, PartialEq)]
pub struct Double {
    /// Which outfit.
    pub outfit: usize,
    /// As people put it together.
    pub real: Outfit,
    /// As chance did.
    pub made_up: Outfit,
}

/// Makes questions. The same seed makes the same ones.
#[derive(Debug)]
pub struct Examiner<'a> {
    kinds: &'a Kinds,
    /// Kinds to draw from, with how common each is.
    usual: Vec<(u32, f64)>,
    wrong: Wrong,
}

impl<'a> Examiner<'a> {
    /// Draws wrong pieces from `allowed` kinds.
    #[must_use]
    pub fn new(
        kinds: &'a Kinds,
        usual: &Frequency,
        allowed: impl Fn(u32) -> bool,
        wrong: Wrong,
    ) -> Self {
        let usual = kinds.iter().map(|kind| (kind.id, usual.of(kind.id)));
        Self {
            kinds,
            usual: usual
                .filter(|(id, often)| *often > 0.0 && allowed(*id))
                .collect(),
            wrong,
        }
    }

    /// One blank per outfit, at a piece drawn by chance; none where there are too few wrong answers.
    #[must_use]
    pub fn blanks(&self, outfits: &[Outfit], seed: u64) -> Vec<Blank> {
        let chance = &mut StdRng::seed_from_u64(seed);
        let blank = |(number, outfit): (usize, &Outfit)| {
            let right = *outfit.iter().choose(chance)?;
            let mut possible = self.possible(right, outfit);
            possible.retain(|(id, _)| *id != right);
            let weight = |(_, often): &(u32, f64)| *often;
            let wrong = possible
                .choose_multiple_weighted(chance, WRONG, weight)
                .ok()?;
            let mut choices = vec![right];
            choices.extend(wrong.map(|(kind, _)| *kind));
            let mut others = outfit.clone();
            others.remove(&right);
            (choices.len() == WRONG + 1 && !others.is_empty()).then_some(Blank {
                outfit: number,
                others,
                choices,
            })
        };
        outfits.iter().enumerate().filter_map(blank).collect()
    }

    /// Every outfit beside one made up: all pieces drawn anew, from any kinds or each from those of its place; the same
    /// one may be drawn, or else being common would be a clue.
    #[must_use]
    pub fn doubles(&self, outfits: &[Outfit], seed: u64) -> Vec<Double> {
        let chance = &mut StdRng::seed_from_u64(seed);
        let double = |(outfit, real): (usize, &Outfit)| {
            let mut made_up = Outfit::new();
            for right in real {
                let possible = self.possible(*right, &made_up);
                let drawn = possible.choose_weighted(chance, |(_, often)| *often).ok();
                // A place that a single kind fills stays as it is.
                made_up.insert(drawn.map_or(*right, |(kind, _)| *kind));
            }
            // What no other kind can replace is no counter-example.
            (made_up != *real && made_up.len() == real.len() && real.len() > 1).then(|| Double {
                outfit,
                real: real.clone(),
                made_up,
            })
        };
        outfits.iter().enumerate().filter_map(double).collect()
    }

    fn possible(&self, right: u32, taken: &Outfit) -> Vec<(u32, f64)> {
        let group = |id| self.kinds.find(id).map(|kind| &kind.group);
        let fits = |id: u32| match self.wrong {
            Wrong::Any => true,
            Wrong::SameSlot => group(id) == group(right),
        };
        let all = self.usual.iter().copied();
        all.filter(|(id, _)| fits(*id) && !taken.contains(id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_repeat_and_keep_their_promises() {
        let kinds = Kinds::built_in().unwrap();
        use rand::Rng as _;
        let chance = &mut StdRng::seed_from_u64(3);
        let ids: Vec<u32> = kinds.iter().map(|kind| kind.id).collect();
        let some = |_| {
            (0..5)
                .map(|_| ids[chance.random_range(0..ids.len())])
                .collect()
        };
        let outfits: Vec<Outfit> = (0..300).map(some).collect();
        let usual = Frequency::count(&outfits);
        for wrong in [Wrong::Any, Wrong::SameSlot] {
            let examiner = Examiner::new(&kinds, &usual, |_| true, wrong);
            let blanks = examiner.blanks(&outfits, 1);
            assert!(blanks.len() > 150);
            assert_eq!(blanks, examiner.blanks(&outfits, 1));
            assert_ne!(blanks, examiner.blanks(&outfits, 2));
            for blank in &blanks {
                let outfit = &outfits[blank.outfit];
                let is_there: Vec<bool> =
                    blank.choices.iter().map(|c| outfit.contains(c)).collect();
                assert_eq!(is_there, [true, false, false, false]);
                let group = |id: &u32| kinds.find(*id).unwrap().group.clone();
                let alike = blank
                    .choices
                    .iter()
                    .all(|c| group(c) == group(&blank.choices[0]));
                assert!(alike || wrong == Wrong::Any);
            }
            let doubles = examiner.doubles(&outfits, 1);
            assert!(doubles.len() > 200);
            assert!(
                doubles
                    .iter()
                    .all(|d| d.real.len() == d.made_up.len() && d.real != d.made_up)
            );
        }
    }
}
