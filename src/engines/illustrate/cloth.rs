//! What a part is made of: dye, printed pattern, and the texture of its weave.
use crate::engines::illustrate::palette::Rgb;

/// How the threads lie, which shows as fine shading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weave {
    /// T-shirt cloth: almost flat.
    Jersey,
    /// Twill with flecks.
    Denim,
    /// Rows of V-shaped stitches.
    Knit,
    /// Narrow vertical ribs: cuffs, hems, beanies.
    Rib,
    /// Felted, slightly mottled.
    Wool,
    /// Smooth with a sheen.
    Leather,
    /// Plaited straw.
    Straw,
    /// Rubber and foam: flat.
    Rubber,
}

impl Weave {
    /// The brightness of the thread at a place of the cloth: a factor around 1.
    pub(crate) fn thread(self, u: f32, v: f32, seed: u32) -> f32 {
        let fleck = grain(u as i32, v as i32, seed);
        match self {
            Self::Jersey => 1.0 + 0.025 * fleck,
            Self::Denim => {
                1.0 + 0.035 * ((u + v) * 1.7).sin()
                    + 0.09 * fleck * grain((u / 2.0) as i32, (v / 5.0) as i32, seed)
            }
            Self::Knit => knit(u, v) + 0.02 * fleck,
            Self::Rib => 1.0 + 0.075 * (u * 0.60).cos() + 0.02 * fleck,
            Self::Wool => {
                1.0 + 0.035 * fleck + 0.03 * grain((u / 3.0) as i32, (v / 3.0) as i32, seed)
            }
            Self::Leather => 1.0 + 0.012 * fleck,
            Self::Straw => 1.0 + 0.07 * (u * 0.75).sin() * (v * 0.75).sin() + 0.04 * fleck,
            Self::Rubber => 1.0 + 0.008 * fleck,
        }
    }

    /// How strongly the part catches the light from above left.
    pub(crate) fn sheen(self) -> f32 {
        match self {
            Self::Leather => 0.62,
            Self::Wool | Self::Knit | Self::Rib => 0.40,
            Self::Jersey | Self::Denim | Self::Straw | Self::Rubber => 0.32,
        }
    }
}

/// Columns of stitches, each a V pointing down.
fn knit(u: f32, v: f32) -> f32 {
    let column = (u / 11.0).rem_euclid(1.0);
    let arm = (column - 0.5).abs();
    let row = (v / 9.0 + arm * 1.5).rem_euclid(1.0);
    let groove = if arm > 0.42 { 0.10 } else { 0.0 };
    1.0 + 0.085 * (row * std::f32::consts::TAU).sin() - groove + 0.02
}

/// Repeatable noise from -1 to 1.
pub(crate) fn grain(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1)
        ^ (y as u32).wrapping_mul(0x85EB_CA77)
        ^ seed.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    ((h ^ (h >> 15)) & 0xFFFF) as f32 / 32767.5 - 1.0
}

/// The material of one part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cloth {
    /// The ground colour.
    pub(crate) colour: Rgb,
    /// The colour of the pattern.
    pub(crate) accent: Rgb,
    /// The printed pattern, in the words of the model pack.
    pub(crate) pattern: &'static str,
    /// The texture.
    pub(crate) weave: Weave,
    /// How far the cloth is turned, clockwise, in degrees.
    pub(crate) grain: f32,
}

impl Cloth {
    /// Undecorated cloth.
    pub(crate) fn plain(colour: Rgb, weave: Weave) -> Self {
        Self {
            colour,
            accent: colour.contrast(0.3),
            pattern: "plain",
            weave,
            grain: 0.0,
        }
    }

    /// The same cloth without its pattern, as used for trimmings.
    pub(crate) fn unprinted(self) -> Self {
        Self {
            pattern: "plain",
            ..self
        }
    }

    /// The same cloth, turned.
    pub(crate) fn turned(self, degrees: f32) -> Self {
        Self {
            grain: self.grain + degrees,
            ..self
        }
    }

    /// The same cloth as the mirror shows it.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            grain: -self.grain,
            ..self
        }
    }

    /// The same cloth in another weave.
    pub(crate) fn woven(self, weave: Weave) -> Self {
        Self { weave, ..self }
    }

    /// The same cloth dyed plainly in another colour.
    pub(crate) fn dyed(self, colour: Rgb) -> Self {
        Self {
            colour,
            pattern: "plain",
            ..self
        }
    }

    /// The inside of the garment: unprinted and in shade.
    pub(crate) fn inside(self) -> Self {
        self.dyed(self.colour.darker(if self.colour.lightness() > 0.75 {
            0.16
        } else {
            0.32
        }))
    }
}
