//! A photo in memory: upright, opaque, eight bits per channel; shrinking it and writing it out.
use fast_image_resize as fir;
use image::ImageEncoder as _;

/// Why a photo could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The format has no room for a side this long.
    #[error("{format} holds at most {limit} pixels a side, the photo is {width}×{height}")]
    TooLong {
        /// JPEG or WebP.
        format: &'static str,
        /// The longest side the format can say.
        limit: u32,
        /// Width of the photo.
        width: u32,
        /// Height of the photo.
        height: u32,
    },
    /// What the encoder said.
    #[error("{format} encoder: {problem}")]
    Encoder {
        /// JPEG or WebP.
        format: &'static str,
        /// In the encoder's words.
        problem: String,
    },
}

/// An upright picture without transparency: sRGB, eight bits per channel, at least one pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photo({}×{})", self.width, self.height)
    }
}

impl Photo {
    /// Takes rows of red, green, blue; `None` when their number does not fit the size or there are none.
    #[must_use]
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let wanted = u64::from(width) * u64::from(height) * 3;
        (wanted > 0 && rgb.len() as u64 == wanted).then_some(Self { width, height, rgb })
    }

    /// Pixels from left to right.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Rows of red, green, blue.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// A copy whose longest side is at most `longest_side`; never enlarges.
    #[must_use]
    pub fn shrunk(&self, longest_side: u32) -> Self {
        let (width, height) = fitted(self.width, self.height, longest_side.max(1));
        self.resized(width, height, fir::FilterType::CatmullRom)
    }

    /// Stretches to exactly `width`×`height`, antialiased.
    fn resized(&self, width: u32, height: u32, filter: fir::FilterType) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let mut target = fir::images::Image::new(width, height, fir::PixelType::U8x3);
        let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter));
        let done =
            fir::images::ImageRef::new(self.width, self.height, &self.rgb, fir::PixelType::U8x3)
                .map_err(|e| e.to_string())
                .and_then(|source| {
                    fir::Resizer::new()
                        .resize(&source, &mut target, &options)
                        .map_err(|e| e.to_string())
                });
        // Sizes and pixel types are right by construction; a white picture beats a panic all the same.
        debug_assert_eq!(done, Ok(()));
        Self {
            width,
            height,
            rgb: target.into_vec(),
        }
    }

    /// The part of `width`×`height` whose upper left corner is at (`left`, `top`), cut to what exists.
    pub(super) fn cropped(&self, left: u32, top: u32, width: u32, height: u32) -> Self {
        let left = left.min(self.width - 1);
        let top = top.min(self.height - 1);
        let width = width.clamp(1, self.width - left);
        let height = height.clamp(1, self.height - top);
        let stride = self.width as usize * 3;
        let rgb = self
            .rgb
            .chunks_exact(stride)
            .skip(top as usize)
            .take(height as usize)
            .flat_map(|row| &row[left as usize * 3..(left + width) as usize * 3])
            .copied()
            .collect();
        Self { width, height, rgb }
    }

    /// Writes a JPEG: pixels only, no EXIF. `quality` runs from 1 to 100.
    ///
    /// # Errors
    /// [`EncodeError`] when a side is longer than the format can say.
    pub fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, EncodeError> {
        self.fits("JPEG", u16::MAX.into())?;
        let mut bytes = Vec::with_capacity(self.rgb.len() / 8);
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100))
            .write_image(
                &self.rgb,
                self.width,
                self.height,
                image::ExtendedColorType::Rgb8,
            )
            .map_err(|e| EncodeError::Encoder {
                format: "JPEG",
                problem: e.to_string(),
            })?;
        Ok(bytes)
    }

    /// Writes a lossy WebP: pixels only, no EXIF. `quality` runs from 0 to 100.
    ///
    /// # Errors
    /// [`EncodeError`] when a side is longer than the format can say.
    pub fn to_webp(&self, quality: f32) -> Result<Vec<u8>, EncodeError> {
        self.fits("WebP", 16_383)?;
        webp::Encoder::from_rgb(&self.rgb, self.width, self.height)
            .encode_simple(false, quality.clamp(0.0, 100.0))
            .map(|memory| memory.to_vec())
            .map_err(|e| EncodeError::Encoder {
                format: "WebP",
                problem: format!("{e:?}"),
            })
    }

    fn fits(&self, format: &'static str, limit: u32) -> Result<(), EncodeError> {
        if self.width.max(self.height) <= limit {
            return Ok(());
        }
        Err(EncodeError::TooLong {
            format,
            limit,
            width: self.width,
            height: self.height,
        })
    }
}

/// The size that keeps the shape and whose longest side is at most `longest`.
fn fitted(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    (scaled(width, longest, side), scaled(height, longest, side))
}

/// `value × numerator / denominator`, a half rounded up, at least 1.
pub(super) fn scaled(value: u32, numerator: u32, denominator: u32) -> u32 {
    let (value, numerator, denominator) = (
        u64::from(value),
        u64::from(numerator),
        u64::from(denominator.max(1)),
    );
    let rounded = (2 * value * numerator + denominator) / (2 * denominator);
    u32::try_from(rounded.max(1)).unwrap_or(u32::MAX)
}
