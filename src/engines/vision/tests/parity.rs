//! The default pack says here what it said in Python, where it was trained.
//!
//! `models/train/parity.py` writes what it said. It can do so for photos as well, which are no part of the
//! project: the variable [`ELSEWHERE`] names the folder then.
use super::{options, project};
use crate::{
    base::embedding::Embedding,
    engines::vision::{
        Belief, Limits, Pack, Photo, Vision, VisionError,
        manifest::{ImageSpec, MASK},
        preprocess::{Subject, pixel_values},
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf, sync::Mutex};

const ELSEWHERE: &str = "FLASHFIT_PARITY";

#[derive(Deserialize)]
struct Expected {
    pack: String,
    pictures: Vec<Picture>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Picture {
    file: String,
    pixels: Pixels,
    embeddings: [String; 3],
    greedy_ids: Vec<i64>,
    caption_ids: Vec<i64>,
    caption: String,
    heads: BTreeMap<String, String>,
}

/// Every `step`-th pixel in both directions from `start` (row, column), channels first, as bytes.
#[derive(Deserialize)]
struct Pixels {
    step: usize,
    start: [usize; 2],
    bytes: String,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<i64>,
    embedding: String,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no settings, and its program no flags of ours"
)]
fn folder() -> PathBuf {
    let elsewhere = std::env::var(ELSEWHERE).map(PathBuf::from);
    elsewhere.unwrap_or_else(|_| project("tests/fixtures/pack_parity"))
}

/// What is expected, and the pack that said it.
fn subject() -> (Expected, Pack) {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: Expected = serde_json::from_str(&text).unwrap();
    let pack = Pack::embedded().unwrap();
    assert_eq!(
        pack.id(),
        expected.pack,
        "make the fixture anew: models/train/parity.py"
    );
    (expected, pack)
}

fn floats(packed: &str) -> Vec<f32> {
    let bytes = STANDARD.decode(packed).unwrap();
    let (chunks, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty());
    chunks.iter().map(|c| f32::from_le_bytes(*c)).collect()
}

/// How far things were apart at most, and what is wrong with it.
#[derive(Debug, Default)]
struct Gaps {
    pixel: f32,
    cosine: f64,
    probability: f32,
    captions: usize,
    wrong: Vec<String>,
}

impl Gaps {
    fn merge(&mut self, other: Self) {
        self.pixel = self.pixel.max(other.pixel);
        self.cosine = self.cosine.max(other.cosine);
        self.probability = self.probability.max(other.probability);
        self.captions += other.captions;
        self.wrong.extend(other.wrong);
    }

    fn check(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        if !is_right {
            self.wrong.push(what());
        }
    }

    fn pixels(&mut self, told: &Picture, photo: &Photo, spec: &ImageSpec) {
        let expected = STANDARD.decode(&told.pixels.bytes).unwrap();
        let got = pixel_values(photo, spec);
        let (height, width) = (spec.height as usize, spec.width as usize);
        let [top, left] = told.pixels.start;
        let rows = |c| (top..height).step_by(told.pixels.step).map(move |y| (c, y));
        let places = (0..3).flat_map(rows).flat_map(|(c, y)| {
            let columns = (left..width).step_by(told.pixels.step);
            columns.map(move |x| (c, y, x))
        });
        let (mut count, mut most) = (0, 0.0_f32);
        for ((c, y, x), byte) in places.zip(&expected) {
            let value = got[(c * height + y) * width + x] * spec.std[c] + spec.mean[c];
            most = most.max((value * 255.0 - f32::from(*byte)).abs());
            count += 1;
        }
        assert_eq!(count, expected.len(), "{}", told.file);
        self.pixel = self.pixel.max(most);
        self.check(most < 1.01, || {
            format!("{}: a pixel is {most}/255 off", told.file)
        });
    }

    fn embedding(&mut self, got: &Embedding, packed: &str, what: &str) {
        let expected = floats(packed);
        assert_eq!(got.values().len(), expected.len(), "{what}");
        let pairs = got.values().iter().zip(&expected);
        let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
        for (a, b) in pairs.map(|(a, b)| (f64::from(*a), f64::from(*b))) {
            (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
        }
        let gap = 1.0 - ab / (aa * bb).sqrt();
        self.cosine = self.cosine.max(gap);
        self.check(gap <= 1e-4, || format!("{what}: cosine {}", 1.0 - gap));
    }

    fn heads(&mut self, beliefs: &[Belief], told: &Picture) {
        assert_eq!(beliefs.len(), told.heads.len());
        for belief in beliefs {
            let expected = floats(&told.heads[&belief.name]);
            assert_eq!(belief.labels.len(), expected.len(), "{}", belief.name);
            let gaps = belief.labels.iter().zip(&expected);
            let most = gaps.map(|((_, p), q)| (p - q).abs()).fold(0.0, f32::max);
            self.probability = self.probability.max(most);
            self.check(most < 5e-3, || {
                format!("{} {}: {most} off", told.file, belief.name)
            });
        }
    }

    fn picture(
        &mut self,
        told: &Picture,
        vision: &Vision,
        (spec, beams): (&ImageSpec, usize),
    ) -> Result<(), VisionError> {
        let file = std::fs::read(folder().join(&told.file)).unwrap();
        let photo = Photo::decode(&file, &Limits::default()).unwrap();
        self.pixels(told, &photo, spec);
        let subject = Subject::new(&photo);
        let (clip, clip_vote) = vision.0.clip.look(&subject)?;
        let (blip, blip_vote, hidden) = vision.0.blip.look(&subject)?;
        let votes = [&clip_vote, &blip_vote];
        let garment = vision.0.fashion.look(&subject, &votes)?;
        let embeddings = [clip, blip, garment.embedding];
        for (got, packed) in embeddings.iter().zip(&told.embeddings) {
            let what = format!("{} {}", told.file, got.space());
            self.embedding(got, packed, &what);
        }
        self.heads(&garment.beliefs, told);
        let ids = vision.0.blip.caption_ids(&hidden, 1)?;
        let best = vision.0.blip.caption_ids(&hidden, beams)?;
        let caption = vision.0.blip.words(&best)?;
        let is_same = ids == told.greedy_ids && best == told.caption_ids && caption == told.caption;
        self.captions += usize::from(is_same);
        self.check(is_same, || {
            let expected = (&told.greedy_ids, &told.caption);
            format!("{}: {ids:?} {caption:?}, expected {expected:?}", told.file)
        });
        Ok(())
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "cargo shows it on request")]
fn pictures_mean_the_same_here_and_in_training() {
    let (expected, pack) = subject();
    let spec = pack.manifest().clip.image.clone();
    let beams = pack.manifest().blip.text.beams;
    let vision = Vision::load(pack, &options(2)).unwrap();
    assert_eq!(expected.pictures.len(), 50);
    let gaps = Mutex::new(Gaps::default());
    let left = Mutex::new(expected.pictures.iter());
    let next = || left.lock().unwrap().next();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(told) = next() {
                    let mut own = Gaps::default();
                    own.picture(told, &vision, (&spec, beams)).unwrap();
                    gaps.lock().unwrap().merge(own);
                }
            });
        }
    });
    let gaps = gaps.into_inner().unwrap();
    println!(
        "of {} pictures: a pixel is off by {:.2}/255 at most, 1 - cosine by {:.1e}, a probability by {:.1e}; \
         {} captions are the same, greedy and with {beams} beams",
        expected.pictures.len(),
        gaps.pixel,
        gaps.cosine,
        gaps.probability,
        gaps.captions,
    );
    assert!(gaps.wrong.is_empty(), "{}", gaps.wrong.join("\n"));
}

#[test]
fn texts_mean_the_same_here_and_in_training() {
    let (expected, pack) = subject();
    let vision = Vision::load(pack, &options(1)).unwrap();
    let mut gaps = Gaps::default();
    assert!(expected.texts.len() > 2);
    for told in &expected.texts {
        let text = &told.text;
        assert_eq!(vision.0.clip.text_ids(text).unwrap(), told.ids, "{text}");
        let embedding = vision.embed_text(text).unwrap();
        gaps.embedding(&embedding, &told.embedding, text);
    }
    assert!(gaps.wrong.is_empty(), "{}", gaps.wrong.join("\n"));
}

#[derive(Deserialize)]
struct Masks {
    mask: String,
    pictures: Vec<Map>,
}

#[derive(Deserialize)]
struct Map {
    file: String,
    logits: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    at: [usize; 2],
    value: f32,
}

#[test]
fn garments_are_where_training_saw_them() -> Result<(), VisionError> {
    let folder = project("tests/fixtures/pack_parity");
    let pack = Pack::embedded().unwrap();
    let Some(sum) = pack.manifest().files.get(MASK).cloned() else {
        return Ok(());
    };
    let text = std::fs::read_to_string(folder.join("mask.json")).unwrap();
    let expected: Masks = serde_json::from_str(&text).unwrap();
    assert_eq!(
        sum, expected.mask,
        "make the fixture anew: models/train/mask.py"
    );
    let vision = Vision::load(pack, &options(1))?;
    for picture in &expected.pictures {
        let file = std::fs::read(folder.join(&picture.file)).unwrap();
        let photo = Photo::decode(&file, &Limits::default()).unwrap();
        let segmenter = vision.0.segmenter.as_ref().unwrap();
        let map = segmenter.map(&Subject::new(&photo))?.unwrap();
        for Place { at: [y, x], value } in &picture.logits {
            let got = map.logits[y * map.width + x];
            let name = &picture.file;
            assert!(
                (got - value).abs() < 0.25,
                "{name}: ({x}, {y}) is {got}, expected {value}"
            );
        }
    }
    Ok(())
}
