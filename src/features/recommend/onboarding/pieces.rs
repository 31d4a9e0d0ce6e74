//! The pieces themselves: drawn, and looked at by the models, when first asked for and once in a process.
use crate::{
    base::id::ItemId,
    engines::{
        illustrate::{Design, style_pieces},
        ranking::{Garment, PerSpace},
        vision::Photo,
    },
    features::{
        recommend::{Error, candidates},
        wardrobe::Wardrobe,
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
    seen: OnceCell<PerSpace>,
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
            let glance = wardrobe.glance(drawn.jpeg.to_vec()).await?;
            Ok::<_, Error>(candidates::per_space(glance))
        };
        let embeddings = self.seen.get_or_try_init(look).await?.clone();
        let design = self.design;
        let slot = design.category.slot();
        Ok(Garment {
            id: ItemId(Uuid::from_u128(FIRST_ID | u128::from(self.number))),
            category: design.category,
            slot: slot.context("a piece to choose takes no place in an outfit")?,
            embeddings,
            colours: vec![],
            pattern: Some(design.pattern.to_owned()),
            formality: f32::from(design.formality),
            warmth: f32::from(design.warmth),
            season: None,
            is_clean: true,
            last_worn: None,
            wears_30d: 0,
            label: design.name.to_owned(),
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
