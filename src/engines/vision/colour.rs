//! The colours of a garment: measured on its pixels, named by the nearest known colour.
//!
//! Photos are taken in poor light, so names stand for what a colour looks like in photos at home: the table
//! was fitted to annotated ones and held to what the names mean on a screen.
use super::{
    mask::Mask,
    oklab::{self, Cluster, Lab},
    photo::Photo,
};

/// One colour of a garment.
#[derive(Debug, Clone, PartialEq)]
pub struct Colour {
    /// Its common name.
    pub name: &'static str,
    /// `#rrggbb`.
    pub hex: String,
    /// Lightness, green–red, blue–yellow.
    pub oklab: [f32; 3],
    /// Share of the garment.
    pub share: f32,
}

/// Groups of similar pixels that are looked at.
const GROUPS: usize = 6;
/// Smaller colours are seams, shadows and what the mask missed.
const SMALLEST: f32 = 0.05;
/// Groups the ground is reduced to, and the share of it from which one counts.
const GROUND_GROUPS: usize = 3;
const GROUND_SHARE: f32 = 0.15;
/// A group this near to the ground (squared distance) is taken for it.
const SAME_AS_GROUND: f32 = 0.004;
/// Lightness depends on the lamp: it counts this much (squared) beside hue.
const LIGHTNESS: f32 = 0.2;
/// How fast a name gets less likely with the squared distance.
const SHARPNESS: f32 = 1926.0;
/// A group goes by the garment's colour when that name is at least this likely compared with its best one.
const LIKELY: f32 = 0.3;

/// What is left for names that the network rules out, and how much it counts beside the pixels.
const DOUBT: f32 = 0.02;
const TRUST: f32 = 1.0;

/// What the names look like in photos: lightness, green–red, blue–yellow.
const NAMES: [(&str, &[Lab]); 18] = [
    ("black", &[[0.233, -0.033, 0.016]]),
    ("white", &[[0.789, -0.022, -0.003]]),
    ("grey", &[[0.568, -0.017, 0.014], [0.740, -0.028, -0.001]]),
    ("beige", &[[0.659, 0.007, 0.050], [0.820, 0.010, 0.081]]),
    ("brown", &[[0.491, 0.041, 0.072], [0.442, 0.052, 0.074]]),
    ("navy", &[[0.269, -0.010, -0.064]]),
    ("blue", &[[0.553, -0.017, -0.057], [0.543, -0.049, -0.213]]),
    (
        "light-blue",
        &[[0.715, -0.031, -0.029], [0.816, -0.044, -0.053]],
    ),
    ("green", &[[0.552, -0.044, 0.028], [0.669, -0.104, 0.090]]),
    ("olive", &[[0.564, -0.022, 0.049], [0.513, -0.018, 0.073]]),
    ("yellow", &[[0.812, -0.012, 0.096]]),
    ("orange", &[[0.694, 0.094, 0.102]]),
    ("red", &[[0.515, 0.120, 0.038], [0.565, 0.228, 0.120]]),
    ("burgundy", &[[0.393, 0.109, 0.015]]),
    ("pink", &[[0.686, 0.055, 0.021], [0.738, 0.156, -0.002]]),
    ("purple", &[[0.474, 0.072, -0.051], [0.617, 0.048, -0.048]]),
    ("teal", &[[0.560, -0.050, -0.032], [0.655, -0.100, -0.029]]),
    ("cream", &[[0.883, 0.022, 0.085]]),
];

/// The colours of the garment under `mask`: the main one, then the others by their share. The shares add up to one.
///
/// `said` is how likely a network holds each name to be the main colour, or empty. It settles what pixels cannot:
/// a white shirt in the shade and a grey one look alike.
pub(super) fn measure(photo: &Photo, mask: &Mask, said: &[(String, f32)]) -> Vec<Colour> {
    let (pixels, _) = photo.rgb().as_chunks::<3>();
    let garment = pixels
        .iter()
        .enumerate()
        .filter(|(i, _)| mask.is_garment(*i));
    let points: Vec<Lab> = garment.map(|(_, rgb)| oklab::from_srgb(*rgb)).collect();
    let groups = oklab::clusters(&points, GROUPS, 8);
    let mut colours = named(&groups, &ground(pixels, mask), said);
    if let Some((_, others)) = colours.split_first_mut() {
        others.sort_by(|a, b| b.share.total_cmp(&a.share));
    }
    // The main one always stays.
    let mut is_main = true;
    colours.retain(|c| std::mem::take(&mut is_main) || c.share >= SMALLEST);
    let total: f32 = colours.iter().map(|c| c.share).sum();
    colours.iter_mut().for_each(|c| c.share /= total);
    colours
}

/// The colours of what the garment lies on.
fn ground(pixels: &[[u8; 3]], mask: &Mask) -> Vec<Cluster> {
    let outside = pixels
        .iter()
        .enumerate()
        .filter(|(i, _)| !mask.is_garment(*i));
    let points: Vec<Lab> = outside.map(|(_, rgb)| oklab::from_srgb(*rgb)).collect();
    let mut groups = oklab::clusters(&points, GROUND_GROUPS, 6);
    groups.retain(|group| group.weight >= GROUND_SHARE);
    groups
}

/// Whether the mask took this group from the ground: it has the ground's colour, or lies in its shade.
fn is_of(ground: &[Cluster], group: &Cluster) -> bool {
    ground
        .iter()
        .any(|g| apart(&g.centre, &group.centre) < SAME_AS_GROUND)
}

/// How much each name is favoured for the main colour.
fn beliefs(said: &[(String, f32)]) -> [f32; 18] {
    if said.is_empty() {
        return [1.0; 18];
    }
    NAMES.map(|(name, _)| {
        let probability = said
            .iter()
            .find(|(n, _)| n == name)
            .map_or(0.0, |(_, p)| *p);
        (probability + DOUBT).powf(TRUST)
    })
}

/// Gathers groups under the name that fits most of the garment, then the rest under the next.
///
/// Folds and shadows split one colour into several groups; what could be the garment's colour, is. What `said` believes
/// weighs names and groups when the main colour is chosen. What looks like the ground is left out of the others only:
/// a white shirt may lie on white.
fn named(groups: &[Cluster], ground: &[Cluster], said: &[(String, f32)]) -> Vec<Colour> {
    let beliefs = beliefs(said);
    let believed = |group: &Cluster| {
        let mut odds = odds(&group.centre);
        odds.iter_mut().zip(&beliefs).for_each(|(o, b)| *o *= b);
        (*group, odds)
    };
    let mut left: Vec<Named> = groups.iter().map(believed).collect();
    let Some(main) = take_most(&mut left, &beliefs) else {
        return vec![];
    };
    let mut colours = vec![main];
    left.retain(|(group, _)| !is_of(ground, group));
    // The others are named for themselves.
    left.iter_mut()
        .for_each(|(group, own)| *own = odds(&group.centre));
    while let Some(next) = take_most(&mut left, &[1.0; 18]) {
        match colours.iter_mut().find(|c| c.0 == next.0) {
            Some((_, known)) => known.extend(next.1),
            None => colours.push(next),
        }
    }
    colours
        .iter()
        .map(|(name, same)| mixed(NAMES[*name].0, same))
        .collect()
}

/// A group of pixels and how well each name fits it.
type Named = (Cluster, [f32; 18]);

/// Takes the name with most votes and the groups that go by it; `None` when no group is left.
fn take_most(left: &mut Vec<Named>, beliefs: &[f32; 18]) -> Option<(usize, Vec<Named>)> {
    if left.is_empty() {
        return None;
    }
    let mut votes = [0.0_f32; 18];
    for (group, odds) in left.iter() {
        let all: f32 = odds.iter().sum();
        for ((vote, odds), belief) in votes.iter_mut().zip(odds).zip(beliefs) {
            *vote += group.weight * odds / all * belief;
        }
    }
    let winner = largest(&votes);
    let is_it = |odds: &[f32; 18]| odds[winner] >= LIKELY * odds[largest(odds)];
    let (mut same, rest): (Vec<Named>, Vec<Named>) =
        left.drain(..).partition(|(_, odds)| is_it(odds));
    *left = rest;
    if same.is_empty() {
        // The winner is everybody's second choice: no group has to follow it.
        same.append(left);
    }
    Some((winner, same))
}

fn mixed(name: &'static str, groups: &[Named]) -> Colour {
    let share: f32 = groups.iter().map(|(group, _)| group.weight).sum();
    let mut oklab = [0.0; 3];
    for (group, _) in groups {
        for (sum, value) in oklab.iter_mut().zip(group.centre) {
            *sum += value * group.weight / share;
        }
    }
    let [r, g, b] = oklab::to_srgb(oklab);
    Colour {
        name,
        hex: format!("#{r:02x}{g:02x}{b:02x}"),
        oklab,
        share,
    }
}

/// How well each name fits, up to a factor: the nearest sample of a name is 1 or the best is.
fn odds(lab: &Lab) -> [f32; 18] {
    let distance = |sample: &Lab| apart(lab, sample);
    let nearest = NAMES.iter().flat_map(|(_, samples)| samples.iter());
    let best = nearest.map(distance).fold(f32::INFINITY, f32::min);
    NAMES.map(|(_, samples)| {
        let fits = samples.iter().map(distance);
        fits.map(|d| (-(d - best) * SHARPNESS).exp()).sum()
    })
}

/// Squared distance that forgives the lamp and the shade.
fn apart(a: &Lab, b: &Lab) -> f32 {
    let lightness = a[0] - b[0];
    oklab::distance2(&[0.0, a[1], a[2]], &[0.0, b[1], b[2]]) + LIGHTNESS * lightness * lightness
}

/// Index of the largest, the first of equals.
fn largest(values: &[f32; 18]) -> usize {
    let mut best = 0;
    for (i, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = i;
        }
    }
    best
}
