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

/// Garments of the demo wardrobe that the pack in the program tells apart with ease: drawings are not what models are
/// made for, and a test that a good pack half fails would say little of a bad one.
const SHOWN: [&str; 12] = [
    "Green polo",
    "Red checked shirt",
    "Camel sweater",
    "Burgundy roll-neck",
    "Pleated sage skirt",
    "Khaki shorts",
    "Floral summer dress",
    "Navy blazer",
    "Olive bomber",
    "Yellow puffer jacket",
    "Navy cap",
    "Tan handbag",
];
/// Kinds that are so much alike in a drawing that either is right.
const ALIKE: [[Category; 2]; 3] = [
    [Category::Shirt, Category::Blouse],
    [Category::Sweater, Category::Sweatshirt],
    [Category::Jacket, Category::Coat],
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
    kind: Category,
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
        for Trial { kind, jpeg } in trials {
            let started = Instant::now();
            let seen = self.look(jpeg.clone()).await;
            let took = started.elapsed();
            spent += took;
            match seen {
                Ok(sight) => told += usize::from(is_told(&sight, *kind)),
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

fn is_told(sight: &Sight, kind: Category) -> bool {
    let said = sight.attributes.iter().find(|said| said.name == "category");
    let said = said.and_then(|said| Category::from_name(&said.value));
    said.is_some_and(|said| {
        let both = |pair: &[Category; 2]| pair.contains(&said) && pair.contains(&kind);
        said == kind || ALIKE.iter().any(both)
    })
}

/// The garments, drawn when they are first asked for.
async fn trials() -> anyhow::Result<&'static [Trial]> {
    static DRAWN: OnceLock<Vec<Trial>> = OnceLock::new();
    if let Some(drawn) = DRAWN.get() {
        return Ok(drawn);
    }
    let drawn = tasks::blocking(|| SHOWN.iter().map(draw).collect::<anyhow::Result<_>>()).await??;
    Ok(DRAWN.get_or_init(|| drawn))
}

fn draw(name: &&str) -> anyhow::Result<Trial> {
    let design = demo_wardrobe().into_iter().find(|d| d.name == *name);
    let design = design.with_context(|| format!("the demo wardrobe lacks {name:?}"))?;
    let drawing = design.draw(1);
    let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb);
    let photo = photo.context("a drawing has no pixels")?;
    Ok(Trial {
        kind: design.category,
        jpeg: photo.shrunk(LONGEST_SIDE).to_jpeg(QUALITY)?,
    })
}
