//! What a photo shows: embeddings, a caption, attributes, colours. Bytes and pictures in, values out.
//!
//! [`Vision`] is the only door. It holds a model pack ready to run and may be asked from many threads.
mod attributes;
mod blip;
mod clip;
mod colour;
mod compat;
mod decode;
mod decoder;
mod fashion;
mod heads;
mod manifest;
mod mask;
mod oklab;
mod onnx;
mod pack;
mod photo;
mod preprocess;
mod refine;
mod resample;
mod runtime;
mod segment;
mod stopwatch;
mod tensor;
#[cfg(test)]
mod tests;
mod votes;
mod wording;

pub use attributes::{Attribute, Belief};
pub use colour::Colour;
pub use decode::{Limits, PhotoError};
pub use pack::{Contents, Pack, PackError};
pub use photo::{EncodeError, Photo};
pub use stopwatch::MODELS;

use crate::base::embedding::{Embedding, Space};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// Why a pack does not run, or a photo could not be looked at. Names the file and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VisionError {
    /// The library could not be unpacked or loaded.
    #[error("ONNX Runtime at {}: {problem}", path.display())]
    Runtime {
        /// The library or, when it could not be unpacked, the cache folder.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A network is damaged, not as `docs/model-pack.md` says, or gave nonsense.
    #[error("{file}: {problem}")]
    Network {
        /// Its file in the pack.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A tokenizer is damaged or belongs to another network.
    #[error("{file}: {problem}")]
    Tokenizer {
        /// Its file in the pack.
        file: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// There is nothing in the text that a tokenizer could take.
    #[error("the text is empty")]
    EmptyText,
}

/// How a pack is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// ONNX Runtime to load instead of the one in the binary.
    pub library: Option<PathBuf>,
    /// Where the one in the binary is unpacked.
    pub cache_dir: PathBuf,
    /// How many photos are looked at at once; each takes one thread.
    pub sessions: usize,
}

/// What one look at a photo gives.
#[derive(Debug, Clone)]
pub struct Sight {
    /// One per space, in the order of [`Space::ALL`].
    pub embeddings: [Embedding; 3],
    /// The photo in a few words.
    pub caption: String,
    /// In the order of [`Pack::attributes`].
    pub attributes: Vec<Attribute>,
    /// What every head holds likely, those included that are no attributes.
    pub beliefs: Vec<Belief>,
    /// The garment's colours: the main one, then the others by their share; the shares add up to one.
    pub colours: Vec<Colour>,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// A model pack, loaded and checked. Cheap to clone.
#[derive(Clone)]
pub struct Vision(Arc<Networks>);

struct Networks {
    pack_id: String,
    dimensions: [usize; 3],
    clip: clip::Clip,
    blip: blip::Blip,
    fashion: fashion::Fashion,
    segmenter: Option<segment::Segmenter>,
    together: Option<Vec<f32>>,
}

impl std::fmt::Debug for Vision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vision({})", self.0.pack_id)
    }
}

impl Vision {
    /// Loads a pack, compares every tensor with `pack.toml` and looks at one grey photo.
    ///
    /// # Errors
    /// [`VisionError`] when ONNX Runtime is missing or a file of the pack does not hold what it should.
    pub fn load(pack: Pack, options: &Options) -> Result<Self, VisionError> {
        let library = runtime::library(options.library.as_deref(), &options.cache_dir)?;
        let runtime = onnx::Runtime::load(&library, options.sessions)?;
        let manifest = pack.manifest();
        let vision = Self(Arc::new(Networks {
            pack_id: pack.id().to_owned(),
            dimensions: [
                manifest.clip.image.dimension,
                manifest.blip.image.dimension,
                manifest.fashion.image.dimension,
            ],
            clip: clip::Clip::load(&runtime, &pack)?,
            blip: blip::Blip::load(&runtime, &pack)?,
            fashion: fashion::Fashion::load(&runtime, &pack)?,
            segmenter: segment::Segmenter::load(&runtime, &pack)?,
            together: compat::load(&runtime, &pack)?,
        }));
        vision.warm_up()?;
        Ok(vision)
    }

    /// [`Pack::id`] of the pack that runs.
    #[must_use]
    pub fn pack_id(&self) -> &str {
        &self.0.pack_id
    }

    /// How long the embeddings of a space are.
    #[must_use]
    pub fn dimension(&self, space: Space) -> usize {
        self.0.dimensions[space.index()]
    }

    /// What [`Vision::togetherness`] will say of a pack, without its other networks.
    ///
    /// # Errors
    /// [`VisionError`] when ONNX Runtime is missing or the pack's `compat.onnx` is not as it should be.
    pub fn togetherness_of(
        pack: &Pack,
        options: &Options,
    ) -> Result<Option<Vec<f32>>, VisionError> {
        let library = runtime::library(options.library.as_deref(), &options.cache_dir)?;
        compat::load(&onnx::Runtime::load(&library, 1)?, pack)
    }

    /// How well each two kinds of garments go together, as log-odds row by row in the order of `Category::ALL`; `None`
    /// where the pack does not say.
    #[must_use]
    pub fn togetherness(&self) -> Option<&[f32]> {
        self.0.together.as_deref()
    }

    /// Looks at a photo. Takes CPU time on the calling thread; waits while all sessions are busy.
    ///
    /// # Errors
    /// [`VisionError`] when a network fails or gives numbers that mean nothing.
    pub fn look(&self, photo: &Photo) -> Result<Sight, VisionError> {
        let _whole = stopwatch::Look::start();
        stopwatch::counted(self.see(photo))
    }

    fn see(&self, photo: &Photo) -> Result<Sight, VisionError> {
        let Networks {
            clip,
            blip,
            fashion,
            segmenter,
            ..
        } = &*self.0;
        let mut laps = stopwatch::Laps::default();
        let subject = preprocess::Subject::new(photo);
        let (clip_image, clip_vote) = laps.lap("clip_image", || clip.look(&subject))?;
        let (blip_image, blip_vote, hidden) = laps.lap("blip_vision", || blip.look(&subject))?;
        let caption = laps.lap("blip_decoder", || {
            let _watch = stopwatch::Watch::start("blip", "caption");
            blip.caption(&hidden)
        })?;
        let votes = [&clip_vote, &blip_vote];
        let garment = laps.lap("fashion", || fashion.look(&subject, &votes))?;
        let small = photo.shrunk(mask::LONGEST_SIDE);
        let mask = laps.lap("mask", || -> Result<_, VisionError> {
            let model = segmenter.as_ref().map_or("none", |_| "mask");
            let _watch = stopwatch::Watch::start(model, "mask");
            let seen = match segmenter {
                Some(network) => network.look(&subject, &small)?,
                None => None,
            };
            Ok(seen.unwrap_or_else(|| mask::Mask::of(&small)))
        })?;
        let colours = laps.lap("colours", || {
            let _watch = stopwatch::Watch::start("none", "colours");
            colour::measure(&small, &mask, garment.colours())
        });
        let (mut attributes, mut beliefs) = (garment.attributes, garment.beliefs);
        attributes.extend(clip.attributes(&clip_image));
        beliefs.extend(clip.beliefs(&clip_image));
        Ok(Sight {
            embeddings: [clip_image, blip_image, garment.embedding],
            caption: wording::agreed(caption, &attributes, &colours),
            attributes,
            beliefs,
            colours,
            timings: laps.into_timings(),
        })
    }

    /// The part of a look that telling and finding garments takes: where the photo lies in the CLIP space, and what
    /// every head holds likely.
    ///
    /// # Errors
    /// [`VisionError`] when a network fails or gives numbers that mean nothing.
    pub fn classify(&self, photo: &Photo) -> Result<(Embedding, Vec<Belief>), VisionError> {
        stopwatch::counted(self.tell(photo))
    }

    fn tell(&self, photo: &Photo) -> Result<(Embedding, Vec<Belief>), VisionError> {
        let subject = preprocess::Subject::new(photo);
        let (place, clip_vote) = self.0.clip.look(&subject)?;
        let (_, blip_vote, _) = self.0.blip.look(&subject)?;
        let votes = [&clip_vote, &blip_vote];
        let mut beliefs = self.0.fashion.look(&subject, &votes)?.beliefs;
        beliefs.extend(self.0.clip.beliefs(&place));
        Ok((place, beliefs))
    }

    /// Puts a text into the CLIP space, next to the photos it describes.
    ///
    /// # Errors
    /// [`VisionError::EmptyText`] when there is nothing to read, others when the network fails.
    pub fn embed_text(&self, text: &str) -> Result<Embedding, VisionError> {
        if text.trim().is_empty() {
            return Err(VisionError::EmptyText);
        }
        stopwatch::counted(self.0.clip.embed_text(text))
    }

    /// The first run of a network is slow, and shows what its declared shapes leave open.
    fn warm_up(&self) -> Result<(), VisionError> {
        let Some(grey) = Photo::from_rgb(64, 64, vec![128; 64 * 64 * 3]) else {
            return Ok(());
        };
        let (_, _, hidden) = self.0.blip.look(&preprocess::Subject::new(&grey))?;
        self.0.blip.check_vocabulary(&hidden)?;
        self.look(&grey).map(drop)
    }
}
