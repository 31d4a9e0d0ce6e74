//! Composes many outfits over random wardrobes and counts those that nobody could wear.
mod check;
mod random;

use crate::{
    base::id::ItemId,
    engines::ranking::{Ask, Change, Garment, Learned, MAX_COUNT, Outfit, compose},
};
use anyhow::bail;
use check::fault;
use rand::{SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use std::fmt;

/// Draws the wardrobes and the asks.
const SEED: u64 = 1;

/// What was counted.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counted {
    asks: usize,
    unanswered: usize,
    outfits: usize,
    changes: usize,
    invalid: usize,
    /// The first one in words.
    first: Option<String>,
}

/// Composes at least so many outfits and checks each, and what each would be after the changes named with it.
///
/// # Errors
/// When there is an invalid one.
pub(super) fn measure(number: usize) -> anyhow::Result<Counted> {
    let mut counted = Counted::default();
    let chance = &mut StdRng::seed_from_u64(SEED);
    while counted.outfits < number {
        let wardrobe = random::wardrobe(chance);
        let ask = random::ask(&wardrobe, 1 + counted.asks % MAX_COUNT, chance);
        let answer = compose(&ask, &wardrobe, &Learned::default());
        counted.asks += 1;
        counted.unanswered += usize::from(answer.outfits.is_empty());
        for outfit in &answer.outfits {
            counted.check(outfit, &wardrobe, &ask);
        }
    }
    if let Some(first) = &counted.first {
        let Counted {
            invalid, outfits, ..
        } = counted;
        bail!("{invalid} of {outfits} outfits or their changes are invalid; the first: {first}");
    }
    Ok(counted)
}

impl Counted {
    fn check(&mut self, outfit: &Outfit, wardrobe: &[Garment], ask: &Ask) {
        self.outfits += 1;
        let items: Vec<ItemId> = outfit.picks.iter().map(|pick| pick.item).collect();
        self.note(fault(&items, wardrobe, ask), &items, wardrobe);
        for change in &outfit.changes {
            self.changes += 1;
            let items = changed(&items, change);
            let washed: Vec<Garment>;
            let wardrobe = if change.needs_wash {
                washed = wardrobe.iter().map(|g| clean(g, change)).collect();
                &washed
            } else {
                wardrobe
            };
            self.note(fault(&items, wardrobe, ask), &items, wardrobe);
        }
    }

    fn note(&mut self, fault: Option<&'static str>, items: &[ItemId], wardrobe: &[Garment]) {
        let Some(fault) = fault else { return };
        self.invalid += 1;
        let worn = wardrobe
            .iter()
            .filter(|garment| items.contains(&garment.id));
        let labels: Vec<&str> = worn.map(|garment| garment.label.as_str()).collect();
        self.first
            .get_or_insert_with(|| format!("{fault}: {}", labels.join(", ")));
    }
}

fn changed(items: &[ItemId], change: &Change) -> Vec<ItemId> {
    let kept = items.iter().filter(|item| **item != change.without);
    kept.chain(&change.with).copied().collect()
}

fn clean(garment: &Garment, change: &Change) -> Garment {
    Garment {
        is_clean: garment.is_clean || change.with == Some(garment.id),
        ..garment.clone()
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            text,
            "{} invalid of {} outfits and {} changes of them, composed for {} asks ({} of which nothing answers)",
            self.invalid, self.outfits, self.changes, self.asks, self.unanswered
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::garment::{Category, ColourFamily, Occasion, Slot, Whereabouts};
    use crate::engines::ranking::{Tint, Weather};

    #[test]
    fn what_is_composed_can_be_worn() {
        let counted = measure(250).unwrap();
        assert!(counted.outfits >= 250 && counted.changes > 0 && counted.invalid == 0);
    }

    /// A shirt, trousers, shoes and a coat, and an ask they are right for.
    fn outfit() -> (Vec<Garment>, Ask) {
        let chance = &mut StdRng::seed_from_u64(2);
        let mut drawn = vec![];
        while drawn.len() < 5 {
            drawn.extend(random::wardrobe(chance).into_iter().take(5 - drawn.len()));
        }
        let kinds = [
            Category::Shirt,
            Category::Trousers,
            Category::Boots,
            Category::Coat,
            Category::Sweater,
        ];
        let wardrobe = drawn.into_iter().zip(kinds).zip(0..);
        let wardrobe = wardrobe.map(|((garment, category), n)| Garment {
            id: ItemId(uuid::Uuid::from_u128(n)),
            category,
            slot: category.slot().unwrap(),
            warmth: 2.0,
            is_clean: true,
            whereabouts: Whereabouts::AtHand,
            ..garment
        });
        let ask = Ask {
            weather: Some(Weather {
                temperature_c: 2.0,
                is_wet: false,
            }),
            ..Ask::new(1, 0, chrono::DateTime::UNIX_EPOCH)
        };
        (wardrobe.collect(), ask)
    }

    fn faults(wardrobe: &[Garment], ask: &Ask, worn: &[usize]) -> Option<&'static str> {
        let items: Vec<ItemId> = worn.iter().map(|at| wardrobe[*at].id).collect();
        fault(&items, wardrobe, ask)
    }

    #[test]
    fn what_is_away_or_of_an_unwanted_colour_is_a_fault() {
        let (mut all, mut ask) = outfit();
        all[1].whereabouts = Whereabouts::Lent;
        let found = faults(&all, &ask, &[0, 1, 2, 3]).unwrap();
        assert!(found.contains("away"), "{found}");
        all[1].whereabouts = Whereabouts::AtHand;
        ask.limits.without_colours = ColourFamily::ALL.to_vec();
        all[1].colours = vec![Tint {
            oklab: [0.5, 0.0, 0.0],
            share: 1.0,
            name: "navy".to_owned(),
        }];
        let found = faults(&all, &ask, &[0, 1, 2, 3]).unwrap();
        assert!(found.contains("colour"), "{found}");
    }

    #[test]
    fn every_fault_is_found() {
        let (mut all, mut ask) = outfit();
        assert_eq!(faults(&all, &ask, &[0, 1, 2, 3]), None);
        assert_eq!(faults(&all, &ask, &[0, 4, 1, 2, 3]), None);
        for (worn, expected) in [
            (&[0, 1, 2, 3, 3][..], "twice"),
            (&[0, 2, 3], "base"),
            (&[1, 2, 3], "base"),
            (&[0, 1, 3], "shoes"),
            (&[0, 1, 2], "cold"),
        ] {
            let fault = faults(&all, &ask, worn).unwrap();
            assert!(fault.contains(expected), "{fault}");
        }
        all[1].category = Category::Shorts;
        all[1].slot = Slot::Bottom;
        assert_eq!(
            faults(&all, &ask, &[0, 1, 2, 3]),
            None,
            "there is nothing else"
        );
        let mut more = all.clone();
        (more[4].category, more[4].slot) = (Category::Jeans, Slot::Bottom);
        assert!(faults(&more, &ask, &[0, 1, 2, 3]).unwrap().contains("bare"));
        ask.weather = ask.weather.map(|weather| Weather {
            temperature_c: 30.0,
            ..weather
        });
        assert_eq!(faults(&all, &ask, &[0, 1, 2]), None);
        assert!(faults(&all, &ask, &[0, 1, 2, 3]).unwrap().contains("heat"));
        assert!(
            faults(&all, &ask, &[0, 4, 1, 2])
                .unwrap()
                .contains("layering")
        );
        all[0].warmth = 4.0;
        assert!(faults(&all, &ask, &[0, 1, 2]).unwrap().contains("thick"));
        all[0].warmth = 2.0;
        ask.occasion = Some(Occasion::Home);
        assert_eq!(faults(&all, &ask, &[0, 1]), None);
        all[0].is_clean = false;
        assert!(faults(&all, &ask, &[0, 1]).unwrap().contains("dirty"));
        all[0].is_clean = true;
        ask.exclude = vec![all[1].id];
        assert!(faults(&all, &ask, &[0, 1]).unwrap().contains("excluded"));
        ask.exclude.clear();
        (all[3].category, all[3].slot) = (Category::Trousers, Slot::Bottom);
        assert!(
            faults(&all, &ask, &[0, 1, 3]).unwrap().contains("base"),
            "two bottoms"
        );
        (all[3].category, all[3].slot) = (Category::Boots, Slot::Shoes);
        assert!(
            faults(&all, &ask, &[0, 1, 2, 3])
                .unwrap()
                .contains("two of a kind")
        );
    }
}
