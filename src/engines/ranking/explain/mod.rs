//! Why this outfit: one plain sentence made of the largest contributions to its score.
//!
//! Invariant: every reason named here has entered the score with the sign it is named with. A feature without
//! a phrase is simply not mentioned.
mod changes;
mod style;

use super::{
    compose::{Scorer, name},
    features::{
        COLOUR, CONTRAST, CROWD, FORMALITY, LIKENESS, MATCH, NOVELTY, OCCASION, PAIR, PATTERN,
        PIECE, Phi, RAIN, RESEMBLANCE, ROTATION, TASTE, TOGETHER, WEATHER, colour::Relation,
        visibility, wear, weather,
    },
    model::Part,
};
use crate::base::garment::Occasion;

pub(super) use changes::{change, washed};

/// Reasons named at most.
const MOST_REASONS: usize = 3;
/// A contribution smaller than this is no reason, logits.
const LEAST_REASON: f32 = 0.05;
/// A contribution below this is mentioned as a drawback, logits.
const DRAWBACK: f32 = -0.4;

/// The sentence for an outfit of the scorer's candidates; `parts` are its parts, and `common` is what every outfit of
/// the same answer owes to each feature: what they all share is said last.
pub(super) fn sentence(scorer: &Scorer<'_>, picks: &[u16], parts: &[Part], common: &Phi) -> String {
    let teller = Teller {
        scorer,
        picks,
        parts,
        common,
    };
    let reasons = teller.reasons();
    let mut text = if reasons.is_empty() {
        "Nothing speaks strongly for it yet".to_owned()
    } else {
        enumerate(&reasons)
    };
    if let Some(drawback) = teller.drawback() {
        text.push_str(", though ");
        text.push_str(&drawback);
    }
    text.push('.');
    capitalised(&text)
}

struct Reason {
    /// What sets this outfit apart.
    own: f32,
    /// What it adds to the score.
    sum: f32,
    phrase: String,
}

struct Teller<'a, 'b> {
    scorer: &'b Scorer<'a>,
    picks: &'b [u16],
    parts: &'b [Part],
    common: &'b Phi,
}

impl Teller<'_, '_> {
    fn reasons(&self) -> Vec<String> {
        let groups: [&[usize]; 14] = [
            &[LIKENESS, LIKENESS + 1, LIKENESS + 2, MATCH, RESEMBLANCE],
            &[TASTE, TASTE + 1, TASTE + 2],
            &[COLOUR],
            &[CONTRAST],
            &[PATTERN],
            &[FORMALITY],
            &[OCCASION],
            &[WEATHER],
            &[RAIN],
            &[ROTATION],
            &[NOVELTY],
            &[PIECE],
            &[TOGETHER],
            &[CROWD],
        ];
        let mut reasons: Vec<Reason> = groups
            .into_iter()
            .chain([&[PAIR][..]])
            .filter_map(|group| {
                // A liking for low values is no case of "this is high".
                let sum: f32 = group.iter().map(|i| self.parts[*i].contribution).sum();
                let value: f32 = group.iter().map(|i| self.parts[*i].value).sum();
                if sum < LEAST_REASON || value <= 0.0 {
                    return None;
                }
                let was_asked_for = [LIKENESS, OCCASION, WEATHER, RAIN].contains(&group[0]);
                let shared: f32 = group.iter().map(|i| self.common[*i].max(0.0)).sum();
                let own = if was_asked_for { sum } else { sum - shared };
                let phrase = self.phrase(group[0])?;
                Some(Reason { own, sum, phrase })
            })
            .chain(self.of_style())
            .collect();
        reasons.sort_by(|a, b| b.own.total_cmp(&a.own).then(b.sum.total_cmp(&a.sum)));
        reasons.truncate(MOST_REASONS);
        reasons.into_iter().map(|reason| reason.phrase).collect()
    }

    fn phrase(&self, feature: usize) -> Option<String> {
        Some(match feature {
            LIKENESS => match self.scorer.anchor_name() {
                Some(name) => format!("it stays close to the look of the {name}"),
                None => "it is close to what you asked for".to_owned(),
            },
            TASTE => "it is the kind of thing you like".to_owned(),
            COLOUR => self.colours(),
            CONTRAST => "light and dark set each other off".to_owned(),
            PATTERN if self.parts[PATTERN].value > 0.3 => {
                "one patterned piece stands out".to_owned()
            }
            PATTERN => "no patterns compete".to_owned(),
            FORMALITY => "all of it is equally dressed up".to_owned(),
            OCCASION => format!("it suits {}", occasion(self.scorer.ask.occasion?)),
            WEATHER => format!("it suits {}", self.temperature()?),
            RAIN => "it can stand the rain".to_owned(),
            ROTATION => self.rested()?,
            NOVELTY => format!("you seldom wear the {}", self.strongest(NOVELTY)?),
            PIECE => format!("you liked the {} before", self.strongest(PIECE)?),
            PAIR => "you liked these pieces together before".to_owned(),
            TOGETHER => "these kinds of pieces are often worn together".to_owned(),
            CROWD => "people with your taste like such pieces".to_owned(),
            _ => return None,
        })
    }

    /// The most negative thing, if it is bad enough to say.
    fn drawback(&self) -> Option<String> {
        let told = [WEATHER, RAIN, COLOUR, OCCASION, ROTATION, FORMALITY, PAIR];
        let worst = told
            .into_iter()
            .filter(|i| self.parts[*i].value < 0.0 && self.parts[*i].contribution < DRAWBACK)
            .min_by(|a, b| {
                let of = |i: &usize| self.parts[*i].contribution;
                of(a).total_cmp(&of(b))
            })?;
        Some(match worst {
            WEATHER => {
                let is_thin = self
                    .scorer
                    .conditions
                    .is_too_thin(self.scorer.clo(self.picks));
                let how = if is_thin { "light" } else { "warm" };
                format!("it is rather {how} for {}", self.temperature()?)
            }
            RAIN => "it is not made for rain".to_owned(),
            COLOUR => "the colours are daring".to_owned(),
            OCCASION => format!(
                "it is not quite right for {}",
                occasion(self.scorer.ask.occasion?)
            ),
            ROTATION => "you wore some of it only recently".to_owned(),
            FORMALITY => "some of it is more dressed up than the rest".to_owned(),
            _ => "you did not like these pieces together before".to_owned(),
        })
    }

    /// Names the pair of colours that adds most.
    fn colours(&self) -> String {
        let mut best: Option<(f32, Relation, u16, u16)> = None;
        for (n, a) in self.picks.iter().enumerate() {
            for b in &self.picks[n + 1..] {
                let Some((relation, value)) = self.scorer.colours(*a, *b) else {
                    continue;
                };
                let is_named = self.colour(*a).is_some() && self.colour(*b).is_some();
                if is_named && value > 0.0 && best.is_none_or(|(most, ..)| value > most) {
                    best = Some((value, relation, *a, *b));
                }
            }
        }
        let named =
            best.and_then(|(_, relation, a, b)| Some((relation, self.colour(a)?, self.colour(b)?)));
        let Some((relation, a, b)) = named else {
            return "the colours go together".to_owned();
        };
        if a == b {
            return format!("{a} goes with {b}");
        }
        match relation {
            Relation::Neutral | Relation::Clash => format!("{a} and {b} sit well together"),
            Relation::OneHue => format!("{a} and {b} are shades of one colour"),
            Relation::Neighbours => format!("{a} and {b} are close relatives"),
            Relation::Thirds => format!("{a} and {b} balance each other"),
            Relation::Opposites => format!("{a} and {b} bring each other out"),
        }
    }

    fn colour(&self, at: u16) -> Option<&str> {
        let colours = self.scorer.garment(at).colours.iter();
        colours
            .max_by(|a, b| a.share.total_cmp(&b.share))
            .map(|tint| tint.name.trim())
            .filter(|name| !name.is_empty())
    }

    fn temperature(&self) -> Option<String> {
        let degrees = self.scorer.conditions.temperature_c?.round();
        // A typographic minus, and no minus zero.
        let sign = if degrees < 0.0 { "−" } else { "" };
        Some(format!("{sign}{} °C", degrees.abs()))
    }

    fn rested(&self) -> Option<String> {
        let at = self.most(ROTATION)?;
        let garment = self.scorer.garment(at);
        let days = wear::days_since_worn(garment, self.scorer.ask.now)?;
        let name = name(garment);
        Some(format!(
            "you last wore the {name} {} days ago",
            days.floor()
        ))
    }

    /// What the pick that adds most is called.
    fn strongest(&self, feature: usize) -> Option<&str> {
        Some(name(self.scorer.garment(self.most(feature)?)))
    }

    /// The pick with the largest positive value; among equals the one that makes more of the outfit.
    fn most(&self, feature: usize) -> Option<u16> {
        let weighed =
            |at: &u16| visibility(self.scorer.garment(*at).slot) * self.scorer.values(*at)[feature];
        let picks = self.picks.iter().copied();
        picks
            .max_by(|a, b| weighed(a).total_cmp(&weighed(b)))
            .filter(|at| weighed(at) > 0.0)
    }
}

impl Scorer<'_> {
    /// What the person calls the garment the outfit is built around, if it is in the wardrobe.
    fn anchor_name(&self) -> Option<&str> {
        let anchor = self.ask.anchor?;
        self.find(anchor).map(name)
    }
}

impl weather::Conditions {
    /// Too little rather than too much.
    fn is_too_thin(&self, clo: f32) -> bool {
        self.need().is_some_and(|need| clo < need)
    }
}

const fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Casual => "a casual day",
        Occasion::Work => "work",
        Occasion::Formal => "a formal occasion",
        Occasion::Party => "a party",
        Occasion::Sport => "sport",
        Occasion::Travel => "travelling",
        Occasion::Home => "a day at home",
    }
}

/// "a", "a and b", "a, b, and c".
fn enumerate(phrases: &[String]) -> String {
    match phrases {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one}, and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
