//! Measures garments and outfits: φ, and the score w·φ.
use super::{beam::Width, wishes::Wishes};
use crate::base::{embedding::Space, garment::Slot, id::ItemId};
use crate::engines::ranking::{
    features::{
        BASE, CERTAINTY, COLOUR, COMPLETENESS, CONTRAST, COUNT, CROWD, FORMALITY, LIKENESS, MATCH,
        NOVELTY, OCCASION, OF_ITEMS, OF_WHOLES, PAIR, PATTERN, PIECE, Phi, RAIN, RESEMBLANCE,
        ROTATION, TASTE, TOGETHER, WEATHER, asked, bounded,
        colour::{self, Palette},
        dress, likeness,
        pattern::{self, Boldness},
        style, visibility, wear, weather,
    },
    learned::Learned,
    model::{Ask, Garment},
};

/// A garment with the features that are its own.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    garment: &'a Garment,
    values: Phi,
    closeness: f32,
    /// −1 to 1; `None` without an example.
    resemblance: Option<f32>,
}

impl<'a> Sight<'a> {
    pub(super) fn garment(&self) -> &'a Garment {
        self.garment
    }
}

/// What outfit features read off a garment.
struct Look<'a> {
    garment: &'a Garment,
    values: Phi,
    /// What its own features are worth together.
    worth: f32,
    closeness: f32,
    resemblance: Option<f32>,
    palette: Palette,
    boldness: Boldness,
    formality: f32,
    clo: f32,
}

/// What two garments are to each other.
#[derive(Clone, Copy, Default)]
struct Pairing {
    colour: f32,
    colour_weight: f32,
    history: f32,
    together: f32,
}

/// Scores outfits made of the candidates it holds. A pick is a candidate's position.
pub(in crate::engines::ranking) struct Scorer<'a> {
    pub(in crate::engines::ranking) ask: &'a Ask,
    pub(in crate::engines::ranking) conditions: weather::Conditions,
    pub(in crate::engines::ranking) weights: Phi,
    /// How much more than others this person cares about each feature.
    pub(in crate::engines::ranking) leanings: Phi,
    looks: Vec<Look<'a>>,
    /// Row by row, both triangles.
    pairings: Vec<Pairing>,
}

/// Measures every usable garment by itself. O(garments × spaces × dimension).
pub(super) fn measure<'a>(wishes: &Wishes<'a>, learned: &Learned) -> Vec<Sight<'a>> {
    measure_some(wishes, learned, |_| true)
}

/// Measures some of the usable garments by themselves, each against all of them.
pub(super) fn measure_some<'a>(
    wishes: &Wishes<'a>,
    learned: &Learned,
    is_wanted: impl Fn(&Garment) -> bool,
) -> Vec<Sight<'a>> {
    let ask = wishes.ask;
    let contexts = style::Contexts::of(ask);
    let alike = likeness::likeness(&ask.targets, &wishes.usable);
    let crowds = ask.crowds.as_ref();
    let crowd = crowds.and_then(|crowds| crowds.near(learned.taste(Space::Fashion)));
    let rows = wishes.usable.iter().zip(alike);
    let rows = rows.filter(|(garment, _)| is_wanted(garment));
    rows.map(|(garment, alike)| {
        let mut values = [0.0; COUNT];
        values[LIKENESS..LIKENESS + 3].copy_from_slice(&alike.in_slot);
        for (i, taste) in learned.tastes.iter().enumerate() {
            let embedding = garment.embeddings[i].as_ref();
            values[TASTE + i] = embedding.map_or(0.0, |embedding| taste.affinity(embedding));
        }
        values[OCCASION] = dress::occasion_fit(garment, ask.occasion, learned.formality as f32);
        values[ROTATION] = wear::rotation(garment, ask.now);
        values[NOVELTY] = wear::novelty(garment);
        values[PIECE] = learned.memory.piece(garment.id, learned.time());
        style::measure(garment, contexts, &mut values);
        let look = garment.embeddings[Space::Fashion.index()].as_ref();
        values[CROWD] = crowd.as_ref().zip(look).map_or(0.0, |(c, e)| c.affinity(e));
        Sight {
            garment,
            values: values.map(bounded),
            // The anchor is close to itself in every answer.
            closeness: if ask.anchor.is_some() {
                0.0
            } else {
                alike.of_all
            },
            resemblance: ask
                .example
                .as_deref()
                .map(|example| 2.0 * likeness::resemblance(garment, example) - 1.0),
        }
    })
    .collect()
}

impl<'a> Scorer<'a> {
    /// Keeps the most promising garments of each slot, and all that are forced.
    pub(super) fn new(
        wishes: &Wishes<'a>,
        learned: &Learned,
        sights: &[Sight<'a>],
        width: Width,
    ) -> Self {
        let weights: Phi = learned
            .fusion
            .weights(&asked(wishes.ask))
            .map(|weight| weight as f32);
        let worth = |sight: &Sight<'_>| -> f32 {
            OF_ITEMS.iter().map(|&i| weights[i] * sight.values[i]).sum()
        };
        let promise = |sight: &Sight<'_>| {
            let weather = 0.5 * weights[WEATHER] * wishes.conditions.leaning(sight.garment);
            let sure = weights[CERTAINTY] * certainty(sight.garment);
            let alike = weights[MATCH] * sight.closeness
                + weights[RESEMBLANCE] * sight.resemblance.unwrap_or(0.0);
            worth(sight) + weather + sure + 0.5 * alike
        };
        let mut looks: Vec<Look<'a>> = vec![];
        for slot in Slot::ALL {
            let own = sights.iter().filter(|sight| sight.garment.slot == *slot);
            let rank = |garment: &Garment| {
                let is_fit = !wishes.is_out_of_season(garment);
                (wishes.is_forced(garment), is_fit)
            };
            let mut own: Vec<((bool, bool), f32, &Sight<'a>)> = own
                .map(|sight| (rank(sight.garment), promise(sight), sight))
                .collect();
            own.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
            let most = width.of_slot(*slot).max(wishes.forced_in(*slot).len());
            let kept = own.iter().take(most);
            looks.extend(kept.map(|(_, _, sight)| Look::new(sight, worth(sight))));
        }
        let mut scorer = Self {
            ask: wishes.ask,
            conditions: wishes.conditions,
            weights,
            leanings: learned.leanings(),
            pairings: vec![],
            looks,
        };
        scorer.pairings = scorer.pair_up(learned);
        scorer
    }

    pub(in crate::engines::ranking) fn garment(&self, at: u16) -> &'a Garment {
        self.looks[at as usize].garment
    }

    pub(in crate::engines::ranking) fn values(&self, at: u16) -> &Phi {
        &self.looks[at as usize].values
    }

    pub(in crate::engines::ranking) fn clo(&self, picks: &[u16]) -> f32 {
        picks.iter().map(|at| self.looks[*at as usize].clo).sum()
    }

    /// The colours of two picks: how they relate, and their harmony times how visible they are.
    pub(in crate::engines::ranking) fn colours(
        &self,
        a: u16,
        b: u16,
    ) -> Option<(colour::Relation, f32)> {
        let (x, y) = (&self.looks[a as usize], &self.looks[b as usize]);
        let pairing = self.pairing(a, b);
        let relation = colour::relation(&x.palette, &y.palette)?;
        Some((relation, pairing.colour * pairing.colour_weight))
    }

    pub(in crate::engines::ranking) fn find(&self, item: ItemId) -> Option<&'a Garment> {
        let mut garments = self.looks.iter().map(|look| look.garment);
        garments.find(|garment| garment.id == item)
    }

    /// Positions of all candidates.
    pub(super) fn everything(&self) -> Vec<u16> {
        (0..self.looks.len() as u16).collect()
    }

    /// The position of a garment among the candidates.
    pub(super) fn position(&self, item: ItemId) -> Option<u16> {
        let at = self.looks.iter().position(|look| look.garment.id == item)?;
        u16::try_from(at).ok()
    }

    /// Positions of the candidates of a slot.
    pub(super) fn candidates(&self, slot: Slot) -> Vec<u16> {
        (0..self.looks.len() as u16)
            .filter(|at| self.garment(*at).slot == slot)
            .collect()
    }

    /// w·φ of an outfit or of a part of one; what single pieces are worth is known by now.
    pub(super) fn score(&self, picks: &[u16]) -> f32 {
        let shares = self.shares(picks);
        let own = shares.map(|(share, look)| share * look.worth);
        let whole = self.whole(picks);
        own.sum::<f32>()
            + OF_WHOLES
                .iter()
                .map(|&i| whole[i] * self.weights[i])
                .sum::<f32>()
    }

    /// φ of an outfit or of a part of one.
    pub(super) fn phi(&self, picks: &[u16]) -> Phi {
        let mut phi = self.whole(picks);
        for (share, look) in self.shares(picks) {
            for &i in &OF_ITEMS {
                phi[i] += share * look.values[i];
            }
        }
        phi.map(bounded)
    }

    /// How much of the outfit a pick is.
    pub(super) fn share(&self, at: u16, picks: &[u16]) -> f32 {
        let of = |at: u16| visibility(self.garment(at).slot);
        of(at) / picks.iter().map(|at| of(*at)).sum::<f32>()
    }

    /// Each pick with its share of the outfit; the shares add up to one.
    fn shares(&self, picks: &[u16]) -> impl Iterator<Item = (f32, &Look<'a>)> {
        let all: f32 = picks
            .iter()
            .map(|at| visibility(self.garment(*at).slot))
            .sum();
        picks.iter().map(move |at| {
            let look = &self.looks[*at as usize];
            (visibility(look.garment.slot) / all, look)
        })
    }

    /// What is measured of the outfit as a whole; the rest of φ is zero.
    fn whole(&self, picks: &[u16]) -> Phi {
        let mut phi = [0.0; COUNT];
        let looks = || picks.iter().map(|at| &self.looks[*at as usize]);
        phi[BASE] = 1.0;
        self.pairs_into(picks, &mut phi);
        phi[CONTRAST] = self.contrast(picks);
        phi[PATTERN] = pattern::mixing(looks().map(|look| look.boldness));
        phi[FORMALITY] = dress::agreement(looks().map(|look| (look.garment.slot, look.formality)));
        phi[WEATHER] = self.conditions.fit(self.clo(picks));
        phi[RAIN] = weather::rain(
            self.conditions.is_wet,
            looks().map(|look| (look.garment.slot, look.garment.category)),
        );
        phi[COMPLETENESS] = self.completeness(picks);
        phi[RESEMBLANCE] = looks()
            .filter_map(|look| look.resemblance)
            .reduce(f32::max)
            .unwrap_or(0.0);
        let large = looks().filter(|look| !is_extra(look.garment.slot));
        let certainties = large.map(|look| certainty(look.garment));
        phi[CERTAINTY] = 2.0 * certainties.product::<f32>() - 1.0;
        phi[MATCH] = looks()
            .map(|look| look.closeness)
            .reduce(f32::max)
            .unwrap_or(0.0);
        phi.map(bounded)
    }

    fn pairs_into(&self, picks: &[u16], phi: &mut Phi) {
        let (mut colour, mut weight, mut history) = (0.0, 0.0, 0.0);
        let (mut together, mut count) = (0.0, 0.0);
        for (n, a) in picks.iter().enumerate() {
            for b in &picks[n + 1..] {
                let pairing = self.pairing(*a, *b);
                colour += pairing.colour * pairing.colour_weight;
                weight += pairing.colour_weight;
                history += pairing.history;
                together += pairing.together;
                count += 1.0;
            }
        }
        if count > 0.0 {
            let palettes = picks.iter().map(|at| &self.looks[*at as usize].palette);
            phi[COLOUR] = colour / weight + colour::too_many_hues(palettes);
            phi[PAIR] = history / count;
            phi[TOGETHER] = together / count;
        }
    }

    fn contrast(&self, picks: &[u16]) -> f32 {
        let large = |at: &&u16| {
            matches!(
                self.garment(**at).slot,
                Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Outer
            )
        };
        let mut best: Option<f32> = None;
        for a in picks.iter().filter(large) {
            for b in picks.iter().filter(large).filter(|b| *b > a) {
                let (x, y) = (&self.looks[*a as usize], &self.looks[*b as usize]);
                let contrast = colour::contrast(&x.palette, &y.palette);
                best = best.into_iter().chain(contrast).reduce(f32::max);
            }
        }
        best.unwrap_or(0.0)
    }

    fn completeness(&self, picks: &[u16]) -> f32 {
        let has = |slot: Slot| picks.iter().any(|at| self.garment(*at).slot == slot);
        let mut value = if has(Slot::Shoes) { 0.5 } else { -0.5 };
        if self.conditions.asks_for_outer() {
            value += if has(Slot::Outer) { 0.3 } else { -0.3 };
        }
        let extras = [Slot::Headwear, Slot::Bag, Slot::Accessory];
        value + 0.1 * extras.into_iter().filter(|slot| has(*slot)).count() as f32
    }

    fn pairing(&self, a: u16, b: u16) -> &Pairing {
        &self.pairings[a as usize * self.looks.len() + b as usize]
    }

    fn pair_up(&self, learned: &Learned) -> Vec<Pairing> {
        let size = self.looks.len();
        let together = &self.ask.together;
        let mut pairings = vec![Pairing::default(); size * size];
        for (i, a) in self.looks.iter().enumerate() {
            for (j, b) in self.looks.iter().enumerate().skip(i + 1) {
                let pairing = Pairing {
                    colour: colour::pair(&a.palette, &b.palette),
                    colour_weight: colour::pair_weight(&a.palette, &b.palette),
                    history: learned
                        .memory
                        .pair(a.garment.id, b.garment.id, learned.time()),
                    together: together.of(a.garment.category, b.garment.category),
                };
                pairings[i * size + j] = pairing;
                pairings[j * size + i] = pairing;
            }
        }
        pairings
    }
}

impl<'a> Look<'a> {
    fn new(sight: &Sight<'a>, worth: f32) -> Self {
        let garment = sight.garment;
        Self {
            garment,
            values: sight.values,
            worth,
            closeness: sight.closeness,
            resemblance: sight.resemblance,
            palette: Palette::new(garment),
            boldness: pattern::boldness(garment.pattern.as_deref()),
            formality: dress::formality(garment),
            clo: weather::insulation(garment),
        }
    }
}

/// An outfit with a wrong one of these is still an outfit.
const fn is_extra(slot: Slot) -> bool {
    matches!(slot, Slot::Headwear | Slot::Bag | Slot::Accessory)
}

/// How surely a garment is what it was taken for, 0 to 1.
fn certainty(garment: &Garment) -> f32 {
    if garment.certainty.is_finite() {
        garment.certainty.clamp(0.0, 1.0)
    } else {
        1.0
    }
}
