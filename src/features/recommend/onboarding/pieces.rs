//! The pieces themselves: drawn, and looked at by the models, when first asked for and once in a process.
use crate::{
    base::id::ItemId,
    engines::{
        illustrate::{Design, style_pieces},
        ranking::Garment,
        vision::Photo,
    },
    features::{
        recommend::{Error, candidates},
        wardrobe::{Glance, Wardrobe},
    },
    platform::tasks,
};
use anyhow::Context as _;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The seed of the drawings: everybody chooses among the same pictures.
const SEED: u64 = 12;
/// JPEG quality of what the models look at.
const LOOKED_AT_QUALITY: u8 = 92;
/// Longest side of what people look at, in pixels, and its WebP quality.
const SHOWN_SIDE: u32 = 600;
const SHOWN_QUALITY: f32 = 80.0;
/// Ids of pieces end in the number; version 8 of UUIDs is for such as these, and no garment has one.
const FIRST_ID: u128 = 0x8000_8000_0000_0000_0000;

/// All of them, in the order they are shown.
pub(in crate::features::recommend) struct Pieces(Vec<Piece>);

/// A garment that people are asked about although it is nobody's.
pub(super) struct Piece {
    /// Its place in the list, from 1 on.
    pub(super) number: u8,
    design: Design,
    drawn: OnceCell<Drawn>,
    seen: OnceCell<Glance>,
}

/// A piece as a picture.
pub struct Drawn {
    /// WebP.
    pub webp: Bytes,
    /// SHA-256 of that.
    pub sha256: [u8; 32],
    jpeg: Bytes,
}

impl Default for Pieces {
    fn default() -> Self {
        let numbered = (1..).zip(style_pieces());
        let pieces = numbered.map(|(number, design)| Piece {
            number,
            design,
            drawn: OnceCell::new(),
            seen: OnceCell::new(),
        });
        Self(pieces.collect())
    }
}

impl Pieces {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }

    pub(super) fn find(&self, number: u8) -> Result<&Piece, Error> {
        let found = self.0.iter().find(|piece| piece.number == number);
        found.ok_or(Error::NoPiece(number))
    }
}

impl Piece {
    /// What it is, with its article.
    pub(super) fn description(&self) -> &'static str {
        self.design.name
    }

    /// Its picture.
    pub(super) async fn drawn(&self) -> Result<&Drawn, Error> {
        let draw = async || {
            let design = self.design;
            Ok(tasks::blocking(move || draw(&design)).await??)
        };
        self.drawn.get_or_try_init(draw).await
    }

    /// The piece as ranking sees it: what it is by design, what it looks like by the pack.
    pub(super) async fn garment(&self, wardrobe: &Wardrobe) -> Result<Garment, Error> {
        let look = async || {
            let drawn = self.drawn().await?;
            Ok::<_, Error>(wardrobe.glance(drawn.jpeg.to_vec()).await?)
        };
        let seen = self.seen.get_or_try_init(look).await?;
        let id = ItemId(Uuid::from_u128(FIRST_ID | u128::from(self.number)));
        let design = self.design;
        // It was drawn to be just this, whatever the models make of it.
        let mut designed = seen.clone();
        designed.category = Some(design.category);
        designed.kinds = vec![(design.category.name().to_owned(), 1.0)];
        designed.pattern = Some(design.pattern.to_owned());
        designed.formality = Some(f32::from(design.formality));
        designed.warmth = Some(f32::from(design.warmth));
        designed.season = None;
        let garment = candidates::example(&designed, id);
        let garment = garment.context("a piece to choose takes no place in an outfit")?;
        Ok(Garment {
            label: design.name.to_owned(),
            ..garment
        })
    }
}

fn draw(design: &Design) -> anyhow::Result<Drawn> {
    let drawing = design.draw(SEED);
    let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb)
        .context("the drawing has no pixels")?;
    let webp = photo.shrunk(SHOWN_SIDE).to_webp(SHOWN_QUALITY)?;
    Ok(Drawn {
        sha256: Sha256::digest(&webp).into(),
        webp: webp.into(),
        jpeg: photo.to_jpeg(LOOKED_AT_QUALITY)?.into(),
    })
}
