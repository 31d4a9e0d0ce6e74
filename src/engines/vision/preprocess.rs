//! From a photo to `pixel_values`, pixel for pixel as the pack's training did it (with Pillow).
use super::{
    manifest::{ImageSpec, Interpolation, Resize, Rounding},
    photo::{Photo, scaled},
    resample::resampled,
};
use fast_image_resize::FilterType;
use std::{borrow::Cow, cell::OnceCell};

/// A strip this many times longer than wide is cut to it before "crop", which would only throw it away.
const LONGEST_STRIP: u32 = 8;

/// A photo on its way through several networks, which mostly want the same pixels.
pub(super) struct Subject<'a> {
    photo: &'a Photo,
    first: OnceCell<(ImageSpec, Vec<f32>)>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(photo: &'a Photo) -> Self {
        Self {
            photo,
            first: OnceCell::new(),
        }
    }

    /// [`pixel_values`], made once for all who want what the first one wanted.
    pub(super) fn pixel_values(&self, spec: &ImageSpec) -> Cow<'_, [f32]> {
        let make = || (spec.clone(), pixel_values(self.photo, spec));
        let (made_for, values) = self.first.get_or_init(make);
        match made_for.sees_like(spec) {
            true => Cow::Borrowed(values),
            false => Cow::Owned(pixel_values(self.photo, spec)),
        }
    }
}

/// Channels first, `(x/255 - mean) / std`.
pub(super) fn pixel_values(photo: &Photo, spec: &ImageSpec) -> Vec<f32> {
    let square = frame(photo, spec);
    let (pixels, _) = square.rgb().as_chunks::<3>();
    let mut values = Vec::with_capacity(pixels.len() * 3);
    for channel in 0..3 {
        // 256 values exist: a table makes each pixel one look-up.
        let table: Vec<f32> = (0..=255_u8)
            .map(|v| (f32::from(v) / 255.0 - spec.mean[channel]) / spec.std[channel])
            .collect();
        values.extend(pixels.iter().map(|p| table[usize::from(p[channel])]));
    }
    values
}

/// The photo in the network's size.
fn frame(photo: &Photo, spec: &ImageSpec) -> Photo {
    let filter = match spec.interpolation {
        Interpolation::Bilinear => FilterType::Bilinear,
        Interpolation::Bicubic => FilterType::CatmullRom,
    };
    match spec.resize {
        Resize::Stretch => resampled(photo, spec.width, spec.height, filter),
        Resize::Crop => crop(photo, spec.width, filter, spec.rounding.unwrap_or_default()),
        Resize::Pad => pad(photo, spec.width, filter, spec.fill.unwrap_or([255; 3])),
    }
}

fn crop(photo: &Photo, size: u32, filter: FilterType, rounding: Rounding) -> Photo {
    let shorter = photo.width().min(photo.height());
    let longest = shorter.saturating_mul(LONGEST_STRIP);
    let (width, height) = (photo.width().min(longest), photo.height().min(longest));
    let strip = if (width, height) == (photo.width(), photo.height()) {
        Cow::Borrowed(photo)
    } else {
        let left = (photo.width() - width) / 2;
        let top = (photo.height() - height) / 2;
        Cow::Owned(photo.cropped(left, top, width, height))
    };
    let scale = |side: u32| match rounding {
        Rounding::HalfUp => scaled(side, size, shorter).max(size),
        // At most eight times the size: it fits.
        Rounding::Down => (u64::from(side) * u64::from(size) / u64::from(shorter)) as u32,
    };
    let (width, height) = (scale(width), scale(height));
    resampled(&strip, width, height, filter).cropped(
        (width - size) / 2,
        (height - size) / 2,
        size,
        size,
    )
}

fn pad(photo: &Photo, size: u32, filter: FilterType, fill: [u8; 3]) -> Photo {
    let longer = photo.width().max(photo.height());
    let width = scaled(photo.width(), size, longer);
    let height = scaled(photo.height(), size, longer);
    let small = resampled(photo, width, height, filter);
    let (left, top) = ((size - width) / 2, (size - height) / 2);
    let mut rgb = fill.repeat(size as usize * size as usize);
    let stride = width as usize * 3;
    for (row, line) in small.rgb().chunks_exact(stride).enumerate() {
        let start = ((top as usize + row) * size as usize + left as usize) * 3;
        rgb[start..start + stride].copy_from_slice(line);
    }
    Photo::from_rgb(size, size, rgb).unwrap_or(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(resize: Resize, size: u32) -> ImageSpec {
        ImageSpec {
            dimension: 1,
            height: size,
            width: size,
            resize,
            rounding: None,
            interpolation: Interpolation::Bilinear,
            fill: None,
            mean: [0.5; 3],
            std: [0.5; 3],
        }
    }

    #[test]
    fn every_resize_gives_the_size_for_every_shape() {
        let shapes = [(1, 1), (1, 900), (900, 1), (7, 5), (300, 200), (5, 4000)];
        for (width, height) in shapes {
            let grey = vec![128; width as usize * height as usize * 3];
            let photo = Photo::from_rgb(width, height, grey).unwrap();
            for resize in [Resize::Stretch, Resize::Crop, Resize::Pad] {
                let values = pixel_values(&photo, &spec(resize, 32));
                assert_eq!(values.len(), 3 * 32 * 32, "{resize:?} {width}×{height}");
                assert!(values.iter().all(|v| (-1.0..=1.0).contains(v)));
            }
        }
    }

    #[test]
    fn pixels_are_shared_only_by_those_who_want_the_same() {
        let photo = Photo::from_rgb(9, 5, (0..135).collect()).unwrap();
        let subject = Subject::new(&photo);
        let (first, mut same) = (spec(Resize::Pad, 8), spec(Resize::Pad, 8));
        same.dimension = 7;
        let other = spec(Resize::Crop, 8);
        for wanted in [&first, &same, &other] {
            assert_eq!(*subject.pixel_values(wanted), pixel_values(&photo, wanted));
        }
        assert!(matches!(subject.pixel_values(&same), Cow::Borrowed(_)));
        assert!(matches!(subject.pixel_values(&other), Cow::Owned(_)));
    }

    #[test]
    fn padding_is_centred_and_rounds_half_up() {
        // 10×3 → 25×8 (7.5 up): eight rows of grey, floor(17/2) = 8 rows of white above them.
        let photo = Photo::from_rgb(10, 3, vec![0; 90]).unwrap();
        let framed = frame(&photo, &spec(Resize::Pad, 25));
        let dark: Vec<usize> = (0..25).filter(|y| framed.rgb()[y * 75] == 0).collect();
        assert_eq!(dark, (8..16).collect::<Vec<_>>());
    }

    #[test]
    fn the_longer_side_of_a_crop_is_rounded_as_the_pack_says() {
        // 7×11 → 10×15.71.
        let rgb: Vec<u8> = (0..7 * 11 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let photo = Photo::from_rgb(7, 11, rgb).unwrap();
        let middle = |height: u32| {
            let large = resampled(&photo, 10, height, FilterType::Bilinear);
            large.cropped(0, (height - 10) / 2, 10, 10)
        };
        let mut spec = spec(Resize::Crop, 10);
        assert_eq!(frame(&photo, &spec), middle(16));
        spec.rounding = Some(Rounding::Down);
        assert_eq!(frame(&photo, &spec), middle(15));
    }

    #[test]
    fn cropping_keeps_the_middle() {
        let mut rgb = vec![255; 30 * 10 * 3];
        for row in rgb.chunks_exact_mut(90) {
            row[30..60].fill(0);
        }
        let photo = Photo::from_rgb(30, 10, rgb).unwrap();
        let framed = frame(&photo, &spec(Resize::Crop, 10));
        assert!(framed.rgb().iter().all(|v| *v == 0));
    }
}
