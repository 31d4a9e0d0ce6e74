//! Colour harmony and contrast in `OKLCH`.
//!
//! `OKLab` is perceptually even (Ottosson, "A perceptual color space for image processing", 2020), so an angle
//! of hue means the same everywhere on the wheel. Which angles are pleasant follows the hue templates of
//! Matsuda as given by Cohen-Or et al., "Color Harmonization", SIGGRAPH 2006: one hue, neighbours, opposites
//! and thirds; the angles between those are what people call a clash. Neutrals go with everything.
use crate::base::garment::Slot;
use crate::engines::ranking::model::{Garment, Tint};

/// Below this chroma a colour reads as grey, black, white or beige.
const NEUTRAL_CHROMA: f32 = 0.045;
/// Dark colours read as neutral sooner: navy, dark brown.
const DARK_NEUTRAL_CHROMA: f32 = 0.075;
const DARK_LIGHTNESS: f32 = 0.38;
/// From this chroma on a colour is loud, and a clash counts fully.
const LOUD_CHROMA: f32 = 0.16;
/// More tints than these say little about a garment.
const MOST_TINTS: usize = 3;
/// Hues closer than this count as one.
const SAME_HUE_DEGREES: f32 = 30.0;
/// So many different hues are fine, and each further one costs this much.
const FREE_HUES: usize = 3;
const EXTRA_HUE: f32 = 0.4;

/// Harmony of two loud hues, by the angle between them in degrees; straight lines between the points.
const BY_ANGLE: [(f32, f32); 9] = [
    (0.0, 0.6),
    (25.0, 0.6),
    (45.0, 0.5),
    (75.0, -0.5),
    (95.0, -0.7),
    (120.0, 0.2),
    (145.0, -0.1),
    (165.0, 0.5),
    (180.0, 0.6),
];
const BOTH_NEUTRAL: f32 = 0.6;
const ONE_NEUTRAL: f32 = 0.7;

/// How two colours relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engines::ranking) enum Relation {
    Neutral,
    OneHue,
    Neighbours,
    Thirds,
    Opposites,
    Clash,
}

#[derive(Debug, Clone, Copy)]
struct Shade {
    lightness: f32,
    chroma: f32,
    /// Degrees.
    hue: f32,
    share: f32,
    is_neutral: bool,
}

/// The colours of a garment, ready to be compared.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::ranking) struct Palette {
    shades: Vec<Shade>,
    /// How much of the outfit the garment is, 0 to 1.
    visibility: f32,
}

impl Palette {
    pub(in crate::engines::ranking) fn new(garment: &Garment) -> Self {
        let mut shades: Vec<Shade> = garment.colours.iter().filter_map(Shade::new).collect();
        shades.sort_by(|a, b| b.share.total_cmp(&a.share));
        shades.truncate(MOST_TINTS);
        let total: f32 = shades.iter().map(|shade| shade.share).sum();
        for shade in &mut shades {
            shade.share /= total;
        }
        Self {
            shades,
            visibility: visibility(garment.slot),
        }
    }

    fn main(&self) -> Option<&Shade> {
        self.shades.first()
    }

    /// Lightness of the garment as a whole, 0 to 1.
    fn lightness(&self) -> Option<f32> {
        (!self.shades.is_empty()).then(|| self.shades.iter().map(|s| s.lightness * s.share).sum())
    }
}

impl Shade {
    fn new(tint: &Tint) -> Option<Self> {
        let [lightness, a, b] = tint.oklab;
        if !(lightness.is_finite() && a.is_finite() && b.is_finite()) || tint.share.is_nan() {
            return None;
        }
        let lightness = lightness.clamp(0.0, 1.0);
        let chroma = a.hypot(b).min(0.5);
        let neutral_below = if lightness < DARK_LIGHTNESS {
            DARK_NEUTRAL_CHROMA
        } else {
            NEUTRAL_CHROMA
        };
        Some(Self {
            lightness,
            chroma,
            hue: b.atan2(a).to_degrees(),
            share: tint.share.clamp(0.01, 1.0),
            is_neutral: chroma < neutral_below,
        })
    }
}

/// Harmony of two garments, −1 to 1; 0 when a colour is unknown.
pub(in crate::engines::ranking) fn pair(a: &Palette, b: &Palette) -> f32 {
    let mut sum = 0.0;
    for x in &a.shades {
        for y in &b.shades {
            sum += x.share * y.share * shades(x, y);
        }
    }
    sum
}

/// How much a pair counts in its outfit.
pub(in crate::engines::ranking) fn pair_weight(a: &Palette, b: &Palette) -> f32 {
    a.visibility * b.visibility
}

/// What many hues at once cost, 0 or below.
pub(in crate::engines::ranking) fn too_many_hues<'a>(
    palettes: impl Iterator<Item = &'a Palette>,
) -> f32 {
    let mut hues = [0.0_f32; 16];
    let mut count = 0;
    for shade in palettes.filter_map(Palette::main) {
        let is_new = hues[..count]
            .iter()
            .all(|hue| angle(*hue, shade.hue) > SAME_HUE_DEGREES);
        if !shade.is_neutral && is_new && count < hues.len() {
            hues[count] = shade.hue;
            count += 1;
        }
    }
    -EXTRA_HUE * count.saturating_sub(FREE_HUES) as f32
}

/// Difference of lightness of two large garments as a value, −0.3 (flat) to 1; `None` when unknown.
pub(in crate::engines::ranking) fn contrast(a: &Palette, b: &Palette) -> Option<f32> {
    let difference = (a.lightness()? - b.lightness()?).abs();
    Some(interpolate(
        &[
            (0.0, -0.3),
            (0.08, -0.1),
            (0.3, 1.0),
            (0.6, 0.8),
            (1.0, 0.4),
        ],
        difference,
    ))
}

/// How the main colours of two garments relate.
pub(in crate::engines::ranking) fn relation(a: &Palette, b: &Palette) -> Option<Relation> {
    let (a, b) = (a.main()?, b.main()?);
    if a.is_neutral || b.is_neutral {
        return Some(Relation::Neutral);
    }
    let angle = angle(a.hue, b.hue);
    Some(match angle {
        _ if angle <= 25.0 => Relation::OneHue,
        _ if angle <= 55.0 => Relation::Neighbours,
        _ if (110.0..=130.0).contains(&angle) => Relation::Thirds,
        _ if angle >= 155.0 => Relation::Opposites,
        _ => Relation::Clash,
    })
}

fn shades(a: &Shade, b: &Shade) -> f32 {
    match (a.is_neutral, b.is_neutral) {
        (true, true) => return BOTH_NEUTRAL,
        (true, false) | (false, true) => return ONE_NEUTRAL,
        (false, false) => {}
    }
    let harmony = interpolate(&BY_ANGLE, angle(a.hue, b.hue));
    let loudness = (a.chroma.min(b.chroma) / LOUD_CHROMA).min(1.0);
    // Two muted colours are half-way to neutral, whatever their hues.
    loudness * harmony + (1.0 - loudness) * 0.5 * (harmony + BOTH_NEUTRAL)
}

/// Degrees between two hues, 0 to 180.
fn angle(a: f32, b: f32) -> f32 {
    let difference = (a - b).abs() % 360.0;
    difference.min(360.0 - difference)
}

/// The value at `x` on the polyline through `points`, which ascend.
pub(in crate::engines::ranking) fn interpolate(points: &[(f32, f32)], x: f32) -> f32 {
    let mut before = points[0];
    for &(px, py) in points {
        if x <= px {
            let width = px - before.0;
            return if width <= 0.0 {
                py
            } else {
                before.1 + (py - before.1) * ((x - before.0) / width).clamp(0.0, 1.0)
            };
        }
        before = (px, py);
    }
    before.1
}

const fn visibility(slot: Slot) -> f32 {
    match slot {
        Slot::Top | Slot::Bottom | Slot::OnePiece | Slot::Outer => 1.0,
        Slot::Shoes => 0.5,
        Slot::Bag => 0.4,
        Slot::Headwear | Slot::Accessory => 0.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette(lightness: f32, chroma: f32, hue: f32) -> Palette {
        let radians = hue.to_radians();
        let tint = Tint {
            oklab: [lightness, chroma * radians.cos(), chroma * radians.sin()],
            share: 1.0,
            name: String::new(),
        };
        Palette {
            shades: vec![Shade::new(&tint).unwrap()],
            visibility: 1.0,
        }
    }

    #[test]
    fn the_rules_of_the_wheel_hold() {
        let (red, green) = (palette(0.6, 0.2, 30.0), palette(0.6, 0.2, 120.0));
        let (cyan, orange) = (palette(0.7, 0.2, 210.0), palette(0.7, 0.2, 50.0));
        let (grey, navy) = (palette(0.6, 0.01, 0.0), palette(0.28, 0.07, 260.0));
        assert!(pair(&red, &green) < 0.0, "a clash");
        assert!(pair(&red, &cyan) > 0.4, "opposites");
        assert!(pair(&red, &orange) > 0.4, "neighbours");
        assert!(
            pair(&grey, &navy) > 0.5 && pair(&red, &navy) > 0.5,
            "neutrals"
        );
        assert_eq!(relation(&red, &cyan), Some(Relation::Opposites));
        assert_eq!(relation(&red, &green), Some(Relation::Clash));
        let muted = (palette(0.6, 0.06, 30.0), palette(0.6, 0.06, 120.0));
        assert!(
            pair(&muted.0, &muted.1) > pair(&red, &green),
            "muted colours clash less"
        );
        let hues: Vec<Palette> = (0..5).map(|i| palette(0.6, 0.2, 72.0 * i as f32)).collect();
        assert!(too_many_hues(hues.iter()) < -0.7);
        assert_eq!(too_many_hues([&red, &orange, &grey].into_iter()), 0.0);
    }

    #[test]
    fn unknown_colours_say_nothing() {
        assert_eq!(pair(&Palette::default(), &palette(0.5, 0.2, 0.0)), 0.0);
        assert_eq!(contrast(&Palette::default(), &Palette::default()), None);
        assert_eq!(relation(&Palette::default(), &Palette::default()), None);
    }

    #[test]
    fn the_polyline_has_no_gaps() {
        let mut last = interpolate(&BY_ANGLE, -10.0);
        for step in 0..2_000 {
            let next = interpolate(&BY_ANGLE, step as f32 * 0.1);
            assert!((next - last).abs() < 0.02);
            last = next;
        }
        assert_eq!(interpolate(&BY_ANGLE, 180.0), 0.6);
    }
}
