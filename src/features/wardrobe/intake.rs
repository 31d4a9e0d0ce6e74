//! Bytes from a stranger → a bounded, re-encoded photo with its thumbnails.
use super::{error::Error, model::Variant, settings::Settings};
use crate::engines::vision::{EncodeError, Limits, Photo};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

/// Longest side of the thumbnails in pixels.
const LARGE: u32 = 960;
const SMALL: u32 = 384;
/// Quality of the stored photo (JPEG) and the thumbnails (WebP), 0 to 100.
const PHOTO_QUALITY: u8 = 88;
const THUMBNAIL_QUALITY: f32 = 78.0;

/// A photo ready to be stored.
pub(super) struct Prepared {
    pub(super) source_sha256: [u8; 32],
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) variants: Vec<PreparedVariant>,
}

/// One stored form of it.
pub(super) struct PreparedVariant {
    pub(super) kind: Variant,
    pub(super) media_type: &'static str,
    pub(super) sha256: [u8; 32],
    pub(super) bytes: Vec<u8>,
}

/// SHA-256.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// What this server accepts.
pub(super) fn limits(settings: &Settings) -> Limits {
    Limits {
        max_bytes: settings.max_photo_bytes,
        max_pixels: settings.max_photo_pixels,
    }
}

/// Decodes and re-encodes a photo. CPU work: not for an async thread.
pub(super) fn prepare(bytes: &[u8], settings: &Settings) -> Result<Prepared, Error> {
    let photo = Photo::decode(bytes, &limits(settings))?.shrunk(settings.photo_longest_side);
    let jpeg = photo.to_jpeg(PHOTO_QUALITY);
    let variants = [
        (Variant::Photo, "image/jpeg", jpeg),
        (Variant::Large, "image/webp", thumbnail(&photo, LARGE)),
        (Variant::Small, "image/webp", thumbnail(&photo, SMALL)),
    ]
    .into_iter()
    .map(|(kind, media_type, encoded)| {
        let bytes = encoded.context("while encoding a photo")?;
        Ok(PreparedVariant {
            kind,
            media_type,
            sha256: digest(&bytes),
            bytes,
        })
    })
    .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Prepared {
        source_sha256: digest(bytes),
        width: photo.width(),
        height: photo.height(),
        variants,
    })
}

fn thumbnail(photo: &Photo, longest_side: u32) -> Result<Vec<u8>, EncodeError> {
    photo.shrunk(longest_side).to_webp(THUMBNAIL_QUALITY)
}
