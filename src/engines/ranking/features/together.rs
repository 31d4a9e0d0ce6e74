//! Which kinds of garments go together: a table of kinds, learned by a pack or made of plain rules.
//!
//! A value says how much better two kinds go together than is usual for the places they take: 0 is usual or unknown,
//! towards 1 is worn together more than others, towards −1 less. Which places an outfit fills is not decided here.
use crate::base::garment::Category;

const COUNT: usize = Category::ALL.len();

/// How well kinds of garments go together, −1 to 1 for each two; the order of the two does not matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Together(Vec<f32>);

/// What kind of day a garment is for, as far as its kind says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Air {
    Sporty,
    Dressy,
    Any,
}

/// What weather a garment is for, as far as its kind says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    Hot,
    Cold,
    Any,
}

const SAME_AIR: f32 = 0.3;
const OTHER_AIR: f32 = -0.5;
const SAME_TIME: f32 = 0.2;
const OTHER_TIME: f32 = -0.4;

impl Together {
    /// From the log-odds of each two kinds, row by row in the order of [`Category::ALL`]; `None` when they are not
    /// one finite number for each.
    #[must_use]
    pub fn learned(logits: &[f32]) -> Option<Self> {
        if logits.len() != COUNT * COUNT || logits.iter().any(|logit| !logit.is_finite()) {
            return None;
        }
        Some(Self::filled(|a, b| {
            let both = logits[a * COUNT + b] + logits[b * COUNT + a];
            // Twice the chance less one: log-odds of zero are worth nothing.
            (both / 4.0).tanh()
        }))
    }

    /// What is held to be so where nothing was learned: sporty with sporty and dressy with dressy, not mixed; nothing
    /// for hot days with something for cold ones.
    #[must_use]
    pub fn rules() -> Self {
        Self::filled(|a, b| {
            let (a, b) = (Category::ALL[a], Category::ALL[b]);
            let airs = match (air(a), air(b)) {
                (Air::Any, _) | (_, Air::Any) => 0.0,
                (one, other) if one == other => SAME_AIR,
                _ => OTHER_AIR,
            };
            let times = match (time(a), time(b)) {
                (Time::Any, _) | (_, Time::Any) => 0.0,
                (one, other) if one == other => SAME_TIME,
                _ => OTHER_TIME,
            };
            airs + times
        })
    }

    fn filled(value: impl Fn(usize, usize) -> f32) -> Self {
        let all = (0..COUNT).flat_map(|a| (0..COUNT).map(move |b| (a, b)));
        Self(all.map(|(a, b)| value(a, b)).collect())
    }

    /// Of two kinds, −1 to 1.
    #[must_use]
    pub fn of(&self, a: Category, b: Category) -> f32 {
        self.0[a as usize * COUNT + b as usize]
    }

    /// The mean over the pairs of an outfit; 0 for fewer than two pieces.
    #[must_use]
    pub fn of_outfit(&self, kinds: &[Category]) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0_f32);
        for (n, a) in kinds.iter().enumerate() {
            for b in kinds.iter().skip(n + 1) {
                sum += self.of(*a, *b);
                count += 1.0;
            }
        }
        sum / count.max(1.0)
    }
}

const fn air(category: Category) -> Air {
    use Category as C;
    match category {
        C::Hoodie | C::Sweatshirt | C::TankTop | C::Leggings | C::Joggers | C::Sneakers => {
            Air::Sporty
        }
        C::Cap | C::Swimwear | C::Slippers | C::Pyjamas => Air::Sporty,
        C::Blazer | C::DressShoes | C::Heels | C::Tie => Air::Dressy,
        C::TShirt | C::Polo | C::Shirt | C::Blouse | C::Sweater | C::Cardigan => Air::Any,
        C::Bodysuit | C::Skirt | C::Jeans | C::Trousers | C::Shorts | C::Dress => Air::Any,
        C::Jumpsuit | C::Jacket | C::Coat | C::Vest | C::Boots | C::Sandals => Air::Any,
        C::Flats | C::Hat | C::Beanie | C::Bag | C::Scarf | C::Gloves => Air::Any,
        C::Socks | C::Tights | C::Belt | C::Sunglasses | C::Watch => Air::Any,
        C::Jewellery | C::Underwear | C::Other => Air::Any,
    }
}

const fn time(category: Category) -> Time {
    use Category as C;
    match category {
        C::TankTop | C::Shorts | C::Sandals | C::Sunglasses | C::Swimwear => Time::Hot,
        C::Sweater | C::Coat | C::Boots | C::Beanie | C::Scarf | C::Gloves | C::Tights => {
            Time::Cold
        }
        C::TShirt | C::Polo | C::Shirt | C::Blouse | C::Hoodie | C::Sweatshirt => Time::Any,
        C::Cardigan | C::Bodysuit | C::Skirt | C::Jeans | C::Trousers | C::Leggings => Time::Any,
        C::Joggers | C::Dress | C::Jumpsuit | C::Blazer | C::Jacket | C::Vest => Time::Any,
        C::Sneakers | C::DressShoes | C::Heels | C::Flats | C::Slippers | C::Hat => Time::Any,
        C::Cap | C::Bag | C::Socks | C::Belt | C::Tie | C::Watch | C::Jewellery => Time::Any,
        C::Underwear | C::Pyjamas | C::Other => Time::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_rules_keep_sport_and_evening_apart() {
        let rules = Together::rules();
        let of = |a, b| rules.of(a, b);
        assert!(of(Category::Joggers, Category::Sneakers) > 0.0);
        assert!(of(Category::Joggers, Category::Heels) < 0.0);
        assert!(of(Category::Shorts, Category::Boots) < 0.0);
        assert_eq!(of(Category::Jeans, Category::TShirt), 0.0);
    }

    #[test]
    fn a_table_of_another_size_or_with_holes_is_no_table() {
        assert_eq!(Together::learned(&[0.0; 4]), None);
        let mut logits = vec![0.0; COUNT * COUNT];
        assert!(Together::learned(&logits).is_some());
        logits[7] = f32::NAN;
        assert_eq!(Together::learned(&logits), None);
    }

    fn kinds() -> impl Strategy<Value = Vec<Category>> {
        proptest::collection::vec(proptest::sample::select(Category::ALL), 0..9)
    }

    proptest! {
        #[test]
        fn values_are_symmetric_and_bounded(
            logits in proptest::collection::vec(-1e6_f32..1e6, COUNT * COUNT), outfit in kinds()
        ) {
            for table in [Together::learned(&logits).unwrap(), Together::rules()] {
                for a in Category::ALL {
                    for b in Category::ALL {
                        prop_assert_eq!(table.of(*a, *b), table.of(*b, *a));
                        prop_assert!((-1.0..=1.0).contains(&table.of(*a, *b)));
                    }
                }
                let forwards = table.of_outfit(&outfit);
                let backwards: Vec<Category> = outfit.iter().rev().copied().collect();
                prop_assert!((-1.0..=1.0).contains(&forwards));
                prop_assert!((forwards - table.of_outfit(&backwards)).abs() < 1e-5);
            }
        }
    }
}
