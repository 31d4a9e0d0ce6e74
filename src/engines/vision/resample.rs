//! Stretching to the bit as Pillow does it: a network that was trained on its pixels notices single steps.
use super::photo::Photo;
use fast_image_resize as fir;
use fir::images::Image;

/// From one byte value to the next in sixteen bits.
const STEP: u16 = 257;
/// Rows that are widened at once.
const BAND: u32 = 64;

/// A copy of exactly `width`×`height`, antialiased: first across, rounded to bytes, then down.
pub(super) fn resampled(photo: &Photo, width: u32, height: u32, filter: fir::FilterType) -> Photo {
    let (width, height) = (width.max(1), height.max(1));
    let across = pass(photo, width, photo.height(), filter);
    pass(&across, width, height, filter)
}

/// Resizes in sixteen bits, since the eight-bit arithmetic of the library is off by one here and there. A pass across
/// goes band by band: a photo of a phone widened as a whole would not fit any cache.
fn pass(photo: &Photo, width: u32, height: u32, filter: fir::FilterType) -> Photo {
    if (width, height) == (photo.width(), photo.height()) {
        return photo.clone();
    }
    let only_across = height == photo.height();
    let rows = if only_across { BAND } else { photo.height() };
    let stride = photo.width() as usize * 3;
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut work = Work::new(filter);
    for band in photo.rgb().chunks(stride * rows as usize) {
        let rows = (band.len() / stride) as u32;
        let made = if only_across { rows } else { height };
        work.resize(band, (photo.width(), rows), (width, made), &mut rgb);
    }
    Photo::from_rgb(width, height, rgb).unwrap_or_else(|| photo.clone())
}

/// What one band after the other is done with.
struct Work {
    resizer: fir::Resizer,
    options: fir::ResizeOptions,
    source: Image<'static>,
    target: Image<'static>,
}

impl Work {
    fn new(filter: fir::FilterType) -> Self {
        let empty = || Image::new(1, 1, fir::PixelType::U16x3);
        Self {
            resizer: fir::Resizer::new(),
            options: fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter)),
            source: empty(),
            target: empty(),
        }
    }

    /// Adds the bytes of a picture of size `to` to `out`.
    fn resize(&mut self, rgb: &[u8], from: (u32, u32), to: (u32, u32), out: &mut Vec<u8>) {
        let fitting = |image: &mut Image<'static>, (width, height): (u32, u32)| {
            if (image.width(), image.height()) != (width, height) {
                *image = Image::new(width, height, fir::PixelType::U16x3);
            }
        };
        fitting(&mut self.source, from);
        fitting(&mut self.target, to);
        let (wide, _) = self.source.buffer_mut().as_chunks_mut::<2>();
        for (two, byte) in wide.iter_mut().zip(rgb) {
            *two = (u16::from(*byte) * STEP).to_ne_bytes();
        }
        let done = self
            .resizer
            .resize(&self.source, &mut self.target, &self.options);
        // Sizes and pixel types are right by construction; a black picture beats a panic all the same.
        debug_assert!(done.is_ok(), "{done:?}");
        let (wide, _) = self.target.buffer().as_chunks::<2>();
        let narrow = |two: &[u8; 2]| u16::from_ne_bytes(*two).saturating_add(STEP / 2) / STEP;
        out.extend(wide.iter().map(|two| narrow(two).to_le_bytes()[0]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `Image.resize` of Pillow makes of the same 11×9 pixels at 4×5.
    const BILINEAR: [u8; 60] = [
        107, 54, 34, 138, 112, 52, 112, 110, 70, 112, 122, 88, 132, 99, 113, 136, 142, 131, 132,
        140, 149, 133, 167, 167, 136, 135, 105, 112, 108, 123, 123, 162, 141, 121, 167, 159, 133,
        172, 87, 144, 130, 105, 120, 137, 123, 157, 120, 141, 122, 172, 53, 127, 142, 71, 129, 73,
        89, 144, 70, 107,
    ];
    const BICUBIC: [u8; 60] = [
        105, 44, 28, 141, 115, 46, 110, 107, 66, 107, 117, 84, 129, 97, 115, 138, 149, 133, 135,
        137, 153, 132, 172, 171, 137, 140, 108, 110, 100, 126, 121, 170, 146, 121, 171, 164, 134,
        178, 89, 146, 123, 107, 118, 144, 127, 158, 121, 145, 122, 170, 47, 125, 147, 65, 131, 61,
        85, 143, 64, 103,
    ];

    /// A photo higher than a band, and not by whole bands.
    #[test]
    fn bands_leave_no_seam() {
        let (width, height) = (37, 2 * BAND + 5);
        let rgb: Vec<u8> = (0..width * height * 3)
            .map(|i| (i * i % 251) as u8)
            .collect();
        let photo = Photo::from_rgb(width, height, rgb).unwrap();
        let mut whole = Vec::new();
        let (from, to) = ((width, height), (9, height));
        Work::new(fir::FilterType::CatmullRom).resize(photo.rgb(), from, to, &mut whole);
        let banded = pass(&photo, 9, height, fir::FilterType::CatmullRom);
        assert_eq!(banded.rgb(), whole);
    }

    #[test]
    fn every_byte_is_as_pillow_has_it() {
        let places = (0..9_u32).flat_map(|y| (0..11_u32).map(move |x| (x, y)));
        let rgb = places.flat_map(|(x, y)| {
            let pixel = [x * 53 + y * 91, x * x * 17 + y * 29, x * 7 + y * y * 37];
            pixel.map(|v| v.to_le_bytes()[0])
        });
        let photo = Photo::from_rgb(11, 9, rgb.collect()).unwrap();
        let bilinear = resampled(&photo, 4, 5, fir::FilterType::Bilinear);
        assert_eq!(bilinear.rgb(), BILINEAR);
        let bicubic = resampled(&photo, 4, 5, fir::FilterType::CatmullRom);
        assert_eq!(bicubic.rgb(), BICUBIC);
        assert_eq!(
            resampled(&photo, 11, 9, fir::FilterType::Bilinear).rgb(),
            photo.rgb()
        );
    }
}
