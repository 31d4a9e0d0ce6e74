//! Packs made by `models/export` say here what transformers said of the same pictures in PyTorch.
use super::{options, project};
use crate::{
    base::embedding::{Embedding, Space},
    engines::vision::{
        Limits, Pack, Photo, Sight, Vision,
        manifest::ImageSpec,
        pack::hex,
        preprocess::{Subject, pixel_values},
    },
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
struct Expected {
    pictures: Vec<Picture>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Picture {
    file: String,
    clip: Vec<f32>,
    blip: Vec<f32>,
    fashion: Vec<f32>,
    caption_ids: Vec<i64>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<i64>,
    embedding: Vec<f32>,
}

/// The worst that was found in a folder.
#[derive(Debug)]
struct Worst {
    /// Between the bytes of two pictures as a network sees them.
    level: f32,
    /// Between embeddings of pictures, in the order of [`Space::ALL`].
    pictures: [f32; 3],
    /// Between embeddings of texts.
    texts: f32,
    /// How many captions differ.
    captions: usize,
}

fn fixture(name: &str) -> PathBuf {
    project("tests/fixtures/exported").join(name)
}

fn photo(path: &Path) -> Photo {
    Photo::decode(&fs::read(path).unwrap(), &Limits::default()).unwrap()
}

fn load(pack: &Path) -> (Pack, Vision) {
    let pack = Pack::open(pack).unwrap();
    let vision = Vision::load(pack.clone(), &options(1)).unwrap();
    (pack, vision)
}

fn cosine(got: &Embedding, expected: &[f32]) -> f32 {
    let expected = Embedding::new(got.space(), expected.to_vec()).unwrap();
    got.cosine(&expected)
}

/// The largest difference in levels of 0 to 255 from the `index`th picture of a sheet.
fn off(photo: &Photo, spec: &ImageSpec, sheet: &Photo, index: usize) -> f32 {
    let plane = (spec.width * spec.height) as usize;
    let expected = &sheet.rgb()[index * plane * 3..(index + 1) * plane * 3];
    let values = pixel_values(photo, spec);
    let differences = values.iter().enumerate().map(|(at, value)| {
        let (channel, pixel) = (at / plane, at % plane);
        let level = (value * spec.std[channel] + spec.mean[channel]) * 255.0;
        (level - f32::from(expected[pixel * 3 + channel])).abs()
    });
    differences.fold(0.0, f32::max)
}

/// Compares the pack in `folder` with what is written beside it.
fn compare(folder: &Path) -> Worst {
    let (pack, vision) = load(&folder.join("pack"));
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: Expected = serde_json::from_str(&text).unwrap();
    let manifest = pack.manifest();
    let sheets = [
        ("clip", &manifest.clip.image),
        ("blip", &manifest.blip.image),
        ("fashion", &manifest.fashion.image),
    ]
    .map(|(name, spec)| (spec, photo(&folder.join(format!("{name}-pixels.png")))));
    let mut worst = Worst {
        level: 0.0,
        pictures: [1.0; 3],
        texts: 1.0,
        captions: 0,
    };
    assert!(expected.pictures.len() >= 20 && !expected.texts.is_empty());
    for (index, picture) in expected.pictures.iter().enumerate() {
        let photo = photo(&folder.join(&picture.file));
        for (spec, sheet) in &sheets {
            worst.level = worst.level.max(off(&photo, spec, sheet, index));
        }
        let sight = vision.look(&photo).unwrap();
        let said = [&picture.clip, &picture.blip, &picture.fashion];
        for ((worst, got), said) in worst.pictures.iter_mut().zip(&sight.embeddings).zip(said) {
            *worst = worst.min(cosine(got, said));
        }
        let (_, _, hidden) = vision.0.blip.look(&Subject::new(&photo)).unwrap();
        let ids = vision.0.blip.caption_ids(&hidden, 1).unwrap();
        worst.captions += usize::from(ids != picture.caption_ids);
    }
    for text in &expected.texts {
        let ids = vision.0.clip.text_ids(&text.text).unwrap();
        assert_eq!(ids, text.ids, "{}", text.text);
        let got = vision.embed_text(&text.text).unwrap();
        worst.texts = worst.texts.min(cosine(&got, &text.embedding));
    }
    worst
}

fn assert_same(worst: &Worst) {
    assert!(worst.level <= 1.01, "{worst:?}");
    assert!(worst.pictures.iter().all(|c| *c >= 0.9999), "{worst:?}");
    assert!(worst.texts >= 0.9999 && worst.captions == 0, "{worst:?}");
}

#[test]
fn a_clip_pack_says_what_transformers_says() {
    assert_same(&compare(&fixture("clip")));
}

#[test]
fn a_siglip_pack_says_what_transformers_says() {
    assert_same(&compare(&fixture("siglip")));
}

/// `FLASHFIT_PARITY=DIR cargo test --lib exported -- --ignored --nocapture`, after
/// `models/export/export.py … --out DIR/pack --parity DIR`.
#[test]
#[ignore = "needs a pack of full size, which models/export makes"]
#[expect(clippy::print_stdout, reason = "the numbers are what it is run for")]
fn a_pack_elsewhere_says_what_transformers_says() {
    let folder = std::env::var_os("FLASHFIT_PARITY").expect("FLASHFIT_PARITY names no folder");
    let worst = compare(Path::new(&folder));
    println!("{worst:#?}");
    assert_same(&worst);
}

#[test]
fn different_pictures_lie_apart() {
    let folder = fixture("clip");
    let (_, vision) = load(&folder.join("pack"));
    let look = |name: &str| vision.look(&photo(&folder.join(name))).unwrap();
    let (one, other) = (look("picture-00.png"), look("picture-07.png"));
    for space in Space::ALL {
        let [a, b] = [&one, &other].map(|s: &Sight| &s.embeddings[space.index()]);
        assert!(a.cosine(b) < 0.999, "{space:?}: {}", a.cosine(b));
    }
}

#[test]
fn prompts_alone_give_every_attribute() {
    for name in ["clip", "siglip"] {
        let folder = fixture(name);
        let (pack, vision) = load(&folder.join("pack"));
        let known: Vec<_> = pack.attributes().collect();
        assert_eq!(
            known,
            "category garment pattern sleeve formality warmth audience season"
                .split(' ')
                .collect::<Vec<_>>()
        );
        let sight = vision.look(&photo(&folder.join("picture-03.png"))).unwrap();
        assert_eq!(sight.attributes.len(), known.len());
        for (zero, attribute) in pack.manifest().zero_shot.iter().zip(&sight.attributes) {
            let closeness = |prompt: &String| {
                let text = vision.embed_text(prompt).unwrap();
                sight.embeddings[0].cosine(&text)
            };
            let near: Vec<f32> = zero.prompts.iter().map(closeness).collect();
            let best = (0..near.len()).max_by(|a, b| near[*a].total_cmp(&near[*b]));
            assert_eq!(attribute.name, zero.name);
            assert_eq!(Some(&attribute.value), best.map(|i| &zero.labels[i]));
            let has_grades = ["formality", "warmth"].contains(&zero.name.as_str());
            assert_eq!(attribute.expectation.is_some(), has_grades);
        }
    }
}

/// The fixture's pack with another decoder in it.
fn with_decoder(folder: &Path, decoder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder.join("pack")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let sum = |path: &Path| hex(&Sha256::digest(fs::read(path).unwrap()));
    let place = copy.path().join("blip_decoder.onnx");
    let before = sum(&place);
    fs::copy(decoder, &place).unwrap();
    let manifest = copy.path().join("pack.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(&before, &sum(&place))).unwrap();
    copy
}

#[test]
fn captions_are_the_same_with_and_without_keys_and_values() {
    let folder = fixture("clip");
    let plain = with_decoder(&folder, &folder.join("uncached_decoder.onnx"));
    let (_, cached) = load(&folder.join("pack"));
    let (_, plain) = load(plain.path());
    for index in 0..20 {
        let photo = photo(&folder.join(format!("picture-{index:02}.png")));
        for beams in [1, 3, 5] {
            let [with, without] = [&cached, &plain].map(|vision| {
                let (_, _, hidden) = vision.0.blip.look(&Subject::new(&photo)).unwrap();
                vision.0.blip.caption_ids(&hidden, beams).unwrap()
            });
            assert_eq!(with, without, "picture {index}, {beams} beams");
        }
    }
}
