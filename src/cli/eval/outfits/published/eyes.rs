//! Looks at the pictures of a set, each once, as the server would.
use super::sets::Published;
use crate::{
    base::{
        garment::{Category, Slot, Whereabouts},
        id::ItemId,
    },
    engines::{
        ranking::{Garment, Tint},
        vision::{Limits, Photo, Sight, Vision},
    },
};
use anyhow::Context as _;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};
use uuid::Uuid;

/// What is assumed where a pack has no head for it.
const USUAL: f32 = 2.5;

/// Every piece as a garment; `threads` pictures at a time.
pub(super) fn look_at(
    vision: &Vision,
    set: &Published,
    pieces: &BTreeSet<&str>,
    threads: usize,
) -> anyhow::Result<HashMap<String, Garment>> {
    // A picture that is missing is told before hours of looking.
    let pictures: Vec<_> = pieces
        .iter()
        .map(|piece| Ok((*piece, set.picture(piece)?)))
        .collect::<anyhow::Result<_>>()?;
    let work = Mutex::new(pictures.iter().enumerate());
    let next = || work.lock().ok().and_then(|mut left| left.next());
    let one_thread = || -> anyhow::Result<Vec<(String, Garment)>> {
        let mut seen = vec![];
        while let Some((number, (piece, path))) = next() {
            let naming = || format!("picture {}", path.display());
            let file = fs_err::read(path)?;
            let photo = Photo::decode(&file, &Limits::default()).with_context(naming)?;
            let sight = vision.look(&photo).with_context(naming)?;
            seen.push(((*piece).to_owned(), garment(number, sight)));
        }
        Ok(seen)
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        let mut all = HashMap::new();
        for thread in running {
            all.extend(thread.join().ok().context("a thread panicked")??);
        }
        Ok(all)
    })
}

fn garment(number: usize, sight: Sight) -> Garment {
    let find = |name: &str| sight.attributes.iter().find(|a| a.name == name);
    let category = find("category").and_then(|a| Category::from_name(&a.value));
    let category = category.unwrap_or(Category::Other);
    let scale = |name: &str| find(name).and_then(|a| a.expectation).unwrap_or(USUAL);
    let tint = |colour: &crate::engines::vision::Colour| Tint {
        oklab: colour.oklab,
        share: colour.share,
        name: colour.name.to_owned(),
    };
    Garment {
        id: ItemId(Uuid::from_u128(number as u128)),
        category,
        // What takes no place in an outfit is an extra here.
        slot: category.slot().unwrap_or(Slot::Accessory),
        colours: sight.colours.iter().map(tint).collect(),
        pattern: find("pattern").map(|a| a.value.clone()),
        formality: scale("formality"),
        warmth: scale("warmth"),
        season: None,
        is_clean: true,
        whereabouts: Whereabouts::AtHand,
        last_worn: None,
        wears_30d: 0,
        label: String::new(),
        // Published sets say what a garment is.
        certainty: 1.0,
        embeddings: sight.embeddings.map(Some),
    }
}
