//! Garments drawn from measures: the demo wardrobe, and any number of others for tests and benchmarks.
//!
//! A drawing is a function of its design and a seed: the same two give the same pixels.
mod brush;
mod canvas;
mod cloth;
mod designs;
mod folds;
mod palette;
mod patterns;
mod random;
mod relief;
mod shapes;
mod silhouettes;
mod spread;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub use designs::{Design, demo_wardrobe};
pub use random::random_design;
pub use silhouettes::Cut;
pub use spread::style_pieces;

use crate::base::garment::Category;
use crate::engines::illustrate::canvas::{HEIGHT, SURFACES, Sheet, WIDTH};
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::palette::dye;
use crate::engines::illustrate::silhouettes::Model;

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green and blue of every pixel, row by row.
    pub rgb: Vec<u8>,
}

impl Design {
    /// Draws the garment lying on a plain light surface; the seed varies how it lies and how its pattern falls.
    #[must_use]
    pub fn draw(&self, seed: u64) -> Drawing {
        photograph(&self.sheet(seed), seed)
    }

    /// Lays the garment on an empty sheet.
    fn sheet(&self, seed: u64) -> Sheet {
        let chance = &mut StdRng::seed_from_u64(seed);
        let (tilt, scale) = (
            chance.random_range(-1.6..1.6),
            chance.random_range(0.975..1.015),
        );
        let mut sheet = Sheet::new(seed, tilt, scale);
        let colour = dye(self.colour);
        let accent = self.colour2.map_or_else(|| colour.contrast(0.35), dye);
        let cloth = Cloth {
            colour,
            accent,
            pattern: self.pattern,
            weave: self.weave(),
            grain: 0.0,
        };
        let model = Model {
            cloth,
            cut: self.cut,
            sleeve: self.sleeve,
            variant: chance.random(),
        };
        silhouettes::draw(&mut sheet, self.category, &model);
        sheet
    }

    /// The texture that the kind of garment usually has.
    fn weave(&self) -> Weave {
        if self.pattern == "knit" {
            return Weave::Knit;
        }
        if self.pattern == "denim-wash" || self.cut == Cut::Trucker {
            return Weave::Denim;
        }
        let is_knitted = matches!(
            self.category,
            Category::Sweater | Category::Cardigan | Category::Beanie
        );
        let is_felted = matches!(
            self.category,
            Category::Coat | Category::Blazer | Category::Hat | Category::Scarf
        );
        if is_knitted || (self.category == Category::Vest && self.cut == Cut::VNeck) {
            Weave::Knit
        } else if self.category == Category::Hat && self.warmth <= 2 {
            Weave::Straw
        } else if is_felted && self.warmth >= 3 {
            Weave::Wool
        } else {
            Weave::Jersey
        }
    }
}

fn photograph(sheet: &Sheet, seed: u64) -> Drawing {
    let surface = SURFACES[(seed % SURFACES.len() as u64) as usize];
    Drawing {
        width: WIDTH,
        height: HEIGHT,
        rgb: sheet.photograph(surface),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::LazyLock;

    use super::*;
    use crate::engines::illustrate::palette::Rgb;

    type Drawn = (Design, Drawing, Vec<u8>);

    /// The demo wardrobe, drawn by two threads: it takes a while where nothing is optimised.
    static DRAWN: LazyLock<Vec<Drawn>> = LazyLock::new(|| {
        let draw = |(seed, design): (u64, Design)| {
            let sheet = design.sheet(seed);
            (design, photograph(&sheet, seed), sheet.alpha())
        };
        let mut first: Vec<(u64, Design)> = (0..).zip(demo_wardrobe()).collect();
        let second = first.split_off(first.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(move || second.into_iter().map(draw).collect::<Vec<Drawn>>());
            let mut all: Vec<Drawn> = first.into_iter().map(draw).collect();
            all.extend(other.join().unwrap());
            all
        })
    });

    fn coverage(alpha: &[u8]) -> f64 {
        alpha.iter().filter(|a| **a > 127).count() as f64 / alpha.len() as f64
    }

    /// The share of the garment's pixels whose colour is about the given one.
    fn share_near(drawing: &Drawing, alpha: &[u8], colour: Rgb) -> f64 {
        let wanted = [colour.0, colour.1, colour.2];
        let garment: Vec<&[u8]> = drawing
            .rgb
            .chunks_exact(3)
            .zip(alpha)
            .filter(|(_, a)| **a == 255)
            .map(|(pixel, _)| pixel)
            .collect();
        let is_near = |pixel: &&&[u8]| {
            let squares = pixel
                .iter()
                .zip(wanted)
                .map(|(a, b)| (f64::from(*a) - f64::from(b)).powi(2));
            squares.sum::<f64>().sqrt() < 50.0
        };
        garment.iter().filter(is_near).count() as f64 / garment.len() as f64
    }

    #[test]
    fn every_design_fills_a_fair_part_of_the_picture() {
        for (design, drawing, alpha) in DRAWN.iter() {
            assert_eq!(
                drawing.rgb.len(),
                (drawing.width * drawing.height * 3) as usize
            );
            let covered = coverage(alpha);
            assert!(
                (0.15..0.80).contains(&covered),
                "{} covers {covered}",
                design.name
            );
        }
    }

    #[test]
    fn every_garment_has_the_colour_its_design_says() {
        for (design, drawing, alpha) in DRAWN.iter() {
            let share = share_near(drawing, alpha, dye(design.colour));
            let least = if matches!(design.pattern, "plain" | "knit" | "denim-wash") {
                0.4
            } else {
                0.25
            };
            assert!(
                share > least,
                "{}: {share} of it is {}",
                design.name,
                design.colour
            );
        }
    }

    #[test]
    fn no_garment_touches_the_edge_of_the_picture() {
        for (design, _, alpha) in DRAWN.iter() {
            let width = WIDTH as usize;
            let rows = alpha
                .chunks_exact(width)
                .all(|row| row[0] == 0 && row[width - 1] == 0);
            let ends = alpha[..width]
                .iter()
                .chain(&alpha[alpha.len() - width..])
                .all(|a| *a == 0);
            assert!(rows && ends, "{} is cut off", design.name);
        }
    }

    #[test]
    fn the_same_design_and_seed_give_the_same_pixels() {
        for (seed, (design, drawing, _)) in DRAWN.iter().enumerate().step_by(9) {
            assert_eq!(&design.draw(seed as u64), drawing, "{}", design.name);
            assert_ne!(&design.draw(seed as u64 + 1), drawing, "{}", design.name);
        }
    }

    #[test]
    fn no_two_designs_look_the_same() {
        let distinct: HashSet<&[u8]> = DRAWN
            .iter()
            .map(|(_, drawing, _)| drawing.rgb.as_slice())
            .collect();
        assert_eq!(distinct.len(), DRAWN.len());
        let names: HashSet<&str> = DRAWN.iter().map(|(design, ..)| design.name).collect();
        assert_eq!(names.len(), DRAWN.len());
    }

    #[test]
    fn the_demo_wardrobe_speaks_the_words_of_the_model_pack() {
        let patterns = "plain striped checked floral dotted graphic lettering camouflage animal colour-block denim-wash knit lace geometric paisley tie-dye other";
        let random = (0..400).map(random_design);
        for design in demo_wardrobe().into_iter().chain(random) {
            assert!(
                patterns.split(' ').any(|word| word == design.pattern),
                "{}",
                design.pattern
            );
            assert!(
                "none short three-quarter long na"
                    .split(' ')
                    .any(|word| word == design.sleeve),
                "{}",
                design.sleeve
            );
            assert!((1..=5).contains(&design.formality) && (1..=5).contains(&design.warmth));
            let colours = [Some(design.colour), design.colour2];
            assert!(
                colours
                    .into_iter()
                    .flatten()
                    .all(|name| palette::PALETTE.iter().any(|(known, _)| *known == name))
            );
            assert!(design.category.slot().is_some(), "{}", design.name);
        }
    }

    #[test]
    fn every_category_can_be_drawn() {
        let shown: HashSet<Category> = demo_wardrobe().iter().map(|d| d.category).collect();
        let others = Category::ALL.iter().filter(|c| !shown.contains(c));
        for (at, category) in others.enumerate() {
            let design = Design {
                category: *category,
                ..random_design(at as u64)
            };
            assert!(
                coverage(&design.sheet(at as u64).alpha()) > 0.08,
                "{category}"
            );
        }
    }
}
