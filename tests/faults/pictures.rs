//! As many different photos as one likes, at little cost: a few drawings, each with a number stamped on it.
use flashfit::engines::{
    illustrate::{Design, demo_wardrobe},
    vision::Photo,
};

/// Small, so that much happens in a short life.
const LONGEST_SIDE: u32 = 240;
/// Bits of the number, and the size of the block that shows one.
const BITS: u32 = 16;
const BLOCK: u32 = 8;

/// What is drawn: enough for a few outfits.
const CATEGORIES: [&str; 6] = ["t-shirt", "shirt", "jeans", "trousers", "sneakers", "boots"];

/// Drawings to make photos from.
pub(crate) struct Pictures(Vec<(Design, Photo)>);

impl Pictures {
    pub(crate) fn draw() -> Self {
        let designs = demo_wardrobe();
        let find = |category: &str| designs.iter().find(|d| d.category.name() == category);
        let drawn = CATEGORIES.iter().map(|category| {
            let design = find(category).unwrap();
            let drawing = design.draw(1);
            let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb).unwrap();
            (*design, photo.shrunk(LONGEST_SIDE))
        });
        Self(drawn.collect())
    }

    /// The first photos: one of each drawing, and what it is of.
    pub(crate) fn first(&self) -> Vec<(u32, &Design)> {
        (0..).zip(self.0.iter().map(|(design, _)| design)).collect()
    }

    /// The photo with this number, as a JPEG file: another number, another file.
    pub(crate) fn jpeg(&self, number: u32) -> Vec<u8> {
        let (_, photo) = &self.0[number as usize % self.0.len()];
        let (width, mut rgb) = (photo.width() as usize, photo.rgb().to_vec());
        for (at, pixel) in rgb.chunks_exact_mut(3).enumerate() {
            let bit = (at % width) as u32 / BLOCK;
            if at / width < BLOCK as usize && bit < BITS {
                pixel.fill(if number >> bit & 1 == 1 { 0 } else { 255 });
            }
        }
        let stamped = Photo::from_rgb(photo.width(), photo.height(), rgb).unwrap();
        stamped.to_jpeg(85).unwrap()
    }
}
