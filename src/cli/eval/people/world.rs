//! Real wardrobes with what is true of them, and photos that people might hold up.
use super::seen::Sights;
use crate::{
    base::garment::Category,
    cli::eval::truth::Photo as Told,
    engines::simulate::{Owned, Photo, Truth, Wardrobe},
};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer garments make no wardrobe.
const SMALLEST: usize = 40;
/// Photos that people choose from when they hold one up.
const HELD_UP: usize = 150;

/// The clothes that people are simulated with.
pub(super) struct World {
    /// Of people that the shared prior may be estimated from.
    pub(super) training: Vec<Wardrobe>,
    /// Of people it has not met.
    pub(super) unseen: Vec<Wardrobe>,
    /// In nobody's wardrobe.
    pub(super) photos: Vec<Photo>,
}

/// The photos that matter: those of people with enough of them, and some of others.
pub(super) fn needed(told: &[Vec<Told>; 2]) -> Vec<&Told> {
    let owners = owners(told);
    let (own, others): (Vec<&Told>, Vec<&Told>) = told
        .iter()
        .rev()
        .flatten()
        .partition(|told| owners.contains(told.person.as_str()));
    let count = others.len().min(HELD_UP);
    let some = (0..count).map(|i| others[i * others.len() / count]);
    own.into_iter().chain(some).collect()
}

/// People with enough annotated garments.
fn owners(told: &[Vec<Told>; 2]) -> BTreeSet<&str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for told in told.iter().flatten() {
        *counts.entry(&told.person).or_default() += 1;
    }
    counts.retain(|_, count| *count >= SMALLEST);
    counts.into_keys().collect()
}

impl World {
    /// Puts together what people wrote (training, then validation) and what the models saw.
    pub(super) fn of(told: &[Vec<Told>; 2], sights: &Sights) -> Self {
        let owners = owners(told);
        let [training, unseen] = told
            .each_ref()
            .map(|split| wardrobes(split, &owners, sights));
        let others = needed(told).into_iter();
        let others = others.filter(|told| !owners.contains(told.person.as_str()));
        let photos = others.filter_map(|told| {
            Some(Photo {
                embeddings: sights.get(&told.image)?.embeddings(),
                truth: truth(told)?,
            })
        });
        Self {
            photos: photos.collect(),
            training,
            unseen,
        }
    }
}

fn wardrobes(told: &[Told], owners: &BTreeSet<&str>, sights: &Sights) -> Vec<Wardrobe> {
    let mut by_person = BTreeMap::<&str, Vec<Owned>>::new();
    for photo in told.iter().filter(|p| owners.contains(p.person.as_str())) {
        let seen = sights.get(&photo.image);
        if let (Some(truth), Some(garment)) = (
            truth(photo),
            seen.and_then(|seen| seen.garment(&photo.image)),
        ) {
            let owned = Owned { garment, truth };
            by_person.entry(&photo.person).or_default().push(owned);
        }
    }
    let named = by_person.into_iter().map(|(name, pieces)| Wardrobe {
        name: name.to_owned(),
        pieces,
    });
    named.collect()
}

fn truth(photo: &Told) -> Option<Truth> {
    let note = photo.note.as_ref()?;
    Some(Truth {
        category: Category::from_name(&note.category)?,
        colour: note.colour.clone(),
        pattern: note.pattern.clone(),
        formality: note.formality.parse().ok()?,
        warmth: note.warmth.parse().ok()?,
    })
}
