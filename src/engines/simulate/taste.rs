//! What people like: a function of what annotators wrote about the garments.
use crate::{
    base::{
        colours::is_near,
        garment::{Category, Slot},
    },
    engines::ranking::Reason,
};
use rand::{Rng as _, rngs::StdRng};

/// What annotators wrote about a garment.
#[derive(Debug, Clone)]
pub struct Truth {
    /// What it is.
    pub category: Category,
    /// The name of its main colour.
    pub colour: String,
    /// Its pattern.
    pub pattern: String,
    /// 1 (home, sport) to 5 (evening).
    pub formality: f64,
    /// 1 (hot weather) to 5 (deep winter).
    pub warmth: f64,
}

/// What a day asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day<'a> {
    /// °C.
    pub(super) temperature: f64,
    /// The photo the outfit should be like.
    pub(super) photo: Option<&'a Truth>,
}

/// A piece of an outfit as its wearer sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worn<'a> {
    pub(super) truth: &'a Truth,
    /// Days since it was last worn, if ever.
    pub(super) days: Option<f64>,
}

/// Groups of colours that people prefer or avoid as one.
const HUES: [&[&str]; 8] = [
    &["black"],
    &["white", "cream", "silver"],
    &["grey"],
    &["beige", "brown", "gold", "olive"],
    &["navy", "blue", "light-blue", "teal"],
    &["red", "burgundy", "orange"],
    &["pink", "purple"],
    &["yellow", "green", "multicolour"],
];
const NEUTRALS: &[&str] = &[
    "black", "white", "cream", "silver", "grey", "beige", "brown", "navy",
];
const PLAIN: &[&str] = &["plain", "denim-wash", "knit"];

/// Logits of what everybody cares about.
const LIKE_THE_PHOTO: f64 = 1.5;
const COMFORT: f64 = 0.8;
const CLASH: f64 = 0.5;
const UNEVEN: f64 = 0.4;
const NO_OUTFIT: f64 = 1.5;
/// Logits of what one likes for no reason: of a colour, of a kind of garment.
const FANCY: f64 = 0.5;

/// A reason that costs fewer logits is not worth saying.
const WORTH_SAYING: f64 = 0.3;

/// How much somebody cares about what; logits over the range of each measure.
#[derive(Debug, Clone, Default)]
pub(super) struct Liking {
    /// Bright colours (−1 none to 1 all).
    pub(super) colourful: f64,
    /// Plain cloth (−1 none to 1 all).
    pub(super) plain: f64,
    /// Formal pieces (−0.7 lounging to 1 dressed up).
    pub(super) formal: f64,
    /// Pieces worn in the last days (0 none to 1 all, today).
    pub(super) repeats: f64,
    /// By group of colours.
    pub(super) hues: [f64; HUES.len()],
    /// By category.
    pub(super) kinds: Vec<f64>,
}

impl Liking {
    /// Draws the fancies that no family explains.
    pub(super) fn with_fancies(self, chance: &mut StdRng) -> Self {
        Self {
            hues: std::array::from_fn(|_| FANCY * normal(chance)),
            kinds: Category::ALL
                .iter()
                .map(|_| FANCY * normal(chance))
                .collect(),
            ..self
        }
    }

    /// What bothers this person most about an outfit, if anything costs enough.
    pub(super) fn worst(&self, outfit: &[Worn<'_>], day: &Day<'_>) -> Option<Reason> {
        let truths: Vec<&Truth> = outfit.iter().map(|worn| worn.truth).collect();
        let colours = over(outfit, |w| {
            let bright = if is_neutral(w.truth) { -1.0 } else { 1.0 };
            self.colourful * bright + self.hue(w.truth)
        });
        let repeats = self.repeats * over(outfit, recently);
        let together = -CLASH * clashes(&truths) - UNEVEN * unevenness(&truths);
        let off = degrees_missing(&truths, day.temperature);
        let warmth = if off > 0.0 {
            Reason::TooCold
        } else {
            Reason::TooWarm
        };
        let costs = [
            (Reason::Colour, colours),
            (Reason::WornRecently, repeats),
            (Reason::NotTogether, together),
            (warmth, COMFORT * comfort(&truths, day.temperature)),
        ];
        let worst = costs.into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
        (worst.1 < -WORTH_SAYING).then_some(worst.0)
    }

    /// What an outfit is worth to this person on such a day, in logits, up to how strict they are.
    pub(super) fn worth(&self, outfit: &[Worn<'_>], day: &Day<'_>) -> f64 {
        let colourful = over(outfit, |w| if is_neutral(w.truth) { -1.0 } else { 1.0 });
        let plain = over(outfit, |w| if is_plain(w.truth) { 1.0 } else { -1.0 });
        let formal = over(outfit, |w| {
            ((w.truth.formality - 2.0) / 1.5).clamp(-1.0, 1.0)
        });
        let repeats = over(outfit, recently);
        let fancy = over(outfit, |w| self.fancy(w.truth));
        self.colourful * colourful
            + self.plain * plain
            + self.formal * formal
            + self.repeats * repeats
            + fancy
            + common_sense(outfit, day)
    }

    fn fancy(&self, truth: &Truth) -> f64 {
        let kind = self.kinds.get(truth.category as usize);
        self.hue(truth) + kind.copied().unwrap_or_default()
    }

    fn hue(&self, truth: &Truth) -> f64 {
        let name = truth.colour.as_str();
        let hue = HUES.iter().position(|names| names.contains(&name));
        hue.map_or(0.0, |at| self.hues[at])
    }
}

/// The mean over an outfit, by how visible each piece is.
fn over(outfit: &[Worn<'_>], measure: impl Fn(&Worn<'_>) -> f64) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for worn in outfit {
        let share = visibility(worn.truth.category);
        sum += share * measure(worn);
        weight += share;
    }
    sum / f64::max(weight, 1e-9)
}

/// 1 for a piece worn today, fading in days.
fn recently(worn: &Worn<'_>) -> f64 {
    worn.days.map_or(0.0, |days| (-days / 3.0).exp())
}

/// What everybody agrees on.
fn common_sense(outfit: &[Worn<'_>], day: &Day<'_>) -> f64 {
    let truths: Vec<&Truth> = outfit.iter().map(|worn| worn.truth).collect();
    let alike = day.photo.map_or(0.0, |photo| {
        let all = truths.iter().map(|truth| alike(truth, photo));
        all.fold(0.0, f64::max)
    });
    LIKE_THE_PHOTO * alike + COMFORT * comfort(&truths, day.temperature)
        - CLASH * clashes(&truths)
        - UNEVEN * unevenness(&truths)
        - if is_outfit(&truths) { 0.0 } else { NO_OUTFIT }
}

/// Steps of formality apart beyond the first.
fn unevenness(truths: &[&Truth]) -> f64 {
    let seen = truths.iter().filter(|t| visibility(t.category) > 0.5);
    let (least, most) = seen.fold((5.0, 1.0), |(least, most), truth| {
        (
            f64::min(least, truth.formality),
            f64::max(most, truth.formality),
        )
    });
    (most - least - 1.0).max(0.0)
}

/// How much a garment is like the one in a photo, 0 to 1.
fn alike(truth: &Truth, photo: &Truth) -> f64 {
    let colour = if truth.colour == photo.colour {
        0.3
    } else if is_near(&truth.colour, &photo.colour) {
        0.15
    } else {
        0.0
    };
    let kind = f64::from(u8::from(truth.category == photo.category));
    let pattern = f64::from(u8::from(truth.pattern == photo.pattern));
    0.5 * kind + colour + 0.2 * pattern
}

/// 1 when the clothes are as warm as the day asks for, −1 from eight degrees off.
///
/// The rule of 26 degrees that Japanese weather services teach: what the layers of the upper body add, in degrees, and
/// the temperature of the day should come to 26 °C. A grade of warmth counts for about a degree, more in outer layers.
fn comfort(truths: &[&Truth], temperature: f64) -> f64 {
    (1.0 - degrees_missing(truths, temperature).abs() / 4.0).max(-1.0)
}

/// How many degrees the clothes should add beyond what they do.
fn degrees_missing(truths: &[&Truth], temperature: f64) -> f64 {
    let added = truths.iter().map(|truth| match truth.category.slot() {
        Some(Slot::Top | Slot::OnePiece) => truth.warmth,
        Some(Slot::Outer) => 1.5 * truth.warmth,
        _ => 0.0,
    });
    26.0 - temperature - added.sum::<f64>()
}

/// Pairs of bright large pieces whose colours are neither the same nor neighbours.
fn clashes(truths: &[&Truth]) -> f64 {
    let bright: Vec<&&Truth> = truths
        .iter()
        .filter(|t| visibility(t.category) >= 1.0 && !is_neutral(t))
        .collect();
    let mut count = 0.0;
    for (n, a) in bright.iter().enumerate() {
        let far = bright[n + 1..]
            .iter()
            .filter(|b| !is_near(&a.colour, &b.colour));
        count += far.count() as f64;
    }
    count
}

/// Whether these garments can be worn together, whatever the models took them for.
pub(super) fn is_outfit(truths: &[&Truth]) -> bool {
    let count = |slot| {
        let all = truths.iter().filter(|t| t.category.slot() == Some(slot));
        all.count()
    };
    let base = (count(Slot::Top), count(Slot::Bottom), count(Slot::OnePiece));
    matches!(base, (1 | 2, 1, 0) | (0, 0, 1)) && count(Slot::Shoes) <= 1 && count(Slot::Outer) <= 1
}

fn is_neutral(truth: &Truth) -> bool {
    NEUTRALS.contains(&truth.colour.as_str())
}

fn is_plain(truth: &Truth) -> bool {
    PLAIN.contains(&truth.pattern.as_str())
}

/// How much of an outfit a garment is.
fn visibility(category: Category) -> f64 {
    match category.slot() {
        Some(Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Outer) | None => 1.0,
        Some(Slot::Shoes) => 0.6,
        Some(Slot::Headwear | Slot::Bag | Slot::Accessory) => 0.3,
    }
}

/// Box & Muller 1958.
fn normal(chance: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - chance.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * chance.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn garment(category: Category, colour: &str) -> Truth {
        Truth {
            category,
            colour: colour.to_owned(),
            pattern: "plain".to_owned(),
            formality: 2.0,
            warmth: 2.0,
        }
    }

    fn worth(liking: &Liking, truths: &[&Truth]) -> f64 {
        let outfit: Vec<Worn<'_>> = truths
            .iter()
            .map(|truth| Worn { truth, days: None })
            .collect();
        let day = Day {
            temperature: 20.0,
            photo: None,
        };
        liking.worth(&outfit, &day)
    }

    #[test]
    fn tastes_order_outfits_and_common_sense_holds_for_all() {
        let (red, grey) = (
            garment(Category::TShirt, "red"),
            garment(Category::TShirt, "grey"),
        );
        let jeans = garment(Category::Jeans, "navy");
        let lover = Liking {
            colourful: 1.0,
            ..Liking::default()
        };
        assert!(worth(&lover, &[&red, &jeans]) > worth(&lover, &[&grey, &jeans]));
        let nobody = Liking::default();
        assert!((worth(&nobody, &[&red, &jeans]) - worth(&nobody, &[&grey, &jeans])).abs() < 1e-9);
        let green = garment(Category::Skirt, "green");
        assert!(worth(&nobody, &[&red, &green]) < worth(&nobody, &[&red, &jeans]));
        assert!(worth(&nobody, &[&red, &grey]) < worth(&nobody, &[&red, &jeans]));
    }
}
