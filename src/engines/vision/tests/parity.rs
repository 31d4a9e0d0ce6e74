//! The default pack says here what it said in Python, where it was trained.
use super::{options, project};
use crate::{
    base::embedding::Embedding,
    engines::vision::{
        Limits, Pack, Photo, Vision, VisionError,
        manifest::MASK,
        preprocess::{Subject, pixel_values},
    },
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Expected {
    pack: String,
    pictures: Vec<Picture>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Picture {
    file: String,
    pixel_values: Vec<Sample>,
    pixel_values_mean: f64,
    clip: Start,
    blip: Caption,
    fashion: Fashion,
}

#[derive(Deserialize)]
struct Sample {
    at: [usize; 3],
    value: f32,
}

#[derive(Deserialize)]
struct Start {
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Caption {
    embedding: Vec<f32>,
    greedy_ids: Vec<i64>,
    greedy_text: String,
}

#[derive(Deserialize)]
struct Fashion {
    embedding: Vec<f32>,
    heads: BTreeMap<String, BTreeMap<String, f32>>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<i64>,
    embedding: Vec<f32>,
}

/// The fixture and the pack it was made with; `None` in a tree that has neither.
fn subject() -> Option<(Expected, Pack)> {
    let folder = project("tests/fixtures/pack_parity/expected.json");
    let text = std::fs::read_to_string(folder).ok()?;
    let expected: Expected = serde_json::from_str(&text).unwrap();
    let pack = Pack::embedded().unwrap();
    assert_eq!(
        pack.id(),
        expected.pack,
        "make the fixture anew: models/train/parity.py"
    );
    Some((expected, pack))
}

fn assert_close(got: &Embedding, start: &[f32], what: &str) {
    let got = &got.values()[..start.len()];
    let (mut ab, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in got.iter().zip(start) {
        assert!((a - b).abs() < 5e-3, "{what}: {got:?}, expected {start:?}");
        let (a, b) = (f64::from(*a), f64::from(*b));
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    let cosine = ab / (aa * bb).sqrt();
    assert!(cosine >= 0.9999, "{what}: cosine {cosine}");
}

#[test]
fn pictures_mean_the_same_here_and_in_training() -> Result<(), VisionError> {
    let Some((expected, pack)) = subject() else {
        return Ok(());
    };
    let manifest = pack.manifest().clone();
    let vision = Vision::load(pack, &options(1))?;
    for picture in &expected.pictures {
        let name = &picture.file;
        let file = std::fs::read(project("tests/fixtures/pack_parity").join(name)).unwrap();
        let photo = Photo::decode(&file, &Limits::default()).unwrap();
        let spec = &manifest.clip.image;
        let pixels = pixel_values(&photo, spec);
        let (height, width) = (spec.height as usize, spec.width as usize);
        for Sample {
            at: [c, y, x],
            value,
        } in &picture.pixel_values
        {
            let got = pixels[(c * height + y) * width + x];
            let off = (got - value).abs() * spec.std[*c] * 255.0;
            assert!(
                off < 1.01,
                "{name}: channel {c} at ({x}, {y}) is {got}, expected {value}"
            );
        }
        let mean = pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / pixels.len() as f64;
        assert!(
            (mean - picture.pixel_values_mean).abs() < 1e-3,
            "{name}: mean {mean}"
        );

        let sight = vision.look(&photo)?;
        let [clip, blip, fashion] = &sight.embeddings;
        assert_close(clip, &picture.clip.embedding, &format!("{name} clip"));
        assert_close(blip, &picture.blip.embedding, &format!("{name} blip"));
        assert_close(
            fashion,
            &picture.fashion.embedding,
            &format!("{name} fashion"),
        );
        let (_, hidden) = vision.0.blip.look(&Subject::new(&photo))?;
        let ids = vision.0.blip.caption_ids(&hidden, 1)?;
        assert_eq!(ids, picture.blip.greedy_ids, "{name}");
        assert_eq!(
            vision.0.blip.words(&ids)?,
            picture.blip.greedy_text,
            "{name}"
        );
        for attribute in &sight.attributes {
            let said = &picture.fashion.heads[&attribute.name];
            for (label, probability) in &attribute.alternatives {
                let off = (said[label] - probability).abs();
                assert!(
                    off < 5e-3,
                    "{name} {label}: {probability}, expected {}",
                    said[label]
                );
            }
        }
    }
    Ok(())
}

#[test]
fn texts_mean_the_same_here_and_in_training() -> Result<(), VisionError> {
    let Some((expected, pack)) = subject() else {
        return Ok(());
    };
    let vision = Vision::load(pack, &options(1))?;
    for text in &expected.texts {
        assert_eq!(
            vision.0.clip.text_ids(&text.text)?,
            text.ids,
            "{}",
            text.text
        );
        let embedding = vision.embed_text(&text.text)?;
        assert_close(&embedding, &text.embedding, &text.text);
    }
    Ok(())
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
    let Ok(pack) = Pack::embedded() else {
        return Ok(());
    };
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
