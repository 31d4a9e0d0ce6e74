//! Shows the models drawn garments of known kind, now and then, the way photos come: do they still tell them apart?
use super::Wardrobe;
use crate::{
    base::{garment::Category, metrics as names},
    engines::{
        illustrate::demo_wardrobe,
        vision::{Photo, Sight},
    },
    platform::tasks,
};
use anyhow::Context as _;
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Of these kinds the first garment of the demo wardrobe is drawn; the second kind is right too.
const KINDS: [(Category, Option<Category>); 12] = [
    (Category::TShirt, None),
    (Category::Shirt, Some(Category::Blouse)),
    (Category::Sweater, Some(Category::Cardigan)),
    (Category::Jeans, Some(Category::Trousers)),
    (Category::Trousers, Some(Category::Jeans)),
    (Category::Skirt, None),
    (Category::Shorts, None),
    (Category::Dress, None),
    (Category::Coat, Some(Category::Jacket)),
    (Category::Sneakers, None),
    (Category::Boots, None),
    (Category::Bag, None),
];
/// As large as a photo must be to be told, and no larger.
const LONGEST_SIDE: u32 = 320;
const QUALITY: u8 = 90;

/// How the models did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// Share of the garments whose kind they told.
    pub accuracy: f64,
    /// Mean time of a look.
    pub mean: Duration,
}

/// A garment to show.
#[derive(Clone)]
struct Trial {
    right: Vec<Category>,
    jpeg: Vec<u8>,
}

impl Wardrobe {
    /// Has the models look at every drawn garment, one after the other, and shows in the metrics how they did. After
    /// each look it rests as long, so that it never takes more than half of one session.
    ///
    /// # Errors
    /// When the garments cannot be drawn.
    pub async fn self_test(&self) -> anyhow::Result<Tried> {
        let trials = trials().await?;
        let (mut told, mut spent) = (0, Duration::ZERO);
        for Trial { right, jpeg } in trials {
            let started = Instant::now();
            let seen = self.look(jpeg.clone()).await;
            let took = started.elapsed();
            spent += took;
            match seen {
                Ok(sight) => told += usize::from(kind(&sight).is_some_and(|k| right.contains(&k))),
                Err(error) => tracing::warn!(
                    error = format!("{error:#}"),
                    "the models could not look at a drawn garment"
                ),
            }
            tokio::time::sleep(took).await;
        }
        let tried = Tried {
            accuracy: told as f64 / trials.len() as f64,
            mean: spent / trials.len() as u32,
        };
        metrics::gauge!(names::SELF_TEST_ACCURACY).set(tried.accuracy);
        metrics::gauge!(names::SELF_TEST_SECONDS).set(tried.mean.as_secs_f64());
        let now = self.inner.clock.now().timestamp_micros();
        metrics::gauge!(names::SELF_TEST_AT).set(now as f64 / 1e6);
        Ok(tried)
    }
}

fn kind(sight: &Sight) -> Option<Category> {
    let said = sight.attributes.iter().find(|said| said.name == "category");
    said.and_then(|said| Category::from_name(&said.value))
}

/// The garments, drawn when they are first asked for.
async fn trials() -> anyhow::Result<&'static [Trial]> {
    static DRAWN: OnceLock<Vec<Trial>> = OnceLock::new();
    if let Some(drawn) = DRAWN.get() {
        return Ok(drawn);
    }
    let drawn = tasks::blocking(|| KINDS.iter().map(draw).collect::<anyhow::Result<_>>()).await??;
    Ok(DRAWN.get_or_init(|| drawn))
}

fn draw((kind, also): &(Category, Option<Category>)) -> anyhow::Result<Trial> {
    let design = demo_wardrobe().into_iter().find(|d| d.category == *kind);
    let drawing = design.context("the demo wardrobe lacks a kind")?.draw(1);
    let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb);
    let photo = photo.context("a drawing has no pixels")?;
    Ok(Trial {
        right: also.iter().copied().chain([*kind]).collect(),
        jpeg: photo.shrunk(LONGEST_SIDE).to_jpeg(QUALITY)?,
    })
}
