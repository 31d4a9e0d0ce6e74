//! The same photo taken again, roughly: mirrored, cropped, under another lamp, compressed.
use crate::engines::vision::{Limits, Photo};
use anyhow::Context as _;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// How much of each side is left at least.
const LEAST_LEFT: f32 = 0.75;
/// How much brighter or darker, and how much each channel on its own, at most.
const LIGHT: f32 = 0.3;
const TINT: f32 = 0.08;
const JPEG_QUALITY: u8 = 60;

/// Another picture of what `photo` shows; the same number gives the same picture.
pub(super) fn taken_again(photo: &Photo, number: u64) -> anyhow::Result<Photo> {
    let chance = &mut StdRng::seed_from_u64(number);
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let left = chance.random_range(LEAST_LEFT..0.95);
    let part = |side: usize| ((side as f32 * left) as usize).clamp(1, side);
    let (wide, high) = (part(width), part(height));
    let (x, y) = (
        chance.random_range(0..=width - wide),
        chance.random_range(0..=height - high),
    );
    let light = chance.random_range(1.0 - LIGHT..1.0 + LIGHT);
    let tint = [(); 3].map(|()| light * chance.random_range(1.0 - TINT..1.0 + TINT));
    let (pixels, _) = photo.rgb().as_chunks::<3>();
    let rgb = (0..wide * high).flat_map(|at| {
        let (row, column) = (at / wide, wide - 1 - at % wide);
        let pixel = pixels[(y + row) * width + x + column];
        std::array::from_fn::<u8, 3, _>(|c| (f32::from(pixel[c]) * tint[c]).min(255.0) as u8)
    });
    let again = Photo::from_rgb(wide as u32, high as u32, rgb.collect());
    let file = again.context("the photo is empty")?.to_jpeg(JPEG_QUALITY)?;
    Ok(Photo::decode(&file, &Limits::default())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_picture_of_the_same_size_or_smaller() {
        let photo = Photo::from_rgb(40, 30, vec![120; 40 * 30 * 3]).unwrap();
        let again = taken_again(&photo, 7).unwrap();
        assert!((30..=40).contains(&again.width()) && (22..=30).contains(&again.height()));
        assert_ne!(again.rgb()[0], 120, "the lamp is another");
        assert_eq!(taken_again(&photo, 7).unwrap().rgb(), again.rgb());
        let dot = Photo::from_rgb(1, 1, vec![9; 3]).unwrap();
        assert_eq!(taken_again(&dot, 1).unwrap().width(), 1);
    }
}
