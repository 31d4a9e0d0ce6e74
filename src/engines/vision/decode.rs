//! From the bytes somebody sent to a [`Photo`], without trusting them.
//!
//! The format is told by content, never by name. The size is read from the header and checked before a
//! pixel is decoded. What is not a whole picture is refused rather than guessed.
use super::{photo::Photo, stopwatch};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use std::io::Cursor;

/// What a picture may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file.
    pub max_bytes: usize,
    /// Largest width × height.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 20 << 20,
            max_pixels: 50_000_000,
        }
    }
}

/// Why bytes are not a photo that FlashFit takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// A large file.
    #[error("the file has {got} bytes, at most {limit} are taken")]
    TooManyBytes {
        /// Its size.
        got: usize,
        /// [`Limits::max_bytes`].
        limit: usize,
    },
    /// A large picture, or a small file that would become one.
    #[error("the picture is {width}×{height} pixels, at most {limit} pixels are taken")]
    TooManyPixels {
        /// Width in the header.
        width: u32,
        /// Height in the header.
        height: u32,
        /// [`Limits::max_pixels`].
        limit: u64,
    },
    /// Text, a video, noise.
    #[error("the file is not a picture; JPEG, PNG, WebP, GIF and BMP are taken")]
    NotAnImage,
    /// A picture in a format, or of a kind, that is not read here.
    #[error("{0} pictures are not supported; JPEG, PNG, WebP, GIF and BMP are taken")]
    Unsupported(String),
    /// The file ends before the picture does.
    #[error("the picture is cut off: the file ends early")]
    Truncated,
    /// The file contradicts its format.
    #[error("the picture is damaged: {0}")]
    Broken(String),
}

/// A picture in progressive JPEG comes in about ten scans; thousands only serve to burn time.
const MAX_JPEG_SCANS: usize = 100;

impl Photo {
    /// Decodes a JPEG, PNG, WebP, GIF (first frame) or BMP, turns it upright and puts it on white.
    ///
    /// # Errors
    /// [`PhotoError`] says what is wrong in words for the person who sent the file.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, PhotoError> {
        let _watch = stopwatch::Watch::start("none", "decode");
        if bytes.is_empty() {
            return Err(PhotoError::Empty);
        }
        if bytes.len() > limits.max_bytes {
            return Err(PhotoError::TooManyBytes {
                got: bytes.len(),
                limit: limits.max_bytes,
            });
        }
        let format = sniff(bytes)?;
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(memory(limits));
        let mut decoder = reader.into_decoder().map_err(explain)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(PhotoError::Broken(format!("its size is {width}×{height}")));
        }
        if pixels > limits.max_pixels {
            return Err(PhotoError::TooManyPixels {
                width,
                height,
                limit: limits.max_pixels,
            });
        }
        if format == ImageFormat::Jpeg {
            walk_jpeg(bytes)?;
        }
        // Damaged metadata does not make the pixels worse.
        let orientation = decoder
            .orientation()
            .unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder).map_err(explain)?;
        picture.apply_orientation(orientation);
        on_white(picture)
    }
}

/// Enough for the pixels in the widest format and the decoder's own copy of them.
fn memory(limits: &Limits) -> image::Limits {
    let mut memory = image::Limits::default();
    memory.max_alloc = Some(limits.max_pixels.saturating_mul(8).saturating_add(64 << 20));
    memory
}

fn sniff(bytes: &[u8]) -> Result<ImageFormat, PhotoError> {
    const TAKEN: [ImageFormat; 5] = [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
    ];
    if let Some(brand) = bytes.get(4..12).and_then(|b| b.strip_prefix(b"ftyp")) {
        return Err(match brand {
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
                PhotoError::Unsupported("HEIC".to_owned())
            }
            b"avif" | b"avis" => PhotoError::Unsupported("AVIF".to_owned()),
            _ => PhotoError::NotAnImage,
        });
    }
    match image::guess_format(bytes) {
        Ok(format) if TAKEN.contains(&format) => Ok(format),
        // Two letters or zeros are no proof: only formats with a real signature are called by name.
        Ok(format @ (ImageFormat::Tiff | ImageFormat::OpenExr | ImageFormat::Dds)) => {
            Err(PhotoError::Unsupported(format!("{format:?}")))
        }
        Ok(_) | Err(_) => Err(PhotoError::NotAnImage),
    }
}

fn explain(error: ImageError) -> PhotoError {
    match error {
        ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoError::Truncated
        }
        ImageError::IoError(e) => PhotoError::Broken(e.to_string()),
        ImageError::Unsupported(e) => {
            PhotoError::Broken(format!("it uses what is not read here: {e}"))
        }
        ImageError::Limits(_) => {
            PhotoError::Broken("it would need more memory than its size explains".to_owned())
        }
        ImageError::Decoding(e) => reason(&e.to_string()),
        ImageError::Encoding(e) => reason(&e.to_string()),
        ImageError::Parameter(e) => reason(&e.to_string()),
    }
}

fn reason(text: &str) -> PhotoError {
    let lower = text.to_lowercase();
    let early = [
        "unexpected end",
        "unexpected eof",
        "end of file",
        "exhausted",
        "truncated",
    ];
    if early.iter().any(|sign| lower.contains(sign)) {
        return PhotoError::Truncated;
    }
    PhotoError::Broken(text.lines().next().unwrap_or_default().to_owned())
}

/// Finds the end of a JPEG, which the decoder does not insist on, and counts its scans.
fn walk_jpeg(bytes: &[u8]) -> Result<(), PhotoError> {
    let mut at = 2;
    let mut scans = 0;
    loop {
        // Anything between segments up to the next marker is skipped, as decoders do.
        let Some(found) = marker(bytes, at) else {
            return Err(PhotoError::Truncated);
        };
        let (code, after) = found;
        at = after;
        match code {
            0xD9 => return Ok(()),
            0x01 | 0xD0..=0xD8 => {}
            _ => {
                let Some(length) = bytes.get(at..at + 2) else {
                    return Err(PhotoError::Truncated);
                };
                at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                scans += usize::from(code == 0xDA);
            }
        }
        if scans > MAX_JPEG_SCANS {
            return Err(PhotoError::Broken(format!(
                "it has more than {MAX_JPEG_SCANS} scans"
            )));
        }
    }
}

/// The next marker at or after `at` and the position behind it. Within a scan, `FF 00` is data.
fn marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xFF)?;
        match bytes.get(at + 1)? {
            0x00 => at += 2,
            0xFF => at += 1,
            code => return Some((*code, at + 2)),
        }
    }
}

/// Eight bits, alpha composited on white exactly as Pillow rounds it.
fn on_white(picture: DynamicImage) -> Result<Photo, PhotoError> {
    let (width, height) = (picture.width(), picture.height());
    let rgb = if picture.color().has_alpha() {
        let rgba = picture.into_rgba8().into_raw();
        let (pixels, _) = rgba.as_chunks::<4>();
        pixels
            .iter()
            .flat_map(|[r, g, b, a]| [r, g, b].map(|c| blend(*c, *a)))
            .collect()
    } else {
        picture.into_rgb8().into_raw()
    };
    Photo::from_rgb(width, height, rgb)
        .ok_or_else(|| PhotoError::Broken("its pixels do not fill its size".to_owned()))
}

fn blend(colour: u8, alpha: u8) -> u8 {
    let sum = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 128;
    (((sum >> 8) + sum) >> 8) as u8
}
